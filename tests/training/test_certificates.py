"""Certificates: issued once for what was done, frozen, withdrawn by a row; how they stand at any instant."""

import datetime as dt

import pytest
import time_machine
from django.core.management import call_command
from django.db import DatabaseError, transaction

from accounts.models import AuditEntry
from tests.training.answers import paper
from tests.training.finishing import ask_anew, finish, refresh
from training import actions, credentials, printing, queries
from training.choices import CertificateKind, CertificateState, WithdrawalReason
from training.models import Attempt, Certificate, Course, Lesson, ShownName, StatusList, Withdrawal


@pytest.fixture
def finished(official, course, at):
    """The official's enrolment, the course finished and the test passed."""
    return finish(official, course, at)


def of(enrolment, kind="achievement"):
    return Certificate.objects.get(enrolment=enrolment, kind=kind)


def state(certificate, at):
    return queries.held([certificate], at)[0]


def test_finishing_issues_both_kinds_once_with_their_facts(finished, official, at):
    again = actions.issue_certificates(enrolment=finished, at=at + dt.timedelta(days=1))

    completion, achievement = of(finished, "completion"), of(finished)
    assert again == []
    assert {row.kind for row in Certificate.objects.all()} == set(CertificateKind)
    assert (achievement.version, achievement.country_id, achievement.language) == (finished.version, "HT", "fr")
    assert (achievement.heading_source, achievement.heading_language) == ("Trafficking before the court", "fr")
    assert achievement.attained_at == achievement.issued_at == completion.issued_at == at
    assert completion.code != achievement.code
    assert len(achievement.code) == 15
    assert official.name not in str(vars(achievement))
    assert actions.printed_name(certificate=achievement, by=official, at=at) == "Official, Haiti"


def test_lessons_without_the_test_give_the_certificate_of_completion_alone(official, course, at):
    finish(official, course, at, passed=False)

    assert [row.kind for row in Certificate.objects.all()] == [CertificateKind.COMPLETION]


def test_a_course_half_done_gives_none(official, course, at):
    finish(official, course, at, lessons=2)

    assert Certificate.objects.count() == 0


def test_nobody_without_a_name_gets_one_until_she_has_one(person, countries, course, at):
    nameless = person("learner", country=countries["HT"], name=" ")
    finish(nameless, course, at)
    before = Certificate.objects.count()
    nameless.name = "Rose Laure"
    nameless.save()

    done = actions.issue_left(at=at)

    assert (before, done, Certificate.objects.count()) == (0, 1, 2)
    assert actions.issue_left(at=at) == 0


def test_events_stand_when_the_key_is_away_and_the_worker_issues_later(official, course, at, settings):
    keys, settings.SEAL_KEYS = settings.SEAL_KEYS, "LR:x:" + "A" * 43 + "="
    enrolment = finish(official, course, at)
    enrolment.progress.refresh_from_db()
    before = Certificate.objects.count()
    settings.SEAL_KEYS = keys

    actions.issue_left(at=at)

    assert enrolment.progress.completed_at == at
    assert (before, Certificate.objects.count()) == (0, 2)


def test_certificates_are_append_only(finished, append_only_triggers):
    with pytest.raises(DatabaseError), transaction.atomic():
        Certificate.objects.update(code="0" * 15)


def test_withdrawing_is_a_row_with_who_and_why_and_sets_the_bit(finished, manager, at):
    certificate = of(finished)
    before = StatusList.objects.get().signed

    actions.withdraw_certificate(
        certificate=certificate, by=manager, reason=WithdrawalReason.NOT_HER_WORK, words="Told by the office.", at=at
    )

    row = Withdrawal.objects.get()
    entry = AuditEntry.objects.get(verb="training.certificate_withdrawn")
    assert (row.by, row.at, row.reason) == (manager, at, "not_her_work")
    assert entry.country == "HT"
    assert "office" not in entry.body
    assert StatusList.objects.get().signed != before
    assert state(of(finished), at).state == CertificateState.WITHDRAWN
    assert state(of(finished), at - dt.timedelta(seconds=1)).state == CertificateState.CURRENT
    with pytest.raises(actions.AlreadyWithdrawn):
        actions.withdraw_certificate(certificate=certificate, by=manager, reason="other", at=at)


def test_a_name_written_wrongly_is_written_anew_from_the_account(finished, official, manager, at):
    old = of(finished)
    official.name = "Rose-Laure Spécimen"
    official.save()

    new = actions.withdraw_certificate(certificate=old, by=manager, reason=WithdrawalReason.NAME_WRONG, at=at)

    assert (new.copy, new.version, new.attained_at) == (2, old.version, old.attained_at)
    assert actions.is_named(new, "rose-laure  SPÉCIMEN")
    assert not actions.is_named(old, "Rose-Laure Spécimen")
    assert actions.issue_certificates(enrolment=finished, at=at) == []


