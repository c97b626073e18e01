"""Marks of attendance that a trainer's phone kept: what is written, what stands when two trainers note, what many cost."""

import datetime as dt
import itertools
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.chain import thing_id
from accounts.models import AuditEntry
from tests.training.cohorts import cohort, member, minutes_of, session, trainer, typed
from tests.training.phone_marks import codes, colleague, members, stored, taken, told
from training import actions, queries
from training.choices import How, Reason, Road, VoidReason
from training.models import Event

__all__ = ["cohort", "colleague", "member", "members", "session", "trainer"]


def test_a_tick_is_what_the_page_would_have_written(session, member, trainer, at, later):
    [answer] = taken(trainer, told(session, member, at), at=later(60))

    assert (answer.status, answer.standing) == ("accepted", queries.Standing(120, 1))
    assert minutes_of(member) == {session.key: 120}
    event = Event.objects.get(pk=answer.id)
    assert (event.source, event.by) == ("sheet", str(trainer.public_id))
    assert (event.occurred_at, event.received_at) == (at, later(60))
    assert AuditEntry.objects.get(verb="training.attendance_marked").actor == str(trainer.public_id)
    assert list(actions.differences()) == []


def test_who_came_late_has_her_minutes_and_nobody_more_than_the_session(session, members, trainer, at):
    marks = [told(session, members[0], at, minutes=45), told(session, members[1], at, minutes=600)]

    answers = taken(trainer, *marks, at=at)

    assert [one.standing.minutes for one in answers] == [45, 120]


def test_two_sessions_of_one_person_are_taken_back_in_one_sending(cohort, session, member, trainer, at):
    earlier = actions.plan_session(
        cohort=cohort, starts_at=at - dt.timedelta(days=2), minutes=60, place="", by=trainer, at=at
    )
    for one in (session, earlier):
        actions.mark_attendance(session=one, members=[member], how=How.PAPER, by=trainer, at=at)

    answers = taken(
        trainer, told(session, member, at, minutes=0, known=1), told(earlier, member, at, minutes=20, known=1), at=at
    )

    assert [(one.status, one.standing.minutes) for one in answers] == [("accepted", 0), ("accepted", 20)]
    assert minutes_of(member) == {earlier.key: 20}
    assert list(actions.differences()) == []


def test_the_same_from_two_trainers_is_a_duplicate(session, member, trainer, colleague, at):
    actions.mark_attendance(session=session, members=[member], how=How.PAPER, by=colleague, at=at)

    [answer] = taken(trainer, told(session, member, at), at=at)

    assert (answer.status, answer.standing, answer.said) == ("duplicate", queries.Standing(120, 1), None)
    assert Event.objects.filter(verb="attended").count() == 1


def test_other_minutes_of_another_trainer_are_shown_and_stand(session, member, trainer, colleague, at, later):
    actions.mark_attendance(session=session, members=[member], how=How.PAPER, by=colleague, at=at, minutes=60)
    before = stored()

    [answer] = taken(trainer, told(session, member, at), at=later(5))

    assert (answer.status, answer.reason) == ("conflict", Reason.CHANGED_MEANWHILE)
    assert answer.standing == queries.Standing(60, 1)
    assert (answer.said.by, answer.said.how, answer.said.is_taken_back) == ("Colleague, Haiti", "paper", False)
    assert stored() == before


def test_a_tick_that_another_trainer_took_back_is_shown(session, member, trainer, colleague, at, later):
    actions.mark_attendance(session=session, members=[member], how=How.TRAINER, by=trainer, at=at, minutes=60)
    actions.take_back(session=session, member=member, reason=VoidReason.NOT_THERE, by=colleague, at=later(1))

    [answer] = taken(trainer, told(session, member, at, known=1), at=later(5))

    assert (answer.status, answer.standing) == ("conflict", queries.Standing(0, 2))
    assert (answer.said.by, answer.said.is_taken_back, answer.said.at) == ("Colleague, Haiti", True, later(1))
    assert minutes_of(member) == {}


@pytest.mark.parametrize("is_by_file", [False, True])
def test_a_code_on_the_board_is_shown_without_a_name(session, member, official, trainer, at, later, is_by_file):
    """Also where a trainer sent the file of the phone on which it was typed: it is the learner's own telling."""
    road = {"source": "kept", "by": str(trainer.public_id)} if is_by_file else {"source": "web"}
    code = typed(session, official, session.code, at)
    actions.record_events(learner=actions.learner_of(official), arrivals=[code], at=at, **road)

    [answer] = taken(trainer, told(session, member, at, minutes=20), at=later(5))

    assert (answer.status, answer.said.how, answer.said.by) == ("conflict", "phone", "")


