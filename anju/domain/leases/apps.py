from django.apps import AppConfig


class LeasesConfig(AppConfig):
    name = "anju.domain.leases"
    label = "leases"
