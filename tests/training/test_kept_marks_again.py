"""Marks of a trainer's phone that arrive again, in another order or under an id that is taken: none counts twice."""

import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.training.cohorts import cohort, member, minutes_of, session, trainer
from tests.training.phone_marks import codes, colleague, members, stored, taken, told, told_now
from training import actions, progress
from training.choices import How, Reason, Source, VoidReason

__all__ = ["cohort", "colleague", "member", "members", "session", "trainer"]


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
        session=session, starts_at=session.starts_at, minutes=length, place="", by=trainer, at=later(1), shorten=True
    )
    before = stored()

    again, changed = taken(trainer, mark, at=later(2)), taken(trainer, other, at=later(2))

    assert first == [("accepted", "")]
    assert codes(again) == [("duplicate", "")]
    assert codes(changed) == [("conflict", Reason.DIFFERENT_CONTENT)]
    assert again[0].standing.minutes == min(120, length)
    assert stored() == before


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


def test_an_id_of_something_else_that_she_brought_for_the_learner_is_told(session, member, official, trainer, at):
    body = progress.version_of(str(member.enrolment.version.public_id), member.enrolment.version.body)
    read = actions.Arrival(
        uuid.uuid4(), "opened", body.lessons[0].id, body.id, "fr", at, payload={}
    )  # a file of her phone, sent by her trainer
    road = {"source": Source.KEPT, "by": str(trainer.public_id)}
    actions.record_events(learner=actions.learner_of(official), arrivals=[read], at=at, **road)

    answers = taken(trainer, told(session, member, at, id=str(read.id)), at=at)

    assert codes(answers) == [("conflict", Reason.DIFFERENT_CONTENT)]


def test_one_id_for_two_people_in_one_sending_is_taken_for_the_first(session, members, trainer, at):
    mark = told(session, members[0], at)

    answers = taken(trainer, mark, told(session, members[1], at, id=mark["id"]), at=at)

    assert codes(answers) == [("accepted", ""), ("conflict", "id_taken")]
    assert minutes_of(members[1]) == {}


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
    sendings = [*data.draw(st.permutations(marks)), *data.draw(st.lists(st.sampled_from(marks), max_size=3))]
    cut = data.draw(st.integers(0, len(sendings)))

    answers = [*taken(trainer, *sendings[:cut], at=at), *taken(trainer, *sendings[cut:], at=at)]

    assert {one.status for one in answers} <= {"accepted", "duplicate"}
    assert [minutes_of(one)[session.key] for one in members] == [minutes[one] or 120 for one in members]
    assert list(actions.differences()) == []


@pytest.fixture
def taken_away(cohort, trainer, colleague, later):
    """Take the group from its first trainer."""
    return lambda: actions.change_cohort(cohort=cohort, trainers=[colleague], by=colleague, at=later(5))


@pytest.mark.parametrize("minutes", [None, 600, 0])
def test_a_mark_that_stands_is_a_duplicate_though_the_group_was_taken_away_and_tells_no_more(
    session, member, trainer, colleague, taken_away, at, later, minutes
):
    if minutes == 0:
        actions.mark_attendance(session=session, members=[member], how=How.PAPER, by=trainer, at=at)
    mark = told(session, member, at, minutes=minutes, known=1 if minutes == 0 else 0)
    first = codes(taken(trainer, mark, at=later(1)))
    taken_away()
    before = stored()

    [again] = taken(trainer, mark, at=later(6))

    assert (first, codes([again])) == ([("accepted", "")], [("duplicate", "")])
    assert (again.standing, again.said) == (None, None)
    assert stored() == before


def test_what_she_did_not_write_so_is_not_her_group_any_more(
    session, members, trainer, colleague, taken_away, at, later
):
    hers, theirs = told(session, members[0], at, minutes=30), told(session, members[1], at)
    taken(trainer, hers, at=at)
    taken(colleague, theirs, at=at)
    taken_away()
    cohort = str(uuid.uuid4())
    changes = [{"minutes": 60}, {"session": cohort}, {"cohort": cohort}, {"member": str(members[2].public_id)}]
    marks = [hers | {"payload": hers["payload"] | one} for one in changes]

    answers = taken(trainer, theirs, told(session, members[0], at, minutes=30), at=later(6))
    answers += [taken(trainer, one, at=later(6))[0] for one in marks]

    assert codes(answers) == [("rejected", "not_your_group")] * 6
    assert minutes_of(members[0]) == {session.key: 30}
