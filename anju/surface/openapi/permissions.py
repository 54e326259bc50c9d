"""Who may hand out keys to the open API."""

from anju.foundation.access import permission

MANAGE_KEYS = permission("openapi.key.manage", zh="管理开放接口的密钥", en="Manage keys of the open API", roles=())
