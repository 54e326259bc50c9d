from importlib import import_module

from django.apps import AppConfig


class ProvidersConfig(AppConfig):
    name = "anju.surface.providers"
    label = "providers"

    def ready(self) -> None:
        import_module("anju.surface.providers.pages")  # its entry in the rail
