"""Setting the service up, asking whether it answers, switching it off."""

from __future__ import annotations

from typing import Any

from anju.foundation.actions import Act, action
from anju.foundation.calls.dypls import LET_IN
from anju.foundation.calls.models import CallService
from anju.foundation.calls.permissions import CONFIGURE
from anju.foundation.calls.refusals import CODES, MISSING, NOT_SET, REFUSED, UNREACHABLE
from anju.foundation.calls.service import address, open_service, seal_secret, stored_service
from anju.foundation.messaging.channels.aliyun import NoAnswer, NotReached
from anju.kit import Actor

NEEDED = ("key_id", "pool_key")


def _settable(by: Actor, *, config: dict[str, Any], **_: Any) -> None:
    if missing := [name for name in NEEDED if not config.get(name)]:
        raise MISSING(missing="、".join(missing))
    address(str(config.get("endpoint") or ""))  # refuses an address beyond this machine in a drill organization


@action("calls.service.configure", needs=CONFIGURE, check=_settable)
def configure_service(
    act: Act, *, provider: str, config: dict[str, Any], secret: dict[str, str] | None = None, enabled: bool = True
) -> CallService:
    """Set the service up.

    Args:
        provider: ``aliyun``.
        config: ``key_id``, ``pool_key``, ``endpoint`` (the real one if left out, ``standin`` for this run's stand-in).
        secret: ``key_secret``, sealed under the organization's key; left out, the stored one stays.
        enabled: whether numbers are lent.

    Raises:
        Refused: ``calls.service.config``, ``calls.drill_only``.
    """
    row = stored_service() or CallService()
    row.provider, row.config, row.enabled = provider, config, enabled
    if secret is not None:
        row.secret = seal_secret(secret)
    row.save()
    entered = sorted(name for name, value in (secret or {}).items() if value)
    act.trace("call_service", row.id, provider=provider, enabled=enabled, secrets=entered)
    return row


def _is_set(by: Actor, **_: Any) -> None:
    if stored_service() is None:
        raise NOT_SET()


@action("calls.service.switch", needs=CONFIGURE, check=_is_set)
def switch_service(act: Act, *, enabled: bool) -> None:
    """Lend no more numbers, or lend them again; settings stay, and numbers lent already end by themselves.

    Raises:
        Refused: ``calls.not_set``.
    """
    row = CallService.objects.select_for_update().get()
    if row.enabled == enabled:
        act.nothing_changed()
        return
    row.enabled = enabled
    row.save(update_fields=["enabled"])
    act.trace("call_service", row.id, enabled=enabled)


@action("calls.service.try", needs=CONFIGURE, check=_is_set)
def try_service(act: Act) -> str:
    """Ask the provider something harmless with the stored setting.

    Returns:
        the code of what is wrong, empty when keys and pool are right.

    Raises:
        Refused: ``calls.not_set``, ``calls.drill_only``.
    """
    row = CallService.objects.get()
    dypls = open_service(row)
    try:
        said = dypls.knock()
        code = "" if said in LET_IN else CODES.get(said, REFUSED)().code
    except (NotReached, NoAnswer):
        code = UNREACHABLE().code
    finally:
        dypls.close()
    act.trace("call_service", row.id, outcome=code or "accepted")
    return code
