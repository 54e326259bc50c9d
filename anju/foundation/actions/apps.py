from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ActionsConfig(AppConfig):
    name = "anju.foundation.actions"
    label = "actions"

    def ready(self) -> None:
        # The register of actions is complete from the start: the reference and the structural tests read it.
        autodiscover_modules("actions")
