"""The test profile: the demo profile without its conveniences, with fast hashing and plain static files."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if not os.environ.get("FANAL_VAR"):  # a folder that goes with the process that made it
    os.environ["FANAL_VAR"] = tempfile.mkdtemp(prefix="fanal-test-")
    atexit.register(shutil.rmtree, os.environ["FANAL_VAR"], ignore_errors=True)
os.environ["FANAL_DEMO"] = "1"
os.environ.setdefault("FANAL_PUBLIC_URL", "http://testserver.localhost")

from .dev import *  # noqa: F403
from .dev import INSTALLED_APPS, MIDDLEWARE, VAR_DIR, database

PROFILE = "test"
KEEPS_LETTERS = False
SELF_CALLS = False
PUBLIC_URL = "http://127.0.0.1:8000"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
WHITENOISE_AUTOREFRESH = True
if not os.environ.get("DATABASE_URL"):
    DATABASES = {"default": database(f"sqlite:///{Path(VAR_DIR) / 'fanal.sqlite3'}")}
DATABASES["default"]["CONN_MAX_AGE"] = 0
if os.environ.get("FANAL_TEST_DATABASE"):  # a file or name that `pytest --reuse-db` finds again, migrated
    DATABASES["default"]["TEST"] = {"NAME": os.environ["FANAL_TEST_DATABASE"]}
INSTALLED_APPS = [*INSTALLED_APPS, "tests.sample"]  # models on which the translation tests stand
MIDDLEWARE = ["tests.hotline.builder.Judged", *MIDDLEWARE]  # each voice document that any test is answered
if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    # The flush after a transactional test truncates every table at once; on a busy machine that takes longer than 5 s.
    DATABASES["default"]["OPTIONS"]["options"] += " -c statement_timeout=60s -c lock_timeout=30s"
