"""Events: each outcome, repeats, the clock, and a state that is what the events fold to."""

import datetime as dt
import uuid
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Country
from training import actions, progress
from training.actions.payloads import MOST_TURNS, fault_of
from training.choices import Source, Verb
from training.models import Attempt, CourseVersion, Enrolment, Event, Progress, RefusedEvent
from training.queries.moments import moment


@pytest.fixture
def learner(official):
    """The learner behind the official's account."""
    return actions.learner_of(official)


@pytest.fixture
def enrolment(learner, course, at):
    """Her enrolment in the judicial course."""
    return actions.enrol(learner=learner, course=course, country="HT", at=at)


@pytest.fixture
def version(enrolment):
    """The version she is pinned to, as a value."""
    return progress.version_of(str(enrolment.version.public_id), enrolment.version.body)


@pytest.fixture
def make(version, at):
    """A factory of arrivals: make("reached", screen="end")."""
    device, count = uuid.uuid4(), iter(range(1, 10_000))

    def arrival(verb="reached", lesson=0, language="fr", occurred_at=at, **payload):
        return actions.Arrival(
            id=uuid.uuid4(), verb=verb, activity=version.lessons[lesson].id, version=version.id, language=language,
            occurred_at=occurred_at, payload=payload, device=device, seq=next(count),
        )  # fmt: skip

    return arrival


@pytest.fixture
def send(learner, later):
    """Send arrivals and return their outcomes as pairs."""

    def go(*arrivals, source=Source.WEB, minutes=1, offset_ms=0, who=None):
        outcomes = actions.record_events(
            learner=who or learner, arrivals=list(arrivals), source=source, at=later(minutes), offset_ms=offset_ms
        )
        return [(one.status, str(one.reason)) for one in outcomes]

    return go


def paper(attempt):
    return progress.paper_of(str(attempt.public_id), attempt.paper)


def right_answers(attempt):
    return {item.id: item.right[0] for item in paper(attempt).items}


def test_a_lesson_read_to_its_end_counts_once_whatever_is_repeated(make, send, enrolment):
    end = make(screen="end")

    assert send(end) == [("accepted", "")]
    assert send(end, end) == [("duplicate", ""), ("duplicate", "")]
    assert (Event.objects.count(), Progress.objects.get().done) == (1, 1)


def test_a_lesson_is_not_done_by_its_screens_but_only_by_its_end(make, send, enrolment, version):
    lesson = version.lessons[0]
    assert len(lesson.screens) > 1

    for screen in lesson.screens:
        assert send(make("opened"), make(screen=screen), make("acknowledged", block=screen)) == [("accepted", "")] * 3
        assert Progress.objects.get().done == 0
    send(make("focused", **{"from": 0, "to": 600}))
    row = Progress.objects.get()
    state = progress.read(row.state)
    assert (row.done, state["ended"]) == (0, {})
    assert set(state["read"]) == {f"{lesson.id}/{screen}" for screen in lesson.screens}

    send(make(screen="end"))
    assert Progress.objects.get().done == 1
    assert set(progress.read(Progress.objects.get().state)["ended"]) == {lesson.id}


def test_a_course_whose_lessons_were_all_read_but_one_end_is_not_completed(make, send, enrolment, version, later):
    for place, lesson in enumerate(version.lessons):
        send(*(make(lesson=place, screen=screen) for screen in lesson.screens))
    for place in range(1, len(version.lessons)):
        send(make(lesson=place, screen="end"))
    attempt = actions.start_attempt(enrolment=enrolment, language="fr", at=later(5))
    actions.submit_attempt(attempt=attempt, responses=right_answers(attempt), language="fr", at=later(9))

    row = Progress.objects.get()
    assert (row.done, row.of, row.completed_at) == (3, 4, None)

    send(make(screen="end"), minutes=20)
    assert Progress.objects.get().completed_at is not None


