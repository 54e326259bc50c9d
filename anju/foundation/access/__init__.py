"""Who may do and see what: permissions, roles, fields, row scope. The one place that masks."""

from anju.foundation.access.permissions import Permission, all_permissions, permission

__all__ = ["Permission", "all_permissions", "permission"]
