"""Rights over people's data."""

from anju.foundation.access import permission

VIEW = permission(
    "tenants.person.view",
    zh="查看租客",
    en="See tenants",
    roles=("manager", "finance", "service", "maintenance", "risk"),
)
VIEW_CONTACTS = permission(
    "tenants.contact.view",
    zh="查看与租客的沟通记录",
    en="See contacts with tenants",
    roles=("manager", "finance", "service"),
)
REGISTER_PEOPLE = permission(
    "tenants.person.register",
    zh="通过导入或接口登记租客",
    en="Register tenants by import or API",
    roles=("manager",),
)
CHANGE_CONTACT = permission(
    "tenants.contact.change", zh="变更租客联系方式", en="Change a tenant's contacts", roles=("manager", "service")
)
REVEAL = permission(
    "tenants.person.reveal",
    zh="查看租客的完整敏感信息（留痕）",
    en="See a tenant's full sensitive values (recorded)",
    roles=("manager", "service", "finance", "maintenance", "risk"),
)
TAKE_COPY = permission(
    "tenants.person.take_copy", zh="导出自己的资料", en="Take a copy of one's own data", roles=("tenant",)
)
