import base64
import hashlib
import json
import os
import re
import subprocess
import sys

import pytest
from django.conf import settings

SECRET = "f3a9c17e5b2d8046" + "q7wzx4ktm2vnp9ch" * 3
RANDOM = base64.b64encode(hashlib.sha256(b"a key of the tests").digest()).decode()
ACCOUNT, OTHER = "AC" + "1" * 32, "AC" + "2" * 32
TOKEN, OLD, THIRD = (hashlib.md5(word, usedforsecurity=False).hexdigest() for word in (b"new", b"old", b"third"))
SAFE = {
    "FANAL_SECRET_KEY": SECRET,
    "FANAL_SEAL_KEYS": f"*:k1:{RANDOM}",
    "FANAL_PUBLIC_URL": "https://help.example.org",
    "DATABASE_URL": "postgres://fanal:word@db.example.org/fanal",
    "TWILIO_ACCOUNT_SID": ACCOUNT,
    "TWILIO_AUTH_TOKEN": TOKEN,
    "FANAL_DUTY_PHONE": "+231770000000",
    "FANAL_FROM_EMAIL": "notices@help.example.org",
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


FAULTS = [
    ("FANAL_SECRET_KEY", "short"),
    ("FANAL_SECRET_KEY", "a" * 60),
    ("FANAL_SECRET_KEY", "0123456789abcdef" * 4),
    ("FANAL_SECRET_KEY", "demo-only-secret-key-" + SECRET),
    ("FANAL_SEAL_KEYS", "*:k1:abc"),
    ("FANAL_SEAL_KEYS", "*:k1:YWJj"),
    ("FANAL_SEAL_KEYS", f"LR:k1:{RANDOM}"),
    ("FANAL_SEAL_KEYS", f"lr:k1:{RANDOM},*:k1:{RANDOM}"),
    ("FANAL_SEAL_KEYS", f"*:{RANDOM}:k1"),
    ("FANAL_SEAL_KEYS", f"*:k.1:{RANDOM}"),
    ("FANAL_SEAL_KEYS", f"*:k1:{RANDOM},*:k1:{base64.b64encode(bytes(range(32))).decode()}"),
    ("FANAL_SEAL_KEYS", RANDOM),
    ("FANAL_SEAL_KEYS", "@/nowhere/keys"),
    ("FANAL_SEAL_KEYS", "*:k1:" + "A" * 43 + "="),
    ("FANAL_SEAL_KEYS", "*:k1:ZGVtby1vbmx5LXNlYWwta2V5LTAwMDAwMDAwMDAwMDA="),
    ("FANAL_PUBLIC_URL", "http://help.example.org"),
    ("FANAL_PUBLIC_URL", "https://help.example.org/path"),
    ("FANAL_PUBLIC_URL", "https://user@help.example.org"),
    ("FANAL_PUBLIC_URL", "https://[::1]"),
    ("FANAL_PUBLIC_URL", "https://[::1"),
    ("FANAL_PUBLIC_URL", "https://x.example:99999"),
    ("FANAL_PUBLIC_URL", "https://x.example:0"),
    ("FANAL_PUBLIC_URL", "https://x.example:port"),
    ("FANAL_PUBLIC_URL", "https://x.example?x"),
    ("FANAL_PUBLIC_URL", "https://x.example?"),
    ("FANAL_PUBLIC_URL", "https://x.example#part"),
    ("FANAL_PUBLIC_URL", "https://x y.example"),
    ("FANAL_PUBLIC_URL", "ftp://x.example:21"),
    ("FANAL_PUBLIC_URL", "https://localhost"),
    ("FANAL_PUBLIC_URL", "https://LOCALHOST:8443"),
    ("FANAL_PUBLIC_URL", "https://help.localhost"),
    ("FANAL_PUBLIC_URL", "https://localhost.localdomain"),
    ("FANAL_PUBLIC_URL", "https://127.0.0.1"),
    ("FANAL_PUBLIC_URL", "https://127.8.8.8:8000"),
    ("FANAL_PUBLIC_URL", "https://127.1"),
    ("FANAL_PUBLIC_URL", "https://2130706433"),
    ("FANAL_PUBLIC_URL", "https://0x7f000001"),
    ("FANAL_PUBLIC_URL", "https://0.0.0.0"),
    ("DATABASE_URL", "mysql://fanal:word@db.example.org/fanal"),
    ("DATABASE_URL", "postgres://fanal:wo#rd@db.example.org/fanal"),
    ("DATABASE_URL", "postgres://fanal:word@db.example.org"),
    ("DATABASE_URL", "postgres://fanal:word@db.example.org:port/fanal"),
    ("DATABASE_URL", "sqlite://:memory:"),
    ("DATABASE_URL", "fanal"),
    ("TWILIO_ACCOUNT_SID", "AC" + "0" * 32),
    ("TWILIO_ACCOUNT_SID", f"{ACCOUNT},AC" + "0" * 32),
    ("TWILIO_ACCOUNT_SID", "AC123"),
    ("TWILIO_AUTH_TOKEN", f"{TOKEN},{OLD}"),
    ("TWILIO_AUTH_TOKEN", f"{ACCOUNT}={TOKEN},{OLD},{THIRD}"),
    ("TWILIO_AUTH_TOKEN", f"{OTHER}={TOKEN}"),
    ("TWILIO_AUTH_TOKEN", f"{ACCOUNT}={TOKEN},{OTHER}={TOKEN}"),
    ("TWILIO_AUTH_TOKEN", f"{ACCOUNT}="),
    ("TWILIO_AUTH_TOKEN", f"{ACCOUNT}={TOKEN},{ACCOUNT}={OLD}"),
    ("TWILIO_AUTH_TOKEN", f"AC123={TOKEN}"),
    ("TWILIO_AUTH_TOKEN", "|"),
    ("TWILIO_AUTH_TOKEN", "x"),
    ("TWILIO_AUTH_TOKEN", "changeme"),
    ("TWILIO_AUTH_TOKEN", "a" * 32),
    ("TWILIO_AUTH_TOKEN", "0123456789abcdef" * 2),
    ("TWILIO_AUTH_TOKEN", "q7wzx4ktm2vnp9ch" + "f3a9c17e5b2d8046"),
    ("TWILIO_AUTH_TOKEN", f"{TOKEN}|changeme"),
    ("TWILIO_AUTH_TOKEN", f"{TOKEN[:31]}"),
    ("TWILIO_AUTH_TOKEN", f"{ACCOUNT}={TOKEN}|x"),
    ("TWILIO_API_KEY", "AC" + "1" * 32),
    ("TWILIO_SHARED_KEY", "only-an-id"),
    ("TWILIO_SHARED_KEY", "=word-of-it"),
    ("TWILIO_SHARED_KEY", "id="),
    ("TWILIO_SHARED_KEY", "SK1=a"),
    ("TWILIO_SHARED_KEY", f"SK1={SECRET[:31]}"),
    ("TWILIO_SHARED_KEY", "SK1=" + "a" * 40),
    ("TWILIO_SHARED_KEY", "SK1=" + "changeme" * 5),
    ("FANAL_DUTY_PHONE", "0770000000"),
    ("FANAL_DUTY_PHONE", "+"),
    ("FANAL_DUTY_PHONE", "+231"),
    ("FANAL_DUTY_PHONE", "+000000000000"),
    ("FANAL_FROM_EMAIL", "notices@localhost"),
    ("FANAL_FROM_EMAIL", "nobody"),
    ("FANAL_EMAIL_HOST", "https://mail.example.org"),
    ("FANAL_EMAIL_PORT", "smtp"),
    ("FANAL_EMAIL_PORT", "465"),
    ("FANAL_EMAIL_PORT", "70000"),
    ("FANAL_EMAIL_PASSWORD", "word-without-user"),
    ("FANAL_EMAIL_TLS", "yes"),
    ("FANAL_BIND", "256.0.0.1"),
    ("PORT", "0"),
    ("PORT", "http"),
    ("FANAL_WORKERS", "0"),
    ("FANAL_WORKERS", "many"),
    ("FANAL_LOCK_WAIT", "0"),
    ("FANAL_LOCK_WAIT", "3s"),
    ("FANAL_PROXIES", "-1"),
    ("FANAL_PROXIES", "one"),
    ("FANAL_SSL_REDIRECT", "on"),
    ("FANAL_DEMO", "1"),
    ("FANAL_DEBUG", "1"),
]


@pytest.mark.parametrize(("name", "value"), FAULTS)
def test_production_refuses_what_is_unsafe(name, value):
    code, words = start(**{name: value})

    told = [line for line in words.splitlines() if line.startswith((*SAFE, name))]
    assert code == 1
    assert [line.split(":")[0] for line in told] == [name]
    assert told[0].endswith(".")
    assert len(value) < 6 or value not in words


def test_nothing_that_was_set_is_said_again():
    """Whatever stands in the wrong place, a key in the place of an id for instance."""
    code, words = start(
        FANAL_SEAL_KEYS=f"*:{RANDOM}:k1", FANAL_SECRET_KEY=SECRET[:30], TWILIO_AUTH_TOKEN=f"{SECRET}=x",
        DATABASE_URL=f"postgres://fanal:{SECRET}@db:port/x", TWILIO_SHARED_KEY=SECRET, TWILIO_API_KEY=SECRET,
        TWILIO_API_SECRET=SECRET, FANAL_PUBLIC_URL=f"https://{SECRET}@x.example", FANAL_DUTY_PHONE=SECRET,
    )  # fmt: skip

    assert code == 1
    assert "FANAL_SEAL_KEYS: The id of seal key number 1" in words
    assert SECRET[:20] not in words
    assert RANDOM not in words


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"TWILIO_ACCOUNT_SID": f"{ACCOUNT},{OTHER}", "TWILIO_AUTH_TOKEN": f"{ACCOUNT}={TOKEN}"}, "TWILIO_AUTH_TOKEN"),
        ({"TWILIO_API_KEY": "SK" + "1" * 32}, "TWILIO_API_SECRET"),
        ({"TWILIO_API_SECRET": "word"}, "TWILIO_API_KEY"),
        ({"FANAL_EMAIL_USER": "fanal"}, "FANAL_EMAIL_PASSWORD"),
        (
            {"FANAL_EMAIL_HOST": "mail.example.org", "FANAL_EMAIL_USER": "fanal", "FANAL_EMAIL_PASSWORD": "word",
             "FANAL_EMAIL_TLS": "0"},
            "FANAL_EMAIL_TLS",
        ),
    ],
)  # fmt: skip
def test_production_refuses_what_is_unsafe_together(changed, name):
    code, words = start(**changed)

    assert code == 1
    assert f"\n{name}: " in words


