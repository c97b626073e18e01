"""What a profile sets on its own connection to SQLite."""

import json

import pytest

from tests.cms.production import SAFE, run

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
