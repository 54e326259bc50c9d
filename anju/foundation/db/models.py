"""The base of every business table, and foreign keys that stay inside an organization.

The database's primary key is ``(org_id, id)`` and every foreign key is ``(org_id, x_id)``, because foreign keys ignore
row-level security (ADR 0002). Django sees ``id`` as the key;
:class:`~anju.foundation.db.operations.OrgTable` makes the rest.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Func, Value
from django.db.models.functions import Cast


def current_org() -> Cast:
    """The organization of the running scope, as a database default."""
    return Cast(Func(Value("anju.org"), function="current_setting"), models.BigIntegerField())


class OrgModel(models.Model):
    """A row of one organization, visible and writable only inside :func:`~anju.foundation.db.org_scope`."""

    id = models.BigAutoField(primary_key=True)
    org_id = models.BigIntegerField(db_default=current_org(), editable=False)

    class Meta:
        abstract = True


class OrgForeignKey(models.ForeignKey[Any, Any]):
    """A foreign key whose constraint is ``(org_id, x_id)``; made and indexed by ``OrgTable``.

    ``on_delete`` is always PROTECT towards Django: rows of record are never deleted by cascade.
    ``index=False`` leaves the index out where another index already leads with the column.
    """

    def __init__(self, to: Any, *, index: bool = True, **kwargs: Any) -> None:
        self.org_index = index
        kwargs.setdefault("on_delete", models.PROTECT)
        kwargs["db_constraint"] = False
        kwargs["db_index"] = False
        super().__init__(to, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("db_constraint", None)
        kwargs.pop("db_index", None)
        if not self.org_index:
            kwargs["index"] = False
        return name, path, list(args), kwargs


class OrgClock(OrgModel):
    """A drill organization's clock. An organization without a row lives in wall time.

    ``runs``: whether business time goes on from ``at`` as the wall clock does, or stands still until it is moved.
    """

    at = models.DateTimeField()
    set_at = models.DateTimeField()
    runs = models.BooleanField(default=False)

    class Meta:
        db_table = "org_clock"
        constraints = [models.UniqueConstraint(fields=["org_id"], name="one_clock_per_organization")]
