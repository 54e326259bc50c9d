"""Addresses providers call; anju/config/urls.py includes them at the root."""

from django.urls import path

from anju.foundation.messaging import pages

app_name = "messaging"
urlpatterns = [path("messages/report/aliyun/<int:org_id>", pages.aliyun_report, name="aliyun_report")]
