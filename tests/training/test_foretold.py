"""A learner cannot take an id beforehand that an event of staff or of the system has, and an act that fails says so."""

import uuid

import pytest
import time_machine

from accounts.models import AuditEntry
from tests.training.cohorts import cohort, member, minutes_of, sent, session, trainer
from tests.training.finishing import finish
from tests.training.test_regrading import correct, first_two, take
from training import actions, progress
from training.choices import How, Source, VoidReason
from training.exchange import stable_id
from training.models import Attempt, Event, RefusedEvent
from training.queries.regrading import regraded_id, regrading
from training.queries.worded import corrections

__all__ = ["cohort", "member", "session", "trainer"]


def claiming(enrolment, key, at):
    """Return an event of a learner under an id that she worked out: a lesson opened."""
    version = progress.version_of(str(enrolment.version.public_id), enrolment.version.body)
    return actions.Arrival(
        id=key, verb="opened", activity=version.lessons[0].id, version=version.id, language="fr", occurred_at=at,
        payload={},
    )  # fmt: skip


def test_a_phone_gets_no_id_of_the_kind_that_the_house_makes_and_draws_another(official, enrolment, trainer, at):
    foretold = claiming(enrolment, stable_id("voided", "x"), at)
    file = actions.KeptFile(official.learner.public_id, 0, (foretold,))

    assert sent(official, foretold, at=at) == [("conflict", "id_taken")]
    _learner, outcomes = actions.send_kept(file=file, by=trainer, at=at)
    assert [(one.status, one.reason) for one in outcomes] == [("conflict", "id_taken")]
    assert not Event.objects.exists()
    assert sent(official, claiming(enrolment, uuid.uuid4(), at), at=at) == [("accepted", "")]


def test_a_test_is_set_aside_whatever_its_learner_sent_before(sign_in, manager, official, course, at, later):
    enrolment = finish(official, course, at)
    key = str(Attempt.objects.get().public_id)
    sent(official, claiming(enrolment, stable_id("voided", key), at), at=at)

    with time_machine.travel(later(60), tick=False):
        sign_in(manager).post(f"/en/reports/people/void/{key}/", {"reason": "not_her_work"})

    enrolment.progress.refresh_from_db()
    assert enrolment.progress.passed_at is None
    assert list(Event.objects.filter(verb="voided").values_list("source", flat=True)) == [Source.SYSTEM]


def test_a_lesson_is_waived_whatever_its_learner_sent_before(manager, official, course, at, later):
    enrolment = finish(official, course, at, lessons=-1)
    version = progress.version_of(str(enrolment.version.public_id), enrolment.version.body)
    left = version.lessons[-1].id
    sent(official, claiming(enrolment, stable_id("waived", str(enrolment.public_id), left, version.id), at), at=at)

    actions.waive_activity(enrolment=enrolment, activity=left, reason="taught", by=manager, at=later(60))

    enrolment.progress.refresh_from_db()
    assert enrolment.progress.completed_at is not None


def test_attendance_is_noted_and_taken_back_whatever_its_learner_sent_before(session, member, official, trainer, at):
    enrolment = member.enrolment
    tick = stable_id("attended", str(session.public_id), str(enrolment.public_id), "120", "0")
    sent(official, claiming(enrolment, tick, at), at=at)

    marked = actions.mark_attendance(session=session, members=[member], how=How.TRAINER, by=trainer, at=at)
    sent(official, claiming(enrolment, stable_id("voided", str(tick)), at), at=at)
    there = minutes_of(member)
    actions.take_back(session=session, member=member, reason=VoidReason.NOT_THERE, by=trainer, at=at)

    assert (marked, there) == (1, {str(session.public_id): 120})
    assert minutes_of(member) == {}


def _corrected(official, course, enrolment, at, later):
    """Let an official fail by questions whose answers are corrected then; return the ids of the events to come."""
    take(enrolment, at, 2)
    correct(course, later(60), *first_two(course))
    submitted = Event.objects.get(verb="submitted")
    return [regraded_id(submitted.pk, one) for one in progress.remarks(*_paper(submitted), _keys(course))]


