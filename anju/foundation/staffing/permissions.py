"""Rights over staff accounts and one's own account."""

from anju.foundation.access import permission
from anju.foundation.access.fields import EVERYBODY

FOUND_ORGANIZATION = permission("staffing.organization.found", zh="开设公司", en="Found an organization", roles=())
MANAGE_STAFF = permission("staffing.staff.manage", zh="管理员工账号与岗位", en="Manage staff and their roles", roles=())
OWN_ACCOUNT = permission("staffing.account.own", zh="管理自己的账号", en="Manage one's own account", roles=EVERYBODY)
