from importlib import import_module

from django.apps import AppConfig

REGISTER = (
    "flow",
    "inspection_flow",
    "policies",
    "dispatch_policy",
    "crew",
    "paging",
    "case_subject",
    "inspection_subject",
    "inspection_titles",
    "order_titles",
    "inspections",
    "effects",
    "given",
    "visits",
    "merging",
    "case_panels",
    "searching",
    "pages.board",
    "pages.codes",
    "pages.orders",
)


class WorkordersConfig(AppConfig):
    name = "anju.domain.workorders"
    label = "workorders"

    def ready(self) -> None:
        for name in REGISTER:  # each registers itself with what lies below
            import_module(f"anju.domain.workorders.{name}")
