"""Who may do and see what: permissions, roles, fields, row scope. The one place that masks.

PHONE = FieldSpec("phone", zh="手机", en="Phone", sensitivity="contact", default_roles=("service", "finance"),
                  mask=mask_phone, retention="lease_end+1y")
entity("person", zh="租客", en="Tenant", fields=(PHONE, …))

view(actor, "person", rows)         # rows as that actor may see them: absent, not hidden
may_see(actor, "person", "phone")
allows(actor, PERMISSION), require(actor, PERMISSION)
restrict(queryset, actor), in_scopes("l.scope_id") with scope_params(actor) or, planned once, reaching(actor, sql)
"""

from anju.foundation.access.check import allows, require
from anju.foundation.access.fields import FieldSpec, entity
from anju.foundation.access.permissions import Permission, all_permissions, permission
from anju.foundation.access.revealing import reveal
from anju.foundation.access.rights import ApiRights, Rights, register_api_rights, rights_of
from anju.foundation.access.scopes import in_scopes, reaching, restrict, scope_params, scopes
from anju.foundation.access.show import may_export, may_see, require_export, view, visible_fields

__all__ = [
    "ApiRights",
    "FieldSpec",
    "Permission",
    "Rights",
    "all_permissions",
    "allows",
    "entity",
    "in_scopes",
    "may_export",
    "may_see",
    "permission",
    "reaching",
    "register_api_rights",
    "require",
    "require_export",
    "restrict",
    "reveal",
    "rights_of",
    "scope_params",
    "scopes",
    "view",
    "visible_fields",
]
