from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "anju.surface.portal"
    label = "portal"
