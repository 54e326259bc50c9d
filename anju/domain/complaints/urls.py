"""The slice's addresses."""

from django.urls import path

from anju.domain.complaints.pages import ledger, record

app_name = "complaints"
urlpatterns = [
    path("complaints", ledger.ledger, name="ledger"),
    path("complaints.xlsx", ledger.export, name="export"),
    path("complaints/new", record.record, name="record"),
]
