"""The field app's addresses."""

from __future__ import annotations

from django.urls import include, path

from anju.surface.field.pages import call, order, phone, today

app_name = "field"
own = [
    path("", today.today, name="today"),
    path("orders/<int:case_id>", order.order, name="order"),
    path("orders/<int:case_id>/call", call.call, name="call"),
    path("orders/<int:case_id>/visit", order.visit, name="visit"),
    path("orders/<int:case_id>/<slug:step>", order.take, name="take"),
    path("hello", phone.hello, name="hello"),
    path("parts/<uuid:upload>", phone.part, name="part"),
    path("sent", phone.receive, name="sent"),
    path("unseen", phone.unseen, name="unseen"),
    path("worker.js", phone.worker, name="worker"),
    path("app.webmanifest", phone.manifest, name="manifest"),
]
urlpatterns = [path("f/", include(own))]
