"""Production starts with what it needs, and refuses in words that give nothing away; what is read is explained."""

import re

import pytest
from django.conf import settings

from cms.settings import demands
from tests.cms.production import RANDOM, SAFE, SECRET, run, start


def test_production_starts_with_everything_set():
    assert start() == (0, "")


@pytest.mark.parametrize(("name", "value"), [("FANAL_SECRET_KEY", None), ("PORT", "http"), ("FANAL_DEMO", "1")])
def test_production_refuses_one_fault_among_what_is_right(name, value):
    code, words = start(**{name: value})

    assert code == 1
    assert f"Fanal cannot start in production:\n{name}: " in words


def test_production_names_every_variable_that_is_wrong():
    """Each one set to what no judge takes, or taken out: all are told at once, each in its one line."""
    wrong = dict.fromkeys(demands.JUDGES, "?") | {"TWILIO_API_KEY": "SK" + "1" * 32, "TWILIO_API_SECRET": None}
    code, words = start(**wrong | {"FANAL_DEMO": "1", "FANAL_DEBUG": "1"})

    told = [line.split(":")[0] for line in words.splitlines() if line.split(":")[0] in demands.JUDGES]
    assert code == 1
    assert told == [name for name in demands.JUDGES if name != "TWILIO_API_KEY"]


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


def test_production_starts_with_the_form_filled_in():
    form = (settings.BASE_DIR / ".env.example").read_text("utf-8")
    filled = dict(re.findall(r"^([A-Z_]+)=(.*)$", form, re.MULTILINE)) | SAFE | {"PYTHON": ""}

    assert filled["DJANGO_SETTINGS_MODULE"] == "cms.settings.production"
    said = run("import cms.settings.production", **filled)

    assert (said.returncode, said.stderr) == (0, "")


def test_the_form_makes_keys_that_production_takes():
    form = (settings.BASE_DIR / ".env.example").read_text("utf-8")
    made = {
        name: run(re.search(rf"^# {name}.*?python3 -c '(.*?)'$", form, re.MULTILINE | re.DOTALL)[1]).stdout.strip()
        for name in ("FANAL_SECRET_KEY", "FANAL_SEAL_KEYS")
    }

    assert start(**made) == (0, "")


@pytest.mark.parametrize(("value", "is_on"), [(None, False), ("", False), ("0", False), ("1", True)])
def test_the_demos_switches_are_on_only_where_they_are_asked_for(value, is_on):
    words = "from cms.settings import dev as s; print(s.DEMO, s.DEMO_SIGN_IN, s.SIMULATOR, s.KEEPS_LETTERS)"

    said = run(
        words, DJANGO_SETTINGS_MODULE="cms.settings.dev", **({} if value is None else {"FANAL_DEMO": value})
    ).stdout.split()

    assert said == [str(is_on)] * 4


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
# cms.wsgi tells the settings that this process serves the web; the test profile alone reads where its database stays.
SET_BY_ITSELF = {"FANAL_TEST_DATABASE", "FANAL_WEB"}


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
