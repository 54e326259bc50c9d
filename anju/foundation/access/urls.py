"""Addresses of files."""

from django.urls import path

from anju.foundation.access.file_pages import open_page

app_name = "files"
urlpatterns = [path("files/<str:token>", open_page, name="open")]
