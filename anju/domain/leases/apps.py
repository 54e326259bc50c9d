from importlib import import_module

from django.apps import AppConfig


class LeasesConfig(AppConfig):
    name = "anju.domain.leases"
    label = "leases"

    def ready(self) -> None:
        for name in ("occupancy", "facts", "searching", "unit_panels"):  # each registers itself with what lies below
            import_module(f"anju.domain.leases.{name}")
