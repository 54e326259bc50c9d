from importlib import import_module

from django.apps import AppConfig

REGISTER = ("rechecks", "subscriptions", "panels", "worklist", "pages.arrears", "pages.unit_panels", "pages.why_panels")


class BillingConfig(AppConfig):
    name = "anju.domain.billing"
    label = "billing"

    def ready(self) -> None:
        for name in REGISTER:  # each registers itself with what lies below
            import_module(f"anju.domain.billing.{name}")
