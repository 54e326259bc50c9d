"""驾驶舱."""

from __future__ import annotations

from django.urls import path

from anju.surface.cockpit import pages

app_name = "cockpit"
urlpatterns = [path("cockpit", pages.cockpit, name="home")]
