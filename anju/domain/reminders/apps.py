from django.apps import AppConfig


class RemindersConfig(AppConfig):
    name = "anju.domain.reminders"
    label = "reminders"
