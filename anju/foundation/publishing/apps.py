from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PublishingConfig(AppConfig):
    name = "anju.foundation.publishing"
    label = "publishing"

    def ready(self) -> None:
        # Slices say in simulators.py what a draft of their policies would change.
        autodiscover_modules("simulators")
