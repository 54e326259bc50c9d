"""What a person keeps about a list."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from anju.foundation.db.models import OrgForeignKey, OrgModel
from anju.foundation.identity.models import Staff


class SavedView(OrgModel):
    """Filters of a list under a name. ``query`` holds the list's own keys only; names and phones never stand in one."""

    staff = OrgForeignKey(Staff, index=False, related_name="+")
    list_key = models.CharField(max_length=40)
    label = models.CharField(max_length=20)
    query = models.CharField(max_length=400, blank=True)
    shared = models.BooleanField(default=False, help_text="everybody who may open the list sees it")

    class Meta:
        db_table = "saved_view"
        constraints = [
            models.UniqueConstraint(
                fields=["org_id", "list_key", "staff", "label"], name="one_view_per_name_and_person"
            )
        ]


class ListTaste(OrgModel):
    """The columns a person does not want to see in a list; new columns show until they are taken away."""

    staff = OrgForeignKey(Staff, index=False, related_name="+")
    list_key = models.CharField(max_length=40)
    hidden = ArrayField(models.CharField(max_length=40), default=list)

    class Meta:
        db_table = "list_taste"
        constraints = [
            models.UniqueConstraint(fields=["org_id", "staff", "list_key"], name="one_taste_per_list_and_person")
        ]
