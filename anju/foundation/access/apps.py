from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "anju.foundation.access"
    label = "access"
