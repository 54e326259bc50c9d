"""The slice's addresses."""

from django.urls import path

from anju.domain.workorders.pages import board, record

app_name = "workorders"
urlpatterns = [
    path("orders", board.dispatch, name="board"),
    path("orders/new", record.record, name="record"),
    path("orders/<int:case_id>/give", board.give, name="give"),
]
