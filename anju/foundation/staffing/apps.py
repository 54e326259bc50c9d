from django.apps import AppConfig


class StaffingConfig(AppConfig):
    name = "anju.foundation.staffing"
    label = "staffing"
