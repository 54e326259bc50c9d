"""Events of keys in words."""

from __future__ import annotations

from anju.foundation.trace.told import told
from anju.surface.openapi.permissions import MANAGE_KEYS

told("openapi.key.create", "新建接口密钥", "Made an API key", icon="key", about="setting", needs=MANAGE_KEYS)
told("openapi.key.revoke", "停用接口密钥", "Revoked an API key", icon="key-off", about="setting", needs=MANAGE_KEYS)
