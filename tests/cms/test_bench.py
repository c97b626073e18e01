"""The bench: one line that says what to do where there is nothing to measure, and no trace where there is."""

import contextlib
import io
import os
import signal
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone
from wagtail.models import Site

from cms import bench, scratch
from cms.models import FrontPage
from hotline import queries
from hotline.actions import inbox
from hotline.models import Contact, Line
from hotline.queries.heartbeat import forget_heartbeat
from hotline.telephony.providers import SIMULATED_ACCOUNT
from training.actions import load_course


def test_a_database_that_was_never_migrated_is_told_in_one_line(tmp_path):
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'new.sqlite3'}", "FANAL_VAR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "cms.settings.dev",
    }  # fmt: skip
    command = [sys.executable, "manage.py", "bench", "--turns", "1"]

    done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[1:] == []
    assert "run ./fanal demo once" in done.stderr


@pytest.mark.django_db(transaction=True)
def test_a_database_without_lessons_is_told_the_same(monkeypatch):
    monkeypatch.setattr("cms.bench.MigrationExecutor.migration_plan", lambda self, targets: [])

    with pytest.raises(CommandError, match="run ./fanal demo once"):
        call_command("bench", turns=1)


@pytest.fixture
def measured(transactional_db, root, liberia, person, monkeypatch):
    """What a measurement needs: two lessons, a learner and a line. Nothing of the copy stays in memory."""
    monkeypatch.setattr("cms.bench.MigrationExecutor.migration_plan", lambda self, targets: [])
    front = root.add_child(instance=FrontPage(title="Fanal", slug="fanal", heading_en="Fanal"))
    Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "testserver", "root_page": front})
    with transaction.atomic():
        load_course(settings.BASE_DIR / "training" / "content" / "judicial", front, by="test", at=timezone.now())
    person("learner", country=liberia)
    Line.objects.create(
        country=liberia, name="Line", number="2883", numbers="2883", account=SIMULATED_ACCOUNT, language_keys="1:en 2:fr",
        duty_phone="+231770001111", other_number="116", is_practice=True, is_free=True,
    )  # fmt: skip
    yield
    queries.forget_lines()
    inbox.forget_month_keys()
    forget_heartbeat()


def rows():
    """Return how many rows each table of the database has."""
    found = {}
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{name}"')  # noqa: S608 -- our own names
            found[name] = cursor.fetchone()[0]
    return found


def watched(monkeypatch, look):
    """Let `look` see each answer and how many contacts there are where it was written."""
    real = bench.ask

    def ask(*args, **more):
        answer = real(*args, **more)
        look(answer, Contact.objects.count())
        return answer

    monkeypatch.setattr("cms.bench.ask", ask)


def test_the_database_is_left_as_it_was_found(measured, monkeypatch):
    before, seen = rows(), []
    watched(monkeypatch, lambda answer, contacts: seen.append((answer.status, contacts)))
    out = io.StringIO()

    with contextlib.suppress(SystemExit):  # a busy machine goes over a budget
        call_command("bench", turns=2, stdout=out)

    assert "voice webhook, key in the language menu: queries" in out.getvalue()
    assert seen[-1] == ("200 OK", 1 + bench.WARM_UP + 2 + 1)
    assert before["hotline_contact"] == 0
    assert rows() == before
    assert list(settings.VAR_DIR.glob("bench-*")) == []


@pytest.fixture
def interruptible():
    """Let SIGINT interrupt, also where a suite that runs in the background was started deaf to it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("way", [signal.SIGINT, signal.SIGTERM])
def test_the_same_when_it_is_ended_halfway(measured, monkeypatch, interruptible, way):
    before, handler = rows(), signal.getsignal(signal.SIGTERM)
    watched(monkeypatch, lambda answer, contacts: contacts == 5 and os.kill(os.getpid(), way))

    with pytest.raises((KeyboardInterrupt, SystemExit)):
        call_command("bench", turns=2)

    assert rows() == before
    assert list(settings.VAR_DIR.glob("bench-*")) == []
    assert signal.getsignal(signal.SIGTERM) == handler


def test_a_connection_that_was_lost_never_leads_back_into_the_database(measured):
    before = rows()

    def measure():
        Line.objects.all().delete()
        connection.close()
        Line.objects.all().delete()

    with pytest.raises(scratch.ConnectionLost), scratch.copied():
        measure()

    assert rows() == before


def test_a_page_that_lost_the_copy_ends_the_measurement(measured, monkeypatch):
    """A page says 500 and the next one would be measured; no figure is printed of it."""
    before = rows()
    real = bench.ask
    monkeypatch.setattr("cms.bench.ask", lambda *args, **more: (connection.close(), real(*args, **more))[1])

    with pytest.raises(CommandError, match="Run ./fanal bench again"):
        call_command("bench", turns=1)

    assert rows() == before
