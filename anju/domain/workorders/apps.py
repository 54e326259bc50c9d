from importlib import import_module

from django.apps import AppConfig

REGISTER = ("flow", "policies", "case_subject", "effects", "case_panels", "pages.board")


class WorkordersConfig(AppConfig):
    name = "anju.domain.workorders"
    label = "workorders"

    def ready(self) -> None:
        for name in REGISTER:  # each registers itself with what lies below
            import_module(f"anju.domain.workorders.{name}")
