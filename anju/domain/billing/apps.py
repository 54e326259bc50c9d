from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "anju.domain.billing"
    label = "billing"
