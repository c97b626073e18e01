"""The production profile: refuses to start when a setting is missing or unsafe."""

import os
from urllib.parse import urlsplit

from cms.settings import demands


class SettingsMissing(Exception):
    """Raised at start; names each environment variable that is missing or unsafe and says what to set."""


# Before the shared settings are read: what they could not read must be told in our words, without what is set.
if _refusal := demands.refusal(os.environ):
    raise SettingsMissing(_refusal)

from .base import *  # noqa: E402, F403
from .base import DATABASES, PUBLIC_URL, SILENCED_SYSTEM_CHECKS  # noqa: E402

PROFILE = "production"
# W005, W021: whether subdomains use https is the ministry's decision; W008: the proxy redirects; W019: the editor's
# preview frames our own pages, which the content policy limits to this site.
SILENCED_SYSTEM_CHECKS = [*SILENCED_SYSTEM_CHECKS, "security.W005", "security.W008", "security.W019", "security.W021"]
ALLOWED_HOSTS = [urlsplit(PUBLIC_URL).hostname, "127.0.0.1", "localhost"]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
WAGTAILADMIN_BASE_URL = PUBLIC_URL
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = os.environ.get("FANAL_SSL_REDIRECT", "0") == "1"
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
LANGUAGE_COOKIE_SECURE = True
STAFF_IDLE_SECONDS = 15 * 60
STAFF_SESSION_SECONDS = 12 * 3600
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("FANAL_PROXIES") or 1)
DATABASES["default"].setdefault("OPTIONS", {})
EMAIL_HOST = os.environ.get("FANAL_EMAIL_HOST") or "localhost"
EMAIL_PORT = int(os.environ.get("FANAL_EMAIL_PORT") or 25)
EMAIL_HOST_USER = os.environ.get("FANAL_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("FANAL_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = (os.environ.get("FANAL_EMAIL_TLS") or "1") == "1"
