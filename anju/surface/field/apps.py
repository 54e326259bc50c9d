from django.apps import AppConfig


class FieldConfig(AppConfig):
    name = "anju.surface.field"
    label = "field"

    def ready(self) -> None:
        """Its entry in the console and its error page are known from the start."""
        from anju.surface.field import shell  # noqa: F401
