from importlib import import_module

from django.apps import AppConfig


class CockpitConfig(AppConfig):
    name = "anju.surface.cockpit"
    label = "cockpit"

    def ready(self) -> None:
        import_module("anju.surface.cockpit.pages")  # its entry in the rail
