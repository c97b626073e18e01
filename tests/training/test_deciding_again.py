"""What is decided after a refresher: the newer certificate goes with what it rests on, the earlier counts again."""

import datetime as dt

import pytest
import time_machine
from django.db import connection

from accounts.models import Letter
from tests.training.decided import clock, excused, finished
from tests.training.finishing import ask_anew, finish, refresh
from training import actions, queries
from training.models import Attempt, Certificate, Course, Enrolment, Event

__all__ = ["clock", "excused", "finished"]


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
    assert "gets a letter" not in told
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
