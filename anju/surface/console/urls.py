"""The console's addresses."""

from __future__ import annotations

from django.urls import include, path

from anju.surface.console import frame_pages

app_name = "console"
urlpatterns = [
    path("policies/", include("anju.surface.console.policies.urls")),
    path("frame/project", frame_pages.choose_project, name="choose-project"),
    path("frame/preferences", frame_pages.preferences, name="preferences"),
]
