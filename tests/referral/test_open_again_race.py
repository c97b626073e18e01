"""Of racing people one opens a step; the same form sent twice at once opens it once."""

import threading

import pytest
from django.db import connections

from referral import actions, pathways
from referral.models import CaseEvent, StepRun
from tests.referral.offers import RACERS


@pytest.mark.parametrize(("keys_sent", "refused"), [(["one"] * RACERS, 0), (list("abcd"), RACERS - 1)])
def test_of_racing_senders_one_opens_the_step(transactional_db, own, operator, at, file_database, keys_sent, refused):
    connect, start = file_database(), threading.Barrier(RACERS)
    opened, late, faults, counted = [], [], [], []

    def race(key):
        connect()
        try:
            start.wait()
            actions.open_step(case=own, step="health", reason="wish", key=key, by=operator, at=at)
            opened.append(key)
        except pathways.StepIsOpen:
            late.append(key)
        except Exception as error:  # noqa: BLE001 -- the main thread asserts that there was none
            faults.append(error)
        finally:
            connections["default"].close()

    def count():
        connect()
        counted.append(StepRun.objects.filter(case=own, step_key="health").count())
        counted.append(CaseEvent.objects.filter(case=own, kind="opened_by_hand").count())
        connections["default"].close()

    threads = [threading.Thread(target=race, args=(key,)) for key in keys_sent]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counter = threading.Thread(target=count)
    counter.start()
    counter.join()

    assert counted == [1, 1]
    assert faults == []
    assert (len(opened), len(late)) == (RACERS - refused, refused)
