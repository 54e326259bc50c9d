from importlib import import_module

from django.apps import AppConfig

REGISTER = ("policies", "actions", "setting_up", "receipts", "timelines", "panel")


class CallsConfig(AppConfig):
    name = "anju.foundation.calls"
    label = "calls"

    def ready(self) -> None:
        for name in REGISTER:  # each registers itself with what lies below
            import_module(f"anju.foundation.calls.{name}")
