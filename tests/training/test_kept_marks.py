"""Marks of attendance that a trainer's phone kept: each answer, what a repeat changes, what stands when two trainers note."""

import datetime as dt
import itertools
import json
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.chain import thing_id
from accounts.models import AuditEntry
from tests.training.cohorts import cohort, member, minutes_of, session, trainer, typed
from training import actions, queries
from training.actions.arriving import arrival_of
from training.choices import How, Reason, Road, VoidReason
from training.models import Cohort, Event

__all__ = ["cohort", "member", "session", "trainer"]
DEVICE = uuid.UUID("00000000-0000-4000-8000-0000000000d1")


@pytest.fixture
def colleague(person, countries, cohort, trainer, at):
    """A second trainer of the same group."""
    other = person("trainer", country=countries["HT"], name="Colleague, Haiti")
    actions.change_cohort(cohort=cohort, trainers=[trainer, other], by=trainer, at=at)
    return other


@pytest.fixture
def members(cohort, person, countries, trainer, at):
    """Five members of the group."""
    people = [person("learner", country=countries["HT"]) for _place in range(5)]
    actions.add_members(cohort=cohort, users=people, road=Road.FILE, by=trainer, at=at)
    return list(cohort.members.order_by("number"))


def told(session, member, at, minutes=None, known=0, **changes):
    """Return a mark as a phone sends it; `changes` are of its payload, or of itself where they bear its names."""
    payload = {
        "cohort": str(member.cohort.public_id), "session": session.key, "member": str(member.public_id),
        "minutes": minutes, "reason": VoidReason.NOT_THERE.value if minutes == 0 else "", "told": known,
    }  # fmt: skip
    event = {
        "id": str(uuid.uuid4()), "seq": 1, "verb": "attended", "activity": "", "version": "", "language": "fr",
        "occurred_at": at.isoformat(),
    }  # fmt: skip
    own = {name: changes.pop(name) for name in list(changes) if name in event}
    return event | own | {"payload": payload | changes}


def taken(by, *marks, at):
    """Send marks; return their answers."""
    return actions.take_marks(arrivals=[arrival_of(one, DEVICE) for one in marks], by=by, at=at)


def codes(answers):
    """Return status and reason of answers."""
    return [(one.status, str(one.reason)) for one in answers]


def told_now(session, member):
    """Return what a phone that keeps the list now knows of somebody."""
    rows = queries.attendance_list(member.cohort, member.cohort.members.all(), at=session.starts_at)
    line = next(one for one in rows.lines if one.member == member)
    return line.standings.get(session.key, queries.Standing(0, 0))


def stored():
    """Return what a repeat may not change: every event, and how many acts the audit log has."""
    return sorted(Event.objects.values_list("pk", "sha256")), AuditEntry.objects.count()


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


def test_a_mark_that_is_sent_again_changes_nothing(session, members, trainer, colleague, at, later):
    actions.mark_attendance(session=session, members=members[1:3], how=How.PAPER, by=trainer, at=at)
    marks = [
        told(session, members[0], at),
        told(session, members[1], at, minutes=0, known=1),
        told(session, members[2], at, minutes=30, known=1),
    ]
    first = codes(taken(trainer, *marks, at=at))
    before = stored()

    again = taken(trainer, *marks, at=later(60))

    assert first == [("accepted", "")] * 3
    assert codes(again) == [("duplicate", "")] * 3
    assert [one.standing.minutes for one in again] == [120, 0, 30]
    assert stored() == before


@pytest.mark.parametrize("length", [120, 60, 180])
def test_more_minutes_than_the_session_has_are_a_duplicate_when_sent_again(
    session, member, trainer, at, later, length
):
    """Whatever the length of the session is by then: what the phone sent is what was taken."""
    mark = told(session, member, at, minutes=600)
    first = codes(taken(trainer, mark, at=at))
    other = told(session, member, at, minutes=500, id=mark["id"])
    actions.change_session(
        session=session, starts_at=session.starts_at, minutes=length, place="", by=trainer, at=later(1)
    )
    before = stored()

    again, changed = taken(trainer, mark, at=later(2)), taken(trainer, other, at=later(2))

    assert first == [("accepted", "")]
    assert codes(again) == [("duplicate", "")]
    assert codes(changed) == [("conflict", Reason.DIFFERENT_CONTENT)]
    assert again[0].standing.minutes == min(120, length)
    assert stored() == before


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


