"""Why a step of the lifecycle may not be done."""

from __future__ import annotations

from anju.kit.refusal import sentence

ALREADY_OPEN = sentence(
    "policy.already_open",
    "v{number} 还没有发布，请先继续修改它或放弃它。",
    "v{number} is not released yet; go on with it or discard it first.",
)
NOT_A_DRAFT = sentence(
    "policy.not_a_draft", "v{number} 已不是草稿，不能再改。", "v{number} is no longer a draft and cannot be changed."
)
NOT_SUBMITTED = sentence("policy.not_submitted", "v{number} 不在复核中。", "v{number} is not under review.")
INVALID = sentence(
    "policy.invalid",
    "草稿有 {count} 处填得不对，请按提示改正。",
    "The draft has {count} mistakes; correct them as marked.",
)
UNCHANGED = sentence(
    "policy.unchanged",
    "草稿与现行版本完全一样，不需要提交。",
    "The draft equals the version in force; nothing to submit.",
)
LINT_ERROR = sentence(
    "policy.lint_error", "有 {count} 条必须改正的检查意见：{first}", "{count} remarks must be settled first: {first}"
)
NEEDS_REASON = sentence(
    "policy.needs_reason",
    "还有 {count} 条检查意见没有处理：请采用建议，或写下保留的理由。",
    "{count} remarks are open: take the suggestion, or write down why you keep your text.",
)
REASON_TOO_SHORT = sentence(
    "policy.reason_too_short", "请写明理由，至少 5 个字。", "Give a reason of at least 5 letters."
)
NO_SUCH_FINDING = sentence("policy.no_such_finding", "这条检查意见已经不存在。", "That remark no longer applies.")
NOT_SIMULATED = sentence(
    "policy.not_simulated",
    "请先模拟这份草稿：上次模拟之后内容又改过，或还没有模拟过。",
    "Simulate this draft first: it changed after the last simulation, or was never simulated.",
)
OUTDATED = sentence(
    "policy.outdated",
    "草稿写好之后 v{number} 已经发布，请先并入它的改动再提交。",
    "v{number} was released after this draft was begun; take its changes in first.",
)
LATER_SCHEDULED = sentence(
    "policy.later_scheduled",
    "v{number} 已定于 {moment} 生效，新版本要晚于它，或先撤销它。",
    "v{number} is scheduled for {moment}; take effect later than that, or call it off first.",
)
SAME_MOMENT = sentence(
    "policy.same_moment",
    "{moment} 已有另一个版本生效，请换一个时间。",
    "Another version takes effect at {moment}; choose another time.",
)
OWN_WORK = sentence(
    "policy.own_work", "自己写的版本要由另一个人复核。", "Somebody else has to review what you wrote yourself."
)
ALREADY_SAID = sentence("policy.already_said", "您已经复核过这个版本。", "You have reviewed this version already.")
NOT_YOURS = sentence("policy.not_yours", "只有写这个版本的人可以撤回它。", "Only its authors may recall this version.")
NEVER_RELEASED = sentence(
    "policy.never_released",
    "v{number} 从没有发布过，不能回退到它。",
    "v{number} was never released; there is no way back to it.",
)
IN_FORCE_ALREADY = sentence("policy.in_force_already", "v{number} 就是现行版本。", "v{number} is in force already.")
UNREADABLE = sentence(
    "policy.unreadable",
    "v{number} 的内容已不符合现在的格式，请在它的基础上新建草稿。",
    "v{number} no longer fits; start a draft from it instead.",
)
IN_THE_PAST = sentence("policy.in_the_past", "生效时间不能早于现在。", "It cannot take effect in the past.")
IN_FORCE_SINCE = sentence(
    "policy.in_force_since",
    "v{number} 已经生效，只能回退，不能撤销。",
    "v{number} is in force; roll back instead of calling it off.",
)
CALLED_OFF = sentence("policy.called_off", "这次发布已经撤销。", "That release was called off already.")
