import base64
import os
import re
import subprocess
import sys

import pytest
from django.conf import settings

SAFE = {
    "FANAL_SECRET_KEY": "s" * 60,
    "FANAL_SEAL_KEYS": "*:k1:" + base64.b64encode(b"q" * 32).decode(),
    "FANAL_PUBLIC_URL": "https://help.example.org",
    "DATABASE_URL": "postgres://fanal:word@db.example.org/fanal",
    "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
    "TWILIO_AUTH_TOKEN": "t" * 32,
    "FANAL_DUTY_PHONE": "+231770000000",
}


def run(words, **environment):
    """Run a line of Python in a process of its own, with this environment and no other."""
    return subprocess.run(
        [sys.executable, "-c", words], env={"PATH": os.environ["PATH"]} | environment, cwd=settings.BASE_DIR,
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def start(**changed):
    """Import the production settings in a process of their own; return (exit code, last words)."""
    environment = {"FANAL_VAR": "/nowhere"} | SAFE | changed
    result = run(
        "import cms.settings.production", **{name: value for name, value in environment.items() if value is not None}
    )
    return result.returncode, result.stderr


def test_production_starts_with_everything_set():
    assert start() == (0, "")


@pytest.mark.parametrize("name", sorted(SAFE))
def test_production_refuses_to_start_when_a_setting_is_missing(name):
    code, words = start(**{name: None})

    assert code == 1
    assert name in words


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FANAL_PUBLIC_URL", "http://help.example.org"),
        ("FANAL_PUBLIC_URL", "https://help.example.org/path"),
        ("FANAL_PUBLIC_URL", "https://user@help.example.org"),
        ("FANAL_PUBLIC_URL", "https://[::1]"),
        ("FANAL_SECRET_KEY", "short"),
        ("TWILIO_ACCOUNT_SID", "AC" + "0" * 32),
        ("FANAL_DEMO", "1"),
    ],
)
def test_production_refuses_what_is_unsafe(name, value):
    code, words = start(**{name: value})

    assert code == 1
    assert name in words


def test_connections_persist_outside_tests():
    words = "from django.conf import settings; print(settings.DATABASES['default']['CONN_MAX_AGE'])"

    assert run(words, DJANGO_SETTINGS_MODULE="cms.settings.dev").stdout.strip() == "None"


@pytest.mark.parametrize(("door", "is_limited"), [("cms.wsgi", True), ("manage", False)])
def test_only_web_requests_are_limited_on_postgresql(door, is_limited):
    """Gunicorn enters by cms.wsgi; migrations, the worker and the demo by manage."""
    words = (
        f"import {door}; from django.conf import settings; print(settings.DATABASES['default']['OPTIONS']['options'])"
    )

    said = run(words, DJANGO_SETTINGS_MODULE="cms.settings.dev", DATABASE_URL=SAFE["DATABASE_URL"]).stdout

    assert "synchronous_commit=on" in said
    assert "jit=off" in said
    assert ("statement_timeout=5s" in said) is is_limited
    assert ("lock_timeout=2s" in said) is is_limited


READ = re.compile(r"""os\.environ(?:\.get\(|\.setdefault\(|\[)"([A-Z_]+)"|\$\{(PYTHON|(?:FANAL|TWILIO)_[A-Z_]+)""")
SET_BY_ITSELF = {"FANAL_WEB"}  # cms.wsgi tells the settings that this process serves the web


def test_each_variable_that_is_read_is_explained_and_no_other():
    rooms = ("accounts", "cms", "hotline", "languages", "referral", "training")
    places = [
        settings.BASE_DIR / "fanal",
        *(path for room in rooms for path in (settings.BASE_DIR / room).rglob("*.py")),
    ]
    read = {name for path in places for found in READ.findall(path.read_text("utf-8")) for name in found if name}
    example = set(re.findall(r"^([A-Z_]+)=", (settings.BASE_DIR / ".env.example").read_text("utf-8"), re.MULTILINE))
    table = (settings.BASE_DIR / "README.md").read_text("utf-8").split("## Settings")[1].split("\n## ")[0]
    rows = "".join(row.split("|")[1] for row in table.splitlines() if row.startswith("| `"))

    assert example == read - SET_BY_ITSELF
    assert set(re.findall(r"`([A-Z_]+)`", rows)) == example
