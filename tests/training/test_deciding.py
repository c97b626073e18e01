"""What a manager decides by name: a lesson counts as done, a test is set aside; what rests on it goes with it."""

import datetime as dt

import pytest
import time_machine
from django.db import connection

from accounts.models import AuditEntry, Letter
from tests.training.answers import paper
from tests.training.finishing import ask_anew, finish, refresh
from training import actions, progress, queries
from training.models import Attempt, Certificate, Course, Enrolment, Event
from training.queries.statements import statement_lines


@pytest.fixture
def finished(official, course, at):
    """The enrolment of an official who read all lessons and passed."""
    return finish(official, course, at)


@pytest.fixture
def clock(later):
    """An hour after the official finished, on the clock of the server."""
    with time_machine.travel(later(60), tick=False) as clock:
        yield clock


def test_a_test_that_is_set_aside_takes_its_pass_and_its_certificate_along(
    client, sign_in, manager, official, finished, clock
):
    attempt = Attempt.objects.get()
    address = f"/en/reports/people/void/{attempt.public_id}/"
    client = sign_in(manager)

    assert "A certificate that rests on it alone is withdrawn" in client.get(address).content.decode()
    assert client.post(address, {"reason": ""}).status_code == 422
    client.post(address, {"reason": "not_her_work"})
    client.post(address, {"reason": "not_her_work"})

    finished.progress.refresh_from_db()
    assert (finished.progress.passed_at, finished.progress.completed_at) == (None, None)
    standing = {row.kind: hasattr(row, "withdrawal") for row in Certificate.objects.all()}
    assert standing == {"achievement": True, "completion": False}
    assert Certificate.objects.get(kind="achievement").withdrawal.reason == "not_her_work"
    assert Event.objects.filter(verb="voided").count() == 1
    assert AuditEntry.objects.get(verb="training.attempt_voided").actor == str(manager.public_id)
    assert list(actions.differences()) == []


@pytest.mark.parametrize(("lessons", "is_told"), [(None, True), (-1, False)])
def test_the_page_says_afterwards_whether_a_certificate_was_withdrawn(
    sign_in, manager, official, course, at, clock, lessons, is_told
):
    finish(official, course, at, lessons=lessons)
    address = f"/en/reports/people/void/{Attempt.objects.get().public_id}/"

    told = sign_in(manager).post(address, {"reason": "other"}, follow=True).content.decode()

    assert "The test is set aside." in told
    assert ("A certificate that rested on it is withdrawn; its holder gets a letter." in told) is is_told


def test_its_learner_reads_it_in_plain_words(client, sign_in, manager, official, finished, later, clock):
    attempt = Attempt.objects.get()
    actions.void_attempt(attempt=attempt, reason="not_her_work", by=manager, at=later(60))
    sign_in(official)

    history = client.get("/en/learning/history/").content.decode()
    result = client.get(paper(attempt, "en", "result/")).content.decode()

    assert "After the course (test) · The answers were not her or his own" in history
    assert "has set this test aside" in result
    assert "You have passed" not in result
    assert 'class="reason small"' not in result
    assert "banner ok" not in result


def test_passed_again_another_certificate_is_issued(manager, official, course, finished, later):
    actions.void_attempt(attempt=Attempt.objects.get(), reason="other", by=manager, at=later(60))

    finish(official, course, later(120))

    copies = Certificate.objects.filter(kind="achievement").order_by("copy")
    assert [(row.copy, hasattr(row, "withdrawal")) for row in copies] == [(1, True), (2, False)]
    assert Certificate.objects.filter(kind="completion").count() == 1


def test_a_certificate_that_was_withdrawn_by_itself_is_not_issued_again(manager, finished, later):
    one = Certificate.objects.get(kind="achievement")
    actions.withdraw_certificate(certificate=one, by=manager, reason="in_error", at=later(60))

    assert actions.issue_certificates(enrolment=finished, at=later(120)) == []


