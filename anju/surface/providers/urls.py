"""Under 系统: providers of payments and messages."""

from __future__ import annotations

from django.urls import path

from anju.surface.providers import pages

app_name = "providers"
urlpatterns = [
    path("system/providers", pages.overview, name="list"),
    path("system/providers/sms/texts", pages.texts, name="texts"),
    path("system/providers/<slug:key>", pages.one, name="one"),
    path("system/providers/<slug:key>/try", pages.attempt, name="try"),
    path("system/providers/<slug:key>/off", pages.off, name="off"),
]
