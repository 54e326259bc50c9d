"""Rights over cases in general. What each step asks for is the definition's matter."""

from anju.foundation.access import permission

STAFF = ("manager", "finance", "service", "maintenance", "risk")
JOIN = permission("flows.case.follow", zh="合并、拆分办理单", en="Merge and unmerge cases", roles=("manager",))
VIEW = permission("flows.case.view", zh="查看办理单", en="See cases", roles=STAFF)
MOVE = permission("flows.case.move", zh="办理流程步骤", en="Take steps of cases", roles=(*STAFF, "tenant"))
OPEN = permission("flows.case.open", zh="发起流程", en="Open cases", roles=(*STAFF, "tenant"))
MANAGE = permission("flows.case.manage", zh="改派、改级别、暂停计时", en="Reassign, reclass, pause cases", roles=STAFF)
HAND_OVER = permission(
    "flows.case.hand_over", zh="移交他人的全部办理单", en="Hand over all cases of a person", roles=("manager",)
)
ADAPT = permission("flows.case.adapt", zh="把办理单换到新版流程", en="Move cases to a new version", roles=("manager",))
TIME = permission("flows.limit.run", zh="运行时限检查", en="Run time limits", roles=())
