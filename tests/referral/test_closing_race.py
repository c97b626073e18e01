"""The same closing, reopening or wish sent several times at once has one effect, and each sender hears that it is done."""

import threading

import pytest
from django.db import connections

from referral import actions
from referral.models import CaseEvent
from tests.referral.offers import RACERS
from tests.referral.withdrawals import close

CLOSING = {"reason": "information_only", "outcome": "safe", "feedback_asked": True}


@pytest.fixture
def send_at_once(transactional_db, at, operator, file_database):
    """Send one act from several threads at once, as a page that shows the case now; gives the faults and the events."""

    def send(act, case, kind, **told):
        case.refresh_from_db()
        told |= {"case": case, "key": "same", "by": operator, "at": at, "seen": case.event_count}
        connect, start = file_database(), threading.Barrier(RACERS)
        faults, events = [], []

        def race():
            connect()
            try:
                start.wait()
                act(**told)
            except Exception as error:  # noqa: BLE001 -- the main thread asserts that there was none
                faults.append(repr(error))
            finally:
                connections["default"].close()

        def count():
            connect()
            events.append(CaseEvent.objects.filter(case=case, kind=kind, key="same").count())
            connections["default"].close()

        racers = [threading.Thread(target=race) for _ in range(RACERS)]
        for group in (racers, [threading.Thread(target=count)]):
            for thread in group:
                thread.start()
            for thread in group:
                thread.join()
        return faults, events

    return send


def test_a_case_is_closed_once_by_a_form_sent_several_times(send_at_once, own):
    assert send_at_once(actions.close_case, own, "closed", **CLOSING) == ([], [1])


def test_a_case_is_opened_once_by_a_form_sent_several_times(send_at_once, own, operator, at):
    close(own, operator, at)

    assert send_at_once(actions.reopen_case, own, "reopened", reason="She called again.") == ([], [1])


def test_a_wait_ends_once_by_a_form_sent_several_times(send_at_once, wait):
    case = wait.case

    assert send_at_once(actions.end_wait, case, "wish", run=wait.number, words="I am ready.") == ([], [1])
