"""Ways to reach a person: the interface, and the channels there are."""

from anju.foundation.messaging.channels import email, inapp, sms
from anju.foundation.messaging.channels.base import Channel, Letter, Result, channel_labels, open_channel

__all__ = ["Channel", "Letter", "Result", "channel_labels", "email", "inapp", "open_channel", "sms"]
