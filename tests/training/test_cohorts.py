"""Cohorts: made, joined, met; attendance once a person and session, whoever saw it; who may reach which."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry, Office
from tests.training.cohorts import cohort, member, session, trainer
from training import actions, lists, progress, queries
from training.choices import Done, How, Road, Source, Verb, VoidReason
from training.models import Cohort, Enrolment, Event, Progress, RefusedEvent, Session

__all__ = ["cohort", "member", "session", "trainer"]


def minutes_of(member):
    state = Progress.objects.get(enrolment=member.enrolment_id).state
    return progress.attended(progress.read_state(state))


def typed(session, user, code, at, **fields):
    """Return an event of attendance as a phone sends it."""
    enrolment = Enrolment.objects.get(learner__user=user)
    payload = {"session": str(session.public_id), "minutes": session.minutes, "how": "phone", "code": code}
    given = {"occurred_at": at, "id": uuid.uuid4()} | fields
    return actions.Arrival(
        verb=Verb.ATTENDED, version=str(enrolment.version.public_id), language="fr", payload=payload, **given
    )


def sent(user, *arrivals, at):
    outcomes = actions.record_events(
        learner=actions.learner_of(user), arrivals=list(arrivals), source=Source.WEB, at=at
    )
    return [(one.status, str(one.reason)) for one in outcomes]


def test_a_cohort_needs_a_trainer_of_its_country(course, countries, trainer, person, at):
    elsewhere = person("trainer", country=countries["TN"])

    for trainers in ([], [elsewhere], [trainer, elsewhere]):
        with pytest.raises(actions.NoTrainer):
            actions.make_cohort(
                course=course, country=countries["HT"], trainers=trainers, by=trainer, at=at, name="X", begins_on=at
            )


def test_members_are_enrolled_once_and_keep_their_numbers(cohort, person, countries, trainer, at):
    people = [person("learner", country=countries["HT"]) for _place in range(3)]

    first = actions.add_members(cohort=cohort, users=people[:2], road=Road.FILE, by=trainer, at=at)
    again = actions.add_members(cohort=cohort, users=[*people, people[0]], road=Road.FILE, by=trainer, at=at)

    assert (first, again) == (2, 1)
    numbers = cohort.members.order_by("number").values_list("number", "enrolment__learner__user")
    assert list(numbers) == [(1, people[0].pk), (2, people[1].pk), (3, people[2].pk)]
    rows = Progress.objects.filter(enrolment__learner__user__in=people)
    assert set(rows.values_list("done", "last_at", "fold")) == {(0, None, progress.FOLD)}
    assert {row.of for row in rows} == {sum(1 for one in _asked(cohort) if one.kind == "lesson")}
    assert AuditEntry.objects.filter(verb="training.members_added").count() == 2


def _asked(cohort):
    version = Enrolment.objects.filter(course=cohort.course).select_related("version").first().version
    return progress.version_of(str(version.public_id), version.body).asked("")


def test_a_hundred_members_cost_as_many_queries_as_two(
    cohort, person, countries, trainer, at, django_assert_max_num_queries
):
    two, many = ([person("learner", country=countries["HT"]) for _place in range(count)] for count in (2, 100))
    actions.add_members(cohort=cohort, users=two, road=Road.FILE, by=trainer, at=at)

    with django_assert_max_num_queries(28):
        actions.add_members(cohort=cohort, users=many, road=Road.FILE, by=trainer, at=at)

    assert cohort.members.count() == 102


def test_who_began_the_course_before_keeps_what_she_did(cohort, official, enrolment, trainer, at):
    actions.add_members(cohort=cohort, users=[official], road=Road.FILE, by=trainer, at=at)

    assert cohort.members.get().enrolment == enrolment
    assert Enrolment.objects.count() == 1


def test_who_left_comes_back_under_her_number(cohort, member, official, trainer, at):
    actions.take_out(member=member, by=trainer, at=at)
    actions.take_out(member=member, by=trainer, at=at)

    back = actions.add_members(cohort=cohort, users=[official], road=Road.OFFICE, by=trainer, at=at)

    assert back == 1
    assert list(cohort.members.values_list("pk", "number", "left_at")) == [(member.pk, 1, None)]
    assert AuditEntry.objects.filter(verb="training.member_left").count() == 1


def test_an_office_comes_in_with_everybody_who_learns_there(cohort, trainer, person, countries, at):
    office = Office.objects.create(country=countries["HT"], name="Court A", kind="court")
    inside = [person("learner", country=countries["HT"], office=office) for _place in range(2)]
    person("learner", country=countries["HT"])
    person("manager", country=countries["HT"], office=office)

    count = actions.add_office(cohort=cohort, office=office, by=trainer, at=at)

    assert count == 2
    assert set(cohort.members.values_list("enrolment__learner__user", flat=True)) == {one.pk for one in inside}


def test_the_code_lets_officials_of_the_country_in(cohort, official, person, countries, trainer, at):
    code = actions.open_joining(cohort=cohort, until=at.date(), by=trainer, at=at)

    found = actions.join_cohort(user=official, code=f" {code[:4].lower()} {code[4:]} ", at=at)
    actions.join_cohort(user=official, code=code, at=at)

    assert found == cohort
    assert list(cohort.members.values_list("road", flat=True)) == ["code"]
    with pytest.raises(actions.JoinRefused, match="another country"):
        actions.join_cohort(user=person("learner", country=countries["TN"]), code=code, at=at)


def test_a_code_that_is_wrong_over_or_closed_lets_nobody_in(cohort, official, trainer, at):
    code = actions.open_joining(cohort=cohort, until=at.date(), by=trainer, at=at)

    with pytest.raises(actions.JoinRefused, match="No group has this code"):
        actions.join_cohort(user=official, code="ABCD2345", at=at)
    with pytest.raises(actions.JoinRefused, match="No group has this code"):
        actions.join_cohort(user=official, code="", at=at)
    # In Haiti the day ends at five o'clock UTC of the next one.
    with pytest.raises(actions.JoinRefused, match="has ended"):
        actions.join_cohort(user=official, code=code, at=dt.datetime(2026, 11, 26, 5, 1, tzinfo=dt.UTC))
    actions.close_joining(cohort=cohort, by=trainer, at=at)
    with pytest.raises(actions.JoinRefused, match="No group has this code"):
        actions.join_cohort(user=official, code=code, at=at)
    assert not cohort.members.exists()


def test_codes_are_guessed_ten_times_an_hour(cohort, official, trainer, at):
    code = actions.open_joining(cohort=cohort, until=at.date(), by=trainer, at=at)
    for _try in range(10):
        with pytest.raises(actions.JoinRefused, match="No group"):
            actions.join_cohort(user=official, code="ABCD2345", at=at)

    with pytest.raises(actions.JoinRefused, match="Ten codes"):
        actions.join_cohort(user=official, code=code, at=at)


def test_two_ways_of_seeing_are_one_attendance_and_the_longer_counts(session, member, official, trainer, at):
    marked = [
        actions.mark_attendance(session=session, members=[member], how=How.PAPER, by=trainer, at=at, minutes=60),
        actions.mark_attendance(session=session, members=[member], how=How.TRAINER, by=trainer, at=at),
        actions.mark_attendance(session=session, members=[member], how=How.TRAINER, by=trainer, at=at),
        actions.mark_attendance(session=session, members=[member], how=How.PAPER, by=trainer, at=at, minutes=60),
    ]
    by_phone = sent(official, typed(session, official, session.code, at), at=at)

    assert marked == [1, 1, 0, 0]
    assert by_phone == [("accepted", "")]
    assert minutes_of(member) == {str(session.public_id): 120}
    rows = Event.objects.filter(verb="attended").values_list("source", "by").order_by("source")
    assert list(rows) == [("paper", str(trainer.public_id)), ("sheet", str(trainer.public_id)), ("web", "")]


def test_a_wrong_tick_is_taken_back_by_name_and_may_be_set_again(session, member, trainer, at):
    actions.mark_attendance(session=session, members=[member], how=How.TRAINER, by=trainer, at=at)

    actions.take_back(session=session, member=member, reason=VoidReason.NOT_THERE, by=trainer, at=at)

    assert minutes_of(member) == {}
    with pytest.raises(actions.NotPresent):
        actions.take_back(session=session, member=member, reason=VoidReason.NOT_THERE, by=trainer, at=at)
    actions.mark_attendance(session=session, members=[member], how=How.TRAINER, by=trainer, at=at)
    assert minutes_of(member) == {str(session.public_id): 120}
    entry = AuditEntry.objects.get(verb="training.attendance_voided")
    assert entry.actor == str(trainer.public_id)
    assert list(actions.differences()) == []


def test_nobody_is_ticked_before_a_session(cohort, member, trainer, at):
    tomorrow = at + dt.timedelta(days=1)
    ahead = actions.plan_session(cohort=cohort, starts_at=tomorrow, minutes=60, place="", by=trainer, at=at)

    with pytest.raises(actions.SessionAhead):
        actions.mark_attendance(session=ahead, members=[member], how=How.TRAINER, by=trainer, at=at)

    assert not Event.objects.exists()


def test_a_phone_is_believed_with_the_code_and_in_its_time(session, member, official, later):
    now = later(0)
    replies = {
        "wrong_code": typed(session, official, "000000" if session.code != "000000" else "1", now),
        "session_ahead": typed(session, official, session.code, session.starts_at - dt.timedelta(minutes=31)),
        "": typed(session, official, session.code, session.starts_at - dt.timedelta(minutes=29)),
    }

    got = {reason: sent(official, arrival, at=now)[0][1] for reason, arrival in replies.items()}
    over = sent(official, typed(session, official, session.code, later(91)), at=later(91))

    assert got == {reason: reason for reason in replies}
    assert over == [("rejected", "session_over")]
    assert RefusedEvent.objects.filter(reason="wrong_code").count() == 1


def test_digits_of_another_script_are_the_code_too(session, member, official, at):
    arabic = session.code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))

    assert sent(official, typed(session, official, arabic, at), at=at) == [("accepted", "")]


@pytest.mark.parametrize(
    "shape", ["{0} {1}", " {0}-{1} ", "{0}\u00a0{1}", "{0}\u2011{1}", "\u200e{0} {1}\u200e", "{0}\t{1}\n"]
)
def test_the_code_counts_with_the_gap_in_which_the_board_shows_it(session, member, official, at, shape):
    code = shape.format(session.code[:3], session.code[3:])

    assert sent(official, typed(session, official, code, at), at=at) == [("accepted", "")]


def test_arabic_digits_count_with_a_gap_too(session, member, official, at):
    arabic = session.code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))

    outcome = actions.attend_by_code(
        user=official, session=session.public_id, code=f"{arabic[:3]} {arabic[3:]}", at=at
    )

    assert outcome.status == "accepted"


def test_a_phone_without_a_network_sends_days_later_and_twice(session, member, official, at, later):
    arrival = typed(session, official, session.code, at)
    days = later(60 * 24 * 5)

    first, again = sent(official, arrival, at=days), sent(official, arrival, at=later(60 * 24 * 30))

    assert (first, again) == ([("accepted", "")], [("duplicate", "")])
    late = typed(session, official, session.code, at)
    assert sent(official, late, at=later(60 * 24 * 15)) == [("rejected", "session_over")]


def test_a_code_is_tried_five_times(session, member, official, at):
    wrong = "000000" if session.code != "000000" else "111111"
    replies = [sent(official, typed(session, official, wrong, at), at=at)[0][1] for _try in range(5)]

    replies += sent(official, typed(session, official, session.code, at), at=at)[0][1:]

    assert replies == ["wrong_code"] * 5 + ["too_many_tries"]
    assert minutes_of(member) == {}


def test_who_is_not_in_the_cohort_is_not_at_its_session(session, official, enrolment, at):
    assert sent(official, typed(session, official, session.code, at), at=at) == [("rejected", "unknown_session")]


def test_who_has_left_sends_no_code(session, member, official, trainer, at, later):
    actions.take_out(member=member, by=trainer, at=at)

    by_phone = sent(official, typed(session, official, session.code, later(1)), at=later(1))
    by_form = actions.attend_by_code(user=official, session=session.public_id, code=session.code, at=later(1))

    assert by_phone == [("rejected", "unknown_session")]
    assert (by_form.status, str(by_form.reason)) == ("rejected", "unknown_session")
    assert minutes_of(member) == {}


def test_who_is_taken_out_before_her_phone_sends_was_there(session, member, official, trainer, at, later):
    actions.take_out(member=member, by=trainer, at=later(60))

    assert sent(official, typed(session, official, session.code, at), at=later(120)) == [("accepted", "")]
    assert minutes_of(member) == {str(session.public_id): 120}


def test_a_session_that_became_shorter_counts_with_its_own_minutes(session, cohort, member, official, trainer, at):
    arrival = typed(session, official, session.code, at)
    actions.change_session(session=session, starts_at=session.starts_at, minutes=90, place="", by=trainer, at=at)

    replies = [sent(official, arrival, at=at) for _time in range(2)]

    assert replies == [[("accepted", "")], [("duplicate", "")]]
    view = queries.cohort_view(cohort, queries.members_inside(trainer, cohort), "en", at=at)
    assert view.lines[0].minutes == {session.key: 90}


@pytest.fixture
def moved(session, trainer, later):
    """The session, moved from nine to twenty past three, five minutes after ten."""
    facts = {"minutes": session.minutes, "place": "", "by": trainer}
    actions.change_session(session=session, starts_at=later(320), at=later(5), **facts)
    return session


@pytest.mark.parametrize(
    ("typed_at", "sent_at", "code", "answer"),
    [
        (0, 400, "", ("accepted", "")),  # while it was still at nine
        (4, 60 * 24 * 13, "", ("accepted", "")),
        (0, 60 * 24 * 15, "", ("rejected", "session_over")),  # two weeks after its end, by either time
        (6, 400, "", ("rejected", "session_ahead")),  # after it was moved
        (0, 400, "000000", ("rejected", "wrong_code")),
        (330, 400, "", ("accepted", "")),
    ],
)
def test_what_a_phone_kept_before_a_session_was_moved_counts_by_the_time_of_then(
    moved, member, official, later, typed_at, sent_at, code, answer
):
    arrival = typed(moved, official, code or moved.code, later(typed_at))

    assert sent(official, arrival, at=later(sent_at)) == [answer]


@pytest.mark.parametrize(
    "change",
    [
        {"how": "trainer"},
        {"minutes": 1441},
        {"minutes": 0},
        {"minutes": True},
        {"session": "x"},
        {"code": 7},
        {"more": 1},
    ],
)
def test_an_odd_payload_is_refused(session, member, official, at, change):
    arrival = typed(session, official, session.code, at)
    arrival.payload.update(change)

    assert sent(official, arrival, at=at) == [("rejected", "payload_invalid")]


def test_a_learner_does_not_tick_herself_as_her_trainer_does(session, member, official, at):
    arrival = typed(session, official, session.code, at)
    arrival.payload["how"] = "trainer"
    del arrival.payload["code"]

    assert sent(official, arrival, at=at) == [("rejected", "payload_invalid")]


def test_a_form_with_the_code_counts_once(session, member, official, at):
    first = actions.attend_by_code(user=official, session=session.public_id, code=session.code, at=at)
    again = actions.attend_by_code(user=official, session=session.public_id, code="whatever", at=at)

    assert (first.status, again.status) == ("accepted", "duplicate")
    assert Event.objects.filter(verb="attended").count() == 1
    stranger = actions.attend_by_code(user=official, session=uuid.uuid4(), code=session.code, at=at)
    assert str(stranger.reason) == "unknown_session"


def test_a_session_that_was_attended_stays_in_the_timetable(session, cohort, member, trainer, at):
    empty = actions.plan_session(
        cohort=cohort, starts_at=at + dt.timedelta(days=3), minutes=60, place="", by=trainer, at=at
    )
    actions.mark_attendance(session=session, members=[member], how=How.TRAINER, by=trainer, at=at)

    actions.drop_session(session=empty, by=trainer, at=at)

    with pytest.raises(actions.SessionHeld):
        actions.drop_session(session=session, by=trainer, at=at)
    assert list(cohort.sessions.all()) == [session]


def test_a_session_at_which_a_wrong_tick_was_taken_back_may_be_dropped(session, cohort, member, trainer, at):
    actions.mark_attendance(session=session, members=[member], how=How.TRAINER, by=trainer, at=at)
    actions.take_back(session=session, member=member, reason=VoidReason.NOT_THERE, by=trainer, at=at)

    actions.drop_session(session=session, by=trainer, at=at)

    assert not cohort.sessions.exists()


def test_many_are_ticked_in_as_many_queries_as_one(cohort, session, person, countries, trainer, at):
    people = [person("learner", country=countries["HT"]) for _place in range(41)]
    actions.add_members(cohort=cohort, users=people, road=Road.FILE, by=trainer, at=at)
    members = list(cohort.members.all())
    asked = []
    for some in (members[:1], members[1:]):
        with CaptureQueriesContext(connection) as captured:
            assert actions.mark_attendance(session=session, members=some, how=How.TRAINER, by=trainer, at=at) == len(
                some
            )
        asked.append(len(captured))

    assert asked[0] == asked[1] <= 18
    assert {tuple(minutes_of(member).values()) for member in members} == {(session.minutes,)}
    rows = Progress.objects.filter(enrolment__memberships__in=members)
    assert all(row.sha256 == progress.digest(row.state) for row in rows)
    assert list(actions.differences()) == []


def test_a_tick_that_comes_as_a_session_is_dropped_is_refused(session, member, trainer, at):
    seen = Session.objects.get(pk=session.pk)
    actions.drop_session(session=session, by=trainer, at=at)

    with pytest.raises(actions.NotTaken):
        actions.mark_attendance(session=seen, members=[member], how=How.TRAINER, by=trainer, at=at)
    assert not Event.objects.exists()


def test_the_same_hour_is_the_same_session(session, cohort, trainer, at):
    again = actions.plan_session(cohort=cohort, starts_at=session.starts_at, minutes=30, place="", by=trainer, at=at)

    assert again == session
    assert cohort.sessions.count() == 1


def test_who_sees_which_cohorts(cohort, trainer, manager, person, countries, course, official, member, session):
    others = [
        person("trainer", country=countries["HT"]),
        person("manager", country=countries["TN"]),
        person("analyst", country=countries["HT"]),
        person("manager"),
        official,
    ]
    moved = person("trainer", country=countries["TN"])
    cohort.trainers.add(moved)

    for one in (trainer, manager):
        assert list(queries.cohorts_visible_to(one)) == [cohort]
        assert list(queries.sessions_visible_to(one)) == [session]
        assert list(queries.members_visible_to(one)) == [member]
    for one in (*others, moved):
        assert not queries.cohorts_visible_to(one).exists()
        assert not queries.sessions_visible_to(one).exists()
        assert not queries.members_visible_to(one).exists()


def test_the_page_tells_done_begun_due_and_not_begun(cohort, member, official, course, lessons, trainer, at):
    version = member.enrolment.version
    read = [(lessons[0], progress.END), (lessons[1], None)]
    arrivals = [
        actions.Arrival(
            id=uuid.uuid4(), verb=Verb.REACHED if screen else Verb.OPENED, activity=str(lesson.translation_key),
            version=str(version.public_id), language="fr", occurred_at=at, payload={"screen": screen} if screen else {},
        )
        for lesson, screen in read
    ]  # fmt: skip
    sent(official, *arrivals, at=at)

    view = queries.cohort_view(cohort, queries.members_inside(trainer, cohort), "en", at=at)
    cohort.due_on = at.date() + dt.timedelta(days=3)
    soon = queries.cohort_view(cohort, queries.members_inside(trainer, cohort), "en", at=at)

    states = view.lines[0].cells
    assert states[:3] == (Done.DONE, Done.BEGUN, Done.NOT_BEGUN)
    assert view.lines[0].done == 1
    assert soon.lines[0].cells[:3] == (Done.DONE, Done.DUE, Done.DUE)
    assert (view.is_due, soon.is_due) == (False, True)


def test_the_deadline_is_the_end_of_its_day_there(cohort):
    cohort.due_on = dt.date(2026, 11, 30)

    assert queries.due_at(cohort) == dt.datetime(2026, 12, 1, 5, 0, tzinfo=dt.UTC)


def test_completion_by_cohort_counts_who_is_inside(
    cohort, member, official, person, countries, trainer, manager, at, django_assert_num_queries
):
    gone, idle = (person("learner", country=countries["HT"]) for _place in range(2))
    actions.add_members(cohort=cohort, users=[gone, idle], road=Road.FILE, by=trainer, at=at)
    actions.take_out(member=cohort.members.get(number=2), by=trainer, at=at)
    Progress.objects.filter(enrolment=member.enrolment_id).update(completed_at=at, last_at=at)
    other = actions.make_cohort(
        course=cohort.course, country=cohort.country, trainers=[trainer], by=trainer, at=at, name="Empty",
        begins_on=at.date(),
    )  # fmt: skip

    with django_assert_num_queries(2):
        rows = queries.completion_by_cohort(manager, "en", at=at)
        assert len([lists.cohort_cells(row) for row in rows]) == 2

    told = [(one.cohort, one.total, one.finished, one.under_way, one.not_begun, one.percent) for one in rows]
    assert told == [(other, 0, 0, 0, 0, 0), (cohort, 2, 1, 0, 1, 50)]
    assert queries.completion_by_cohort(manager, "en", at=at, only=[]) == []
    assert queries.completion_by_cohort(person("analyst", country=countries["HT"]), "en", at=at) == []


def test_who_was_let_in_and_has_not_opened_the_course_has_not_begun_it(cohort, person, countries, trainer, at):
    office = Office.objects.create(country=countries["HT"], name="Court A", kind="court")
    people = [person("learner", country=countries["HT"], office=office) for _place in range(12)]
    actions.add_members(cohort=cohort, users=people, road=Road.FILE, by=trainer, at=at)
    actions.count_readiness(at=at)

    report = queries.completion(trainer, {})

    assert (report.total, report.under_way, report.not_begun) == (12, 0, 12)


def test_a_cohort_of_a_course_may_be_changed_but_not_moved(cohort, trainer, at, person, countries):
    second = person("trainer", country=countries["HT"])

    actions.change_cohort(
        cohort=cohort, trainers=[second], name="Clerks, second year", due_on=at.date(), by=trainer, at=at
    )

    again = Cohort.objects.get()
    assert (again.name, again.due_on, list(again.trainers.all())) == ("Clerks, second year", at.date(), [second])
    assert not queries.cohorts_visible_to(trainer).exists()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite locks no rows")
def test_a_tick_is_taken_back_from_what_stands_after_the_wait(session, member, trainer, at):
    """PostgreSQL reads what is joined as it stood before the wait: a statement that locks reads no progress."""
    actions.mark_attendance(session=session, members=[member], how=How.TRAINER, by=trainer, at=at)

    with CaptureQueriesContext(connection) as captured:
        actions.take_back(session=session, member=member, reason=VoidReason.NOT_THERE, by=trainer, at=at)

    locking = [query["sql"] for query in captured if "FOR NO KEY UPDATE" in query["sql"]]
    assert locking
    assert [sql for sql in locking if "training_progress" in sql] == []
