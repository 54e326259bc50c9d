"""Reminding by hand."""

from __future__ import annotations

from django.urls import path

from anju.domain.reminders import pages

app_name = "reminders"
urlpatterns = [path("rent/remind", pages.remind, name="preview")]
