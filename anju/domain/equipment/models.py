"""What is built in or stands in a room or a building and can break: water heaters, air conditioners, lifts."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from anju.domain.portfolio.models import Building, Unit
from anju.foundation.db.models import OrgForeignKey, OrgModel


class Equipment(OrgModel):
    """One thing of the register (设备). ``unit`` is empty for what serves a whole building.

    ``name`` is its brand and model. ``warranty_until`` is the last day of the warranty. A retired item stays with its
    history and is no longer offered.
    """

    class Kind(models.TextChoices):
        WATER_HEATER = "water_heater", _("热水器")
        AIR_CONDITIONER = "air_conditioner", _("空调")
        WASHING_MACHINE = "washing_machine", _("洗衣机")
        FRIDGE = "fridge", _("冰箱")
        LOCK = "lock", _("门锁")
        LIFT = "lift", _("电梯")
        PUMP = "pump", _("水泵")
        BOILER = "boiler", _("锅炉")
        OTHER = "other", _("其他")

    unit = OrgForeignKey(Unit, null=True)
    building = OrgForeignKey(Building)
    scope_id = models.BigIntegerField()
    kind = models.CharField(max_length=16, choices=Kind.choices)
    name = models.CharField(max_length=60)
    serial = models.CharField(max_length=60, blank=True, default="")
    installed_on = models.DateField(null=True)
    warranty_until = models.DateField(null=True)
    note = models.CharField(max_length=300, blank=True, default="")
    retired_on = models.DateField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "equipment"
        constraints = [
            models.CheckConstraint(
                condition=Q(installed_on__isnull=True)
                | Q(warranty_until__isnull=True)
                | Q(warranty_until__gte=F("installed_on")),
                name="a_warranty_begins_with_the_equipment",
            ),
            models.CheckConstraint(
                condition=Q(installed_on__isnull=True)
                | Q(retired_on__isnull=True)
                | Q(retired_on__gte=F("installed_on")),
                name="equipment_is_retired_after_it_came",
            ),
        ]
        indexes = [models.Index(fields=["org_id", "scope_id", "id"], name="equipment_scope_ix")]

    def under_warranty(self, on: date) -> bool:
        """Whether the maker still mends it on a day."""
        return self.warranty_until is not None and on <= self.warranty_until
