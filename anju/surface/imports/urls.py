"""Addresses of imports."""

from __future__ import annotations

from django.urls import path

from anju.surface.imports import pages

app_name = "imports"
urlpatterns = [
    path("imports/", pages.imports, name="list"),
    path("imports/upload", pages.upload, name="upload"),
    path("imports/sample.xlsx", pages.sample, name="sample"),
    path("imports/<int:file_id>", pages.one, name="one"),
    path("imports/<int:file_id>/progress", pages.running, name="progress"),
    path("imports/<int:file_id>/sheet", pages.sheet, name="sheet"),
    path("imports/<int:file_id>/map", pages.map_columns, name="map"),
    path("imports/<int:file_id>/apply", pages.apply, name="apply"),
    path("imports/<int:file_id>/drop", pages.drop, name="drop"),
    path("imports/<int:file_id>/errors.xlsx", pages.errors, name="errors"),
]