def _paper(submitted):
    attempt = Attempt.objects.get(public_id=submitted.attempt)
    answers = {one["item"]: one["response"] for one in progress.read(submitted.payload)["answers"]}
    return progress.paper_of(str(attempt.public_id), attempt.paper), answers


def _keys(course):
    rows = course.versions.order_by("number")
    old, new = (progress.version_of(str(one.public_id), one.body) for one in (rows.first(), rows.last()))
    return corrections({1: (old, new)})[1]


def test_answers_are_marked_anew_whatever_their_learner_sent_before(official, course, enrolment, manager, at, later):
    for key in _corrected(official, course, enrolment, at, later):
        assert sent(official, claiming(enrolment, key, at), at=at) == [("conflict", "id_taken")]

    assert actions.regrade(course=course, by=manager, at=later(70)) == 1

    assert Attempt.objects.get().passed
    assert regrading(manager, course).tests == 0


def test_marking_anew_that_meets_another_event_changes_nothing_and_says_so(
    sign_in, official, course, enrolment, manager, at, later
):
    key, _other = _corrected(official, course, enrolment, at, later)
    there = claiming(enrolment, key, at)
    actions.record_events(learner=enrolment.learner, arrivals=[there], source=Source.FORM, at=at)  # as from a restore

    with time_machine.travel(later(70), tick=False):
        html = sign_in(manager).post("/en/school/judicial/questions/anew/", follow=True).content.decode()

    assert "Nothing was changed: " in html
    assert not Event.objects.filter(verb="regraded").exists()
    assert not AuditEntry.objects.filter(verb="training.answers_regraded").exists()
    assert Attempt.objects.get().passed is False


def test_a_tick_that_meets_another_event_changes_nothing_and_says_so(session, member, official, trainer, at):
    enrolment = member.enrolment
    tick = stable_id("attended", str(session.public_id), str(enrolment.public_id), "120", "0")
    there = claiming(enrolment, tick, at)
    actions.record_events(learner=enrolment.learner, arrivals=[there], source=Source.FORM, at=at)

    with pytest.raises(actions.NotRecorded, match="number is taken"):
        actions.mark_attendance(session=session, members=[member], how=How.TRAINER, by=trainer, at=at)

    assert not AuditEntry.objects.filter(verb="training.attendance_marked").exists()


@pytest.mark.parametrize("act", ["void", "waive", "take_back", "regrade", "move"])
def test_an_act_whose_event_is_not_taken_writes_nothing(
    session, member, official, manager, trainer, course, lessons, at, later, act
):
    enrolment = finish(official, course, at, lessons=-1, passed=act == "void")
    if act in {"regrade", "move"}:
        take(enrolment, at, 2)
        correct(course, later(50), *first_two(course))
    actions.mark_attendance(session=session, members=[member], how=How.TRAINER, by=trainer, at=at)
    official.language = "xx"  # a language that the house does not know
    official.save()
    enrolment.refresh_from_db()
    events, entries = Event.objects.count(), AuditEntry.objects.count()
    left = str(lessons[-1].translation_key)

    acts = {
        "void": lambda: actions.void_attempt(attempt=Attempt.objects.get(), reason="other", by=manager, at=later(60)),
        "waive": lambda: actions.waive_activity(
            enrolment=enrolment, activity=left, reason="known", by=manager, at=later(60)
        ),
        "take_back": lambda: actions.take_back(
            session=session, member=member, reason=VoidReason.NOT_THERE, by=trainer, at=later(60)
        ),
        "regrade": lambda: actions.regrade(course=course, by=manager, at=later(60)),
        "move": lambda: actions.move_to_newest(enrolment=enrolment, language="xx", at=later(60)),
    }
    with pytest.raises(actions.NotRecorded, match="This language is not known"):
        acts[act]()

    assert (Event.objects.count(), AuditEntry.objects.count()) == (events, entries)
    assert not RefusedEvent.objects.exists()
