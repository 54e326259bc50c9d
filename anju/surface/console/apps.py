from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "anju.surface.console"
    label = "console"

    def ready(self) -> None:
        """The frame offers itself to the templates."""
        from anju.surface.console import shell  # noqa: F401
