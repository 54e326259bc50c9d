from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "anju.surface.imports"
    label = "imports"
