"""A certificate that a person withdrew for good: no refresher brings it back, only work of after that does."""

import datetime as dt
import uuid

import pytest
import time_machine

from tests.training.finishing import ask_anew, finish, refresh, spell_anew
from training import actions
from training.choices import END, Source
from training.demo.learners import take_test
from training.models import Attempt, Certificate, Enrolment
from training.queries.earned import unearned

KINDS = ["achievement", "completion"]


@pytest.fixture
def day(at):
    """A function that returns an instant some days after the official finished."""
    return lambda days: at + dt.timedelta(days=days)


@pytest.fixture
def withdrawn(official, manager, course, at, day):
    """Let an official finish, and a manager withdraw both of her certificates on the fifth day for a reason."""

    def act(reason="not_her_work", kinds=KINDS):
        finish(official, course, at)
        if reason == "name_wrong":
            spell_anew(official)
        for one in Certificate.objects.filter(kind__in=kinds):
            actions.withdraw_certificate(certificate=one, by=manager, reason=reason, words="So.", at=day(5))

    return act


def standing():
    """Return the certificates that stand: kind, edition, copy, since when it was earned."""
    rows = Certificate.objects.filter(withdrawal=None).order_by("kind", "version__number", "copy")
    return list(rows.values_list("kind", "version__number", "copy", "attained_at"))


def send(enrolment, arrival, at):
    actions.record_events(learner=enrolment.learner, arrivals=[arrival], source=Source.FORM, at=at)


@pytest.mark.parametrize("reason", ["not_her_work", "in_error", "other", "asked"])
def test_a_refresher_brings_nothing_back_and_a_test_passed_afterwards_does(
    withdrawn, official, course, lessons, day, reason
):
    withdrawn(reason)
    ask_anew(lessons[0], day(10))

    refresh(official, course, day(20))
    nothing = standing()
    finish(official, course, day(30), lessons=0)

    assert nothing == []
    assert standing() == [(kind, 2, 1, day(30)) for kind in KINDS]
    assert actions.issue_certificates(enrolment=Enrolment.objects.get(), at=day(31)) == []


def test_without_a_later_edition_a_test_passed_afterwards_brings_the_next_copy(withdrawn, official, course, day):
    withdrawn()

    finish(official, course, day(30), lessons=0)

    assert standing() == [(kind, 1, 2, day(30)) for kind in KINDS]


def test_a_test_passed_before_it_that_arrives_later_brings_nothing(withdrawn, lessons, official, course, day):
    withdrawn()
    ask_anew(lessons[0], day(10))
    refresh(official, course, day(20))
    enrolment = Enrolment.objects.get()

    send(enrolment, take_test(enrolment, "fr", day(4)), day(30))

    assert Attempt.objects.filter(passed=True).count() == 2
    assert standing() == []


def test_all_lessons_done_again_as_later_editions_have_them_bring_the_completion_alone(
    withdrawn, official, course, lessons, day
):
    withdrawn()
    for lesson in lessons:
        ask_anew(lesson, day(10))
    refresh(official, course, day(20), lessons=-1)
    nothing, enrolment = standing(), Enrolment.objects.get()

    last = str(lessons[-1].translation_key)
    send(enrolment, actions.Arrival(
        id=uuid.uuid4(), verb="reached", activity=last, version=str(enrolment.version.public_id), language="fr",
        occurred_at=day(21), payload={"screen": END},
    ), day(21))  # fmt: skip

    assert nothing == []
    assert [(kind, attained) for kind, _number, _copy, attained in standing()] == [("completion", day(21))]


def test_the_kind_that_nobody_withdrew_follows_its_refresher(withdrawn, official, course, lessons, at, day):
    withdrawn(kinds=["achievement"])
    ask_anew(lessons[0], day(10))

    refresh(official, course, day(20))

    assert standing() == [("completion", 1, 1, at), ("completion", 2, 1, day(20))]


def test_a_wrong_name_keeps_nobody_from_her_refresher(withdrawn, official, course, lessons, at, day):
    withdrawn("name_wrong")
    ask_anew(lessons[0], day(10))

    refresh(official, course, day(20))

    assert standing() == [row for kind in KINDS for row in ((kind, 1, 2, at), (kind, 2, 1, day(20)))]


def test_where_the_later_test_is_set_aside_what_it_brought_falls_and_nothing_else(
    withdrawn, official, manager, course, at, day
):
    withdrawn(kinds=["achievement"])
    finish(official, course, day(30), lessons=0)
    before = unearned(Enrolment.objects.get())

    last = Attempt.objects.order_by("number").last()
    fell = actions.void_attempt(attempt=last, reason="other", by=manager, at=day(40))

    assert before == []
    assert [(one.kind, one.copy) for one in fell] == [("achievement", 2)]
    assert standing() == [("completion", 1, 1, at)]


def test_the_manager_reads_it_before_and_the_holder_afterwards_with_the_way_to_the_test(
    withdrawn, sign_in, official, manager, course, day
):
    withdrawn(kinds=["completion"])
    (one,) = Certificate.objects.filter(withdrawal=None)
    with time_machine.travel(day(6), tick=False):
        asked = sign_in(manager).get(f"/en/reports/certificates/{one.public_id}/withdraw/").content.decode()
        told = sign_in(official).get("/en/learning/certificates/").content.decode()
    finish(official, course, day(30), lessons=0)
    with time_machine.travel(day(31), tick=False):
        after = sign_in(official).get("/en/learning/certificates/").content.decode()

    assert "It does not come back by itself" in asked
    assert [page.count("You can earn a new one") for page in (told, after)] == [1, 0]
    assert '#test">To the test</a>' in told
