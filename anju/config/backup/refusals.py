"""What backup and restore refuse, in words."""

from __future__ import annotations

from anju.kit.refusal import sentence

NOT_EMPTY = sentence(
    "backup.not_empty",
    "{place} 已经存在。备份从不覆盖，请换一个新的目录名，例如加上日期。",
    "{place} exists already. A backup never overwrites: choose a new folder, for instance with the date.",
)
KEYS_INSIDE = sentence(
    "backup.keys_inside",
    "密钥不能和数据放在一起：{keys} 与 {place} 是同一处。请用 --keys 指定别的位置，最好是另一台机器。",
    "Keys do not lie with the data: {keys} and {place} are one place. Name another with --keys, best another machine.",
)
OTHER_KEYS = sentence(
    "backup.other_keys",
    "{keys} 里存的是另一套安装的 {name}。请换一个密钥目录。",
    "{keys} holds the {name} of another installation. Choose another folder for the keys.",
)
TOOL_FAILED = sentence("backup.tool_failed", "{tool} 没有完成：\n{tail}", "{tool} did not finish:\n{tail}")
OLD_TOOLS = sentence(
    "backup.old_tools",
    "数据库服务器是 PostgreSQL {server}，这里的备份程序只到 {tools}。请安装 PostgreSQL {server} 的客户端程序。",
    "The database server is PostgreSQL {server}, the programs here are of {tools}. Install those of {server}.",
)
OWN_TOOLS = sentence(
    "backup.own_tools",
    "PostgreSQL {server} 在列上记着 {what}，{tools} 版的备份程序不认识，备份会无法恢复。"
    "请安装 PostgreSQL {server} 的客户端程序。",
    "PostgreSQL {server} keeps {what} beside columns; the programs here, of {tools}, do not know it, and the copy "
    "could not be restored. Install the client programs of PostgreSQL {server}.",
)
NOT_A_BACKUP = sentence(
    "restore.not_a_backup",
    "{place} 不是完整的备份：缺少 {name}。",
    "{place} is not a whole backup: {name} is missing.",
)
DAMAGED = sentence(
    "restore.damaged",
    "备份已损坏：{name} 与备份时的校验值不符。请改用另一份备份。",
    "The backup is damaged: {name} is not what was written. Use another backup.",
)
NEWER = sentence(
    "restore.newer",
    "这份备份来自更新的版本（{version}），这里的程序还不认识 {name}。请先升级程序。",
    "This backup was made by a newer version ({version}): {name} is unknown here. Update the program first.",
)
OCCUPIED = sentence(
    "restore.occupied",
    "{place} 里已有数据。恢复从不覆盖：请用 ANJU_HOME 指定一个空目录，或换一个空的数据库。",
    "{place} holds data already. A restore never overwrites: name an empty ANJU_HOME, or an empty database.",
)
NO_PERSON_KEYS = sentence(
    "restore.no_person_keys",
    "{keys} 里没有这份备份可用的个人密钥。找到它，或加 --without-person-keys 恢复：那样电话等个人数据将无法读取。",
    "{keys} has no personal keys that fit this backup. Find them, or restore with --without-person-keys: phones, "
    "documents and the like will be unreadable then.",
)
ROWS_DIFFER = sentence(
    "restore.rows_differ",
    "恢复后的数据与备份不符：表 {table} 应有 {wanted} 行，实有 {found} 行。",
    "What was restored differs from the backup: table {table} should have {wanted} rows and has {found}.",
)
UNFINISHED = sentence(
    "restore.unfinished",
    "上一次恢复没有完成（{source}）。请重新运行 anju restore，它会从头再来。",
    "The last restore was not finished ({source}). Run anju restore again; it begins anew.",
)
EMBEDDED_ONLY = sentence(
    "restore.embedded_only",
    "只有内置数据库能用这种方式恢复到某一时刻；DATABASE_URL 指定的数据库请用它自己的工具。",
    "Only the embedded database is brought to a moment this way; for the one in DATABASE_URL use its own tools.",
)
NO_ZONE = sentence(
    "restore.no_zone",
    "时间要写明时区，例如 2026-11-27 10:00:00+08:00；现在是 {value}。",
    "Write the time with its zone, such as 2026-11-27 10:00:00+08:00; it is {value}.",
)
TOO_EARLY = sentence(
    "restore.too_early",
    "{at} 早于 {place} 里最早的基础备份（{first}），恢复不到那一刻。",
    "{at} is before the earliest base copy in {place} ({first}) and can not be reached.",
)
NOT_REACHED = sentence(
    "restore.not_reached",
    "归档的日志在那一刻之前就结束了。请选更早的时刻，或不写 --to，恢复到日志的末尾。",
    "The archived log ends before that moment. Choose an earlier one, or leave --to out to get all of it.",
)
NO_ARCHIVE = sentence(
    "archive.off",
    "没有设置 ANJU_WAL_ARCHIVE，数据库日志没有归档。请设置后重新启动安居，再做基础备份。",
    "ANJU_WAL_ARCHIVE is not set, so the database's log is not archived. Set it, start again, make a base copy.",
)
BAD_ARCHIVE = sentence(
    "archive.bad_place",
    "归档目录 {place} 不能用：路径里不能有引号、百分号或换行，上级目录要让运行数据库的用户 {user} 能进入。",
    "The archive {place} can not be used: no quotes, per cent signs or line breaks in the path, and the database's "
    "user {user} must be able to enter the folders above it.",
)
