from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "anju.surface.portal"
    label = "portal"

    def ready(self) -> None:
        """The frame offers itself to the templates."""
        from anju.surface.portal import shell  # noqa: F401
