from django.apps import AppConfig


class CockpitConfig(AppConfig):
    name = "anju.surface.cockpit"
    label = "cockpit"
