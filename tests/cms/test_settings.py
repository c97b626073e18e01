import base64
import json
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
        ("TWILIO_AUTH_TOKEN", "new,old"),
        ("TWILIO_AUTH_TOKEN", f"AC{'1' * 32}=new,old,older"),
    ],
)
def test_production_refuses_what_is_unsafe(name, value):
    code, words = start(**{name: value})

    assert code == 1
    assert name in words


@pytest.mark.parametrize(
    "tokens",
    ["new|old", f"AC{'1' * 32}=new|old,", f"AC{'1' * 32}=new|old, AC{'2' * 32}=other", "all,AC" + "1" * 32 + "=own"],
)
def test_production_takes_the_tokens_as_they_are_documented(tokens):
    assert start(TWILIO_AUTH_TOKEN=tokens) == (0, "")


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


# Many builds of SQLite have some of these values by themselves; this connection begins with the opposite of each, so that
# what is read afterwards was set by the profile.
ON_SQLITE = """
import json
from sqlite3 import dbapi2

plain = dbapi2.connect
def lax(*args, **more):
    link = plain(*args, **more)
    for words in ("synchronous=OFF", "secure_delete=OFF", "foreign_keys=OFF", "trusted_schema=ON"):
        link.execute(f"PRAGMA {words}")
    return link
dbapi2.connect = lax

import django
django.setup()
from django.db import connection, transaction

said = []
with connection.cursor() as cursor:
    pragmas = ("journal_mode", "synchronous", "secure_delete", "foreign_keys", "trusted_schema", "busy_timeout")
    found = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas}
connection.connection.set_trace_callback(said.append)
with transaction.atomic(), connection.cursor() as cursor:
    cursor.execute("SELECT 1")
print(json.dumps(found | {"begin": said[0]}))
"""
OFF, FULL, ON = 0, 2, 1


@pytest.mark.parametrize("profile", ["dev", "production"])
@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("journal_mode", "wal", "readers wait for no writer"),
        (
            "synchronous",
            FULL,
            "what was answered is on the disk: after a power cut nothing that was acknowledged is gone",
        ),
        ("begin", "BEGIN IMMEDIATE", "two writers wait for each other, none is refused halfway"),
        ("secure_delete", ON, "what was erased is overwritten in the file"),
        ("foreign_keys", ON, "no row points to one that is gone"),
        ("trusted_schema", OFF, "a planted schema runs nothing"),
    ],
)
def test_sqlite_keeps_its_word(sqlite_said, profile, name, value, why):
    assert sqlite_said(profile)[name] == value, why


@pytest.mark.parametrize(("told", "waits"), [({}, 20_000), ({"FANAL_LOCK_WAIT": "3"}, 3_000)])
def test_sqlite_waits_for_a_lock_as_long_as_it_is_told(sqlite_said, told, waits):
    assert sqlite_said("dev", **told)["busy_timeout"] == waits


@pytest.fixture(scope="module")
def sqlite_said(tmp_path_factory):
    """What a profile's own connection to a new SQLite file says of itself; each profile is asked once."""
    known = {}

    def ask(profile, **told):
        asked = (profile, *told.items())
        if asked not in known:
            place = tmp_path_factory.mktemp(profile)
            environment = SAFE | {"DATABASE_URL": f"sqlite:///{place}/fanal.sqlite3", "FANAL_VAR": str(place)} | told
            answer = run(ON_SQLITE, DJANGO_SETTINGS_MODULE=f"cms.settings.{profile}", **environment)
            assert answer.returncode == 0, answer.stderr
            known[asked] = json.loads(answer.stdout)
        return known[asked]

    return ask


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
