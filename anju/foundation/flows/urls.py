"""Addresses of cases."""

from __future__ import annotations

from django.urls import path, register_converter

from anju.foundation.flows.pages import case, exports, handing_over, inbox, versions


class Doing:
    """What is done with a case besides its flow's steps."""

    regex = "claim|assign|pause|go-on|follow|part"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Doing, "doing")

app_name = "flows"
urlpatterns = [
    path("cases", inbox.inbox_page, name="inbox"),
    path("cases.xlsx", exports.export, name="export"),
    path("cases/hand-over", handing_over.hand_over_page, name="hand-over"),
    path("cases/versions/<slug:flow>", versions.versions, name="versions"),
    path("cases/new/<slug:flow>", inbox.begin, name="begin"),
    path("cases/<int:case_id>", case.case_page, name="case"),
    path("cases/<int:case_id>/step/<slug:key>", case.step, name="step"),
    path("cases/<int:case_id>/limits/<int:limit_id>", case.cause, name="cause"),
    path("cases/<int:case_id>/<doing:what>", case.staffing, name="staffing"),
]
