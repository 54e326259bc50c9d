from django.apps import AppConfig


class SweepsConfig(AppConfig):
    name = "anju.foundation.sweeps"
    label = "sweeps"
