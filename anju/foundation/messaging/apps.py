from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "anju.foundation.messaging"
    label = "messaging"

    def ready(self) -> None:
        from anju.foundation.messaging import actions, channels, dispatch, policies, receipts

        # Named so that what they register is known from the start: policy, permissions, actions, channels.
        self.parts = (policies, channels, actions, dispatch, receipts)
