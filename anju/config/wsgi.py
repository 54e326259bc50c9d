"""The WSGI application that granian serves."""

from __future__ import annotations

import os

from django.conf import settings
from django.core.cache import close_caches
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import reset_queries

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anju.config.settings")
application = get_wsgi_application()

# Looked after at each request, and nothing of ours: Django's caches, and statements logged for its page of errors.
request_finished.disconnect(close_caches)
if not settings.DEBUG:
    request_started.disconnect(reset_queries)