@pytest.mark.parametrize(("months", "day"), [(24, dt.date(2028, 11, 25)), (3, dt.date(2027, 2, 25))])
def test_months_of_the_course_end_a_certificate(official, course, at, months, day):
    Course.objects.filter(pk=course.pk).update(certificate_months=months)
    course.refresh_from_db()

    certificate = of(finish(official, course, at))

    assert certificate.expires_at.date() == day
    assert state(certificate, certificate.expires_at - dt.timedelta(seconds=1)).state == CertificateState.CURRENT
    assert state(certificate, certificate.expires_at).state == CertificateState.EXPIRED


def change(lesson, at, material):
    """Publish a change of a lesson, material or minor."""
    lesson.aim_en += "!"
    lesson.save()
    key = str(lesson.translation_key)
    actions.course_changed(Course.objects.get(), by="test", at=at, material=key if material else "")


@pytest.mark.parametrize("passed", [True, False])
def test_certificate_follows_the_course_at_any_instant(official, course, at, passed):
    kind = "achievement" if passed else "completion"
    certificate = of(finish(official, course, at, passed=passed), kind)
    first = Lesson.objects.filter(path__startswith=course.path).order_by("path").first()
    minor, material = at + dt.timedelta(days=10), at + dt.timedelta(days=20)
    change(first, minor, material=False)
    change(first, material, material=True)
    row = queries.certificates_of(official).get(pk=certificate.pk)

    found = [state(row, at + dt.timedelta(days=days)) for days in (5, 15, 25, 111)]

    assert [(one.state, one.current_to) for one in found] == [
        ("current", 1), ("current", 2), ("refresher_due", 2), ("lapsed", 2),
    ]  # fmt: skip
    assert found[2].until == material + dt.timedelta(days=90)


def test_a_refresher_brings_a_new_certificate_and_a_minor_change_none(official, course, at):
    enrolment = finish(official, course, at)
    first = Lesson.objects.filter(path__startswith=course.path).order_by("path").first()
    change(first, at + dt.timedelta(days=10), material=False)
    minor = actions.issue_certificates(enrolment=enrolment, at=at + dt.timedelta(days=11))
    change(first, at + dt.timedelta(days=20), material=True)
    enrolment = type(enrolment).objects.get(pk=enrolment.pk)
    before = actions.issue_certificates(enrolment=enrolment, at=at + dt.timedelta(days=21))

    actions.move_to_newest(enrolment=enrolment, language="fr", at=at + dt.timedelta(days=22))
    finish(official, course, at + dt.timedelta(days=23), lessons=1, passed=False)

    rows = queries.certificates_of(official).filter(kind="achievement").order_by("version__number")
    assert (minor, before) == ([], [])
    assert [row.version.number for row in rows] == [1, 3]
    old, new = queries.held(rows, at + dt.timedelta(days=24))
    assert (old.state, old.is_good, old.replaced_by) == ("replaced", False, rows[1].code)
    assert (new.state, new.current_to, new.replaced_by) == ("current", 3, "")
    before, _later = queries.held(rows, at + dt.timedelta(days=22))
    assert (before.state, before.replaced_by) == ("refresher_due", "")


def test_whoever_holds_a_replaced_one_is_not_told_the_code_of_the_newer_one(
    client, sign_in, official, manager, course, at
):
    enrolment = finish(official, course, at)
    ask_anew(Lesson.objects.filter(path__startswith=course.path).order_by("path").first(), at + dt.timedelta(days=20))
    refresh(official, course, at + dt.timedelta(days=23))
    old, new = Certificate.objects.filter(enrolment=enrolment, kind="achievement").order_by("pk")

    with time_machine.travel(at + dt.timedelta(days=24), tick=False):
        public = client.get(f"/en/verify/{old.code}/").content.decode()
        held = {
            one.certificate.pk: one
            for one in queries.held(queries.certificates_of(official), at + dt.timedelta(days=24))
        }
        sheet = dict(printing.certificate._words(held[old.pk], "en", "x", "en", at.date())["rows"])
        answering = sign_in(manager).get("/en/reports/certificates/").content.decode()

    code = credentials.grouped(new.code)
    assert "Its code is told by its holder alone" in public
    assert [one in public for one in (new.code, code)] == [False, False]
    assert sheet["Trained up to"] == "replaced by a newer certificate of this course"
    assert "Runs until" not in sheet
    assert f"replaced by {code}" in answering


