"""Where a message leads: to the page of what it is about, called by its name."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from anju.foundation.messaging.queries import Shown

PAGES = {
    "bill": ("portal:bill", _("查看账单")),
    "workorder": ("portal:repair", _("查看报修")),
    "complaint": ("portal:complaint", _("查看投诉")),
}


def leads_to(message: Shown) -> tuple[str, str]:
    """The address and the word of its link; both empty for a message that is about nothing to look at (a code)."""
    page, word = PAGES.get(message.subject_kind, ("", ""))
    return (reverse(page, args=[message.subject_id]), str(word)) if page else ("", "")