def test_setting_aside_is_told_as_a_voiding_statement(manager, finished, later):
    actions.void_attempt(attempt=Attempt.objects.get(), reason="other", by=manager, at=later(60))

    lines = list(statement_lines(Event.objects.filter(verb="voided"), base="https://fanal.example"))

    submitted = Event.objects.get(verb="submitted")
    assert len(lines) == 1
    assert "http://adlnet.gov/expapi/verbs/voided" in lines[0]
    assert f'"StatementRef","id":"{submitted.pk}"' in lines[0]


def test_a_lesson_is_waived_by_name_and_reason_and_finishes_the_course(
    sign_in, manager, official, course, lessons, at, clock
):
    enrolment = finish(official, course, at, lessons=-1)
    left, client = lessons[-1], sign_in(manager)
    address = f"/en/reports/people/waive/{enrolment.public_id}/"

    page = client.get(f"/en/reports/people/{official.learner.public_id}/").content.decode()
    client.post(address, {"activity": str(left.translation_key), "reason": ""})
    assert not Event.objects.filter(verb="waived").exists()
    for _twice in range(2):
        client.post(address, {"activity": str(left.translation_key), "reason": "taught"})

    enrolment.progress.refresh_from_db()
    event = Event.objects.get(verb="waived")
    assert f'value="{left.translation_key}"' in page
    assert enrolment.progress.completed_at is not None
    assert event.by == str(manager.public_id)
    assert AuditEntry.objects.filter(verb="training.activity_waived").count() == 1
    assert Certificate.objects.filter(kind="achievement").exists()
    assert list(actions.differences()) == []
    entry = queries.history(official, [event], "en")[0]
    assert (entry.what, entry.about) == ("Lesson waived", "It was taught in a class")


@pytest.fixture
def excused(official, manager, course, lessons, at):
    """The enrolment of an official whose last lesson was waived, with which she finished."""
    enrolment = finish(official, course, at, lessons=-1)
    key = str(lessons[-1].translation_key)
    actions.waive_activity(enrolment=enrolment, activity=key, reason="taught", by=manager, at=at)
    return enrolment


def test_a_waiver_is_taken_back_with_what_rests_on_it(client, sign_in, manager, official, excused, lessons, clock):
    key = str(lessons[-1].translation_key)
    address = f"/en/reports/people/waive/{excused.public_id}/back/"
    assert Certificate.objects.filter(withdrawal=None).count() == 2
    client = sign_in(manager)

    page = client.get(f"/en/reports/people/{official.learner.public_id}/").content.decode()
    client.post(address, {"activity": key, "reason": ""})
    assert not Event.objects.filter(verb="voided").exists()
    for _twice in range(2):
        answer = client.post(address, {"activity": key, "reason": "wrong_person"}, follow=True)

    excused.progress.refresh_from_db()
    event = Event.objects.get(verb="voided")
    assert "Take a waiver back" in page
    assert "taken back already" in answer.content.decode()
    assert "Take a waiver back" not in answer.content.decode()
    assert (excused.progress.completed_at, excused.progress.passed_at is None) == (None, False)
    assert Certificate.objects.filter(withdrawal=None).count() == 0
    assert (event.by, str(event.activity)) == (str(manager.public_id), key)
    assert AuditEntry.objects.get(verb="training.waiver_taken_back").actor == str(manager.public_id)
    assert list(actions.differences()) == []
    entry = queries.history(official, [event], "en")[0]
    assert (entry.what, entry.about) == ("Waiver taken back", "It was meant for somebody else")
    assert str(entry.lesson) == str(queries.courses("en")[0].lessons[-1].heading)
    waived = Event.objects.get(verb="waived")
    assert f'"StatementRef","id":"{waived.pk}"' in "".join(
        statement_lines(Event.objects.filter(pk=event.pk), base="x")
    )


def test_what_was_done_besides_stays_done_and_it_can_be_waived_again(manager, official, excused, lessons, later):
    key = str(lessons[-1].translation_key)
    told = {"enrolment": excused, "activity": key, "by": manager}
    actions.take_back_waiver(reason="not_so", at=later(60), **told)

    actions.waive_activity(reason="known", at=later(120), **told)

    excused.progress.refresh_from_db()
    assert excused.progress.completed_at is not None
    with pytest.raises(actions.NotWaived):
        actions.take_back_waiver(
            enrolment=excused, activity=str(lessons[0].translation_key), reason="other", by=manager, at=later(180)
        )