def test_a_whole_course_in_mixed_languages_is_the_same_as_in_one(make, send, enrolment, later):
    for lesson, language in enumerate(("en", "fr", "ar", "ht")):
        send(make(lesson=lesson, language=language, screen="end"))
    attempt = actions.start_attempt(enrolment=enrolment, language="ar", at=later(5))

    outcome = actions.submit_attempt(attempt=attempt, responses=right_answers(attempt), language="ht", at=later(9))

    row = Progress.objects.get()
    attempt.refresh_from_db()
    assert outcome.status == "accepted"
    assert (row.done, row.of, row.best, row.completed_at, row.passed_at) == (4, 4, 6, later(9), later(9))
    assert (attempt.right, attempt.passed) == (6, True)


def test_handing_in_twice_is_a_duplicate_and_another_paper_finds_it_closed(enrolment, later):
    attempt = actions.start_attempt(enrolment=enrolment, language="fr", at=later(5))
    wrong = dict.fromkeys(right_answers(attempt))

    first = actions.submit_attempt(attempt=attempt, responses=wrong, language="fr", at=later(6))
    again = actions.submit_attempt(attempt=attempt, responses=wrong, language="fr", at=later(7))
    other = actions.submit_attempt(attempt=attempt, responses=right_answers(attempt), language="fr", at=later(8))

    assert [first.status, again.status, other.status, other.reason] == [
        "accepted", "duplicate", "conflict", "attempt_closed",
    ]  # fmt: skip
    assert Progress.objects.get().passed_at is None


def test_five_right_do_not_pass_when_a_critical_one_is_wrong(enrolment, later):
    attempt = actions.start_attempt(enrolment=enrolment, language="fr", at=later(1))
    responses = right_answers(attempt) | {paper(attempt).rule.critical[0]: None}

    actions.submit_attempt(attempt=attempt, responses=responses, language="fr", at=later(2))

    attempt.refresh_from_db()
    assert (attempt.right, attempt.passed) == (5, False)


def test_an_open_test_is_given_back_and_a_new_one_after_it_was_handed_in(enrolment, later):
    first = actions.start_attempt(enrolment=enrolment, language="fr", at=later(1))
    same = actions.start_attempt(enrolment=enrolment, language="ar", at=later(2))
    actions.submit_attempt(attempt=first, responses={}, language="fr", at=later(3))
    second = actions.start_attempt(enrolment=enrolment, language="fr", at=later(4))

    assert (first.pk, first.number, second.number) == (same.pk, 1, 2)
    assert paper(second).rule == paper(first).rule


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"verb": "danced"}, "unknown_verb"),
        ({"verb": "waived"}, "staff_only"),
        ({"verb": "moved"}, "staff_only"),
        ({"version": str(uuid.uuid4())}, "unknown_version"),
        ({"activity": str(uuid.uuid4())}, "unknown_activity"),
        ({"language": "xx"}, "unknown_language"),
        ({"payload": {}}, "payload_invalid"),
        ({"payload": {"screen": "nowhere"}}, "payload_invalid"),
        ({"payload": {"screen": "end", "more": 1}}, "payload_invalid"),
        ({"verb": "opened", "payload": {"screen": "end"}}, "payload_invalid"),
        ({"verb": "focused", "payload": {"from": 5, "to": 5}}, "payload_invalid"),
        ({"verb": "focused", "payload": {"from": 0, "to": 99_999}}, "payload_invalid"),
        ({"verb": "focused", "payload": {"from": 2**52, "to": 2**52 + 60}}, "payload_invalid"),
        ({"verb": "focused", "payload": {"from": 7_289_654_399, "to": 7_289_654_400}}, "payload_invalid"),
        ({"verb": "acknowledged", "payload": {"block": 7}}, "payload_invalid"),
        ({"verb": "answered", "payload": {"item": "x", "turn": 1, "response": "a"}}, "payload_invalid"),
        (
            {"verb": "answered", "payload": {"attempt": "x", "item": "x", "turn": 1, "response": "a"}},
            "item_not_in_attempt",
        ),
        ({"verb": "answered", "payload": {"item": ["x"], "turn": 1, "response": "a"}}, "payload_invalid"),
        ({"verb": "submitted", "payload": {"attempt": str(uuid.uuid4()), "answers": []}}, "item_not_in_attempt"),
        ({"verb": "submitted", "payload": {"attempt": 3, "answers": []}}, "item_not_in_attempt"),
        ({"verb": "submitted", "payload": {"answers": []}}, "payload_invalid"),
    ],
)
def test_a_bad_event_is_refused_with_its_reason_and_never_stops_its_neighbours(make, send, changes, reason):
    good, bad = make(screen="end"), replace(make(screen="end"), **changes)

    assert send(bad, good) == [("rejected", reason), ("accepted", "")]
    assert RefusedEvent.objects.get().reason == reason
    assert Event.objects.get().pk == good.id


