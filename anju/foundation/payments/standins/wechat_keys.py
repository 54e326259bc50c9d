"""The stand-in's keys and those of its merchants: made once, kept in ANJU_HOME, worth nothing elsewhere."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID

FILE = "wechat-standin.json"
MERCHANT_PREFIX = "1600"
APPID = "wx5a17d0000000c0de"


@dataclass(frozen=True)
class WechatKeys:
    """Everything both sides need, as PEM text and strings. All drill merchants share one key; their numbers differ."""

    platform_key: str
    platform_public: str
    platform_certificate: str
    platform_serial: str
    public_key_id: str
    merchant_key: str
    merchant_public: str
    merchant_serial: str
    apiv3_key: str
    control_token: str

    @property
    def appid(self) -> str:
        """The application the drill merchants are bound to."""
        return APPID

    @property
    def app_secret(self) -> str:
        """The secret of the account bound to the merchants; derived, so that older key files have one."""
        return hashlib.sha256(f"app-secret|{self.control_token}".encode()).hexdigest()[:32]


def merchant_number(org_id: int) -> str:
    """The drill merchant of an organization."""
    return f"{MERCHANT_PREFIX}{org_id:06d}"


def ensure_wechat_keys(home: Path) -> WechatKeys:
    """The keys in ``home``, made on first use; processes that start together get the same.

    Args:
        home: ANJU_HOME; the file is readable by its owner only.
    """
    folder = home / "standins"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / f".{FILE}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        path = folder / FILE
        if not path.exists():
            fresh = folder / f".{FILE}.new"
            handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(asdict(new_keys()), file)
            fresh.replace(path)
        return WechatKeys(**json.loads(path.read_text(encoding="utf-8")))


def new_keys() -> WechatKeys:
    """Fresh keys: RSA 2048, as WeChat Pay uses."""
    platform, merchant = (generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
    certificate = _certificate(platform)
    return WechatKeys(
        platform_key=_private(platform),
        platform_public=_public(platform),
        platform_certificate=certificate.public_bytes(Encoding.PEM).decode(),
        platform_serial=f"{certificate.serial_number:040X}",
        public_key_id=f"PUB_KEY_ID_0{secrets.randbelow(10**29):029d}",
        merchant_key=_private(merchant),
        merchant_public=_public(merchant),
        merchant_serial=secrets.token_hex(20).upper(),
        apiv3_key=secrets.token_hex(16),
        control_token=secrets.token_urlsafe(24),
    )


def _certificate(key: RSAPrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "anju wechat stand-in")])
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=3650))
        .sign(key, SHA256())
    )


def _private(key: RSAPrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _public(key: RSAPrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
