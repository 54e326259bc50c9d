"""What staff management and sign-in refuse."""

from anju.kit.refusal import sentence

LOGIN_TAKEN = sentence(
    "staffing.login_taken",
    "登录名 {login} 已有人使用，请换一个（建议用邮箱）。",
    "The login {login} is taken; choose another (an e-mail address works best).",
)
NO_LOGIN = sentence("staffing.no_login", "请填写登录名和姓名。", "Enter a login and a name.")
NO_ROLE = sentence("staffing.no_role", "请至少选择一个岗位。", "Choose at least one role.")
UNKNOWN_ROLE = sentence(
    "staffing.unknown_role",
    "没有“{role}”这个岗位，请在“岗位权限”中先添加。",
    "There is no role “{role}”; add it to the access policy first.",
)
LAST_ADMIN = sentence(
    "staffing.last_admin",
    "这是最后一位管理员，请先指定另一位管理员。",
    "This is the last administrator; make someone else an administrator first.",
)
NOT_SELF = sentence(
    "staffing.not_self",
    "不能停用自己的账号，请让另一位管理员操作。",
    "You cannot freeze your own account; ask another administrator.",
)
WEAK_PASSWORD = sentence("staffing.weak_password", "{why}", "{why}")
WRONG_PASSWORD = sentence("staffing.wrong_password", "当前密码不对。", "The current password is wrong.")
WRONG_SIGN_IN = sentence(
    "sign_in.wrong",
    "登录名或密码不对。忘记密码请联系管理员重发邀请链接。",
    "The login or the password is wrong. If you forgot it, ask an administrator for a new invitation.",
)
WRONG_TOTP = sentence(
    "sign_in.wrong_totp",
    "动态码不对，请看一下手机上最新的 6 位数字；手机不在身边可用备用码。",
    "The code is wrong; enter the newest 6 digits, or a spare code.",
)
STALE_INVITATION = sentence(
    "staffing.stale_invitation",
    "这个邀请链接已使用或已过期，请让管理员重发。",
    "This invitation was used or has expired; ask an administrator for a new one.",
)
