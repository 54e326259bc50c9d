from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class SweepsConfig(AppConfig):
    name = "anju.foundation.sweeps"
    label = "sweeps"

    def ready(self) -> None:
        # Policies and sweeps declare themselves when imported; the ticker and the console read the registers.
        autodiscover_modules("policies", "sweep")
        from anju.foundation.sweeps import proving  # noqa: F401  its part of ``anju verify``
