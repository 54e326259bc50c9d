"""Addresses of configuration, inside the console's names."""

from __future__ import annotations

from django.urls import path

from anju.surface.console.policies import examples, pages, posts

__all__ = ["examples", "urlpatterns"]  # examples register themselves

urlpatterns = [
    path("", pages.policies, name="policies"),
    path("<slug:key>", pages.policy, name="policy"),
    path("<slug:key>/start", posts.start, name="policy-start"),
    path("<slug:key>/save", posts.save, name="policy-save"),
    path("<slug:key>/simulate", posts.simulate_now, name="policy-simulate"),
    path("<slug:key>/submit", posts.submit, name="policy-submit"),
    path("<slug:key>/discard", posts.discard, name="policy-discard"),
    path("<slug:key>/rebase", posts.rebase, name="policy-rebase"),
    path("<slug:key>/approve", posts.approve, name="policy-approve"),
    path("<slug:key>/reject", posts.reject, name="policy-reject"),
    path("<slug:key>/recall", posts.recall, name="policy-recall"),
    path("<slug:key>/versions", pages.versions, name="policy-versions"),
    path("<slug:key>/compare", pages.compare, name="policy-compare"),
    path("<slug:key>/roll-back/<int:number>", posts.roll_back, name="policy-roll-back"),
    path("<slug:key>/call-off/<int:release_id>", posts.call_off, name="policy-call-off"),
]
