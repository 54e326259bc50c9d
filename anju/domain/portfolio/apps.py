from django.apps import AppConfig


class PortfolioConfig(AppConfig):
    name = "anju.domain.portfolio"
    label = "portfolio"
