"""The demo and development profile: each setting has a working default, what the environment sets wins.

The demo's switches are off unless FANAL_DEMO=1: its pages show every letter to anybody.
"""

import os

from .base import *  # noqa: F403
from .base import DUTY_PHONE, PUBLIC_URL, SEAL_KEYS, SECRET_KEY, TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN

PROFILE = "dev"
DEMO = os.environ.get("FANAL_DEMO") == "1"  # ./fanal demo sets it
DEBUG = os.environ.get("FANAL_DEBUG", "0") == "1"
PORT = int(os.environ.get("PORT") or 8000)
SECRET_KEY = SECRET_KEY or "demo-only-secret-key-" + "0" * 40
SEAL_KEYS = SEAL_KEYS or "*:k1:ZGVtby1vbmx5LXNlYWwta2V5LTAwMDAwMDAwMDAwMDA="
PUBLIC_URL = PUBLIC_URL or f"http://127.0.0.1:{PORT}"
TWILIO_ACCOUNT_SID = TWILIO_ACCOUNT_SID or "AC" + "0" * 32
TWILIO_AUTH_TOKEN = TWILIO_AUTH_TOKEN or "demo-only-twilio-auth-token-0000"
DUTY_PHONE = DUTY_PHONE or "+231770009999"
WAGTAILADMIN_BASE_URL = PUBLIC_URL
ALLOWED_HOSTS = ["*"]
DEMO_SIGN_IN = DEMO
SIMULATOR = DEMO
SELF_CALLS = os.environ.get("FANAL_SELF_CALLS", "1" if DEMO else "0") == "1"
KEEPS_LETTERS = DEMO
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
