"""SQLite kept locked by another process: the first callers wait as long as we wait for anybody, the next a moment only."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from django.test import Client

from hotline.actions import patience
from hotline.models import Contact
from tests.hotline.conftest import Network

pytestmark = [
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL locks rows, and gives up by itself"),
    pytest.mark.django_db(transaction=True),
]
USUAL, SHORT = "PRAGMA busy_timeout = 700", f"PRAGMA busy_timeout = {patience.SHORT_WAIT}"


@pytest.fixture
def elsewhere(line, clock, tmp_path, monkeypatch):
    """The database as a file, which each new thread opens; returns a connection of another program to it."""
    monkeypatch.setattr(patience, "_short_until", 0.0)
    monkeypatch.setattr("hotline.queries.lines.KEPT_SECONDS", 3600.0)
    path = tmp_path / "locked.sqlite3"
    other = sqlite3.connect(path, isolation_level=None)
    connection.connection.backup(other)
    other.execute("PRAGMA journal_mode=WAL")
    options = connection.settings_dict["OPTIONS"] | {"timeout": 0.7}
    monkeypatch.setitem(connections.settings, "default", connection.settings_dict | {"NAME": path, "OPTIONS": options})
    yield other
    other.close()


def call(_number=0):
    """Make the first request of a new call; return its answer and the waits that were set for it."""
    waits = []

    def note(execute, sql, *rest):
        if "busy_timeout" in sql:
            waits.append(sql)
        return execute(sql, *rest)

    try:
        with connection.execute_wrapper(note):
            reply = Network(Client()).call()
    finally:
        connections.close_all()
    return reply.status, reply.headers.get("X-Fanal-Degraded"), reply.document.find("Dial/Number") is not None, waits


def test_after_one_waited_in_vain_the_next_wait_a_moment_until_one_gets_through(elsewhere):
    with ThreadPoolExecutor(1) as one, ThreadPoolExecutor(8) as threads:
        elsewhere.execute("BEGIN IMMEDIATE")
        first = one.submit(call).result()
        crowd = list(threads.map(call, range(12)))
        elsewhere.execute("ROLLBACK")
        through, after = one.submit(call).result(), one.submit(call).result()
        made = one.submit(lambda: (Contact.objects.count(), connections.close_all())[0]).result()

    assert first == (200, "1", True, [])
    assert crowd == [(200, "1", True, [SHORT, USUAL])] * 12
    assert through == (200, None, False, [SHORT, USUAL])
    assert after == (200, None, False, [])
    assert made == 2


def test_what_was_remembered_is_forgotten_after_a_while(elsewhere, monkeypatch):
    with ThreadPoolExecutor(1) as one:
        elsewhere.execute("BEGIN IMMEDIATE")
        one.submit(call).result()
        monkeypatch.setattr(patience, "_short_until", patience._short_until - patience.REMEMBERED)
        late = one.submit(call).result()
        elsewhere.execute("ROLLBACK")

    assert late == (200, "1", True, [])
