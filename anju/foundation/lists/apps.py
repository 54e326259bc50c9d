from django.apps import AppConfig


class ListsConfig(AppConfig):
    name = "anju.foundation.lists"
    label = "lists"
