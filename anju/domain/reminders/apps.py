from importlib import import_module

from django.apps import AppConfig


class RemindersConfig(AppConfig):
    name = "anju.domain.reminders"
    label = "reminders"

    def ready(self) -> None:
        for name in ("call_flow", "call_sweep", "call_titles", "talking", "call_panels"):
            import_module(f"anju.domain.reminders.{name}")
        import_module("anju.domain.reminders.panels")  # registers itself with billing's and leases' pages
        import_module("anju.domain.reminders.message_page")
