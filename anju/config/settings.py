"""Django settings. Everything an installation sets comes from the environment (docs/how-to/configure.md)."""

from __future__ import annotations

from anju.config import database, environment, secrets

PACKAGE = environment.PACKAGE
HOME = environment.home()

DEBUG = False
TESTING = environment.flag("ANJU_TESTING")
WEB_ACTIVE, WEB_AT_ONCE, WEB_QUEUE = environment.web_limits()
# Destructions of keys are noted beside the archived log, too: what is restored from it must not bring them back.
RECORDS_COPY = environment.wal_archive()
METRICS_TOKEN = environment.metrics_token()
SECRET_KEY = secrets.django_secret(HOME)
BASE_URL = environment.base_url()
SERVED_BY_TLS = BASE_URL.startswith("https://")
ALLOWED_HOSTS = environment.hosts(BASE_URL)
CSRF_TRUSTED_ORIGINS = [BASE_URL]

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
        "lists",
        "staffing",
        "publishing",
        "search",
        "messaging",
        "payments",
        "sweeps",
        "flows",
        "calls",
    ],
    "domain": [
        "portfolio",
        "tenants",
        "leases",
        "billing",
        "equipment",
        "workorders",
        "reminders",
        "complaints",
    ],
    "surface": ["console", "portal", "field", "cockpit", "imports", "openapi", "providers", "demo"],
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
# From the outside in. Identity opens the organization's scope; refusals inside it become pages inside it.
MIDDLEWARE = [
    "anju.config.load.callbacks.CallbackDoor",
    "anju.foundation.ui.csp.ContentSecurityPolicy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "anju.config.health.HealthMiddleware",
    "anju.config.load.metrics.MetricsMiddleware",
    "anju.config.load.admission.AdmissionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "anju.foundation.identity.middleware.IdentityMiddleware",
    "anju.foundation.ui.errors.Refusals",
]
AUTH_USER_MODEL = "identity.User"
ACTIVE_ORGANIZATIONS = "anju.config.organizations.active"
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

# Our pages are Jinja2 (anju.foundation.ui); Django's own templates serve its management commands only.
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {}}]
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "anju.foundation.ui.assets.NpmFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": HOME / "files"}},
    "staticfiles": {"BACKEND": "anju.foundation.ui.assets.FingerprintedStorage"},
}
WHITENOISE_MAX_AGE = 60
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
SESSION_ENGINE = "anju.foundation.identity.session_store"
SESSION_COOKIE_NAME = "anju_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SERVED_BY_TLS
CSRF_COOKIE_NAME = "anju_csrf"
CSRF_FAILURE_VIEW = "anju.foundation.ui.errors.csrf_failure"
LANGUAGE_COOKIE_NAME = "anju_language"
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if SERVED_BY_TLS else 0
if environment.flag("ANJU_BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_WORKER_DEFAULTS = {"delete_jobs": "successful", "shutdown_graceful_timeout": 20.0}

SILENCED_SYSTEM_CHECKS = ["fields.W342"]
LOGGING = environment.logging()
