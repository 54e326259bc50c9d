from django.apps import AppConfig


class TenantsConfig(AppConfig):
    name = "anju.domain.tenants"
    label = "tenants"
