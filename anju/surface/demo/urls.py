"""The addresses of drill organizations' own pages."""

from __future__ import annotations

from django.urls import path

from anju.surface.demo.pages import clock, phone

app_name = "demo"
urlpatterns = [
    path("phone", phone.phone, name="phone"),
    path("phone/find", phone.find, name="find"),
    path("phone/<int:person_id>/number", phone.number, name="number"),
    path("clock", clock.clock_page, name="clock"),
]
