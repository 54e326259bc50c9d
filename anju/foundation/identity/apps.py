from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "anju.foundation.identity"
    label = "identity"
