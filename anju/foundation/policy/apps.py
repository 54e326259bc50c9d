from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PolicyConfig(AppConfig):
    name = "anju.foundation.policy"
    label = "policy"

    def ready(self) -> None:
        # Every slice declares what it obeys in its own policies.py; here they are all found.
        autodiscover_modules("policies")

        from anju.foundation.db import clock
        from anju.foundation.policy.models import MARK

        clock.asked_along(MARK, "SELECT mark FROM policy_mark")