def test_where_the_newer_one_is_withdrawn_the_earlier_counts_again(official, manager, course, at):
    enrolment = finish(official, course, at)
    first = Lesson.objects.filter(path__startswith=course.path).order_by("path").first()
    change(first, at + dt.timedelta(days=20), material=True)
    enrolment = type(enrolment).objects.get(pk=enrolment.pk)
    actions.move_to_newest(enrolment=enrolment, language="fr", at=at + dt.timedelta(days=22))
    finish(official, course, at + dt.timedelta(days=23), lessons=1, passed=False)
    rows = queries.certificates_of(official).filter(kind="achievement").order_by("version__number")

    actions.withdraw_certificate(certificate=rows[1], by=manager, reason="in_error", at=at + dt.timedelta(days=25))

    assert [one.state for one in queries.held(rows.all(), at + dt.timedelta(days=24))] == ["replaced", "current"]
    assert [one.state for one in queries.held(rows.all(), at + dt.timedelta(days=26))] == ["current", "withdrawn"]


def test_the_end_of_a_refresher_is_told_where_the_test_ended_it(client, sign_in, official, course, at):
    enrolment = finish(official, course, at)
    first_try = Attempt.objects.get()
    course.pass_minimum -= 1
    course.save()
    asked = queries.id_of_test(course, 2)
    actions.course_changed(Course.objects.get(), by="test", at=at + dt.timedelta(days=20), material=asked)
    enrolment = type(enrolment).objects.get(pk=enrolment.pk)
    actions.move_to_newest(enrolment=enrolment, language="fr", at=at + dt.timedelta(days=22))
    finish(official, course, at + dt.timedelta(days=30), lessons=0)
    last = Attempt.objects.order_by("number").last()

    with time_machine.travel(at + dt.timedelta(days=30, hours=1), tick=False):
        client = sign_in(official)
        told, before = (client.get(paper(one, "en", "result/")).content.decode() for one in (last, first_try))
        mine = client.get("/en/learning/certificates/").content.decode()
        newest = Certificate.objects.filter(kind="achievement").order_by("pk").last()
        older = Certificate.objects.filter(kind="achievement").order_by("pk").first()
        verified = client.get(f"/en/verify/{older.code}/").content.decode()

    assert last != first_try
    assert "Your refresher is done." in told
    assert "Your certificate is current to version 2." in told
    assert "Your refresher is done." not in before
    assert mine.count("Replaced by") == 2
    assert "A newer certificate has replaced this one" in verified
    assert "a newer certificate of this course" in verified
    assert f"/en/verify/{newest.code}/" in mine
    assert [code in verified for code in (newest.code, credentials.grouped(newest.code))] == [False, False]
    assert "This certificate holds" not in verified


def test_the_name_is_shown_only_while_the_holder_allows_it(finished, official, at):
    certificate = of(finished)
    actions.show_name(certificate=certificate, by=official, at=at)
    actions.show_name(certificate=certificate, by=official, at=at)
    shown = ShownName.objects.get().name

    actions.hide_name(certificate=certificate, by=official, at=at)

    assert shown == "Official, Haiti"
    assert ShownName.objects.count() == 0
    assert AuditEntry.objects.filter(verb__in=["training.name_shown", "training.name_hidden"]).count() == 2


def test_rows_cost_the_same_queries_however_many(official, person, countries, course, at, django_assert_num_queries):
    finish(official, course, at)
    queries.held(queries.certificates_visible_to(official), at)
    with django_assert_num_queries(4):
        queries.held(queries.certificates_visible_to(official), at)
    for number in range(3):
        finish(person("learner", country=countries["HT"], name=f"More {number}"), course, at)
    with django_assert_num_queries(4):
        queries.held(queries.certificates_visible_to(official), at)


def test_progress_is_what_its_events_fold_to_afterwards(finished):
    call_command("rebuild_progress", "--check")


def test_one_that_a_refresher_brought_says_since_when_she_is_up_to_date_and_the_first_when_she_finished(
    client, sign_in, official, course, at
):
    enrolment = finish(official, course, at)
    ask_anew(Lesson.objects.filter(path__startswith=course.path).order_by("path").first(), at + dt.timedelta(days=20))
    refresh(official, course, at + dt.timedelta(days=23))
    rows = queries.certificates_of(official).filter(enrolment=enrolment, kind="achievement").order_by("attained_at")
    now = at + dt.timedelta(days=24)

    with time_machine.travel(now, tick=False):
        sheets = [
            dict(printing.certificate._words(one, "en", "x", "en", now.date())["rows"])
            for one in queries.held(rows, now)
        ]
        public = [client.get(f"/en/verify/{row.code}/").content.decode() for row in rows]
        hers = sign_in(official).get("/en/learning/certificates/").content.decode()

    heads = ["Finished on", "Renewed on"]
    assert [[head in sheet for head in heads] for sheet in sheets] == [[True, False], [False, True]]
    assert [[f"<dt>{head}</dt>" in page for head in heads] for page in public] == [[True, False], [False, True]]
    assert all(f"<dt>{head}</dt>" in hers for head in heads)
