from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "anju.foundation.payments"
    label = "payments"

    def ready(self) -> None:
        """Declare gateways, policies and actions."""
        from anju.foundation.payments import actions, wechat  # noqa: F401
