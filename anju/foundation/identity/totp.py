"""The second factor: time-based one-time passwords (RFC 6238) and spare codes."""

from __future__ import annotations

import hmac
import os
import secrets
from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.db import transaction
from django.utils.crypto import salted_hmac

from anju.foundation.crypto.installation import installation_decrypt, installation_encrypt
from anju.foundation.db import clock
from anju.foundation.identity.models import RecoveryCode, User

ISSUER = "Anju 安居"
STEP_SECONDS = 30
DIGITS = 6
SECRET_BYTES = 20
SPARE_CODES = 10
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def generator(secret: bytes) -> TOTP:
    """RFC 6238 with the parameters every authenticator app knows: SHA-1, six digits, 30 seconds."""
    return TOTP(secret, DIGITS, SHA1(), STEP_SECONDS)  # noqa: S303 - what authenticator apps implement


def matching_step(secret: bytes, code: str, at: datetime, after: int) -> int | None:
    """The time step ``code`` belongs to, or None.

    Args:
        secret: the shared secret.
        code: six digits, as typed.
        at: wall time; one step before and after is accepted for clocks that differ.
        after: the last step used; a code works once, so only later steps count.
    """
    now = int(at.timestamp()) // STEP_SECONDS
    typed = "".join(code.split()).encode()
    for step in (now - 1, now, now + 1):
        if step > after and hmac.compare_digest(generator(secret).generate(step * STEP_SECONDS), typed):
            return step
    return None


def begin(user: User) -> str:
    """Give the user a new, not yet confirmed secret; returns the ``otpauth://`` address for the QR code."""
    secret = os.urandom(SECRET_BYTES)
    user.totp_secret = installation_encrypt(secret, context=_context(user))
    user.totp_since = None
    user.save(update_fields=["totp_secret", "totp_since"])
    return provisioning_uri(user)


def provisioning_uri(user: User) -> str:
    """The address an authenticator app reads; it contains the secret, so it is shown and never stored or logged."""
    return generator(_secret(user)).get_provisioning_uri(user.login, ISSUER)


def confirm(user: User, code: str) -> list[str] | None:
    """Turn the second factor on when the first code is right; returns the spare codes, shown once. None: wrong code."""
    if not accept(user, code):
        return None
    user.totp_since = clock.wall()
    user.save(update_fields=["totp_since"])
    RecoveryCode.objects.filter(user=user).delete()
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(10)) for _ in range(SPARE_CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, code_hash=_hashed(user, c)) for c in codes)
    return [f"{c[:5]}-{c[5:]}" for c in codes]


def accept(user: User, code: str) -> bool:
    """Whether this code is right now; a right one is used up."""
    with transaction.atomic():
        locked = User.objects.select_for_update().get(id=user.id)
        if locked.totp_secret is None:
            return False
        step = matching_step(_secret(locked), code, clock.wall(), locked.totp_step)
        if step is None:
            return False
        User.objects.filter(id=user.id).update(totp_step=step)
    user.totp_step = step
    return True


def accept_spare(user: User, code: str) -> bool:
    """Whether this is an unused spare code; a right one is used up."""
    typed = "".join(c for c in code.lower() if c.isalnum())
    unused = RecoveryCode.objects.filter(user=user, code_hash=_hashed(user, typed), used_at=None)
    return unused.update(used_at=clock.wall()) == 1


def switch_off(user: User) -> None:
    """Forget the second factor and its spare codes."""
    RecoveryCode.objects.filter(user=user).delete()
    user.totp_secret, user.totp_since = None, None
    user.save(update_fields=["totp_secret", "totp_since"])


def spare_codes_left(user: User) -> int:
    """How many spare codes are unused."""
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


def _secret(user: User) -> bytes:
    assert user.totp_secret is not None
    return installation_decrypt(bytes(user.totp_secret), context=_context(user))


def _context(user: User) -> str:
    return f"totp|{user.id}"


def _hashed(user: User, code: str) -> str:
    return salted_hmac(f"anju.recovery|{user.id}", code, algorithm="sha256").hexdigest()