def test_somebody_elses_id_is_told_without_a_word_about_her(make, send, person, countries, append_only_triggers):
    event = make(screen="end")
    send(event)
    other = actions.learner_of(person("learner", country=countries["HT"]))

    assert send(replace(event, device=uuid.uuid4()), who=other) == [("conflict", "id_taken")]


def test_same_id_with_other_content_and_a_used_counter_are_conflicts(make, send, append_only_triggers):
    event, twin = make(screen="end"), make(lesson=1, screen="end")
    send(event)

    assert send(replace(event, activity=twin.activity)) == [("conflict", "different_content")]
    assert send(replace(twin, seq=event.seq)) == [("conflict", "seq_reused")]
    assert send(replace(twin, seq=twin.seq), replace(make(lesson=2, screen="end"), seq=twin.seq)) == [
        ("accepted", ""), ("conflict", "seq_reused"),
    ]  # fmt: skip


def test_a_closed_course_takes_no_stranger(make, send, course, person, countries):
    course.is_open = False
    course.save(update_fields=["is_open"])
    stranger = actions.learner_of(person("learner", country=countries["HT"]))

    assert send(make(screen="end"), who=stranger) == [("rejected", "not_enrolled")]


def test_an_open_course_enrols_by_its_first_event(make, send, person, countries):
    newcomer = actions.learner_of(person("learner", country=countries["TN"]))

    assert send(make(screen="end"), who=newcomer) == [("accepted", "")]
    assert Enrolment.objects.get(learner=newcomer).version.country_id == "TN"


