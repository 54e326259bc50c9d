from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "anju.foundation.publishing"
    label = "publishing"
