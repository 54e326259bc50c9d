"""Events of staff accounts in words."""

from __future__ import annotations

from functools import partial

from anju.foundation.staffing.permissions import MANAGE_STAFF
from anju.foundation.trace.told import told

own = partial(told, about="system", icon="key", quiet=True)
staff = partial(told, about="system", icon="user-cog", needs=MANAGE_STAFF)

own("staffing.account.sign_in", "登录", "Signed in")
own("staffing.account.set_first_password", "设置了登录密码", "Set a password")
own("staffing.account.change_password", "修改了登录密码", "Changed the password")
own("staffing.account.begin_totp", "开始设置两步验证", "Began to set up two-step sign-in")
own("staffing.account.confirm_totp", "开启了两步验证", "Turned two-step sign-in on")
own("staffing.account.remove_totp", "关闭了两步验证", "Turned two-step sign-in off")
staff("staffing.organization.found", "开设公司", "Founded the company", icon="building-community")
staff("staffing.organization.catch_up", "装入新版自带的规则", "Installed what came with a new version", icon="versions")
staff("staffing.staff.add", "新增员工账号", "Added a colleague")
staff("staffing.staff.change", "调整了员工的岗位或项目", "Changed a colleague's roles or projects")
staff("staffing.staff.depart", "登记员工离职", "Recorded that a colleague leaves")
staff("staffing.staff.freeze", "停用员工账号", "Froze an account", tone="warn")
staff("staffing.staff.freeze_leavers", "停用已离职员工的账号", "Froze the accounts of those who left", tone="warn")
staff("staffing.staff.reset_totp", "重置了员工的两步验证", "Reset a colleague's two-step sign-in")
staff("staffing.staff.unfreeze", "恢复员工账号", "Unfroze an account")
