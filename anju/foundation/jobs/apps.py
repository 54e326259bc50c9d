from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "anju.foundation.jobs"
    label = "jobs"

    def ready(self) -> None:
        from anju.foundation.db import clock

        clock.seen_by("SELECT max(wall_at) FROM job_tick")
