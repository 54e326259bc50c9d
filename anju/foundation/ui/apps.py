from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "anju.foundation.ui"
    label = "ui"
