"""Addresses of configuration, inside the console's names."""

from __future__ import annotations

from django.urls import path, register_converter

from anju.surface.console.policies import examples, pages, posts


class PolicyKey:
    """``reminders``, or one of the operator's own: ``flow.keys``."""

    regex = r"[a-z_]+(?:\.[a-z][a-z0-9_]*)?"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(PolicyKey, "policy")

__all__ = ["examples", "urlpatterns"]  # examples register themselves

urlpatterns = [
    path("", pages.policies, name="policies"),
    path("new", posts.begin_own, name="policy-new"),
    path("<policy:key>", pages.policy, name="policy"),
    path("<policy:key>/start", posts.start, name="policy-start"),
    path("<policy:key>/save", posts.save, name="policy-save"),
    path("<policy:key>/simulate", posts.simulate_now, name="policy-simulate"),
    path("<policy:key>/submit", posts.submit, name="policy-submit"),
    path("<policy:key>/discard", posts.discard, name="policy-discard"),
    path("<policy:key>/rebase", posts.rebase, name="policy-rebase"),
    path("<policy:key>/approve", posts.approve, name="policy-approve"),
    path("<policy:key>/reject", posts.reject, name="policy-reject"),
    path("<policy:key>/recall", posts.recall, name="policy-recall"),
    path("<policy:key>/versions", pages.versions, name="policy-versions"),
    path("<policy:key>/compare", pages.compare, name="policy-compare"),
    path("<policy:key>/roll-back/<int:number>", posts.roll_back, name="policy-roll-back"),
    path("<policy:key>/call-off/<int:release_id>", posts.call_off, name="policy-call-off"),
]
