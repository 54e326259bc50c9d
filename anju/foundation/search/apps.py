from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "anju.foundation.search"
    label = "search"