@pytest.mark.parametrize(
    ("before", "is_suspect"), [(dt.timedelta(hours=23, minutes=59), False), (dt.timedelta(hours=24, minutes=1), True)]
)
@pytest.mark.parametrize("offset", [dt.timedelta(), dt.timedelta(hours=-30)])
def test_what_happened_more_than_a_day_before_she_enrolled_is_flagged_by_the_corrected_clock(
    make, send, enrolment, before, is_suspect, offset
):
    occurred = enrolment.started_at - before - offset

    sent = send(make(screen="end", occurred_at=occurred), offset_ms=offset // dt.timedelta(milliseconds=1))

    assert sent == [("accepted", "")]
    assert Event.objects.get().flags == ("clock_early" if is_suspect else "")


def test_the_clock_of_a_phone_is_corrected_and_a_strange_one_is_flagged(make, send, later, at):
    send(make(screen="end", occurred_at=later(-600)), offset_ms=600 * 60_000)
    send(make(lesson=1, screen="end", occurred_at=at.replace(year=2040)))
    send(make(lesson=2, screen="end", occurred_at=at.replace(year=2019)))

    assert [event.flags for event in Event.objects.order_by("device_seq")] == [
        "",
        "clock_ahead clock_moved",
        "clock_early clock_old",
    ]
    state = progress.read(Progress.objects.get().state)
    received = int(later(1).timestamp() * 1000)
    assert max(state["ended"].values()) == received
    assert Progress.objects.get().done == 3


def test_another_offset_at_a_resend_changes_nothing(make, send):
    event = make(screen="end")
    send(event, offset_ms=1000)
    before = Progress.objects.get().state

    assert send(event, offset_ms=99_000) == [("duplicate", "")]
    assert Progress.objects.get().state == before


def test_fifty_events_cost_no_more_statements_than_one(make, send, version):
    def statements(*arrivals):
        with CaptureQueriesContext(
            connection,
        ) as caught:
            send(*arrivals)
        return len([query for query in caught if "SAVEPOINT" not in query["sql"]])

    one = statements(make(screen="end"))
    screens = [screen for lesson in version.lessons for screen in lesson.screens]
    where = {screen: place for place, lesson in enumerate(version.lessons) for screen in lesson.screens}
    fifty = [make(lesson=where[screen], screen=screen) for screen in (screens * 3)[:50]]

    assert statements(*fifty) == one
    assert one <= 12


def test_rebuild_proves_the_fold_and_names_what_differs(make, send, enrolment, capsys):
    send(make(screen="end"), make(lesson=1, screen="end"))
    call_command("rebuild_progress", "--check")
    assert "what its events fold to" in capsys.readouterr().out

    Progress.objects.update(sha256="0" * 64, done=4)
    with pytest.raises(CommandError, match="1 enrolments differ"):
        call_command("rebuild_progress", "--check")
    call_command("rebuild_progress", "--apply")
    call_command("rebuild_progress", "--check")

    assert Progress.objects.get().done == 2


def test_a_progress_row_that_is_gone_is_found_and_written_anew(make, send, enrolment, capsys):
    send(make(screen="end"), make(lesson=1, screen="end"))
    kept = Progress.objects.values("sha256", "done", "of", "language").get()
    Progress.objects.all().delete()

    with pytest.raises(CommandError, match="1 enrolments differ"):
        call_command("rebuild_progress", "--check")
    call_command("rebuild_progress", "--apply")
    call_command("rebuild_progress", "--check")

    assert str(enrolment.public_id) in capsys.readouterr().out
    assert Progress.objects.values("sha256", "done", "of", "language").get() == kept


def test_moving_to_the_newest_version_keeps_what_was_done(make, send, enrolment, lessons, later):
    send(make(screen="end"))
    lesson = lessons[0]
    lesson.aim_en, lesson.change = "Another aim.", "material"
    lesson.save_revision().publish()

    newest = actions.move_to_newest(enrolment=enrolment, language="fr", at=later(20))
    enrolment.refresh_from_db()

    assert enrolment.version_id == newest.pk
    assert newest == CourseVersion.objects.filter(country="HT").order_by("-number").first()
    assert (Progress.objects.get().done, Progress.objects.get().of) == (1, 4)
    assert Event.objects.filter(verb=Verb.MOVED).count() == 1


def test_a_learner_of_a_country_outside_the_course_gets_the_international_version(course, person, at):
    elsewhere = Country.objects.create(code="BD", name_en="Bangladesh", slug="bangladesh", time_zone="Asia/Dhaka")
    learner = actions.learner_of(person("learner", country=elsewhere))

    enrolment = actions.enrol(learner=learner, course=course, country="BD", at=at)

    assert enrolment.version.country_id is None


def test_a_course_without_questions_has_no_test(enrolment, course, at):
    for question in course.questions.all():
        question.unpublish()

    with pytest.raises(actions.NoQuestions):
        actions.start_attempt(enrolment=enrolment, language="fr", at=at + dt.timedelta(minutes=1))
    assert Attempt.objects.count() == 0


@pytest.mark.parametrize(("year", "offset_years"), [(1970, -230), (1970, 0), (2000, -200), (2026, -11)])
def test_a_time_of_another_century_is_that_of_the_arrival_and_is_flagged(make, send, later, at, year, offset_years):
    day = 24 * 3600 * 1000

    assert send(make(screen="end", occurred_at=at.replace(year=year)), offset_ms=offset_years * 365 * day) == [
        ("accepted", "")
    ]

    event, row = Event.objects.get(), Progress.objects.get()
    assert (event.flags, event.occurred_at.year) == ("clock_early clock_old", year)
    assert moment(event) == row.last_at == later(1)
    call_command("rebuild_progress", "--check")


@pytest.mark.parametrize(
    ("turn", "is_sound"), [(0, False), (1, True), (MOST_TURNS, True), (MOST_TURNS + 1, False), (True, False)]
)
def test_a_turn_lies_between_the_first_and_the_most_that_a_test_can_have(version, turn, is_sound):
    lesson = next(one for one in version.lessons if one.items)
    payload = {"item": lesson.items[0].id, "turn": turn, "response": None}

    assert (fault_of(Verb.ANSWERED, payload, lesson, {}) == "") is is_sound
