"""房源."""

from __future__ import annotations

from django.urls import path

from anju.domain.portfolio.pages import listing, rooms, tree, unit

app_name = "portfolio"
urlpatterns = [
    path("units", rooms.room_map, name="rooms"),
    path("units/list", listing.unit_list, name="units"),
    path("units/list.xlsx", listing.unit_export, name="units-export"),
    path("units/<int:unit_id>", unit.unit_page, name="unit"),
    path("units/<int:unit_id>/state", unit.set_state, name="set-state"),
    path("projects", tree.project_tree, name="projects"),
]
