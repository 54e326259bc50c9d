"""The slice's addresses."""

from django.urls import path

from anju.domain.equipment.pages import form, item, listing

app_name = "equipment"
urlpatterns = [
    path("equipment", listing.equipment_list, name="list"),
    path("equipment/new", form.add, name="add"),
    path("equipment/<int:item_id>", item.item_page, name="item"),
    path("equipment/<int:item_id>/change", form.change, name="change"),
    path("equipment/<int:item_id>/retire", item.retire, name="retire"),
]
