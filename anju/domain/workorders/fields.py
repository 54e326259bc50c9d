"""What a work order may hold, who sees it and how long it is kept."""

from anju.foundation.access import FieldSpec, entity

ORDER = entity(
    "workorder",
    zh="工单",
    en="Work order",
    export_roles=("manager",),
    fields=(
        FieldSpec("id", "编号", "Id"),
        FieldSpec("number", "单号", "Number"),
        FieldSpec("said", "报修内容", "What was said", retention="lease_end+1y"),
        FieldSpec("remark", "评价", "Remark", retention="lease_end+1y"),
    ),
)