def test_a_repeat_raises_nothing_that_was_taken_back_since(session, member, trainer, colleague, at, later):
    mark = told(session, member, at)
    taken(trainer, mark, at=at)
    actions.take_back(session=session, member=member, reason=VoidReason.NOT_THERE, by=colleague, at=later(1))

    [again] = taken(trainer, mark, at=later(2))

    assert (again.status, again.standing.minutes) == ("duplicate", 0)
    assert minutes_of(member) == {}


def test_what_was_a_duplicate_at_first_does_not_count_after_it_was_taken_back(
    session, member, trainer, colleague, at, later
):
    """The first answer was lost: nothing of the mark is stored, and another trainer has decided since."""
    mark = told(session, member, at)
    actions.mark_attendance(session=session, members=[member], how=How.TRAINER, by=colleague, at=at)
    first = codes(taken(trainer, mark, at=at))
    actions.take_back(session=session, member=member, reason=VoidReason.NOT_THERE, by=colleague, at=later(1))

    again = codes(taken(trainer, mark, at=later(2)))

    assert (first, again) == ([("duplicate", "")], [("conflict", "changed_meanwhile")])
    assert minutes_of(member) == {}


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


def test_who_left_before_she_was_noted_is_refused_and_who_left_after_was_there(session, members, trainer, at, later):
    for gone in members[:2]:
        actions.take_out(member=gone, by=trainer, at=later(10))
    marks = [told(session, members[0], later(11)), told(session, members[1], later(9)), told(session, members[2], at)]

    answers = taken(trainer, *marks, at=later(60))

    assert codes(answers) == [("rejected", "member_left"), ("accepted", ""), ("accepted", "")]
    assert minutes_of(members[0]) == {}


def test_a_session_that_was_dropped_and_one_that_has_not_begun(cohort, session, member, trainer, at, later):
    tomorrow = at + dt.timedelta(days=1)
    ahead = actions.plan_session(cohort=cohort, starts_at=tomorrow, minutes=60, place="", by=trainer, at=at)
    marks = [told(session, member, at), told(ahead, member, at)]
    actions.drop_session(session=session, by=trainer, at=later(1))

    answers = taken(trainer, *marks, at=later(2))

    assert codes(answers) == [("rejected", "session_gone"), ("rejected", "session_ahead")]
    assert not Event.objects.exists()


def test_what_was_ticked_before_a_session_was_moved_counts(session, member, trainer, at, later):
    mark = told(session, member, at)
    actions.change_session(session=session, starts_at=later(60 * 24), minutes=120, place="", by=trainer, at=later(1))

    assert codes(taken(trainer, mark, at=later(2))) == [("accepted", "")]
    late = told(session, member, later(2), minutes=30, known=1)
    assert codes(taken(trainer, late, at=later(3))) == [("rejected", "session_ahead")]


def test_a_group_that_is_hers_no_more_and_those_of_others(
    session, member, trainer, colleague, person, countries, cohort, at
):
    mark = told(session, member, at)
    actions.change_cohort(cohort=cohort, trainers=[colleague], by=colleague, at=at)
    strangers = [
        trainer, person("learner", country=countries["HT"]), person("trainer", country=countries["TN"]),
        person("manager", country=countries["TN"]), person("administrator"),
    ]  # fmt: skip

    answers = [codes(taken(one, mark, at=at)) for one in strangers]

    assert answers == [[("rejected", "not_your_group")]] * len(strangers)
    assert not Event.objects.exists()
    assert codes(taken(person("manager", country=countries["HT"]), mark, at=at)) == [("accepted", "")]


def test_a_group_that_never_was_is_answered_as_another_persons(session, member, trainer, at):
    unknown = told(session, member, at, cohort=str(uuid.uuid4()))

    assert codes(taken(trainer, unknown, at=at)) == [("rejected", "not_your_group")]


def test_a_member_or_session_of_another_group_is_none_of_this_one(
    cohort, session, member, trainer, course, countries, at
):
    facts = {"name": "Other", "begins_on": at.date(), "course": course, "country": countries["HT"]}
    other = actions.make_cohort(trainers=[trainer], by=trainer, at=at, **facts)
    place = {"minutes": 60, "place": "", "by": trainer, "at": at}
    elsewhere = actions.plan_session(cohort=other, starts_at=session.starts_at, **place)
    marks = [told(elsewhere, member, at), told(elsewhere, member, at, cohort=str(other.public_id))]

    assert codes(taken(trainer, *marks, at=at)) == [("rejected", "session_gone"), ("rejected", "member_left")]
    assert Cohort.objects.count() == 2


