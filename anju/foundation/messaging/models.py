"""The outbox and what became of it. Bulk rows: ids and amounts; the text exists only sealed, from dispatch on."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from anju.foundation.db.models import OrgForeignKey, OrgModel


class Message(OrgModel):
    """One notice to one person, or to one colleague, by one channel.

    Times named ``*_at`` are business time, except ``lease_until`` and ``retry_at``, which wait for providers and so
    follow the wall clock. ``template`` is ``policy:path`` (``messaging:code``), read from policy version
    ``version_id``.
    References to other slices carry no foreign key: a sweep inserts 100,000 of these at once.
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        HELD = "held"
        SENDING = "sending"
        SENT = "sent"
        DELIVERED = "delivered"
        READ = "read"
        FAILED = "failed"
        CANCELLED = "cancelled"

    dedupe = models.CharField(max_length=160)
    to_person = models.BigIntegerField(null=True)
    to_staff = models.BigIntegerField(null=True)
    contact_id = models.BigIntegerField(null=True)
    channel = models.CharField(max_length=12)
    kind = models.CharField(max_length=40, db_default="", help_text="kind of notice, what an emergency stop names")
    template = models.CharField(max_length=120)
    version_id = models.BigIntegerField()
    vars = models.JSONField(db_default={})
    sealed_vars = models.BinaryField(null=True, help_text="variables that must not lie open, such as a code")
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    scope_id = models.BigIntegerField(null=True)
    run_id = models.BigIntegerField(null=True)
    valid_if = models.CharField(max_length=60, db_default="")
    next_channels = ArrayField(models.CharField(max_length=12), db_default=[])
    link_kind = models.CharField(max_length=40, db_default="")
    link_id = models.BigIntegerField(null=True)
    priority = models.SmallIntegerField(db_default=5, help_text="0 goes at any hour; 9 last")
    state = models.CharField(max_length=10, choices=State.choices, db_default=State.QUEUED)
    reason = models.CharField(max_length=60, db_default="")
    pause_id = models.BigIntegerField(null=True)
    batch_id = models.BigIntegerField(null=True)
    tries = models.SmallIntegerField(db_default=0)
    lease_until = models.DateTimeField(null=True)
    retry_at = models.DateTimeField(null=True)
    text = models.BinaryField(null=True, help_text="title and body, sealed under the person's contact key")
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    fell_back_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "message"
        constraints = [
            models.UniqueConstraint(fields=["org_id", "dedupe"], name="one_message_per_dedupe_key"),
            models.CheckConstraint(condition=Q(priority__range=(0, 9)), name="priority_is_0_to_9"),
            models.CheckConstraint(
                condition=Q(to_person__isnull=True) ^ Q(to_staff__isnull=True), name="a_message_goes_to_one"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["queued", "held", "sending", "sent", "delivered", "read", "failed", "cancelled"]
                ),
                name="message_state_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "delivered", "read"]) | Q(sent_at__isnull=False),
                name="a_sent_message_says_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["org_id", "channel", "priority", "due_at"], condition=Q(state="queued"), name="message_queue_ix"
            ),
            models.Index(fields=["org_id", "lease_until"], condition=Q(state="sending"), name="message_lease_ix"),
            models.Index(fields=["org_id", "to_person", "id"], name="message_person_ix"),
            models.Index(
                fields=["org_id", "to_staff", "id"], condition=Q(to_staff__isnull=False), name="message_staff_ix"
            ),
            models.Index(fields=["org_id", "subject_kind", "subject_id", "id"], name="message_subject_ix"),
            models.Index(
                fields=["org_id", "sent_at"],
                condition=Q(
                    ~Q(next_channels=[]),
                    fell_back_at__isnull=True,
                    state__in=["queued", "sent", "delivered", "failed"],
                ),
                name="message_fallback_ix",
            ),
        ]


class MessageBatch(OrgModel):
    """One claim of messages for one channel; its trace events hold the tally and the Merkle root of the attempts."""

    channel = models.CharField(max_length=12)
    claimed_at = models.DateTimeField()
    wall_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    tally = models.JSONField(db_default={})
    root = models.BinaryField(null=True)

    class Meta:
        db_table = "message_batch"


