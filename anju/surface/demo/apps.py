from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "anju.surface.demo"
    label = "demo"
