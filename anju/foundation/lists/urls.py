"""Views and columns of lists."""

from __future__ import annotations

from django.urls import path

from anju.foundation.lists import pages

app_name = "lists"
urlpatterns = [
    path("lists/views/<int:view_id>/drop", pages.drop, name="drop"),
    path("lists/<slug:key>/views", pages.save, name="save"),
    path("lists/<slug:key>/columns", pages.columns, name="columns"),
]
