from importlib import import_module

from django.apps import AppConfig

REGISTER = ("flow", "policies", "case_subject", "effects", "pages.ledger")


class ComplaintsConfig(AppConfig):
    name = "anju.domain.complaints"
    label = "complaints"

    def ready(self) -> None:
        for name in REGISTER:  # each registers itself with what lies below
            import_module(f"anju.domain.complaints.{name}")
