from django.apps import AppConfig


class DbConfig(AppConfig):
    name = "anju.foundation.db"
    label = "db"
