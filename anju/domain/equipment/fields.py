"""What the register may hold and who exports it."""

from anju.foundation.access import FieldSpec, entity

EQUIPMENT = entity(
    "equipment",
    zh="设备",
    en="Equipment",
    export_roles=("manager",),
    fields=(
        FieldSpec("id", "编号", "Id"),
        FieldSpec("kind", "种类", "Kind"),
        FieldSpec("name", "品牌型号", "Brand and model"),
        FieldSpec("serial", "序列号", "Serial number"),
        FieldSpec("unit_id", "房间编号", "Room's id"),
        FieldSpec("code", "房号", "Room"),
        FieldSpec("building", "楼栋", "Building"),
        FieldSpec("project", "项目", "Project"),
        FieldSpec("installed_on", "安装日", "Installed"),
        FieldSpec("warranty_until", "保修至", "Warranty until"),
        FieldSpec("warranty", "保修", "Warranty"),
        FieldSpec("note", "备注", "Note", tenant=False),
        FieldSpec("retired_on", "停用日", "Retired"),
    ),
)
