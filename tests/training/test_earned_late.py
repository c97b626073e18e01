"""A certificate that fell with a waiver or a test, and work of before that arrives only afterwards from a phone."""

import uuid

import pytest

from tests.training.decided import excused, finished
from tests.training.finishing import spell_anew
from training import actions
from training.choices import END, Source
from training.demo.learners import take_test
from training.models import Attempt, Certificate, Enrolment

__all__ = ["excused", "finished"]


@pytest.fixture
def taken_back(manager, lessons, later):
    """Take back, an hour after the official finished, that her last lesson counts as done."""

    def act(enrolment):
        told = {"activity": str(lessons[-1].translation_key), "reason": "not_so", "by": manager}
        return actions.take_back_waiver(enrolment=enrolment, at=later(60), **told)

    return act


@pytest.fixture
def read_late(lessons, later):
    """Let her phone send after two hours that she read the last lesson half an hour after she finished."""

    def act(enrolment):
        reached = actions.Arrival(
            id=uuid.uuid4(), verb="reached", activity=str(lessons[-1].translation_key),
            version=str(enrolment.version.public_id), language="fr", occurred_at=later(30), payload={"screen": END},
        )  # fmt: skip
        return _sent(enrolment, reached, later(120))

    return act


def _sent(enrolment, arrival, at, source=Source.WEB):
    [outcome] = actions.record_events(learner=enrolment.learner, arrivals=[arrival], source=source, at=at)
    return outcome.status


def standing():
    """Return the certificates that stand: kind, copy, since when it was earned."""
    rows = Certificate.objects.filter(withdrawal=None).order_by("kind", "copy")
    return list(rows.values_list("kind", "copy", "attained_at"))


def test_a_lesson_read_before_its_waiver_was_taken_back_brings_both_anew(excused, taken_back, read_late, later):
    fell = taken_back(excused)
    nothing = standing()

    assert read_late(excused) == "accepted"

    assert ({one.kind for one in fell}, nothing) == ({"achievement", "completion"}, [])
    assert standing() == [("achievement", 2, later(30)), ("completion", 2, later(30))]
    assert actions.issue_certificates(enrolment=Enrolment.objects.get(), at=later(130)) == []
    assert list(actions.differences()) == []


def test_a_test_passed_before_another_was_set_aside_brings_its_certificate_anew(finished, manager, at, later):
    actions.void_attempt(attempt=Attempt.objects.get(), reason="not_her_work", by=manager, at=later(60))
    nothing = standing()

    paper = take_test(Enrolment.objects.get(), "fr", later(30))
    assert _sent(finished, paper, later(120), Source.FORM) == "accepted"

    assert nothing == [("completion", 1, at)]
    assert standing() == [("achievement", 2, later(30)), ("completion", 1, at)]


@pytest.mark.parametrize("minutes", [50, 130])
def test_what_a_person_withdrew_stays_so_before_and_after_the_rest_fell(
    excused, manager, taken_back, read_late, later, minutes
):
    def withdraw():
        one = Certificate.objects.get(kind="achievement", withdrawal=None)
        actions.withdraw_certificate(certificate=one, by=manager, reason="not_her_work", at=later(minutes))

    if minutes < 60:
        withdraw()
    taken_back(excused)
    read_late(excused)
    if minutes > 120:
        withdraw()

    again = actions.issue_certificates(enrolment=Enrolment.objects.get(), at=later(140))

    assert (standing(), again) == ([("completion", 2, later(30))], [])


def test_a_name_that_was_written_anew_before_is_no_reason_against_it(excused, manager, taken_back, read_late, later):
    one = Certificate.objects.get(kind="achievement")
    spell_anew(one.learner.user)
    actions.withdraw_certificate(certificate=one, by=manager, reason="name_wrong", at=later(40))
    taken_back(excused)

    read_late(excused)

    assert standing() == [("achievement", 3, later(30)), ("completion", 2, later(30))]
