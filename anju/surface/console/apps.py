from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "anju.surface.console"
    label = "console"
