"""Settings shared by every profile. Values that differ by place come from the environment (.env.example)."""

import os
from pathlib import Path

import dj_database_url
import django.conf.locale
from csp.constants import NONE, SELF, UNSAFE_INLINE

from cms.logs import OUR_LOGGERS
from languages import table

django.conf.locale.LANG_INFO.update(table.LANG_INFO)

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(os.environ.get("FANAL_VAR", BASE_DIR / "var"))

DEBUG = False
DEMO = False
KEEPS_LETTERS = False  # only the demo keeps the words of a letter that was sent: its page shows them
PROFILE = "base"
SECRET_KEY = os.environ.get("FANAL_SECRET_KEY", "")
PUBLIC_URL = os.environ.get("FANAL_PUBLIC_URL", "").rstrip("/")
SEAL_KEYS = os.environ.get("FANAL_SEAL_KEYS", "")
TWILIO_ACCOUNT_SID = os.environ.get("TWILIO_ACCOUNT_SID", "")
TWILIO_AUTH_TOKEN = os.environ.get("TWILIO_AUTH_TOKEN", "")
TWILIO_API_KEY = os.environ.get("TWILIO_API_KEY", "")
TWILIO_API_SECRET = os.environ.get("TWILIO_API_SECRET", "")
TWILIO_VOICE_APP = os.environ.get("TWILIO_VOICE_APP", "")
TWILIO_VOICE_KEY = os.environ.get("TWILIO_VOICE_KEY", "")
TWILIO_VOICE_SECRET = os.environ.get("TWILIO_VOICE_SECRET", "")
TWILIO_SHARED_KEY = os.environ.get("TWILIO_SHARED_KEY", "")
DUTY_PHONE = os.environ.get("FANAL_DUTY_PHONE", "")

INSTALLED_APPS = [
    "modeltranslation",
    "languages",
    "accounts",
    "training",
    "referral",
    "hotline",
    "cms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "csp",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_tasks",
    "django_filters",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "hotline.middleware.WebhooksFirst",
    "accounts.middleware.Headers",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "accounts.middleware.Editor",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "languages.middleware.PageLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "languages.middleware.SwitchedOffLanguage",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "cms.gone.GoneFromEditor",
    "accounts.middleware.DeclaredRoutes",
    "cms.editor_clock.EditorsClock",
    "accounts.middleware.Unopened",
    "hotline.hidden.HiddenMeanwhile",
]

ROOT_URLCONF = "cms.urls"
WSGI_APPLICATION = "cms.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "cms" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cms.context.site",
            ],
        },
    }
]


def database(url: str, *, is_web: bool = False) -> dict:
    """Return the DATABASES entry of a URL, with the durability and lock settings of trust.md §15.

    On PostgreSQL only a web process gives up waiting: migrations, the worker and the demo may take their time. It
    compiles no statement (jit): all of ours read few rows, and where the planner guesses many on a small or new
    database, compiling takes seconds for a read of milliseconds (measured: 2.27 s of 2.27 s).
    """
    entry = dj_database_url.parse(url)
    entry["CONN_MAX_AGE"] = None
    if entry["ENGINE"].endswith("sqlite3"):
        entry["ENGINE"] = "languages.sqlite3"
        entry["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": int(os.environ.get("FANAL_LOCK_WAIT") or 20),
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            " PRAGMA secure_delete=ON; PRAGMA trusted_schema=OFF;",
        }
    else:
        limits = "-c lock_timeout=2s -c statement_timeout=5s -c idle_in_transaction_session_timeout=10s "
        # One "SELECT 1" a request (0.03 ms of CPU): after a restart of PostgreSQL nobody meets the connection of before.
        entry["CONN_HEALTH_CHECKS"] = True
        entry["OPTIONS"] = {"options": f"{limits if is_web else ''}-c synchronous_commit=on -c jit=off"}
    return entry


