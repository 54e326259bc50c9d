from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "anju.foundation.messaging"
    label = "messaging"
