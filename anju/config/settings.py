"""Django settings. Everything an installation sets comes from the environment (docs/how-to/configure.md)."""

from __future__ import annotations

import os
from pathlib import Path

from anju.config import database, secrets

PACKAGE = Path(__file__).resolve().parents[1]
HOME = Path(os.environ.get("ANJU_HOME", Path.cwd() / ".anju"))

DEBUG = False
TESTING = os.environ.get("ANJU_TESTING") == "1"
SECRET_KEY = secrets.django_secret(HOME)
ALLOWED_HOSTS = os.environ.get("ANJU_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
BASE_URL = os.environ.get("ANJU_BASE_URL", f"http://127.0.0.1:{os.environ.get('PORT', '8080')}")

FLOORS = {
    "foundation": [
        "db",
        "ui",
        "jobs",
        "crypto",
        "files",
        "identity",
        "policy",
        "trace",
        "access",
        "actions",
        "publishing",
        "search",
        "messaging",
        "payments",
        "sweeps",
    ],
    "domain": ["portfolio", "tenants", "leases", "billing", "reminders"],
    "surface": ["console", "portal", "cockpit", "imports", "openapi", "demo"],
}
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "procrastinate.contrib.django",
    "django_htmx",
    *(f"anju.{floor}.{name}" for floor, names in FLOORS.items() for name in names),
]
ROOT_URLCONF = "anju.config.urls"
WSGI_APPLICATION = "anju.config.wsgi.application"

DATABASES = {"default": database.django_settings(HOME)}
DATABASE_ROUTERS: list[str] = []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
