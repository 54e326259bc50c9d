"""Rights over places."""

from anju.foundation.access import permission

REGISTER_PLACES = permission(
    "portfolio.place.register",
    zh="登记项目、楼栋和房源",
    en="Register projects, buildings and units",
    roles=("manager",),
)
CHANGE_UNIT = permission("portfolio.unit.change", zh="修改房源资料", en="Change a unit", roles=("manager", "service"))
SET_STATE = permission(
    "portfolio.unit.set_state",
    zh="设置房源配置、维修、下架",
    en="Set a unit as being prepared, under repair or offline",
    roles=("manager", "service", "maintenance"),
)
VIEW = permission(
    "portfolio.view",
    zh="查看房源",
    en="View places",
    roles=("manager", "finance", "service", "maintenance", "risk"),
)
