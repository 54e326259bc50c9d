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
        FieldSpec("visit", "上门时间", "Visit", retention="lease_end+1y"),
        FieldSpec("entry", "入户同意", "Consent to enter", retention="lease_end+1y"),
    ),
)
COST = entity(
    "work_order_cost",
    zh="维修费用",
    en="Repair cost",
    export_roles=("manager", "finance"),
    fields=(
        FieldSpec("id", "编号", "Id"),
        FieldSpec("case_id", "办理单编号", "Case's id"),
        FieldSpec("number", "单号", "Number"),
        FieldSpec("title", "报修", "Repair"),
        FieldSpec("project", "项目", "Project"),
        FieldSpec("place", "房间或楼栋", "Room or building"),
        FieldSpec("what", "人工或材料", "Labour or part"),
        FieldSpec("text", "说明", "What for", tenant=False),
        FieldSpec("payer", "承担人", "Borne by"),
        FieldSpec("amount", "金额", "Amount"),
        FieldSpec("on", "日期", "Day"),
        FieldSpec("withdrawn", "撤回", "Withdrawn"),
    ),
)
SCORE = entity(
    "technician_score",
    zh="师傅评分",
    en="Technicians' scorecard",
    export_roles=("manager",),
    fields=(
        FieldSpec("name", "师傅", "Technician", tenant=False),
        FieldSpec("skills", "技能", "Skills", tenant=False),
        FieldSpec("done", "修好单数", "Orders mended", tenant=False),
        FieldSpec("accept", "接单用时", "Minutes to accept", tenant=False),
        FieldSpec("arrive", "到场用时", "Minutes to arrive", tenant=False),
        FieldSpec("mend", "修理用时", "Minutes to mend", tenant=False),
        FieldSpec("fixed_share", "一次修好率", "First-time fix", tenant=False),
        FieldSpec("rating", "平均评分", "Average rating", tenant=False),
        FieldSpec("ratings", "评分数", "Ratings", tenant=False),
        FieldSpec("reopened_share", "返修率", "Reopened", tenant=False),
        FieldSpec("on_time_share", "按时率", "On time", tenant=False),
    ),
)
