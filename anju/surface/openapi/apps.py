from django.apps import AppConfig


class OpenapiConfig(AppConfig):
    name = "anju.surface.openapi"
    label = "openapi"
