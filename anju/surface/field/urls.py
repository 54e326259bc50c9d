"""The field app's addresses."""

from __future__ import annotations

from django.urls import path

from anju.surface.field.pages import call, order, phone, today

app_name = "field"
urlpatterns = [
    path("f/", today.today, name="today"),
    path("f/orders/<int:case_id>", order.order, name="order"),
    path("f/orders/<int:case_id>/call", call.call, name="call"),
    path("f/orders/<int:case_id>/visit", order.visit, name="visit"),
    path("f/orders/<int:case_id>/<slug:step>", order.take, name="take"),
    path("f/hello", phone.hello, name="hello"),
    path("f/parts/<uuid:upload>", phone.part, name="part"),
    path("f/sent", phone.receive, name="sent"),
    path("f/unseen", phone.unseen, name="unseen"),
    path("f/worker.js", phone.worker, name="worker"),
    path("f/app.webmanifest", phone.manifest, name="manifest"),
]
