"""The environment variables of an installation, in words; docs/reference/settings.md is made of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Group = Literal["place", "database", "web", "secrets", "processes"]
GROUPS: dict[Group, tuple[str, str]] = {
    "place": ("位置与地址", "Place and address"),
    "database": ("数据库", "Database"),
    "web": ("网页服务", "Web"),
    "secrets": ("密钥", "Secrets"),
    "processes": ("进程与日志", "Processes and logs"),
}


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable. ``default`` is what holds when it is not set, as people write it."""

    name: str
    group: Group
    default: str
    zh: str
    en: str


VARIABLES = (
    Variable(
        "ANJU_HOME", "place", "`.anju` in the working directory",
        "数据、密钥、上传文件和日志所在的目录。",
        "Folder of data, keys, uploaded files and logs.",
    ),
    Variable(
        "PORT", "place", "8080",
        "网页服务的端口；演练用的服务商替身占用下一个空闲端口。",
        "Port of the web; the stand-ins of providers take the next free one.",
    ),
    Variable(
        "ANJU_BASE_URL", "place", "`http://127.0.0.1:PORT`",
        "租客和员工访问的地址。短信链接和支付回调都用它；以 https:// 开头时 Cookie 只走加密连接并启用 HSTS。",
        "The address people type. Links in SMS and payment callbacks are made of it; with https:// cookies are secure "
        "and HSTS is on.",
    ),
    Variable(
        "ANJU_HOSTS", "place", "—",
        "除 ANJU_BASE_URL 和本机外还应答的主机名，用逗号分隔。",
        "Further host names to answer to, by comma, besides that of ANJU_BASE_URL and this machine's own.",
    ),
    Variable(
        "DATABASE_URL", "database", "the embedded server of ANJU_HOME",
        "外部 PostgreSQL（15 或更高），必须以 anju_app 登录：postgresql://anju_app:密码@主机:5432/anju。",
        "A PostgreSQL of your own (15 or newer), logging in as anju_app: "
        "postgresql://anju_app:password@host:5432/anju.",
    ),
    Variable(
        "ANJU_POOL", "database", "12",
        "每个进程最多保留的数据库连接数；0 表示不用连接池。",
        "The most connections one process keeps; 0 means no pool.",
    ),
    Variable(
        "ANJU_WAL_ARCHIVE", "database", "—",
        "内置数据库的日志归档目录；设置后可以恢复到过去 30 天内的任意时刻（见 backup）。",
        "Folder where the embedded database's log is archived; with it any moment of the last 30 days can be restored.",
    ),
    Variable(
        "ANJU_POSTGRES", "database", "the newest found",
        "PostgreSQL 程序（postgres、initdb、pg_dump）所在的文件夹，15 或更高版本。",
        "Folder of the PostgreSQL programs to use (postgres, initdb, pg_dump), 15 or newer.",
    ),
    Variable(
        "ANJU_POSTGRES_USER", "database", "`postgres`, else `anju-postgres` (made), else `nobody`",
        "以 root 启动时，内置数据库改用这个系统账号运行。",
        "Started by root, the embedded server runs as this system account.",
    ),
    Variable(
        "ANJU_ADDRESS", "web", "127.0.0.1",
        "网页服务监听的地址。前面有反向代理的多机部署设为 0.0.0.0 或内网地址。",
        "The address the web listens on; behind a proxy on another machine set 0.0.0.0 or an inner address.",
    ),
    Variable(
        "ANJU_BEHIND_PROXY", "web", "off",
        "设为 1 时信任反向代理的 X-Forwarded-Proto 和 X-Forwarded-For。没有代理时不要打开。",
        "1 trusts the proxy's X-Forwarded-Proto and X-Forwarded-For. Leave it off without a proxy.",
    ),
    Variable(
        "ANJU_WEB_WORKERS", "web", "number of cores, at most 4",
        "网页服务的进程数。",
        "Processes of the web.",
    ),
    Variable(
        "ANJU_WEB_ACTIVE", "web", "1; with DATABASE_URL 2",
        "每个网页进程并行处理的短请求数。超过 0.03 秒的请求不再挡住下一个，直到 ANJU_WEB_THREADS。",
        "Short requests one web process works on side by side; one that takes more than 0.03 s no longer holds up the "
        "next, up to ANJU_WEB_THREADS.",
    ),
    Variable(
        "ANJU_WEB_THREADS", "web", "8",
        "每个网页进程最多同时处理的请求数。",
        "Requests one web process works on at once, at most.",
    ),
    Variable(
        "ANJU_WEB_QUEUE", "web", "32",
        "每个网页进程最多让多少请求排队；再多的请求立即得到 503 和 Retry-After，什么也没有写入。",
        "Requests that may wait at one web process; the rest is answered 503 with Retry-After, nothing written.",
    ),
    Variable(
        "ANJU_METRICS_TOKEN", "web", "—",
        "设置后，/metrics 凭 Authorization: Bearer 加此令牌读取；不设置时只有本机（不经代理）可以读取。",
        "With it, /metrics is read by “Authorization: Bearer” and this token; without it only from this machine, "
        "not through a proxy.",
    ),
    Variable(
        "ANJU_MASTER_KEY", "secrets", "the file `master.key` in ANJU_HOME, made on the first start",
        "主密钥：32 字节的 base64。它加密各公司的密钥，丢失后个人数据无法读取。",
        "The master key: 32 bytes as base64. It wraps the organizations' keys; without it personal data is lost.",
    ),
    Variable(
        "ANJU_SECRET_KEY", "secrets", "the file `django.secret` in ANJU_HOME, made on the first start",
        "签名登录会话和文件链接的密钥。多台网页服务器必须相同。",
        "Signs sessions and links to files. Every web machine needs the same.",
    ),
    Variable(
        "ANJU_JOBS", "processes", "number of cores, at least 2",
        "后台进程同时执行的任务数。",
        "Jobs that one worker runs at a time.",
    ),
    Variable(
        "ANJU_LOG_LEVEL", "processes", "INFO",
        "日志级别。访问地址从不写入日志，因为短链接就是凭证。",
        "Level of the log. Addresses are never logged: short links are secrets.",
    ),
    Variable(
        "ANJU_STANDINS_URL", "processes", "set by `anju up` and `anju demo`",
        "演练公司使用的支付、短信替身的地址。单独启动 anju standins 时才需要自己设置。",
        "Where the stand-ins for drill organizations are; set it yourself only when you run anju standins alone.",
    ),
    Variable(
        "LANG", "processes", "Chinese unless it says English",
        "命令行输出的语言（也看 LC_ALL、LC_MESSAGES）。网页的语言由浏览器和用户决定。",
        "The terminal's language (LC_ALL and LC_MESSAGES, too). Pages follow the browser and the user.",
    ),
)  # fmt: skip

# Set by the product for its own processes and by its tests; nobody else needs them.
INTERNAL = {
    "ANJU_SUPERVISED": "a process was started by the supervisor and ends with it",
    "ANJU_TESTING": "the test suite is running",
    "ANJU_WSGI": "anju bench serves the product with a bare page beside it",
    "ANJU_BENCH_ORG": "whose rows that bare page shows",
    "ANJU_DATABASE": "anju bench measures in a database of its own on the embedded server",
}
