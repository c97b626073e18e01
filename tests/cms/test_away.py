"""The database is away or locked: 503, when to try again, and the numbers that still work."""

import datetime as dt
import os
import sqlite3
import subprocess
import sys

import pytest
from django.conf import settings as site
from django.core.cache import cache
from django.db import IntegrityError, InterfaceError, OperationalError, connection
from django.utils import translation

from accounts.models import PublicContact
from cms import away, health, worker
from hotline.models import Line

DUTY = "+231770009999"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    settings.DUTY_PHONE = DUTY


@pytest.fixture
def numbers(liberia, at):
    """Liberia's free line and its police, written down; Haiti has the police only."""
    liberia.name_fr = "Libéria"
    liberia.save()
    Line.objects.create(
        country=liberia, name="Line", number="2883", numbers="2883", account="AC" + "0" * 32, language_keys="1:en",
        duty_phone="+231770001111", other_number="116", is_practice=True, is_free=True,
    )  # fmt: skip
    PublicContact.objects.create(country=liberia, kind="police", name="Police", number="911")
    PublicContact.objects.create(country=liberia, kind="labour", name="Labour office", number="555")
    haiti = type(liberia).objects.create(
        code="HT", name="Haiti", slug="haiti", language_codes="ht", time_zone="America/Port-au-Prince"
    )
    PublicContact.objects.create(country=haiti, kind="police", name="Police", number="114")
    away.keep_numbers(at)


def stopped(*args, **kwargs):
    raise OperationalError("connection refused")


@pytest.fixture
def stop():
    """Return a function that stops the database: every statement of the test fails from then on."""
    with pytest.MonkeyPatch.context() as patch:
        yield lambda: patch.setattr("django.db.backends.utils.CursorWrapper.execute", stopped)


@pytest.fixture
def no_database(numbers, client, stop):
    """A browser whose server has lost its database."""
    client.raise_request_exception = False
    cache.clear()
    stop()
    return client


def test_page_says_when_to_try_again_and_shows_the_numbers_of_the_country(no_database):
    answer = no_database.get("/en/liberia/?a=1")

    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "30", "no-store")
    assert "These pages are away for a moment" in page
    assert 'href="tel:2883"' in page
    assert 'href="tel:911"' in page
    assert "free from any phone" in page
    assert "Practice line, no real calls" in page
    assert 'href="/en/liberia/?a=1"' in page
    assert not any(other in page for other in ("114", "555", "231770"))


def test_page_of_no_country_shows_every_country_in_the_readers_language(no_database):
    page = no_database.get("/fr/learn/").content.decode()

    assert '<html lang="fr" dir="ltr">' in page
    assert "Libéria" in page
    assert 'href="tel:2883"' in page
    assert "Haiti" in page
    assert 'href="tel:114"' in page


def test_page_reads_from_right_to_left(no_database):
    assert '<html lang="ar" dir="rtl">' in no_database.get("/ar/liberia/").content.decode()


def test_signed_in_person_and_form_get_the_same_answer(numbers, sign_in, person, liberia, stop):
    client = sign_in(person("operator", country=liberia))
    client.raise_request_exception = False
    stop()

    assert client.get("/en/console/").status_code == 503
    assert client.post("/en/console/state/", {"state": "ready"}).status_code == 503


@pytest.mark.parametrize("address", ["/api/progress/", "/api/attendance/"])
def test_a_phone_that_sends_is_told_as_json_when_to_try_again(numbers, sign_in, person, liberia, stop, address):
    client = sign_in(person("learner", country=liberia))
    client.raise_request_exception = False
    stop()

    for answer in (client.get(address), client.post(address, "{}", content_type="application/json")):
        assert (answer.status_code, answer["Retry-After"]) == (503, "30")
        assert "no-store" in answer["Cache-Control"]
        assert answer.json() == {"detail": "away"}


def test_page_without_kept_numbers_still_answers(no_database, tmp_path):
    (tmp_path / "numbers.json").write_text("{", "utf-8")

    page = no_database.get("/en/liberia/").content.decode()

    assert "emergency number now" in page
    assert "tel:" not in page


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OperationalError("lock timeout"), 503), (InterfaceError("connection already closed"), 503),
        (IntegrityError("twice"), 500), (ValueError("ours"), 500),
    ],
)  # fmt: skip
def test_only_a_database_that_is_away_is_told_as_such(db, client, monkeypatch, error, status):
    def fail(*args):
        raise error

    client.raise_request_exception = False
    monkeypatch.setattr("cms.views.offered", fail)

    assert client.get("/en/languages/").status_code == status


def test_wrong_statement_on_sqlite_stays_our_mistake():
    with pytest.raises(sqlite3.OperationalError) as caught:
        sqlite3.connect(":memory:").execute("SELECT * FROM nothing")
    error = OperationalError(str(caught.value))
    error.__cause__ = caught.value

    assert not away.is_away(error)


