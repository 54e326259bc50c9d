"""What the register refuses."""

from anju.kit.refusal import sentence

NO_NAME = sentence(
    "equipment.no_name",
    "请写品牌和型号，例如“海尔 EC6001”，维修时好找配件。",
    "Enter brand and model, such as “Haier EC6001”, so that parts can be found.",
)
TOO_LONG = sentence(
    "equipment.too_long", "最多写 {n} 个字，现在是 {is_} 个。", "At most {n} characters; these are {is_}."
)
NO_KIND = sentence("equipment.no_kind", "请选择设备种类。", "Choose what kind of equipment it is.")
NO_PLACE = sentence(
    "equipment.no_place",
    "没有找到“{place}”，请填完整的房号；公共设备请填楼栋名称。",
    "“{place}” was not found; enter the full room number, or the building's name for shared equipment.",
)
WHICH_PROJECT = sentence(
    "equipment.which_project",
    "不止一个项目有“{place}”，请选择项目。",
    "More than one project has “{place}”; choose the project.",
)
NOT_A_DAY = sentence(
    "equipment.not_a_day",
    "“{text}”不是日期，请按 2026-03-01 这样填写。",
    "“{text}” is not a day; write it like 2026-03-01.",
)
WARRANTY_FIRST = sentence(
    "equipment.warranty_first",
    "保修到期日早于安装日，请核对。",
    "The warranty ends before the day of installation; check both.",
)
RETIRED = sentence(
    "equipment.retired", "这台设备已在 {day} 停用，不能再修改。", "This item was retired on {day} and stays as it is."
)
RETIRED_WHEN = sentence(
    "equipment.retired_when",
    "停用日不能早于安装日，也不能晚于今天。",
    "It cannot be retired before it was installed or after today.",
)
