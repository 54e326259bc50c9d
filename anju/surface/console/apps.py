from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "anju.surface.console"
    label = "console"

    def ready(self) -> None:
        """The frame offers itself to the templates; the workbench's sources register themselves."""
        from anju.surface.console import shell, sources, workbench  # noqa: F401
