"""合同."""

from __future__ import annotations

from django.urls import path

from anju.domain.leases.pages import changing, drafting, lease, listing

app_name = "leases"
urlpatterns = [
    path("leases", listing.lease_list, name="list"),
    path("leases.xlsx", listing.lease_export, name="export"),
    path("leases/new", drafting.new_lease, name="new"),
    path("leases/<int:lease_id>", lease.lease_page, name="lease"),
    path("leases/<int:lease_id>/amend", changing.amend, name="amend"),
    path("leases/<int:lease_id>/end", changing.end, name="end"),
    path("leases/<int:lease_id>/cancel", changing.cancel, name="cancel"),
    path("leases/<int:lease_id>/activate", changing.activate, name="activate"),
    path("leases/<int:lease_id>/hold-over", changing.extend, name="hold-over"),
    path("leases/<int:lease_id>/<slug:tab>", lease.lease_page, name="tab"),
]
