"""The production profile: refuses to start when a setting is missing or unsafe."""

import os
import re
from urllib.parse import urlsplit

from .base import *  # noqa: F403
from .base import (
    DATABASES,
    DUTY_PHONE,
    PUBLIC_URL,
    SEAL_KEYS,
    SECRET_KEY,
    SILENCED_SYSTEM_CHECKS,
    TWILIO_ACCOUNT_SID,
    TWILIO_AUTH_TOKEN,
)


class SettingsMissing(Exception):
    """Raised at start; names each environment variable that is missing or unsafe and says what to set."""


def _faults() -> list[str]:
    """Return one sentence per missing or unsafe setting."""
    faults = []
    if len(SECRET_KEY) < 50 or SECRET_KEY.startswith("demo-only"):
        faults.append("FANAL_SECRET_KEY: set a random value of at least 50 characters.")
    if not SEAL_KEYS or "ZGVtby1vbmx5" in SEAL_KEYS:
        faults.append("FANAL_SEAL_KEYS: set at least one key, as scope:id:base64 of 32 random bytes.")
    parts = urlsplit(PUBLIC_URL)
    if parts.scheme != "https" or not parts.hostname or parts.path or parts.username or ":" in parts.hostname:
        faults.append("FANAL_PUBLIC_URL: set the https address that callers of the webhooks use, without a path.")
    if not os.environ.get("DATABASE_URL"):
        faults.append("DATABASE_URL: set the database, for example postgres://user:password@host/name.")
    if not TWILIO_ACCOUNT_SID.startswith("AC") or TWILIO_ACCOUNT_SID == "AC" + "0" * 32:
        faults.append("TWILIO_ACCOUNT_SID: set your account's SID.")
    if not TWILIO_AUTH_TOKEN or TWILIO_AUTH_TOKEN.startswith("demo-only"):
        faults.append("TWILIO_AUTH_TOKEN: set your account's auth token (two while rotating: new|old).")
    if len([part for part in TWILIO_AUTH_TOKEN.split(",") if not re.match(r"\s*(AC\w{32}=|$)", part)]) > 1:
        faults.append(
            "TWILIO_AUTH_TOKEN: a comma stands between accounts, as AC…=token,AC…=token; while the token of one account"
            " is rotated, write new|old."
        )
    if not DUTY_PHONE.startswith("+"):
        faults.append(
            "FANAL_DUTY_PHONE: set the number, with + and country code, that rings when nothing else can answer."
        )
    if os.environ.get("FANAL_DEMO") == "1":
        faults.append("FANAL_DEMO: the demo sign-in and simulator are forbidden in production; take it out.")
    return faults


if _found := _faults():
    raise SettingsMissing("\n".join(["Fanal cannot start in production:", *_found]))

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
EMAIL_HOST = os.environ.get("FANAL_EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("FANAL_EMAIL_PORT") or 25)
EMAIL_HOST_USER = os.environ.get("FANAL_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("FANAL_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("FANAL_EMAIL_TLS", "1") == "1"
