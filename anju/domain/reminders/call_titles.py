"""What a call to a tenant is called: written down in Chinese, said again to who reads another language."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from anju.domain.reminders.call_flow import NAME
from anju.foundation.flows.models import FlowCase
from anju.foundation.flows.titles import Said, composed

LATE, BY_HAND = "逾期 {days} 天未付，打电话问原因", "打电话问欠款"
LATE_AGAIN = re.compile(LATE.format(days=r"(\d+)"))


def say(case: FlowCase) -> Said | None:
    """Why to call, in the reader's language; None for somebody's own words."""
    if case.title == BY_HAND:
        return Said(_("打电话问欠款"))
    late = LATE_AGAIN.fullmatch(case.title)
    return Said(_("逾期 {days} 天未付，打电话问原因").format(days=late[1])) if late else None


composed(NAME, say)
