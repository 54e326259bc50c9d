from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "anju.foundation.files"
    label = "files"
