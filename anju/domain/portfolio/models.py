"""Places: region → store → project → building → unit, and the units inside a unit.

``scope_id`` on building and unit is the project's id: what a person may see is decided by it. What a unit *is today*
(vacant, occupied, in arrears…) is not stored: :mod:`anju.domain.portfolio.status` derives it for any day.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from anju.foundation.db.models import OrgForeignKey, OrgModel


class Region(OrgModel):
    """A part of the country or city that reports together, e.g. 华东."""

    name = models.CharField(max_length=60)

    class Meta:
        db_table = "region"
        constraints = [models.UniqueConstraint(fields=["org_id", "name"], name="one_region_per_name")]


class Store(OrgModel):
    """A store (门店): the team that runs some projects."""

    region = OrgForeignKey(Region)
    name = models.CharField(max_length=80)

    class Meta:
        db_table = "store"
        constraints = [models.UniqueConstraint(fields=["org_id", "name"], name="one_store_per_name")]


class Project(OrgModel):
    """A project (项目): an address let as one business. Its id is the ``scope_id`` of everything in it.

    ``code`` leads the numbers of its leases (``HZ`` in HZ25-0412). ``position_precision`` says what the coordinates
    point at (``小区``, ``板块``, …), empty when there is no position.
    """

    class Kind(models.TextChoices):
        RESIDENTIAL = "residential", _("住宅")
        APARTMENT = "apartment", _("公寓")
        DORMITORY = "dormitory", _("宿舍")
        OFFICE = "office", _("办公")
        SHARED_OFFICE = "shared_office", _("共享办公")
        HOMESTAY = "homestay", _("民宿")

    store = OrgForeignKey(Store)
    name = models.CharField(max_length=120)
    code = models.CharField(max_length=8)
    city = models.CharField(max_length=40)
    district = models.CharField(max_length=40, blank=True, default="")
    block = models.CharField(max_length=60, blank=True, default="", help_text="板块")
    address = models.CharField(max_length=200, blank=True, default="")
    lon = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    lat = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    position_precision = models.CharField(max_length=20, blank=True, default="")
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.APARTMENT)

    class Meta:
        db_table = "project"
        constraints = [
            models.UniqueConstraint(fields=["org_id", "city", "name"], name="one_project_per_name_and_city"),
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True)
                | Q(lon__gte=-180, lon__lte=180, lat__gte=-90, lat__lte=90),
                name="a_position_is_on_earth_or_absent",
            ),
        ]
        indexes = [
            models.Index(fields=["org_id", "city", "district"], name="project_place_ix"),
            models.Index(fields=["org_id", "name"], name="project_name_ix"),
        ]


class Building(OrgModel):
    """A building (楼栋), e.g. name "3号楼", code "3"."""

    project = OrgForeignKey(Project, index=False)
    scope_id = models.BigIntegerField()
    name = models.CharField(max_length=60)
    code = models.CharField(max_length=20)
    floors = models.SmallIntegerField(null=True)

    class Meta:
        db_table = "building"
        constraints = [
            models.UniqueConstraint(fields=["org_id", "project", "code"], name="one_building_per_code_and_project"),
            models.CheckConstraint(condition=Q(scope_id=F("project_id")), name="a_buildings_scope_is_its_project"),
        ]


class Unit(OrgModel):
    """A unit that may be let: a whole flat, a room in it, a bed, an office, a desk.

    ``leaf``: nothing is let below it. A lease of a unit occupies all leaves below it (or itself), so that a lease of
    the whole excludes leases of its parts. ``line`` is shared by units above each other (one riser). ``state``
    is what staff say about the place itself, from ``state_since``; ``ready_on`` is when it can be let again.
    """

    class Kind(models.TextChoices):
        WHOLE = "whole", _("整套")
        ROOM = "room", _("房间")
        BED = "bed", _("床位")
        OFFICE = "office", _("办公室")
        DESK = "desk", _("工位")

    class State(models.TextChoices):
        AVAILABLE = "available", _("可租")
        PREPARING = "preparing", _("配置中")
        REPAIR = "repair", _("维修中")
        OFFLINE = "offline", _("已下架")

    building = OrgForeignKey(Building)
    parent = OrgForeignKey("self", null=True)
    scope_id = models.BigIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.WHOLE)
    code = models.CharField(max_length=40)
    entrance = models.CharField(max_length=20, blank=True, default="", help_text="单元")
    floor = models.SmallIntegerField(null=True)
    line = models.CharField(max_length=20, blank=True, default="")
    layout = models.CharField(max_length=40, blank=True, default="", help_text="2室1厅1卫")
    bedrooms = models.SmallIntegerField(null=True)
    orientation = models.CharField(max_length=20, blank=True, default="")
    area = models.DecimalField(max_digits=10, decimal_places=2, null=True, help_text="m²")
    guide_rent = models.DecimalField(max_digits=14, decimal_places=4, null=True, help_text="¥ a month")
    state = models.CharField(max_length=10, choices=State.choices, default=State.AVAILABLE)
    state_since = models.DateField(null=True)
    ready_on = models.DateField(null=True)
    leaf = models.BooleanField(default=True)

    class Meta:
        db_table = "unit"
        constraints = [
            models.UniqueConstraint(fields=["org_id", "scope_id", "code"], name="one_unit_per_code_and_project"),
            models.CheckConstraint(condition=~Q(parent_id=F("id")), name="a_unit_is_not_inside_itself"),
            models.CheckConstraint(condition=Q(area__isnull=True) | Q(area__gt=0), name="an_area_is_positive"),
            models.CheckConstraint(
                condition=Q(guide_rent__isnull=True) | Q(guide_rent__gte=0), name="a_guide_rent_is_not_negative"
            ),
        ]
        indexes = [
            models.Index(fields=["org_id", "scope_id", "id"], name="unit_scope_ix"),
            models.Index(
                fields=["org_id", "ready_on"], name="unit_ready_ix", condition=Q(state__in=["preparing", "repair"])
            ),
            models.Index(
                F("org_id"), F("guide_rent").desc(nulls_last=True), F("id"), name="unit_rent_ix", condition=Q(leaf=True)
            ),
            models.Index(
                F("org_id"), F("area").desc(nulls_last=True), F("id"), name="unit_area_ix", condition=Q(leaf=True)
            ),
        ]
