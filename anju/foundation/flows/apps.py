from importlib import import_module

from django.apps import AppConfig

REGISTER: tuple[str, ...] = ("choices", "hours", "sweep", "pages.inbox")


class FlowsConfig(AppConfig):
    name = "anju.foundation.flows"
    label = "flows"

    def ready(self) -> None:
        for name in REGISTER:
            import_module(f"anju.foundation.flows.{name}")
