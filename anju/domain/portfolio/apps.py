from importlib import import_module

from django.apps import AppConfig


class PortfolioConfig(AppConfig):
    name = "anju.domain.portfolio"
    label = "portfolio"

    def ready(self) -> None:
        import_module("anju.domain.portfolio.searching")  # registers itself with search
