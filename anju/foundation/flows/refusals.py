"""Why a step is not to be taken."""

from anju.kit.refusal import sentence

NOT_HERE = sentence(
    "flow.not_here",
    "办理单 {number} 现在是“{stage}”，不能“{step}”。请刷新后再看。",
    "Case {number} is at “{stage}” now; “{step}” is not possible. Reload it.",
)
CLOSED = sentence("flow.closed", "办理单 {number} 已经结束。", "Case {number} is closed.")
NOT_YOURS = sentence("flow.not_yours", "“{step}”由{who}办理。", "“{step}” is for {who}.")
TAKEN = sentence("flow.taken", "{number} 已由{who}接走了。", "{number} has been taken by {who}.")
FIELD_MISSING = sentence("flow.field_missing", "请填写“{field}”。", "Fill in “{field}”.")
FIELD_WRONG = sentence("flow.field_wrong", "“{field}”填的不对：{why}。", "“{field}” is not right: {why}.")
PHOTOS_MISSING = sentence(
    "flow.photos_missing", "“{step}”要先拍照，还差 {left} 张。", "“{step}” needs photos first: {left} more."
)
PHOTOS_FULL = sentence(
    "flow.photos_full",
    "{number} 最多放 {most} 张照片，这几张没有加上。",
    "{number} can have {most} pictures at most; these were not added.",
)
REASON_MISSING = sentence("flow.reason_missing", "请写明原因（至少 2 个字）。", "Say why (2 characters at least).")
GUARD = sentence("flow.guard", "{why}", "{why}")
FOLLOWS = sentence(
    "flow.follows", "{number} 已并入 {master}，请到那里办理。", "{number} was merged into {master}; go on there."
)
NO_NUMBER = sentence("flow.no_number", "没有单号 {number}，请核对。", "There is no case {number}; check the number.")
NOT_FOLLOWING = sentence("flow.not_following", "{number} 没有并入别的单。", "{number} is not merged into another case.")
NOT_TOGETHER = sentence(
    "flow.not_together",
    "{number} 不能并入 {master}，请选同一种流程的另一张单。",
    "{number} cannot be merged into {master}; choose another case of the same flow.",
)
OPEN_ALREADY = sentence(
    "flow.open_already", "这件事已有办理单 {number}，请在那里继续。", "Case {number} is open for this; go on there."
)
NOT_PAUSED = sentence("flow.not_paused", "{number} 的计时没有暂停。", "{number} is not paused.")
PAUSED = sentence("flow.paused", "{number} 的计时已经暂停。", "{number} is paused already.")
NO_CAUSE = sentence("flow.no_cause", "请从列出的原因里选一个。", "Choose one of the listed causes.")
NOT_BREACHED = sentence("flow.not_breached", "这项时限没有超时。", "This limit was not passed.")
NO_PAUSE_REASON = sentence(
    "flow.no_pause_reason", "这种流程没有“{reason}”这个暂停理由。", "This flow knows no such reason to pause: {reason}."
)
NOT_IN_TEAM = sentence(
    "flow.not_in_team", "{who}不在负责小组“{team}”里，或已离职。", "{who} is not in the team “{team}”, or has left."
)
NO_SUBJECT = sentence(
    "flow.no_subject",
    "找不到“{typed}”，请核对{what}后再试。",
    "{what}: “{typed}” was not found; check it and try again.",
)
STUCK = sentence(
    "flow.stuck",
    "还有 {count} 张办理单停在新版没有的阶段，请先为每个阶段选好去处。",
    "{count} cases stand at stages the new version lacks; say where each goes first.",
)
NOT_ENDED = sentence(
    "flow.not_ended",
    "{number} 还没有结束，不能当作历史记录；请检查流程里有没有“已完成”和“已作废”。",
    "{number} has not ended and cannot be written down as past; check that the flow has stages that end it.",
)
