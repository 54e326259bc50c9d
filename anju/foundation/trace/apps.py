from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class TraceConfig(AppConfig):
    name = "anju.foundation.trace"
    label = "trace"

    def ready(self) -> None:
        """Every slice tells its events in ``told.py``."""
        autodiscover_modules("told")
