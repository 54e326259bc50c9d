from importlib import import_module

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    name = "anju.domain.tenants"
    label = "tenants"

    def ready(self) -> None:
        for name in ("contacts", "searching", "messages", "panels", "pages.listing"):
            import_module(f"anju.domain.tenants.{name}")  # each registers itself with what lies below
