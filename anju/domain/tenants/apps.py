from importlib import import_module

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    name = "anju.domain.tenants"
    label = "tenants"

    def ready(self) -> None:
        import_module("anju.domain.tenants.contacts")  # registers itself with messaging
