"""What a row about a key may hold; the key itself is nowhere, only its hash."""

from anju.foundation.access import FieldSpec, entity

API_KEY = entity(
    "api_key",
    zh="接口密钥",
    en="API key",
    fields=(
        FieldSpec("id", "编号", "Id"),
        FieldSpec("name", "用途", "Name"),
        FieldSpec("prefix", "开头", "Begins with"),
        FieldSpec("scopes", "权限", "Scopes"),
        FieldSpec("projects", "项目", "Projects"),
        FieldSpec("created_by", "建立人", "Created by"),
        FieldSpec("created_at", "建立时间", "Created"),
        FieldSpec("expires_at", "到期时间", "Expires"),
        FieldSpec("revoked_at", "停用时间", "Revoked"),
        FieldSpec("last_used_on", "最近使用", "Last used"),
    ),
)
