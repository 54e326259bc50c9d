"""The slice's addresses."""

from django.urls import path

from anju.domain.workorders.pages import board, costs, record

app_name = "workorders"
urlpatterns = [
    path("orders", board.dispatch, name="board"),
    path("orders/new", record.record, name="record"),
    path("orders/<int:case_id>/give", board.give, name="give"),
    path("orders/<int:order_id>/equipment", costs.equipment, name="equip"),
    path("orders/<int:order_id>/costs", costs.add, name="add-cost"),
    path("orders/costs", costs.month, name="costs"),
    path("orders/costs.xlsx", costs.month_export, name="costs-export"),
    path("orders/costs/<int:cost_id>/withdraw", costs.withdraw, name="withdraw-cost"),
]
