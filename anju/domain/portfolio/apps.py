from importlib import import_module

from django.apps import AppConfig


class PortfolioConfig(AppConfig):
    name = "anju.domain.portfolio"
    label = "portfolio"

    def ready(self) -> None:
        for name in ("searching", "pages.rooms", "worklist"):  # each registers itself with what lies below
            import_module(f"anju.domain.portfolio.{name}")
