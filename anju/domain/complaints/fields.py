"""What a complaint may hold, who sees it and how long it is kept."""

from anju.foundation.access import FieldSpec, entity

COMPLAINT = entity(
    "complaint",
    zh="客诉",
    en="Complaint",
    export_roles=("manager",),
    fields=(
        FieldSpec("id", "编号", "Id"),
        FieldSpec("number", "单号", "Number"),
        FieldSpec("hotline_no", "12345 编号", "12345 number"),
        FieldSpec("said", "投诉内容", "What was said", retention="lease_end+1y"),
        FieldSpec("reply", "答复", "Reply", retention="lease_end+1y"),
    ),
)
