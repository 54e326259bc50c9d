"""What a work order knows besides its case: where, what was said, who reported it, how it was rated."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from anju.domain.billing.models import Charge
from anju.domain.equipment.models import Equipment
from anju.domain.portfolio.models import Building, Unit
from anju.foundation.db.models import OrgForeignKey, OrgModel
from anju.foundation.flows.models import FlowCase
from anju.foundation.identity.models import Staff


class WorkOrder(OrgModel):
    """A repair. Stage, class, limits and who works on it are its case's.

    ``unit`` is empty for stairs and lifts. ``floor`` and ``line`` are the unit's, kept for its neighbours on one riser.
    ``terms`` are the words of ``said`` that tell it from others, each in its usual form, and marks of what it is about
    (``signs``), which begin with ``~`` and are not shown. ``suggested`` and ``cues``: the class that the words
    suggested, and the words. ``equipment`` is what of the register is broken, if it is known.
    ``outside`` is the number an imported order had where it came from.

    ``visit_from``, ``visit_until``: when somebody comes, the end excluded; ``visit_agreed`` if the crew said so, else
    it is what suits the tenant; ``visit_at``: when it was said last. ``entry``: whether one may enter the home, said
    by whom (the tenant, or who took the call) and when; empty: one has to ask first. All of it is of one visit.
    """

    class Spot(models.TextChoices):
        ENTRY = "entry", _("门口玄关")
        BATH = "bath", _("卫生间")
        KITCHEN = "kitchen", _("厨房")
        BEDROOM = "bedroom", _("卧室起居")
        BALCONY = "balcony", _("阳台")
        PUBLIC = "public", _("楼道电梯")

    class Kind(models.TextChoices):
        WATER = "water", _("水管漏水堵塞")
        POWER = "power", _("电路")
        HEAT = "heat", _("热水取暖")
        LOCK = "lock", _("门窗锁")
        AIR = "air", _("空调")
        APPLIANCE = "appliance", _("家电")
        NETWORK = "network", _("网络")
        WALL = "wall", _("墙面地面")
        OTHER = "other", _("其他")

    class Source(models.TextChoices):
        PORTAL = "portal", _("租客上报")
        PHONE = "phone", _("电话代报")
        IMPORT = "import", _("历史导入")

    class Entry(models.TextChoices):
        HOME = "home", _("本人在家")
        AWAY = "away", _("我不在也可以进门")

    case = OrgForeignKey(FlowCase, index=False)
    unit = OrgForeignKey(Unit, null=True)
    building = OrgForeignKey(Building, index=False)
    scope_id = models.BigIntegerField()
    floor = models.SmallIntegerField(null=True)
    line = models.CharField(max_length=20, blank=True, default="")
    spot = models.CharField(max_length=8, choices=Spot.choices)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    said = models.CharField(max_length=500)
    terms = ArrayField(models.CharField(max_length=20), default=list)
    suggested = models.SmallIntegerField()
    cues = ArrayField(models.CharField(max_length=20), default=list)
    source = models.CharField(max_length=8, choices=Source.choices)
    opened_at = models.DateTimeField()
    rating = models.SmallIntegerField(null=True)
    remark = models.CharField(max_length=200, blank=True, default="")
    equipment = OrgForeignKey(Equipment, null=True)
    outside = models.CharField(max_length=40, null=True)
    visit_from = models.DateTimeField(null=True)
    visit_until = models.DateTimeField(null=True)
    visit_agreed = models.BooleanField(default=False, db_default=False)
    visit_at = models.DateTimeField(null=True)
    entry = models.CharField(max_length=4, choices=Entry.choices, blank=True, default="", db_default="")
    entry_by = models.CharField(max_length=40, blank=True, default="", db_default="")
    entry_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "work_order"
        constraints = [
            models.UniqueConstraint(
                fields=["org_id", "outside"], condition=Q(outside__isnull=False), name="one_order_per_outside_number"
            ),
            models.UniqueConstraint(fields=["org_id", "case"], name="one_order_per_case"),
            models.CheckConstraint(
                condition=Q(rating__isnull=True) | Q(rating__range=(1, 5)), name="a_rating_has_stars"
            ),
            models.CheckConstraint(
                condition=Q(visit_from__isnull=True, visit_until__isnull=True, visit_agreed=False)
                | Q(visit_from__isnull=False, visit_until__isnull=False, visit_at__isnull=False)
                & Q(visit_from__lt=F("visit_until")),
                name="a_visit_lasts",
            ),
            models.CheckConstraint(
                condition=Q(entry="", entry_at__isnull=True) | Q(entry__in=("home", "away"), entry_at__isnull=False),
                name="a_consent_says_when",
            ),
        ]
        indexes = [
            models.Index(fields=["org_id", "building", "opened_at"], name="order_building_ix"),
            models.Index(fields=["org_id", "scope_id", "opened_at"], name="order_scope_ix"),
            models.Index(fields=["org_id", "opened_at", "id"], name="order_opened_ix"),
        ]


class RoomCode(OrgModel):
    """The QR code on a room's wall: whoever scans it reports a repair of this room. Only its hash is kept; the token is
    made from the organization's index key and ``id``, so that a label printed again is the same. One lives at a time.
    """

    unit = OrgForeignKey(Unit)
    token_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        db_table = "room_code"
        constraints = [
            models.UniqueConstraint(
                fields=["org_id", "unit"], condition=Q(revoked_at__isnull=True), name="one_living_code_per_room"
            ),
            models.UniqueConstraint(fields=["org_id", "token_hash"], name="one_room_code_per_token"),
        ]


class RoomCodePlace(models.Model):
    """Whose code it is. No organization scope: the token is all that a phone's camera has."""

    token_hash = models.CharField(max_length=64, unique=True)
    org_id = models.BigIntegerField()
    code_id = models.BigIntegerField()

    class Meta:
        db_table = "room_code_place"