def test_a_state_of_an_earlier_fold_is_folded_anew_before_its_waiver_is_taken_back(manager, excused, lessons, later):
    key = str(lessons[-1].translation_key)
    row = excused.progress
    row.refresh_from_db()
    state = progress.read_state(row.state)
    row.fold, row.state = 2, progress.canonical(state | {"waived": {key: min(state["waived"].values())}})
    row.save()

    actions.take_back_waiver(enrolment=excused, activity=key, reason="other", by=manager, at=later(60))

    row.refresh_from_db()
    assert (row.fold, row.completed_at) == (progress.FOLD, None)


def test_a_test_is_waived_for_nobody(manager, course, enrolment, at):
    with pytest.raises(actions.NothingToWaive):
        actions.waive_activity(
            enrolment=enrolment, activity=queries.id_of_test(course, 2), reason="known", by=manager, at=at
        )


@pytest.mark.parametrize(("role", "code"), [("manager", "TN"), ("trainer", "HT"), ("administrator", "HT")])
def test_nobody_else_decides(sign_in, person, countries, finished, lessons, role, code):
    client, attempt = sign_in(person(role, country=countries[code])), Attempt.objects.get()
    told = {"activity": str(lessons[0].translation_key), "reason": "taught"}

    assert client.get(f"/en/reports/people/void/{attempt.public_id}/").status_code == 404
    assert client.post(f"/en/reports/people/void/{attempt.public_id}/", {"reason": "other"}).status_code == 404
    for tail in ("", "back/"):
        assert client.post(f"/en/reports/people/waive/{finished.public_id}/{tail}", told).status_code == 404
    assert not Event.objects.filter(verb__in=["voided", "waived"]).exists()


def test_a_test_that_is_open_is_not_set_aside(manager, attempt, at):
    with pytest.raises(actions.AlreadyVoid):
        actions.void_attempt(attempt=attempt, reason="other", by=manager, at=at)


@pytest.fixture
def day(at):
    """A function that returns an instant some days after the official finished."""
    return lambda days: at + dt.timedelta(days=days)


def told(user, when):
    """How the certificates of somebody stand at an instant, by edition, kind and copy: the state, up to which edition."""
    rows = queries.certificates_of(user).order_by("version__number", "kind", "copy")
    return {
        (one.certificate.version.number, one.certificate.kind, one.certificate.copy): (one.state, one.current_to)
        for one in queries.held(rows, when)
    }


KINDS = ("achievement", "completion")


class Waived:
    """A lesson changed on the tenth day and was waived on the twentieth in place of the refresher."""

    rest_on_it = KINDS

    def __init__(self, official, manager, course, lessons, day):
        self.official, self.course, self.lesson = official, course, lessons[0]
        self.told = {"activity": str(lessons[0].translation_key), "by": manager}
        ask_anew(lessons[0], day(10))
        actions.waive_activity(enrolment=Enrolment.objects.get(), reason="taught", at=day(20), **self.told)

    def take_back(self, when):
        return actions.take_back_waiver(enrolment=Enrolment.objects.get(), reason="not_so", at=when, **self.told)

    def refresh(self, when):
        refresh(self.official, self.course, when)


class Passed:
    """The test changed on the tenth day and was passed again on the twentieth; completion asks for no test."""

    rest_on_it = ("achievement",)

    def __init__(self, official, manager, course, lessons, day):
        self.official, self.manager, self.course = official, manager, course
        course.pass_minimum -= 1
        course.save()
        actions.course_changed(Course.objects.get(), by="test", at=day(10), material=queries.id_of_test(course, 2))
        refresh(official, course, day(15), lessons=0)
        self.refresh(day(20))

    def take_back(self, when):
        attempt = Attempt.objects.order_by("number").last()
        return actions.void_attempt(attempt=attempt, reason="not_her_work", by=self.manager, at=when)

    def refresh(self, when):
        finish(self.official, self.course, when, lessons=0)


