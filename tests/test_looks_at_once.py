"""Two people who say something of one sending at one instant: the second is shown what the first one said.

It stands outside its room, whose school is rolled back at the end: no other connection would see it.
"""

import pytest
from django.db import connection

from tests.locks import meanwhile
from tests.test_holder_locks import root, school
from tests.test_kept_locks import countries, course
from tests.training.cohorts import cohort, member, trainer
from tests.training.doubts import DAY, MINUTE, device, send
from training.actions.looking import LookedAtMeanwhile, note_look
from training.choices import Verdict
from training.models import Look

__all__ = ["cohort", "countries", "course", "device", "member", "root", "school", "send", "trainer"]
pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def official(person, countries):
    """A learner in Haiti."""
    return person("learner", country=countries["HT"], language="fr")


@pytest.mark.parametrize("before", ["", Verdict.RIGHT])
def test_who_waited_while_another_one_noted_something_else_writes_nothing(
    trainer, person, countries, member, send, at, before
):
    manager, sender, came = person("manager", country=countries["HT"]), member.enrolment.learner, at + MINUTE
    send(0, told=at - 2 * DAY, came=came)
    facts = {"sender": sender, "received_at": came, "at": came}
    if before:
        note_look(verdict=before, before="", by=trainer, **facts)

    with meanwhile(lambda: note_look(verdict=Verdict.RIGHT, before=before, by=manager, **facts)) as told:
        note_look(verdict=Verdict.WRONG, before=before, by=trainer, **facts)

    assert [type(one) for one in told] == [LookedAtMeanwhile]
    assert [(one.verdict, one.by) for one in Look.objects.all()] == [(Verdict.WRONG, trainer)]
