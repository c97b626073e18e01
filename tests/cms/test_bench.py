"""The bench: one line that says what to do where there is nothing to measure, and no trace where there is."""

import contextlib
import io
import os
import re
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from cms import bench, bench_growth, scratch
from hotline.models import Contact
from tests.cms.measuring import AT, measured, rows

__all__ = ["measured"]


@pytest.mark.parametrize("what", [["--turns", "1"], ["--calls", "8", "--seconds", "1"]])
def test_a_database_that_was_never_migrated_is_told_in_one_line(tmp_path, what):
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'new.sqlite3'}", "FANAL_VAR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "cms.settings.dev",
    }  # fmt: skip
    command = [sys.executable, "manage.py", "bench", *what]

    done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[1:] == []
    assert "run ./fanal demo once" in done.stderr


@pytest.mark.django_db(transaction=True)
def test_a_database_without_lessons_is_told_the_same(monkeypatch):
    monkeypatch.setattr("cms.bench.MigrationExecutor.migration_plan", lambda self, targets: [])

    with pytest.raises(CommandError, match="run ./fanal demo once"):
        call_command("bench", turns=1)


def figures_of(text):
    """Return the two values and the ratio of each printed figure, by its name."""
    printed = re.findall(r"^(?:ok|OVER) +(\S.*?) {2,}([\d.]+) +([\d.]+) +([\d.]+)", text, re.MULTILINE)
    return {name: tuple(map(float, values)) for name, *values in printed}


def watched(monkeypatch, look):
    """Let `look` see each answer and how many contacts there are where it was written."""
    real = bench.ask

    def ask(*args, **more):
        answer = real(*args, **more)
        look(answer, Contact.objects.count())
        return answer

    monkeypatch.setattr("cms.bench.ask", ask)


@pytest.mark.long
def test_the_database_is_left_as_it_was_found(measured, monkeypatch):
    before, seen = rows(), []
    watched(monkeypatch, lambda answer, contacts: seen.append((answer.status, contacts)))
    out = io.StringIO()

    with contextlib.suppress(SystemExit):  # a busy machine goes over a budget
        call_command("bench", turns=2, officials=0, stdout=out)

    assert "voice webhook, key in the language menu: queries" in out.getvalue()
    assert seen[-1] == ("200 OK", 10 + 1 + bench.WARM_UP + 2 + 1)
    assert before["hotline_contact"] == 1
    assert rows() == before
    assert list(settings.VAR_DIR.glob("bench-*")) == []


@pytest.mark.long
@pytest.mark.either
def test_each_figure_is_printed_at_both_sizes_with_their_ratio(measured):
    out = io.StringIO()

    with contextlib.suppress(SystemExit):  # a busy machine goes over a budget
        call_command("bench", turns=1, times=3, officials=0, stdout=out)

    found = figures_of(out.getvalue())
    pages = ("table of completion", "call log", "list of cases", "work list", "console poll, nothing new", "roster",
             "console", "list of pathways")  # fmt: skip
    assert "1× rows    3× rows  ratio" in out.getvalue()
    lessons = ("lesson, signed in", "first lesson, cold")
    over = {f"{one}, {code}, memory over: queries" for one in lessons for code in ("en", "ar")}
    assert {name for name in found if name.endswith(("queries", "CPU"))} == over | {
        f"{what}: {how}"
        for what in (*pages, "console poll, parts anew", "lesson, signed in, en", "lesson, signed in, ar",
                     "voice webhook, first request", "voice webhook, key in the language menu",
                     "catalogue, signed in", "course, signed in", "my learning, signed in")
        for how in ("queries", "CPU")
    } | {"sending of 50 events: CPU", "drawing of 300 steps: CPU"} | {
        f"sending of 50 {marks}: {how}" for marks in ("ticks", "ticks taken back") for how in ("queries", "CPU")
    }  # fmt: skip
    for name, (once, grown, ratio) in found.items():
        assert ratio == pytest.approx(grown / once, abs=0.006), name
        assert grown == once or not name.endswith("queries"), name
    assert found["console poll, nothing new: queries"][0] < found["console poll, parts anew: queries"][0]


