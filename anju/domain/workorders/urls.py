"""The slice's addresses."""

from django.urls import path

from anju.domain.workorders.pages import (
    board,
    codes,
    compare,
    costs,
    crew,
    duplicates,
    heat,
    orders,
    places,
    record,
    scorecard,
    surge,
    visit,
)

app_name = "workorders"
urlpatterns = [
    path("orders", board.dispatch, name="board"),
    path("orders/crew", crew.crew_page, name="crew"),
    path("orders/crew/shift", crew.shift, name="crew-shift"),
    path("orders/crew/repeat", crew.repeat, name="crew-repeat"),
    path("orders/crew/<int:staff_id>/skills", crew.skills, name="crew-skills"),
    path("orders/crew/<int:staff_id>/phone", crew.phone, name="crew-phone"),
    path("orders/scorecard", scorecard.scorecard, name="scorecard"),
    path("orders/scorecard.xlsx", scorecard.scorecard_export, name="scorecard-export"),
    path("orders/new", record.record, name="record"),
    path("orders/list", orders.order_list, name="list"),
    path("orders/list/export", orders.order_export, name="list-export"),
    path("orders/codes", codes.codes, name="codes"),
    path("orders/heat", heat.heat_map, name="heat"),
    path("orders/heat/inspect", heat.inspect, name="inspect"),
    path("orders/places", places.place_map, name="places"),
    path("orders/duplicates", duplicates.duplicate_report, name="duplicates"),
    path("orders/duplicates/export", duplicates.duplicate_export, name="duplicates-export"),
    path("orders/surge", surge.surge_view, name="surge"),
    path("orders/surge/export", surge.surge_export, name="surge-export"),
    path("orders/compare/<int:first>/<int:second>", compare.compare, name="compare"),
    path("orders/compare/<int:first>/<int:second>/decide", compare.decide, name="decide"),
    path("orders/<int:case_id>/give", board.give, name="give"),
    path("orders/<int:case_id>/visit", visit.visit, name="visit"),
    path("orders/<int:order_id>/equipment", costs.equipment, name="equip"),
    path("orders/<int:order_id>/costs", costs.add, name="add-cost"),
    path("orders/costs", costs.month, name="costs"),
    path("orders/costs.xlsx", costs.month_export, name="costs-export"),
    path("orders/costs/<int:cost_id>/withdraw", costs.withdraw, name="withdraw-cost"),
]
