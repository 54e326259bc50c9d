"""Running cases, the stages they visited, their time limits."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from anju.foundation.db.models import OrgForeignKey, OrgModel


class FlowCase(OrgModel):
    """A case: an instance of a flow, which keeps the version it began with.

    ``subject`` is what it is about; ``persons`` the tenants it concerns (they act as ``@reporter``); ``dedupe`` lets
    only one open case stand for one thing. ``due_at`` and ``warn_at`` are the most pressing running limit's.
    ``facts`` are the definition's own fields, never personal values. ``rev`` counts changes. ``follows`` is the case it
    was merged into: that one's progress and limits count, this one's wait as they are.
    """

    number = models.CharField(max_length=20)
    flow = models.CharField(max_length=60)
    version_id = models.BigIntegerField()
    stage = models.CharField(max_length=30)
    subject_kind = models.CharField(max_length=30, blank=True, default="")
    subject_id = models.BigIntegerField(default=0)
    scope_id = models.BigIntegerField(null=True)
    title = models.CharField(max_length=120, blank=True, default="")
    persons = ArrayField(models.BigIntegerField(), default=list)
    assignee = models.BigIntegerField(null=True, help_text="staff id")
    team = models.CharField(max_length=30, blank=True, default="")
    escalated = models.CharField(max_length=30, blank=True, default="", help_text="the role told of a breach")
    priority = models.SmallIntegerField(default=0)
    facts = models.JSONField(default=dict)
    photos = models.SmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    warn_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    pause_reason = models.CharField(max_length=30, blank=True, default="")
    dedupe = models.CharField(max_length=80, null=True)
    opened_by = models.CharField(max_length=40)
    opened_at = models.DateTimeField()
    stage_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    rev = models.IntegerField(default=1)
    follows = OrgForeignKey("self", null=True)

    class Meta:
        db_table = "flow_case"
        constraints = [
            models.UniqueConstraint(fields=["org_id", "number"], name="one_case_per_number"),
            models.UniqueConstraint(
                fields=["org_id", "flow", "dedupe"],
                condition=Q(closed_at__isnull=True, dedupe__isnull=False),
                name="one_open_case_for_a_thing",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True)
                | Q(due_at__isnull=True, warn_at__isnull=True, paused_at__isnull=True),
                name="a_closed_case_has_no_clock",
            ),
            models.CheckConstraint(
                condition=Q(follows__isnull=True) | (Q(due_at__isnull=True) & ~Q(follows=F("id"))),
                name="a_case_that_follows_another_has_no_clock",
            ),
        ]
        indexes = [
            models.Index(
                fields=["org_id", "assignee", "due_at"], name="case_mine_ix", condition=Q(closed_at__isnull=True)
            ),
            models.Index(fields=["org_id", "team", "due_at"], name="case_team_ix", condition=Q(closed_at__isnull=True)),
            models.Index(fields=["org_id", "due_at"], name="case_due_ix", condition=Q(closed_at__isnull=True)),
            models.Index(
                fields=["org_id", "flow", "stage", "priority"],
                name="case_stage_ix",
                condition=Q(closed_at__isnull=True),
            ),
            models.Index(fields=["org_id", "flow", "opened_at"], name="case_opened_ix"),
            models.Index(
                fields=["org_id", "assignee", "closed_at"],
                name="case_ended_ix",
                condition=Q(assignee__isnull=False, closed_at__isnull=False),
            ),
            models.Index(fields=["org_id", "subject_kind", "subject_id"], name="case_subject_ix"),
            models.Index(fields=["org_id", "version_id"], name="case_version_ix", condition=Q(closed_at__isnull=True)),
        ]


class FlowNumber(OrgModel):
    """The last number given out under a prefix in a year."""

    prefix = models.CharField(max_length=3)
    year = models.SmallIntegerField()
    last = models.IntegerField()

    class Meta:
        db_table = "flow_number"
        constraints = [models.UniqueConstraint(fields=["org_id", "prefix", "year"], name="one_row_per_prefix_and_year")]


class FlowVisit(OrgModel):
    """A stage a case was in. ``step`` and ``by`` brought it there; ``photos`` are the files taken with the step."""

    case = OrgForeignKey(FlowCase, index=False)
    seq = models.IntegerField()
    stage = models.CharField(max_length=30)
    step = models.CharField(max_length=30, blank=True, default="")
    by = models.CharField(max_length=40)
    reason = models.TextField(blank=True, default="")
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    photos = ArrayField(models.BigIntegerField(), null=True)

    class Meta:
        db_table = "flow_visit"
        constraints = [models.UniqueConstraint(fields=["org_id", "case", "seq"], name="one_visit_per_place_in_a_case")]


class FlowLimit(OrgModel):
    """A time limit of a case. ``next_at`` is when the timer must look: the warning, then the limit itself.

    A pause sets ``next_at`` aside and keeps the minutes left; going on sets all three moments anew. ``handled_at``
    is when what follows from a warning or breach was done.
    """

    class State(models.TextChoices):
        RUNNING = "running"
        MET = "met"
        BREACHED = "breached"
        STOPPED = "stopped"

    case = OrgForeignKey(FlowCase, index=False)
    key = models.CharField(max_length=30)
    started_at = models.DateTimeField()
    warn_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    left_minutes = models.IntegerField(null=True, help_text="what was left when the case was paused")
    warned_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    cause = models.CharField(max_length=30, blank=True, default="")
    pending = models.CharField(max_length=8, blank=True, default="", help_text="warn, breach: what must still follow")
    hours_id = models.BigIntegerField(null=True, help_text="the version of the hours it counts; null: day and night")
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)

    class Meta:
        db_table = "flow_limit"
        constraints = [
            models.UniqueConstraint(
                fields=["org_id", "case", "key"], condition=Q(ended_at__isnull=True), name="one_running_limit_of_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(warn_at__isnull=True) | Q(warn_at__lte=F("due_at")), name="a_warning_comes_before_the_limit"
            ),
        ]
        indexes = [
            models.Index(fields=["org_id", "next_at"], name="limit_next_ix", condition=Q(next_at__isnull=False)),
            models.Index(fields=["org_id", "id"], name="limit_pending_ix", condition=~Q(pending="")),
            models.Index(fields=["org_id", "case"], name="limit_case_ix"),
        ]