def test_a_mark_made_anew_after_seeing_both_counts(session, member, trainer, colleague, at, later):
    actions.mark_attendance(session=session, members=[member], how=How.PAPER, by=colleague, at=at)
    [clash] = taken(trainer, told(session, member, at, minutes=30), at=later(1))

    [anew] = taken(trainer, told(session, member, later(2), minutes=30, known=clash.standing.told), at=later(2))

    assert (clash.status, anew.status, anew.standing.minutes) == ("conflict", "accepted", 30)
    assert minutes_of(member) == {session.key: 30}
    voided = AuditEntry.objects.get(verb="training.attendance_voided")
    assert voided.actor == str(trainer.public_id)
    said = queries.last_said([(member.enrolment_id, session.key)])[member.enrolment_id, session.key]
    assert (said.by, said.is_taken_back) == ("Trainer, Haiti", False)
    assert list(actions.differences()) == []


def test_a_tick_is_taken_back_by_name_and_reason(session, member, trainer, at):
    actions.mark_attendance(session=session, members=[member], how=How.TRAINER, by=trainer, at=at)

    [answer] = taken(trainer, told(session, member, at, minutes=0, known=1, reason="wrong_person"), at=at)

    assert (answer.status, minutes_of(member)) == ("accepted", {})
    assert json.loads(Event.objects.get(pk=answer.id).payload)["reason"] == "wrong_person"


def test_a_longer_session_counts_whole_for_who_was_there_all_the_time(session, member, trainer, at, later):
    mark = told(session, member, at)
    actions.change_session(
        session=session, starts_at=session.starts_at, minutes=180, place="", by=trainer, at=later(1)
    )

    [answer] = taken(trainer, mark, at=later(2))

    assert answer.standing.minutes == 180


@pytest.mark.parametrize(("before", "minutes", "most"), [(None, None, 25), (120, 0, 25), (120, 30, 32)])
def test_fifty_marks_of_a_kind_cost_as_many_queries_as_one(
    cohort, session, person, countries, trainer, at, before, minutes, most
):
    people = [person("learner", country=countries["HT"]) for _place in range(51)]
    actions.add_members(cohort=cohort, users=people, road=Road.FILE, by=trainer, at=at)
    rows = list(cohort.members.order_by("number"))
    if before:
        actions.mark_attendance(session=session, members=rows, how=How.PAPER, by=trainer, at=at)
    asked = []
    for some in (rows[:1], rows[1:]):
        marks = [told(session, one, at, minutes=minutes, known=1 if before else 0) for one in some]
        with CaptureQueriesContext(connection) as captured:
            answers = taken(trainer, *marks, at=at)
        assert {one.status for one in answers} == {"accepted"}
        asked.append(len(captured))

    assert asked[0] == asked[1] <= most
    assert {minutes_of(one).get(session.key, 0) for one in rows} == {120 if minutes is None else minutes}
    acts = AuditEntry.objects.filter(actor=str(trainer.public_id), thing=thing_id(session))
    marked, voided = (acts.filter(verb=f"training.attendance_{verb}").count() for verb in ("marked", "voided"))
    assert (marked, voided) == ((1 if before else 0) + (0 if minutes == 0 else 2), 51 if before else 0)
    assert list(actions.differences()) == []


def test_forty_conflicts_cost_as_many_queries_as_one(cohort, session, person, countries, trainer, colleague, at):
    people = [person("learner", country=countries["HT"]) for _place in range(41)]
    actions.add_members(cohort=cohort, users=people, road=Road.FILE, by=trainer, at=at)
    rows = list(cohort.members.order_by("number"))
    actions.mark_attendance(session=session, members=rows, how=How.PAPER, by=colleague, at=at, minutes=60)
    asked = []
    for some in (rows[:1], rows[1:]):
        marks = [told(session, one, at) for one in some]
        with CaptureQueriesContext(connection) as captured:
            answers = taken(trainer, *marks, at=at)
        assert {one.said.by for one in answers} == {"Colleague, Haiti"}
        asked.append(len(captured))

    assert asked[0] == asked[1]


def test_two_sessions_are_two_acts_of_the_audit_log(cohort, session, member, trainer, at):
    earlier = actions.plan_session(
        cohort=cohort, starts_at=at - dt.timedelta(days=2), minutes=60, place="", by=trainer, at=at
    )

    answers = taken(trainer, told(session, member, at), told(earlier, member, at), at=at)

    assert codes(answers) == [("accepted", "")] * 2
    assert minutes_of(member) == {session.key: 120, earlier.key: 60}
    marked = AuditEntry.objects.filter(verb="training.attendance_marked")
    assert len(set(marked.values_list("thing", flat=True))) == 2


@pytest.mark.parametrize("order", list(itertools.permutations(range(2))))
def test_two_phones_that_note_different_minutes_clash_once_whoever_comes_first(
    session, member, trainer, colleague, at, order
):
    sendings = [(trainer, told(session, member, at, minutes=30)), (colleague, told(session, member, at, minutes=60))]

    answers = [codes(taken(*sendings[place], at=at))[0] for place in order]

    assert answers == [("accepted", ""), ("conflict", "changed_meanwhile")]
    assert minutes_of(member) == {session.key: (30, 60)[order[0]]}
