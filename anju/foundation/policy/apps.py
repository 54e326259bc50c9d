from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "anju.foundation.policy"
    label = "policy"
