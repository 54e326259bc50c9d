from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "anju.domain.billing"
    label = "billing"

    def ready(self) -> None:
        from anju.domain.billing import rechecks, subscriptions  # noqa: F401  they register themselves
        from anju.domain.billing.pages import arrears, unit_panels  # noqa: F401  its entry in the rail, its part of a unit
