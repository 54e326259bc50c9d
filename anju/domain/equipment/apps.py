from importlib import import_module

from django.apps import AppConfig

REGISTER = ("unit_panels", "pages.listing")


class EquipmentConfig(AppConfig):
    name = "anju.domain.equipment"
    label = "equipment"

    def ready(self) -> None:
        for name in REGISTER:  # each registers itself with what lies below
            import_module(f"anju.domain.equipment.{name}")