@pytest.fixture(params=[Waived, Passed])
def refreshed(request, finished, official, manager, course, lessons, day):
    """A refresher that was waived, or a test passed again: with it she has certificates of the second edition."""
    return request.param(official, manager, course, lessons, day)


BOTH = {(number, kind, 1) for number in (1, 2) for kind in KINDS}


def test_what_a_refresher_brought_is_withdrawn_with_it_and_the_earlier_counts_again(
    client, refreshed, official, course, day
):
    assert set(told(official, day(25)).values()) == {("replaced", 1), ("current", 2)}

    withdrawn = refreshed.take_back(day(30))

    fell = refreshed.rest_on_it
    assert {(one.version.number, one.kind) for one in withdrawn} == {(2, kind) for kind in fell}
    assert Letter.objects.filter(key__startswith="certificate-withdrawn:").count() == 1
    standing = {(1 if kind in fell else 2, kind, 1): 1 if kind in fell else 2 for kind in KINDS}
    gone = {(2, kind, 1): ("withdrawn", 2) for kind in fell}
    gone |= {(1, kind, 1): ("replaced", 1) for kind in KINDS if kind not in fell}
    assert told(official, day(31)) == {key: ("refresher_due", to) for key, to in standing.items()} | gone
    assert told(official, day(101)) == {key: ("lapsed", to) for key, to in standing.items()} | gone
    actions.fill_due_spans(at=day(31))
    found = queries.certified([official.pk], day(31), day(102)).stretches[course.pk, official.pk]
    assert [(one.state, one.begins, one.ends) for one in found] == [
        ("refresher_due", day(30), day(100)), ("lapsed", day(100), None),
    ]  # fmt: skip
    old, new = Certificate.objects.filter(kind="achievement").order_by("issued_at")
    with time_machine.travel(day(31), tick=False):
        pages = [client.get(f"/en/verify/{one.code}/").content.decode() for one in (old, new)]
    assert "This certificate holds; a refresher is due" in pages[0]
    assert "This certificate was withdrawn" in pages[1]


def test_a_certificate_that_somebody_else_withdraws_meanwhile_stops_nothing(
    sign_in, manager, official, finished, clock, later
):
    """Between the look at what is not earned and its lock somebody else withdraws it."""
    one, before, done = Certificate.objects.get(kind="achievement"), [""], []

    def meanwhile(execute, sql, params, many, context):
        is_next = sql.startswith("SAVEPOINT") and 'WHERE "training_certificate"."enrolment_id" = ' in before[-1]
        before.append(sql)
        if is_next and not done and Event.objects.filter(verb="voided").exists():
            done.append(one.pk)
            actions.withdraw_certificate(certificate=one, by=manager, reason="asked", at=later(30))
        return execute(sql, params, many, context)

    client = sign_in(manager)
    with connection.execute_wrapper(meanwhile):
        told = client.post(
            f"/en/reports/people/void/{Attempt.objects.get().public_id}/", {"reason": "other"}, follow=True
        ).content.decode()

    finished.progress.refresh_from_db()
    assert done
    assert "The test is set aside." in told
    assert "is withdrawn; its holder gets a letter" not in told
    assert finished.progress.passed_at is None
    assert Certificate.objects.get(pk=one.pk).withdrawal.reason == "asked"


def test_after_the_real_refresher_the_next_copy_is_issued_and_not_before(refreshed, official, day):
    refreshed.take_back(day(30))
    assert actions.issue_certificates(enrolment=Enrolment.objects.get(), at=day(35)) == []

    refreshed.refresh(day(40))

    standing = {(2, kind, 2 if kind in refreshed.rest_on_it else 1): ("current", 2) for kind in KINDS}
    assert standing.items() <= told(official, day(41)).items()
    assert set(Certificate.objects.filter(copy=2).values_list("attained_at", flat=True)) == {day(40)}
    assert actions.issue_certificates(enrolment=Enrolment.objects.get(), at=day(45)) == []
    assert list(actions.differences()) == []


