"""租客."""

from __future__ import annotations

from django.urls import path

from anju.domain.tenants.pages import listing, person

app_name = "tenants"
urlpatterns = [
    path("tenants", listing.tenant_list, name="list"),
    path("tenants.xlsx", listing.tenant_export, name="export"),
    path("tenants/<int:person_id>", person.tenant_page, name="person"),
    path("tenants/<int:person_id>/reveal", person.reveal_value, name="reveal"),
    path("tenants/<int:person_id>/contact", person.change_contact_point, name="contact"),
    path("tenants/<int:person_id>/<slug:tab>", person.tenant_page, name="tab"),
]