def test_an_id_that_is_taken_by_something_else_is_told(session, members, trainer, colleague, at):
    mark = told(session, members[0], at, minutes=30)
    taken(trainer, mark, at=at)
    before = stored()
    others = [
        (trainer, told(session, members[0], at, minutes=60, id=mark["id"]), "different_content"),
        (trainer, told(session, members[1], at, id=mark["id"]), "id_taken"),
        (colleague, mark, "id_taken"),
        (trainer, told(session, members[1], at, id=str(uuid.uuid5(uuid.NAMESPACE_URL, "x"))), "id_taken"),
    ]

    answers = [codes(taken(by, one, at=at)) for by, one, _reason in others]

    assert answers == [[("conflict", reason)] for _by, _one, reason in others]
    assert stored() == before


@pytest.mark.parametrize(
    "change",
    [
        {"minutes": -1}, {"minutes": 601}, {"minutes": True}, {"minutes": "60"}, {"minutes": [60]}, {"told": -1},
        {"told": None}, {"told": "0"}, {"session": "x"}, {"member": None}, {"cohort": {"x": 1}}, {"more": 1},
        {"reason": "not_there"}, {"reason": 7}, {"minutes": 0, "reason": ""}, {"minutes": 0, "reason": "x"},
        {"minutes": 0, "reason": ["not_there"]},
    ],
)  # fmt: skip
def test_an_odd_mark_is_refused_and_stops_no_other(session, members, trainer, at, change):
    odd, sound = told(session, members[0], at), told(session, members[1], at)
    odd["payload"].update(change)

    answers = taken(trainer, odd, sound, at=at)

    assert codes(answers) == [("rejected", "payload_invalid"), ("accepted", "")]
    assert minutes_of(members[0]) == {}


@pytest.mark.parametrize("odd", [None, [], {}, {"id": "x"}, 7, "x"])
def test_what_is_no_mark_at_all_is_refused_and_stops_no_other(session, member, trainer, at, odd):
    assert codes(taken(trainer, odd, told(session, member, at), at=at)) == [
        ("rejected", "malformed"),
        ("accepted", ""),
    ]


def test_another_verb_is_no_mark(session, member, trainer, at):
    assert codes(taken(trainer, told(session, member, at, verb="voided"), at=at)) == [("rejected", "unknown_verb")]


def test_two_marks_of_one_person_are_judged_one_after_the_other(session, member, trainer, at):
    mark = told(session, member, at, minutes=30)
    marks = [mark, mark, told(session, member, at, minutes=60), told(session, member, at, minutes=0, known=1)]

    answers = taken(trainer, *marks, at=at)

    assert codes(answers) == [
        ("accepted", ""), ("duplicate", ""), ("conflict", "changed_meanwhile"), ("accepted", ""),
    ]  # fmt: skip
    assert minutes_of(member) == {}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_order_any_split_and_any_repeat_end_the_same(session, members, trainer, at, data):
    """The marks of a phone speak of different people: nothing hangs on their order, nor on how often they arrive."""
    minutes = {one: data.draw(st.sampled_from([None, 15, 60, 120])) for one in members}
    known = {one: told_now(session, one) for one in members}
    marks = [told(session, one, at, minutes=minutes[one], known=known[one].told) for one in members]
    sendings = [*data.draw(st.permutations(marks)), *data.draw(st.lists(st.sampled_from(marks), max_size=6))]
    cut = data.draw(st.integers(0, len(sendings)))

    answers = [*taken(trainer, *sendings[:cut], at=at), *taken(trainer, *sendings[cut:], at=at)]

    assert {one.status for one in answers} <= {"accepted", "duplicate"}
    assert [minutes_of(one)[session.key] for one in members] == [minutes[one] or 120 for one in members]
    assert list(actions.differences()) == []


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


def test_one_id_for_two_people_in_one_sending_is_taken_for_the_first(session, members, trainer, at):
    mark = told(session, members[0], at)

    answers = taken(trainer, mark, told(session, members[1], at, id=mark["id"]), at=at)

    assert codes(answers) == [("accepted", ""), ("conflict", "id_taken")]
    assert minutes_of(members[1]) == {}


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