def test_a_certificate_that_stands_on_real_work_besides_stays(refreshed, official, day):
    rest = refreshed.take_back if isinstance(refreshed, Waived) else _set_aside_the_second(refreshed)
    refreshed.refresh(day(25))

    assert rest(day(30)) == []

    assert set(told(official, day(31))) == BOTH
    assert set(told(official, day(31)).values()) == {("replaced", 1), ("current", 2)}


def _set_aside_the_second(refreshed):
    """Return the act that sets aside the test with which her refresher was first done."""
    second = Attempt.objects.order_by("number").last()
    return lambda when: actions.void_attempt(attempt=second, reason="other", by=refreshed.manager, at=when)


def test_a_later_edition_that_asks_the_waived_lesson_too_falls_with_it(
    finished, official, manager, course, lessons, day
):
    waived = Waived(official, manager, course, lessons[1:], day)
    ask_anew(lessons[0], day(22))
    refresh(official, course, day(24))
    assert told(official, day(25))[3, "achievement", 1] == ("current", 3)

    withdrawn = waived.take_back(day(30))

    assert {one.version.number for one in withdrawn} == {2, 3}
    assert told(official, day(31))[1, "achievement", 1] == ("refresher_due", 1)


def test_lessons_that_were_really_read_anew_keep_their_certificate_without_a_pass(
    finished, official, manager, course, lessons, day
):
    ask_anew(lessons[0], day(10))
    refresh(official, course, day(20))

    withdrawn = actions.void_attempt(attempt=Attempt.objects.get(), reason="not_her_work", by=manager, at=day(30))

    assert {(one.version.number, one.kind) for one in withdrawn} == {(1, "achievement"), (2, "achievement")}
    assert told(official, day(31))[2, "completion", 1] == ("current", 2)


def test_who_really_read_what_is_asked_keeps_her_completion_of_an_edition_that_asks_the_test_too(
    finished, official, manager, course, lessons, day
):
    ask_anew(lessons[0], day(5))
    refresh(official, course, day(8))
    passed = Passed(official, manager, course, lessons, day)

    withdrawn = passed.take_back(day(30))

    assert [(one.version.number, one.kind) for one in withdrawn] == [(3, "achievement")]
    assert told(official, day(31))[3, "completion", 1] == ("refresher_due", 3)
    assert told(official, day(31))[2, "achievement", 1] == ("refresher_due", 2)


def test_passed_again_while_a_refresher_waits_the_certificate_is_for_what_she_is_trained_on(
    finished, official, manager, course, lessons, day
):
    actions.void_attempt(attempt=Attempt.objects.get(), reason="other", by=manager, at=day(5))
    ask_anew(lessons[0], day(10))
    refresh(official, course, day(20), lessons=0)

    finish(official, course, day(30), lessons=0)

    found = told(official, day(31))
    assert found[1, "achievement", 2] == ("refresher_due", 1)
    assert max(number for number, _kind, _copy in found) == 1


def test_what_a_person_withdrew_stays_so_when_other_work_is_decided_on(refreshed, manager, day):
    for one in Certificate.objects.filter(version__number=2):
        actions.withdraw_certificate(certificate=one, by=manager, reason="in_error", at=day(25))

    assert actions.issue_certificates(enrolment=Enrolment.objects.get(), at=day(26)) == []
    assert refreshed.take_back(day(30)) == []


def test_who_is_trained_is_worked_out_again_where_no_certificate_is_left_to_fall(manager, excused, lessons, day):
    for one in Certificate.objects.all():
        actions.withdraw_certificate(certificate=one, by=manager, reason="in_error", at=day(1))
    actions.fill_due_spans(at=day(1))
    told = {"activity": str(lessons[-1].translation_key), "reason": "not_so", "by": manager}

    assert actions.take_back_waiver(enrolment=excused, at=day(2), **told) == []

    assert actions.fill_due_spans(at=day(2)) == 1
