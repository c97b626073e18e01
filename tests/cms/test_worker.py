"""The worker's parts: what hangs in one holds up no other, each says that it is alive, and all end when asked."""

import datetime as dt
import os
import signal
import threading
import time

import pytest
from django.utils import timezone

from accounts import tasks as accounts
from accounts.actions import STOP
from cms import health, worker
from cms.models import Heartbeat
from hotline import tasks as hotline
from hotline.models import SweepMark
from hotline.queries import heartbeat
from languages import tasks as languages
from referral import tasks as referral
from training import tasks as training

SOON = 5.0


@pytest.fixture
def hanging(monkeypatch):
    """A worker of two parts without rows: in "letters" a job hangs until it is let go, in "line" one counts its turns."""
    let_go, in_it, turns = threading.Event(), threading.Event(), threading.Semaphore(0)

    def wait(at):
        in_it.set()
        let_go.wait(30)
        return 0

    def count(at):
        in_it.wait(SOON)
        turns.release()
        return 0

    monkeypatch.setattr(worker, "parts", lambda: [worker.Part("letters", (wait,)), worker.Part("line", (count,))])
    monkeypatch.setattr(worker, "beat", lambda name, at: None)
    monkeypatch.setattr(worker, "PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(worker, "GRACE_SECONDS", 0.2)
    yield turns
    STOP.set()
    let_go.set()
    for thread in threading.enumerate():
        if thread.name in {"letters", "line"}:
            thread.join(SOON)
    STOP.clear()


def in_background():
    ending = threading.Thread(target=worker.run)
    ending.start()
    return ending


def test_a_letter_that_hangs_holds_up_no_call(hanging):
    ending = in_background()

    done = [hanging.acquire(timeout=SOON) for _turn in range(3)]
    STOP.set()
    ending.join(SOON)

    assert done == [True, True, True]
    assert not ending.is_alive()


def test_a_signal_ends_every_part(hanging):
    kept = {name: signal.getsignal(name) for name in (signal.SIGINT, signal.SIGTERM)}
    threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGTERM)).start()
    begun = time.monotonic()

    try:
        worker.run()
    finally:
        for name, handler in kept.items():
            signal.signal(name, handler)

    assert time.monotonic() - begun < SOON
    assert "line" not in {thread.name for thread in threading.enumerate()}


def test_a_part_that_ends_by_itself_ends_the_worker(hanging, monkeypatch):
    monkeypatch.setattr(worker.Runner, "go_on", lambda self: None)

    with pytest.raises(SystemExit) as ended:
        worker._watch([worker._thread(part) for part in worker.parts()])

    assert ended.value.code == 1


def test_every_job_of_every_room_is_in_one_part():
    rooms = (hotline, referral, accounts, training, languages)
    wanted = {job for room in rooms for job in room.JOBS} | {worker.away.keep_numbers, *worker.PLANNED}

    assert len(worker.jobs()) == len(wanted)
    assert set(worker.jobs()) == wanted
    assert {part.name for part in worker.parts()} == set(health.SILENCE)


def test_readyz_tells_which_part_is_silent(db):
    for name in health.SILENCE:
        worker.beat(name, timezone.now())
    assert health._worker() == []

    Heartbeat.objects.filter(name="letters").update(at=timezone.now() - dt.timedelta(minutes=4))
    assert "letters" in health._worker()[0].words
    SweepMark.objects.filter(kind=heartbeat.KIND).update(mark_at=timezone.now() - dt.timedelta(seconds=31))
    assert "Start ./fanal worker." in health._worker()[0].words


def test_readyz_takes_no_sign_from_the_future_for_life(db):
    for name in health.SILENCE:
        worker.beat(name, timezone.now())

    SweepMark.objects.filter(kind=heartbeat.KIND).update(mark_at=timezone.now() + dt.timedelta(hours=1))
    assert "Start ./fanal worker." in health._worker()[0].words
    Heartbeat.objects.filter(name="letters").update(at=timezone.now() + dt.timedelta(hours=1))
    worker.beat("line", timezone.now())
    assert "letters" in health._worker()[0].words


def test_a_job_that_fails_stops_no_other_and_the_part_is_heard(db, monkeypatch):
    def broken(at):
        raise ZeroDivisionError

    monkeypatch.setattr(worker, "close_old_connections", lambda: None)  # the connection is this test's own

    assert worker.Runner(worker.Part("house", (broken, lambda at: 2))).turn() == 2
    assert Heartbeat.objects.filter(name="house").exists()
