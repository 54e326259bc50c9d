from importlib import import_module

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "anju.surface.imports"
    label = "imports"

    def ready(self) -> None:
        """What can be imported is known from the start."""
        for target in ("rent_roll", "listings", "past_orders"):
            import_module(f"anju.surface.imports.targets.{target}")
