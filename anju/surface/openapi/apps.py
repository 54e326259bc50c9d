from django.apps import AppConfig


class OpenapiConfig(AppConfig):
    name = "anju.surface.openapi"
    label = "openapi"

    def ready(self) -> None:
        """What a key holds, and the console's entry, are known from the start."""
        from anju.surface.openapi import keys, pages  # noqa: F401