def test_the_poll_is_measured_the_same_whether_somebody_waits_or_not(measured):
    def poll():
        bench_growth._forget()
        with scratch.copied():
            application = bench_growth.get_wsgi_application()
            figures = bench_growth._page_figures(application, 1)
        return [figure.value for figure in figures if figure.name == "console poll, parts anew: queries"]

    Contact.objects.update(state="ended", ended_at=AT)
    without = poll()
    Contact.objects.update(state="waiting", ended_at=None, queued_at=AT)
    waiting = poll()

    assert without == waiting != []
    assert Contact.objects.get().queued_at == AT


def test_the_count_of_a_page_does_not_hang_on_when_it_was_opened_last(measured):
    cookie = bench_growth.cookie_of("supervisor", "LR")

    def open_log():
        return bench.ask(bench_growth.get_wsgi_application(), "/en/calls/", cookie=cookie)

    bench_growth.heard_here(timezone.now() + timedelta(hours=1))
    open_log()
    most, usual = set(), set()
    for first in (open_log, bench.expire):
        first()
        most.add(bench.most_statements(open_log))
        first()
        usual.add(bench.usual_statements(open_log))

    assert (len(most), len(usual)) == (1, 1)
    assert min(usual) < min(most)


def test_bytes_are_the_largest_of_several_draws_in_tenths_of_a_kilobyte():
    draws = iter([15200, *[15100] * (bench.DRAWS - 1)])

    assert bench.kilobytes(lambda: next(draws)) == 14.9
    assert next(draws, None) is None
    assert bench.kilobytes(lambda: 1024) == 1.0
    assert bench.kilobytes(lambda: 1025) == 1.1


@pytest.mark.parametrize(("once", "grown", "holds"), [(3, 3, True), (3, 4, False), (9, 9, False), (9, 3, False)])
def test_a_budget_holds_at_both_sizes_and_more_rows_need_no_statement_more(once, grown, holds):
    pair = bench_growth.Growth(*(bench.Figure("page: queries", value, "", 8) for value in (once, grown)))

    assert pair.holds is holds


@pytest.mark.either
def test_a_page_that_does_not_open_is_named_and_not_measured(measured, monkeypatch):
    monkeypatch.setattr("cms.bench_growth.PAGES", (("log", "hotline:call_log", "manager"),))

    with pytest.raises(CommandError, match="/en/calls/ 404"):
        call_command("bench", turns=1)


@pytest.fixture
def interruptible():
    """Let SIGINT interrupt, also where a suite that runs in the background was started deaf to it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("way", [signal.SIGINT, signal.SIGTERM])
def test_the_same_when_it_is_ended_halfway(measured, monkeypatch, interruptible, way):
    before, handler = rows(), signal.getsignal(signal.SIGTERM)
    watched(monkeypatch, lambda answer, contacts: contacts == 6 and os.kill(os.getpid(), way))

    with pytest.raises((KeyboardInterrupt, SystemExit)):
        call_command("bench", turns=2)

    assert rows() == before
    assert list(settings.VAR_DIR.glob("bench-*")) == []
    assert signal.getsignal(signal.SIGTERM) == handler


def test_a_connection_that_was_lost_never_leads_back_into_the_database(measured):
    before = rows()

    def measure():
        Contact.objects.all().delete()
        connection.close()
        Contact.objects.all().delete()

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


@pytest.mark.parametrize(("grown", "holds"), [(13, True), (14, False)])
def test_a_figure_may_grow_no_steeper_than_its_budget_says(grown, holds):
    pair = (bench.Figure("page: clock", value, "ms", 300) for value in (10, grown))

    assert bench_growth.Growth(*pair, steepest=1.3).holds is holds
