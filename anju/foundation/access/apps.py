from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AccessConfig(AppConfig):
    name = "anju.foundation.access"
    label = "access"

    def ready(self) -> None:
        """Every slice declares its entities' fields in ``fields.py`` and its permissions in ``permissions.py``."""
        autodiscover_modules("permissions", "fields")