def test_locked_sqlite_is_away(tmp_path):
    with sqlite3.connect(tmp_path / "a.sqlite3") as holder:
        holder.execute("CREATE TABLE a (b)")
        holder.commit()
        holder.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError) as caught:
            sqlite3.connect(tmp_path / "a.sqlite3", timeout=0).execute("SELECT * FROM a")
    error = OperationalError(str(caught.value))
    error.__cause__ = caught.value

    assert away.is_away(error)


def test_error_that_came_of_the_database_counts_too():
    error = RuntimeError("rendering failed")
    error.__context__ = OperationalError("gone")

    assert away.is_away(error)
    assert not away.is_away(RuntimeError("ours"))


def test_worker_keeps_the_numbers_each_minute(numbers, liberia, at, tmp_path):
    assert away.keep_numbers in worker.jobs()
    Line.objects.update(number="116")
    file = tmp_path / "numbers.json"
    written = dt.datetime.fromtimestamp(file.stat().st_mtime, dt.UTC)

    assert away.keep_numbers(written + dt.timedelta(seconds=50)) == 0
    assert away.known()[1].line == "2883"
    assert away.keep_numbers(written + dt.timedelta(seconds=70)) == 1
    assert [one.line for one in away.known()] == ["", "116"]
    assert [one.name for one in tmp_path.iterdir()] == ["numbers.json"]


def test_a_folder_that_is_not_there_yet_is_made(numbers, at, settings, tmp_path):
    settings.VAR_DIR = tmp_path / "var" / "of a first start"

    assert away.keep_numbers(at) == 1
    assert {one.slug for one in away.known()} == {"liberia", "haiti"}


def test_start_without_a_database_is_no_fault(db, at, monkeypatch, tmp_path):
    monkeypatch.setattr("cms.away.published", stopped)

    away.keep_at_start(at)

    assert not (tmp_path / "numbers.json").exists()


def test_readyz_says_so_in_its_own_form(no_database):
    answer = no_database.get("/readyz")

    assert (answer.status_code, answer.json()) == (503, {"status": "not ready"})
    assert [fault.code for fault in health.faults()] == ["database"]


@pytest.mark.parametrize("error", [OperationalError("lock timeout"), InterfaceError("closed")])
def test_table_that_is_locked_is_not_ready(db, client, monkeypatch, error):
    def locked(*args, **kwargs):
        raise error

    monkeypatch.setattr("cms.health.Line.objects.only", locked)

    assert client.get("/readyz").status_code == 503
    assert [fault.code for fault in health.faults()] == ["locked"]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL locks rows, SQLite everything")
def test_whoever_holds_the_lock_of_all_writers_is_seen(tmp_path):
    """Asked of a process of its own, on a file: a step of a call would wait there too, and then ring the duty phone."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "cms.settings.dev", "FANAL_VAR": str(tmp_path), "FANAL_LOCK_WAIT": "1",
        "DATABASE_URL": f"sqlite:///{tmp_path}/fanal.sqlite3",
    }  # fmt: skip

    said = subprocess.run(
        [sys.executable, "-c", LOCKED], env=environment, cwd=site.BASE_DIR, capture_output=True, text=True, check=True
    )

    assert said.stdout.split() == ["free", "locked", "free"]


LOCKED = """
import sqlite3
import django
django.setup()
from django.conf import settings
from django.db import connection
from accounts.models import Country
from cms import health
from hotline.models import Line

with connection.schema_editor() as editor:
    editor.create_model(Country)
    editor.create_model(Line)
health.CHECKS = (health._lines,)
other = sqlite3.connect(settings.DATABASES["default"]["NAME"], isolation_level=None)
def say():
    print(*[fault.code for fault in health.faults()] or ["free"])
say()
other.execute("BEGIN IMMEDIATE")
say()
other.execute("ROLLBACK")
say()
"""


def test_changed_line_or_number_is_written_down_as_soon_as_it_is_stored(numbers, django_capture_on_commit_callbacks):
    line = Line.objects.get()

    with django_capture_on_commit_callbacks(execute=True):
        line.is_free = False
        line.save()
        PublicContact.objects.filter(number="911").first().delete()
    liberia = away.known()[1]

    assert (liberia.line, liberia.is_free, liberia.police) == ("2883", False, [])


def test_number_that_cannot_be_written_down_stops_no_change(numbers, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr("cms.away.published", stopped)

    with django_capture_on_commit_callbacks(execute=True):
        Line.objects.get().save()

    assert away.known()[1].line == "2883"


@pytest.mark.parametrize("is_free", [True, False])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_page_follows_a_line_that_is_free_or_not(
    numbers, client, stop, language, is_free, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        line = Line.objects.get()
        line.is_free = is_free
        line.save()
    with translation.override(language):
        free = translation.gettext("free from any phone")
    client.raise_request_exception = False
    cache.clear()
    stop()

    page = client.get(f"/{language}/liberia/").content.decode()

    assert 'href="tel:2883"' in page
    assert (free in page) is is_free
