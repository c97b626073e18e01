"""What a manager decides by name: a lesson counts as done, a test is set aside; what rests on it goes with it."""

import pytest

from accounts.models import AuditEntry
from tests.training.answers import paper
from tests.training.decided import clock, excused, finished
from tests.training.finishing import finish
from training import actions, progress, queries
from training.models import Attempt, Certificate, Event
from training.queries.statements import statement_lines

__all__ = ["clock", "excused", "finished"]


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
    words = "1 certificate that rested on it is withdrawn: Certificate of achievement. Its holder gets a letter."
    assert [words in told, "gets a letter" in told] == [is_told] * 2


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

    lines = list(
        statement_lines(
            Event.objects.filter(verb="voided"),
            base="https://fanal.example",
            numbered=actions.number_of,
            with_choices=True,
        )
    )

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
        statement_lines(Event.objects.filter(pk=event.pk), base="x", numbered=actions.number_of, with_choices=True)
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
