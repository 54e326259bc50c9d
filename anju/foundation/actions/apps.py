from django.apps import AppConfig


class ActionsConfig(AppConfig):
    name = "anju.foundation.actions"
    label = "actions"