@pytest.mark.parametrize(
    "changed",
    [
        {"TWILIO_AUTH_TOKEN": f"{TOKEN}|{OLD}"},
        {"TWILIO_AUTH_TOKEN": f"{ACCOUNT}={TOKEN}|{OLD.upper()},"},
        {
            "TWILIO_ACCOUNT_SID": f"{ACCOUNT}, {OTHER}",
            "TWILIO_AUTH_TOKEN": f"{ACCOUNT}={TOKEN}|{OLD}, {OTHER}={THIRD}",
        },
        {"TWILIO_ACCOUNT_SID": f"{ACCOUNT},{OTHER}", "TWILIO_AUTH_TOKEN": f"{TOKEN},{ACCOUNT}={OLD}"},
        {"FANAL_SEAL_KEYS": f"LR:2026-11:{RANDOM},*:k2:{RANDOM},index:k1:{RANDOM}"},
        {"FANAL_PUBLIC_URL": "https://help.example.org:8443/"},
        {"FANAL_PUBLIC_URL": "https://203.0.113.7"},
        {"TWILIO_API_KEY": "SK" + "a1" * 16, "TWILIO_API_SECRET": "word", "TWILIO_SHARED_KEY": f"id={SECRET[:32]}=b"},
        {"FANAL_FROM_EMAIL": "Fanal <notices@help.example.org>", "FANAL_EMAIL_TLS": "", "FANAL_PROXIES": "0"},
        {"FANAL_BIND": "::1", "PORT": "", "FANAL_LOCK_WAIT": "3", "FANAL_EMAIL_HOST": "10.0.0.2"},
        {"DATABASE_URL": "postgres:///fanal", "FANAL_SECRET_KEY": "0f9e8d7c6b5a4938" + "271605f4e3d2c1b0" + "ac" * 15},
    ],
)
def test_production_takes_what_is_documented(changed):
    assert start(**changed) == (0, "")


def test_production_starts_with_the_form_filled_in():
    form = (settings.BASE_DIR / ".env.example").read_text("utf-8")
    filled = dict(re.findall(r"^([A-Z_]+)=(.*)$", form, re.MULTILINE)) | SAFE | {"FANAL_DEMO": "0", "PYTHON": ""}

    said = run("import cms.settings.production", **filled)

    assert (said.returncode, said.stderr) == (0, "")


def test_the_form_makes_keys_that_production_takes():
    form = (settings.BASE_DIR / ".env.example").read_text("utf-8")
    made = {
        name: run(re.search(rf"^# {name}.*?python3 -c '(.*?)'$", form, re.MULTILINE | re.DOTALL)[1]).stdout.strip()
        for name in ("FANAL_SECRET_KEY", "FANAL_SEAL_KEYS")
    }

    assert start(**made) == (0, "")


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
