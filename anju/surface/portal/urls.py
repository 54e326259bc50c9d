"""The portal's addresses."""

from __future__ import annotations

from django.urls import path

from anju.surface.portal import shell

app_name = "portal"
urlpatterns = [
    path("p/type", shell.large_type, name="large-type"),
]
