from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "anju.foundation.jobs"
    label = "jobs"
