"""Addresses of masked calls; the report's is the provider's to call."""

from django.urls import path

from anju.foundation.calls import pages

app_name = "calls"
urlpatterns = [
    path("cases/<int:case_id>/call", pages.call, name="call"),
    path("calls/report/aliyun/<int:org_id>", pages.aliyun_report, name="aliyun_report"),
]
