"""Rights over leases."""

from anju.foundation.access import permission

VIEW = permission(
    "leases.lease.view",
    zh="查看合同",
    en="See leases",
    roles=("manager", "finance", "service", "maintenance", "risk"),
)
DRAFT = permission("leases.lease.draft", zh="起草合同", en="Draft leases", roles=("manager", "service"))
ACTIVATE = permission("leases.lease.activate", zh="生效合同", en="Activate leases", roles=("manager",))
IMPORT = permission("leases.lease.import", zh="批量导入合同", en="Import leases in bulk", roles=("manager",))
BEGIN = permission("leases.lease.begin", zh="到日转为执行中", en="Begin leases whose day has come", roles=())
AMEND = permission("leases.lease.amend", zh="变更合同条款", en="Amend lease terms", roles=("manager",))
HOLD_OVER = permission("leases.lease.hold_over", zh="到期顺延", en="Extend by hold-over", roles=("manager",))
END = permission("leases.lease.end", zh="结束合同", en="End leases", roles=("manager", "service"))
CANCEL = permission("leases.lease.cancel", zh="取消合同", en="Cancel leases", roles=("manager",))
CHANGE_OCCUPANTS = permission(
    "leases.occupant.change", zh="变更同住人", en="Change occupants", roles=("manager", "service")
)
TRANSFER = permission("leases.lease.transfer", zh="转租、转让合同", en="Transfer a lease", roles=("manager",))
MOVE = permission("leases.lease.move", zh="办理换房", en="Move a lease to another unit", roles=("manager", "service"))
