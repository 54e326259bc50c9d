from django.apps import AppConfig


class CryptoConfig(AppConfig):
    name = "anju.foundation.crypto"
    label = "crypto"
