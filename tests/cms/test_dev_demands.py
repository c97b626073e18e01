"""What the demo and development say of a variable that is set and cannot be read: one line, before anything is begun."""

import pytest

from cms.settings.dev_demands import refusal
from tests.cms.production import RANDOM
from tests.cms.test_script import fanal

FAULTS = [
    ("DJANGO_SETTINGS_MODULE", "nope"),
    ("DJANGO_SETTINGS_MODULE", "nope.settings"),
    ("DJANGO_SETTINGS_MODULE", "cms.settings.prod"),
    ("DATABASE_URL", "sqlite"),
    ("DATABASE_URL", "sqlite://:memory:"),
    ("DATABASE_URL", "mysql://x"),
    ("FANAL_SEAL_KEYS", "garbage"),
    ("FANAL_SEAL_KEYS", f"LR:k1:{RANDOM}"),
    ("FANAL_PUBLIC_URL", "http://[::1]:8599/x"),
    ("FANAL_PUBLIC_URL", "http://[::1]:8599"),
    ("FANAL_PUBLIC_URL", "http://[::1"),
    ("FANAL_PUBLIC_URL", "http://127.0.0.1:8599/x"),
    ("FANAL_PUBLIC_URL", "http://127.0.0.1:0"),
    ("FANAL_PUBLIC_URL", "http://127.0.0.1:port"),
    ("FANAL_PUBLIC_URL", "127.0.0.1:8599"),
    ("FANAL_PUBLIC_URL", "ftp://help.example.org"),
]
SOUND = [
    {},
    {"DJANGO_SETTINGS_MODULE": "cms.settings.dev", "DATABASE_URL": "", "FANAL_SEAL_KEYS": "", "FANAL_PUBLIC_URL": ""},
    {"DJANGO_SETTINGS_MODULE": "cms.settings.test", "DATABASE_URL": "postgres://fanal@127.0.0.1:5433/postgres"},
    {"DATABASE_URL": "sqlite:////tmp/fanal.sqlite3", "FANAL_SEAL_KEYS": f"*:k1:{RANDOM}"},
    {"FANAL_PUBLIC_URL": "http://127.0.0.1:8599"},
    {"FANAL_PUBLIC_URL": "https://Demo.example.org/"},
]


@pytest.mark.parametrize(("name", "value"), FAULTS)
def test_what_cannot_be_read_is_told_in_one_line(name, value):
    first, *rest = refusal({name: value}).splitlines()

    assert first == "Fanal cannot start:"
    assert [line.partition(": ")[0] for line in rest] == [name]
    assert rest[0].endswith(".")


def test_nothing_that_was_set_is_said_again():
    secrets = {name: f"{name}-wordofmine" for name in ("DATABASE_URL", "FANAL_SEAL_KEYS", "FANAL_PUBLIC_URL")}

    words = refusal(secrets)

    assert [name in words for name in secrets] == [True] * 3
    assert "wordofmine" not in words


@pytest.mark.parametrize("environment", SOUND)
def test_what_can_be_read_and_what_is_not_set_is_taken(environment):
    assert refusal(environment) == ""


@pytest.mark.parametrize("verb", ["demo", "setup", "worker"])
def test_the_script_says_it_without_a_traceback_and_makes_nothing(tmp_path, verb):
    code, out, words = fanal(verb, tmp_path, DATABASE_URL="mysql://x", FANAL_SEAL_KEYS="garbage")

    assert (code, out) == (1, "")
    assert [line.partition(":")[0] for line in words.splitlines()] == [
        "Fanal cannot start", "DATABASE_URL", "FANAL_SEAL_KEYS",
    ]  # fmt: skip
    assert not (tmp_path / "var").exists()


def test_the_worker_says_once_that_the_database_is_empty(tmp_path):
    code, _out, words = fanal("worker", tmp_path)

    assert code == 1
    assert words.splitlines() == [
        "CommandError: The database is empty, so the worker has nothing to do. Run ./fanal setup (or ./fanal demo),"
        " then start the worker again."
    ]
