"""The console's addresses."""

from __future__ import annotations

from django.urls import include, path

from anju.surface.console import frame_pages, problem_pages, search_pages, workbench

app_name = "console"
urlpatterns = [
    path("", workbench.workbench, name="workbench"),
    path("inbox", workbench.inbox, name="inbox"),
    path("search", search_pages.search_page, name="search"),
    path("payments/problems", problem_pages.payment_problems, name="payment-problems"),
    path("payments/problems/<slug:what>/<int:id>", problem_pages.resolve, name="payment-problem"),
    path("policies/", include("anju.surface.console.policies.urls")),
    path("frame/projects", frame_pages.project_choices, name="projects"),
    path("frame/project", frame_pages.choose_project, name="choose-project"),
    path("frame/preferences", frame_pages.preferences, name="preferences"),
]