class MessageAttempt(OrgModel):
    """One try to hand a message to a provider, committed before the call, with the receipt that came back.

    Times are wall time: they are compared with the provider's. ``out_id`` travels with the message and comes back in
    receipts and queries; it carries a keyed check, because the provider does not sign its receipts.
    """

    class Outcome(models.TextChoices):
        STARTED = "started"
        ACCEPTED = "accepted"
        DELIVERED = "delivered"
        UNDELIVERED = "undelivered"
        REFUSED = "refused"
        UNKNOWN = "unknown"
        NOT_SENT = "not_sent"

    message = OrgForeignKey(Message, index=False, related_name="attempts")
    n = models.SmallIntegerField()
    batch_id = models.BigIntegerField()
    channel = models.CharField(max_length=12)
    contact_id = models.BigIntegerField(null=True)
    out_id = models.CharField(max_length=64)
    provider_id = models.CharField(max_length=120, db_default="")
    outcome = models.CharField(max_length=12, choices=Outcome.choices, db_default=Outcome.STARTED)
    code = models.CharField(max_length=60, db_default="")
    parts = models.SmallIntegerField(db_default=1)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    receipt_code = models.CharField(max_length=60, db_default="")
    receipt_at = models.DateTimeField(null=True)
    receipts = models.SmallIntegerField(db_default=0, help_text="how often the provider reported, repeats included")

    class Meta:
        db_table = "message_attempt"
        constraints = [models.UniqueConstraint(fields=["org_id", "message", "n"], name="one_attempt_per_try")]
        indexes = [models.Index(fields=["org_id", "batch_id"], name="message_attempt_batch_ix")]


class Thread(OrgModel):
    """A person's in-app conversation. ``unread`` is the red dot's number, kept by delivery and by opening."""

    person_id = models.BigIntegerField()
    unread = models.IntegerField(db_default=0)
    last_message_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "message_thread"
        constraints = [
            models.UniqueConstraint(fields=["org_id", "person_id"], name="one_thread_per_person"),
            models.CheckConstraint(condition=Q(unread__gte=0), name="unread_is_not_negative"),
        ]


class ChannelSetting(OrgModel):
    """How an organization reaches a channel. ``secret`` is sealed JSON; what is not secret lies in ``config``."""

    channel = models.CharField(max_length=12)
    provider = models.CharField(max_length=20)
    enabled = models.BooleanField(db_default=True)
    config = models.JSONField(db_default={})
    secret = models.BinaryField(null=True)
    daily_quota = models.IntegerField(null=True, help_text="messages a day of the provider (Beijing); none: no limit")
    used_on = models.DateField(null=True)
    used = models.IntegerField(db_default=0)
    balance = models.IntegerField(null=True, help_text="parts left at the provider; none: not counted")
    trouble_code = models.CharField(max_length=60, db_default="")
    trouble_at = models.DateTimeField(null=True)
    retry_after = models.DateTimeField(null=True, help_text="wall time before which the channel is left alone")

    class Meta:
        db_table = "channel_setting"
        constraints = [models.UniqueConstraint(fields=["org_id", "channel"], name="one_setting_per_channel")]


class MessagePause(OrgModel):
    """An emergency stop of a kind of notice, a channel, a scope, or everything; empty means any."""

    kind = models.CharField(max_length=40, db_default="")
    channel = models.CharField(max_length=12, db_default="")
    scope_id = models.BigIntegerField(null=True)
    reason = models.TextField()
    by = models.CharField(max_length=40)
    since = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=40, db_default="")

    class Meta:
        db_table = "message_pause"
        indexes = [
            models.Index(fields=["org_id", "id"], condition=Q(lifted_at__isnull=True), name="message_pause_open_ix")
        ]


class SmsTemplate(OrgModel):
    """A text filed with an SMS provider, found by the hash of its wording: carriers deliver only filed texts."""

    class State(models.TextChoices):
        IN_REVIEW = "in_review"
        APPROVED = "approved"
        REFUSED = "refused"

    sha256 = models.CharField(max_length=64)
    content = models.TextField(help_text="as filed, with the provider's ${variables}")
    provider_code = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State.choices)
    reason = models.TextField(db_default="")
    filed_at = models.DateTimeField()
    checked_at = models.DateTimeField()

    class Meta:
        db_table = "sms_template"
        constraints = [models.UniqueConstraint(fields=["org_id", "sha256"], name="one_filing_per_text")]


class ShortLink(models.Model):
    """A random code, kept only as its hash, that opens one target. No organization scope: the code is all a visitor
    has.
    """

    code_hash = models.BinaryField(unique=True)
    org_id = models.BigIntegerField()
    target_kind = models.CharField(max_length=40)
    target_id = models.BigIntegerField()
    person_id = models.BigIntegerField(null=True)
    message_id = models.BigIntegerField(null=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    opened = models.IntegerField(db_default=0)
    first_opened_at = models.DateTimeField(null=True)
    last_opened_at = models.DateTimeField(null=True)
    window_at = models.DateTimeField(null=True)
    window_opened = models.IntegerField(db_default=0)

    class Meta:
        db_table = "short_link"
        indexes = [
            models.Index(fields=["org_id", "message_id"], name="short_link_message_ix"),
            models.Index(fields=["org_id", "target_kind", "target_id"], name="short_link_target_ix"),
        ]


class ShortLinkMiss(models.Model):
    """Wrong codes per visitor and window; the visitor is a keyed hash of the address, forgotten after a day."""

    visitor = models.BinaryField(unique=True)
    window_at = models.DateTimeField()
    misses = models.IntegerField(db_default=0)

    class Meta:
        db_table = "short_link_miss"
