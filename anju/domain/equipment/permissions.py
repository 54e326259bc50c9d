"""Rights over the register of equipment."""

from anju.foundation.access import permission

VIEW = permission(
    "equipment.item.view",
    zh="查看设备台账",
    en="See the equipment register",
    roles=("manager", "service", "maintenance"),
)
EDIT = permission(
    "equipment.item.edit", zh="登记、修改设备", en="Register and change equipment", roles=("manager", "service")
)
