from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "anju.foundation.payments"
    label = "payments"