class WorkOrderApart(OrgModel):
    """Two orders that somebody looked at and found to be two things; ``first`` is the older."""

    first = OrgForeignKey(WorkOrder, index=False, related_name="+")
    second = OrgForeignKey(WorkOrder, related_name="+")

    class Meta:
        db_table = "work_order_apart"
        constraints = [models.UniqueConstraint(fields=["org_id", "first", "second"], name="a_pair_is_told_apart_once")]


class WorkOrderReport(OrgModel):
    """Somebody who reported it: the first one, and those who said "it is the same"."""

    order = OrgForeignKey(WorkOrder, index=False)
    person_id = models.BigIntegerField()
    lease_id = models.BigIntegerField()
    by = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        db_table = "work_order_report"
        constraints = [
            models.UniqueConstraint(fields=["org_id", "order", "person_id"], name="a_person_reports_an_order_once")
        ]
        indexes = [models.Index(fields=["org_id", "person_id"], name="report_person_ix")]


class WorkOrderCost(OrgModel):
    """What a repair cost, and who bears it by the rule of its day; a tenant's is a charge in billing.

    ``misuse`` and ``warranty`` are what the rule looked at. ``key`` makes a repeated form one cost. A cost is never
    changed: it is withdrawn and entered anew.
    """

    class What(models.TextChoices):
        LABOUR = "labour", _("人工")
        PART = "part", _("材料")

    class Payer(models.TextChoices):
        TENANT = "tenant", _("租客")
        LANDLORD = "landlord", _("业主")
        COMPANY = "company", _("公司")

    order = OrgForeignKey(WorkOrder, index=False)
    scope_id = models.BigIntegerField()
    what = models.CharField(max_length=6, choices=What.choices)
    text = models.CharField(max_length=60)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    misuse = models.BooleanField(default=False)
    warranty = models.BooleanField(default=False)
    payer = models.CharField(max_length=8, choices=Payer.choices)
    charge = OrgForeignKey(Charge, null=True, index=False)
    key = models.CharField(max_length=40)
    by = models.CharField(max_length=40)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=40, blank=True, default="")
    withdrawn_why = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        db_table = "work_order_cost"
        constraints = [
            models.UniqueConstraint(fields=["org_id", "order", "key"], name="a_cost_is_entered_once"),
            models.UniqueConstraint(
                fields=["org_id", "charge"], condition=Q(charge__isnull=False), name="a_charge_is_of_one_cost"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_cost_is_positive"),
            models.CheckConstraint(
                condition=Q(payer="tenant", charge__isnull=False) | (~Q(payer="tenant") & Q(charge__isnull=True)),
                name="a_tenants_cost_is_a_charge",
            ),
        ]
        indexes = [
            models.Index(fields=["org_id", "at"], name="cost_at_ix"),
            models.Index(
                fields=["org_id", "withdrawn_at"], name="cost_back_ix", condition=Q(withdrawn_at__isnull=False)
            ),
        ]


class Technician(OrgModel):
    """What is known of a colleague who mends: skills, where one usually is.

    ``skills`` are ``WorkOrder.Kind`` values; none means that nobody entered any.
    """

    staff = OrgForeignKey(Staff, index=False, related_name="+")
    skills = ArrayField(models.CharField(max_length=10), default=list)
    home = OrgForeignKey(Building, null=True, index=False, related_name="+")

    class Meta:
        db_table = "technician"
        constraints = [models.UniqueConstraint(fields=["org_id", "staff"], name="one_row_per_technician")]


class Shift(OrgModel):
    """When a technician works on a day. One that ends before it starts ends on the next day."""

    staff = OrgForeignKey(Staff, index=False, related_name="+")
    day = models.DateField()
    starts_at = models.TimeField()
    ends_at = models.TimeField()
    on_call = models.BooleanField(default=False)

    class Meta:
        db_table = "work_shift"
        constraints = [
            models.UniqueConstraint(fields=["org_id", "staff", "day"], name="one_shift_a_day"),
            models.CheckConstraint(condition=~Q(starts_at=F("ends_at")), name="a_shift_lasts"),
        ]
        indexes = [models.Index(fields=["org_id", "day"], name="shift_day_ix")]
