"""隐私号: the account that masked calls go by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anju.foundation.access.permissions import Permission
from anju.foundation.calls.permissions import CONFIGURE
from anju.foundation.calls.queries import lent_now
from anju.foundation.calls.service import STANDIN, stored_service
from anju.foundation.calls.setting_up import configure_service, switch_service, try_service
from anju.foundation.db import clock, scoped_org
from anju.foundation.ui.heads import Badge
from anju.kit import Actor, Refused
from anju.kit.loopback import is_loopback
from anju.surface.providers.provider import BAD_VALUES, Field, Standing, changes

SECRET = "key_secret"  # noqa: S105  (a field's name)
FIELDS = (
    Field("key_id", gettext_lazy("AccessKey ID"), rule=gettext_lazy("请填写 AccessKey ID。")),
    Field(SECRET, gettext_lazy("AccessKey Secret"), "secret", rule=gettext_lazy("请填写 AccessKey Secret。")),
    Field("pool_key", gettext_lazy("号池 Key"), help=gettext_lazy("号码隐私保护控制台“号码池管理”里，以 FC 开头"),
          rule=gettext_lazy("请填写号池 Key。")),
    Field("endpoint", gettext_lazy("接口地址"), optional=True,
          help=gettext_lazy("一般留空；演练公司留空就用本机的模拟服务"),
          rule=gettext_lazy("接口地址要以 https:// 开头。")),
)  # fmt: skip


class Calling:
    """See :class:`~anju.surface.providers.provider.Provider`."""

    key = "calls"
    title: Any = gettext_lazy("隐私号")
    icon = "phone"
    about: Any = gettext_lazy("阿里云号码隐私保护：师傅和租客通话，双方都看不到对方的号码。")
    needs: Permission = CONFIGURE
    fields: Sequence[Field] = FIELDS
    receiver: Any = ""

    def standing(self) -> Standing:
        """How it stands now."""
        row = stored_service()
        if row is None:
            return Standing(None, Badge(_("未设置"), "line"))
        values = dict(row.config)
        if values.get("endpoint") == STANDIN:
            values["endpoint"] = ""
        kept = {SECRET: changes("call_service", [row.id]).get(SECRET)} if row.secret else {}
        facts = [(_("AccessKey ID"), values.get("key_id", "")), (_("号池 Key"), values.get("pool_key", ""))]
        drill = clock.drill_clock() is not None
        badge = Badge(_("演练"), "info") if drill else Badge(_("使用中"), "ok")
        return Standing(
            row.enabled, badge if row.enabled else Badge(_("已停用"), "warn"), values, kept, facts, account=row.id
        )

    def to_copy(self) -> Sequence[tuple[Any, str]]:
        """Where call reports go."""
        where = f"{settings.BASE_URL.rstrip('/')}/calls/report/aliyun/{scoped_org()}"
        return [(_("话单回执地址（SecretStartReport、SecretReport 登记）"), where)]

    def save(self, by: Actor, typed: Mapping[str, str]) -> None:
        """Store what was typed beside what is there and not shown."""
        row = stored_service()
        if wrong := self._faults(typed, kept=row is not None and bool(row.secret)):
            raise BAD_VALUES(fields=wrong)
        at = typed.get("endpoint") or (STANDIN if clock.drill_clock() is not None else "")
        config = {name: typed[name] for name in ("key_id", "pool_key")} | ({"endpoint": at} if at else {})
        secret = {SECRET: typed[SECRET]} if SECRET in typed else None
        configure_service(by, provider="aliyun", config=config, secret=secret)

    def _faults(self, typed: Mapping[str, str], *, kept: bool) -> list[str]:
        wrong = [f.name for f in FIELDS if not f.optional and not typed.get(f.name) and not (f.hidden and kept)]
        endpoint = typed.get("endpoint", "")
        # Any other address would send keys in the clear.
        fine = not endpoint or endpoint == STANDIN or endpoint.startswith("https://") or is_loopback(endpoint)
        return wrong + ([] if fine else ["endpoint"])

    def attempt(self, by: Actor, to: str, language: str) -> tuple[bool, str]:
        """Ask about a number that is nobody's."""
        if code := try_service(by):
            return False, Refused(code).text(language)
        return True, _("隐私号服务已接通：密钥和号池都对。")

    def losses(self) -> Sequence[tuple[Any, Any]]:
        """Numbers that are lent, and what people see."""
        return [
            (_("已借出的隐私号"), _("%(n)s 个，到期自动收回") % {"n": lent_now()}),
            (_("师傅和租客的页面"), _("不再出现隐私电话按钮")),
            (_("账号和密钥"), _("保留，随时可以重新启用")),
        ]

    def switch_off(self, by: Actor) -> None:
        """Lend no more numbers."""
        switch_service(by, enabled=False)
