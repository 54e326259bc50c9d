"""What a row about a case may hold. Its own fields are the definition's and never personal."""

from anju.foundation.access import FieldSpec, entity

CASE = entity(
    "flow_case",
    zh="办理单",
    en="Case",
    export_roles=("manager",),
    fields=(
        FieldSpec("id", "编号", "Id"),
        FieldSpec("number", "单号", "Number"),
        FieldSpec("flow", "流程", "Flow"),
        FieldSpec("title", "事项", "Title"),
        FieldSpec("priority", "级别", "Class"),
        FieldSpec("subject", "关于", "About"),
        FieldSpec("handle", "关于的编号", "Its number"),
        FieldSpec("stage", "阶段", "Stage"),
        FieldSpec("who", "办理人", "Who works on it"),
        FieldSpec("due_at", "时限", "Due"),
        FieldSpec("opened_at", "发起时间", "Opened"),
    ),
)
