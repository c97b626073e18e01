"""A waiting time is not ended before its time, whoever asks, except by the person's own wish."""

import datetime as dt

import pytest

from referral import actions
from referral.models import CaseEvent


@pytest.mark.parametrize("kind", ["elapsed", "done"])
def test_a_waiting_time_is_not_ended_before_its_time(wait, at, keys, kind):
    told = {"case": wait.case, "kind": kind, "run": wait.number, "by": "clock"}

    with pytest.raises(actions.TooEarly):
        actions.advance(key=next(keys), at=wait.not_before - dt.timedelta(seconds=1), **told)

    wait.refresh_from_db()
    assert (wait.state, wait.ended_at) == ("waiting", None)
    assert not CaseEvent.objects.filter(case=wait.case, kind=kind, run_number=wait.number).exists()


def test_it_ends_at_its_time(wait, keys):
    actions.advance(case=wait.case, kind="elapsed", run=wait.number, key=next(keys), by="clock", at=wait.not_before)

    wait.refresh_from_db()
    assert (wait.state, wait.ended_at) == ("done", wait.not_before)
