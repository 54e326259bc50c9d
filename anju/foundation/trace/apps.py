from django.apps import AppConfig


class TraceConfig(AppConfig):
    name = "anju.foundation.trace"
    label = "trace"
