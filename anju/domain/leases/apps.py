from importlib import import_module

from django.apps import AppConfig

REGISTER = (
    "occupancy",
    "facts",
    "searching",
    "unit_panels",
    "person_panels",
    "lease_panels",
    "case_subject",
    "consequences",
    "pages.listing",
    "worklist",
)


class LeasesConfig(AppConfig):
    name = "anju.domain.leases"
    label = "leases"

    def ready(self) -> None:
        for name in REGISTER:  # each registers itself with what lies below
            import_module(f"anju.domain.leases.{name}")
