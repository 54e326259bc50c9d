"""Reminding by hand."""

from __future__ import annotations

from django.urls import path

from anju.domain.reminders import message_page, pages

app_name = "reminders"
urlpatterns = [
    path("rent/remind", pages.remind, name="preview"),
    path("rent/call/<int:lease_id>", pages.call, name="call"),
    path("messages/<int:message_id>", message_page.message_page, name="message"),
]