DATABASES = {
    "default": database(
        os.environ.get("DATABASE_URL") or f"sqlite:///{VAR_DIR / 'fanal.sqlite3'}",
        is_web=os.environ.get("FANAL_WEB") == "1",
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.sessions.AuthenticationBackend"]
SESSION_ENGINE = "accounts.sessions"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.forms.passwords.NotLikeThePerson"},
    {"NAME": "accounts.forms.passwords.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "accounts.forms.passwords.NotCommon"},
    {"NAME": "accounts.forms.passwords.NotOnlyDigits"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
MFA_ADAPTER = "accounts.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
# allauth would count in the cache of each process, five an account and ten an address: the house counts in its database
# (accounts.actions.limits), where every process sees every count, and by its own numbers.
ACCOUNT_RATE_LIMITS = False
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "reset_password": "accounts.forms.ResetForm",
    "reset_password_from_key": "accounts.forms.NewPasswordForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.FirstPasswordForm",
    "reauthenticate": "accounts.forms.ConfirmForm",
}
MFA_FORMS = {
    "authenticate": "accounts.forms.FactorForm",
    "reauthenticate": "accounts.forms.FactorAgainForm",
    "activate_totp": "accounts.forms.ActivateForm",
    "add_webauthn": "accounts.forms.AddKeyForm",
}
MFA_PASSKEY_LOGIN_ENABLED = False
# A key asks for its PIN or a fingerprint each time: who finds one that lies about has not found a second step.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_TOLERANCE = 1
# The check guards open sign-up against addresses of other people; here every address comes from an administrator.
MFA_ALLOW_UNVERIFIED_EMAIL = True
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("FANAL_PROXIES") or 0)
# People of a guarded role are signed out after so many seconds without a request, and at the latest after so many.
# Zero switches both off; the production profile sets them.
STAFF_IDLE_SECONDS = 0
STAFF_SESSION_SECONDS = 0
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_HTTPONLY = True
SILENCED_SYSTEM_CHECKS = ["staticfiles.W004"]
CSRF_FAILURE_VIEW = "cms.views.csrf_failure"

LANGUAGES = table.LANGUAGES
LANGUAGE_CODE = table.SOURCE
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["languages.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
USE_THOUSAND_SEPARATOR = False
MODELTRANSLATION_LANGUAGES = table.CODES
MODELTRANSLATION_DEFAULT_LANGUAGE = table.SOURCE
MODELTRANSLATION_FALLBACK_LANGUAGES = table.CHAINS
MODELTRANSLATION_CUSTOM_FIELDS = ("StreamField", "RichTextField")

WAGTAIL_SITE_NAME = "Fanal"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_I18N_ENABLED = False
WAGTAIL_WORKFLOW_ENABLED = False  # nobody moderates: a page sent for approval would be locked for all
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]  # nothing to choose: cms/editor_clock.py takes that of the person's country
WAGTAIL_AUTOSAVE_INTERVAL = 10_000
WAGTAILADMIN_PERMITTED_LANGUAGES = list(table.ADMIN)
WAGTAILADMIN_BASE_URL = PUBLIC_URL or "http://127.0.0.1:8000"
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "cms.documents.DocumentForm"  # which kinds are taken, judged by content
WAGTAILDOCS_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILIMAGES_IMAGE_FORM_BASE = "cms.images.ImageForm"  # judged by content, stored without the camera's notes
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp"]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAIL_FRONTEND_LOGIN_URL = "/"
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "cms" / "static", VAR_DIR / "assets"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MANIFEST_STRICT = False
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_NUMBER_FILES = 500  # a form says in its own words what is too many; beyond this nothing is read

PAGES_POLICY = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF],
    "font-src": [SELF],
    "media-src": [SELF],
    "connect-src": [SELF],
    "manifest-src": [SELF],
    "worker-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
}
CONTENT_SECURITY_POLICY = {"DIRECTIVES": PAGES_POLICY}
# Wagtail's editor has no nonces: its date and inline-panel templates hold inline scripts (trust.md §10).
EDITOR_POLICY = PAGES_POLICY | {
    "default-src": [SELF],
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "object-src": [NONE],
    "base-uri": [SELF],
    "frame-ancestors": [SELF],
}
# A film of a lesson fills the screen when somebody asks for it; nothing else of the list is used.
PERMISSIONS_POLICY = {
    name: []
    for name in (
        "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "geolocation", "gyroscope",
        "magnetometer", "microphone", "midi", "payment", "usb",
    )
} | {"fullscreen": ["self"]}  # fmt: skip
X_FRAME_OPTIONS = "SAMEORIGIN"
# "no-referrer" would make browsers send "Origin: null" with every form, which the CSRF check refuses (measured).
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("FANAL_FROM_EMAIL", "notices@localhost")

# Off, the worker of every phone removes itself and the courses it kept; what waits to be sent stays.
KEEPING = os.environ.get("FANAL_KEEPING", "1") != "0"

DEMO_SIGN_IN = False
SIMULATOR = False
SELF_CALLS = os.environ.get("FANAL_SELF_CALLS", "0") == "1"  # each line calls itself every quarter of an hour

LOGGING_CONFIG = "cms.logs.configure"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "cms.logs.PlainFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        name: {"handlers": ["console"], "level": "WARNING", "propagate": False}
        for name in ("django", "django.request", "django.security", "django.server")
    }
    | {name: {"level": "INFO"} for name in OUR_LOGGERS},
}
