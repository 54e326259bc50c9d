from importlib import import_module

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    name = "anju.domain.tenants"
    label = "tenants"

    def ready(self) -> None:
        for name in ("contacts", "searching"):  # each registers itself with what lies below
            import_module(f"anju.domain.tenants.{name}")
