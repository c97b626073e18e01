"""What is decided about somebody's work and certificates, beside who signs, sends and moves her, at one instant.

Each locks what it changes before its first record, for the audit log is locked last: nobody waits in a ring. It stands
outside its room, whose school is rolled back at the end: no other connection would see it.
"""

import datetime as dt

import pytest
from django.db import connection

import accounts.actions as accounts
from accounts.actions import record
from accounts.models import AuditEntry, Country
from tests.locks import beside
from tests.test_holder_locks import root
from tests.test_sendings_at_once import ends, official, send
from tests.training.finishing import finish
from training import actions, progress
from training.actions import issuer
from training.models import (
    Attempt,
    AwaitedCertificate,
    Certificate,
    Course,
    CourseFigures,
    Enrolment,
    IssuerKey,
    NameIndex,
    Progress,
    ShownName,
    StatusList,
)

__all__ = ["official", "root"]
pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def course(official):
    """The course that she has finished."""
    return Course.objects.get(key="judicial")


@pytest.fixture
def finished(official, course, at):
    """Her enrolment, with two certificates in the first list."""
    return finish(official.user, course, at)


@pytest.fixture
def manager(person, finished):
    """A manager of her country."""
    return person("manager", country=Country.objects.get())


def hold(rows):
    """Lock rows as an act of somebody else does."""
    list(rows.select_for_update(no_key=True).order_by("pk"))


def certificate():
    rows = Certificate.objects.select_related("learner__user", "enrolment__course", "country")
    return rows.filter(kind="achievement").get()


def withdraw(manager, at, reason="other"):
    if reason == "name_wrong":
        accounts.move_person(
            person=certificate().learner.user, name="Another Name", country=manager.country, office=None, language="fr",
            by=manager, at=at,
        )  # fmt: skip
    return lambda: actions.withdraw_certificate(certificate=certificate(), by=manager, reason=reason, at=at)


def void(manager, at):
    attempt = Attempt.objects.get()
    return lambda: actions.void_attempt(attempt=attempt, reason="other", by=manager, at=at)


@pytest.mark.parametrize("held", [StatusList, Certificate])
@pytest.mark.parametrize("reason", ["other", "name_wrong"])
def test_a_withdrawal_waits_for_who_signs_the_list_before_it_records(manager, at, held, reason):
    act = withdraw(manager, at, reason)

    with beside(act) as (begin, told):
        hold(held.objects.all())
        begin()
        record(by="system", verb="sealed.revealed", at=at)

    assert not isinstance(told[0], Exception)
    assert Certificate.objects.filter(withdrawal__isnull=False).count() == 1


@pytest.mark.parametrize("held", [StatusList, Certificate])
def test_a_test_is_set_aside_after_the_list_was_signed_and_before_anything_is_recorded(manager, at, held):
    with beside(void(manager, at)) as (begin, told):
        hold(held.objects.all())
        begin()
        record(by="system", verb="sealed.revealed", at=at)

    assert [one.kind for one in told[0]] == ["achievement"]


@pytest.fixture
def waived(official, course, at):
    """A manager, and a lesson that counts as done for somebody who has read the others: her enrolment and its key."""
    lesson = progress.version_of("", course.versions.latest("number").body).lessons[0].id
    return finish(official.user, course, at, without=[lesson]), lesson


def test_a_waiver_is_taken_back_after_the_list_was_signed_and_before_anything_is_recorded(waived, person, at):
    enrolment, lesson = waived
    by = person("manager", country=Country.objects.get())
    actions.waive_activity(enrolment=enrolment, activity=lesson, reason="taught", by=by, at=at)
    fallen = {"enrolment": enrolment, "activity": lesson, "reason": "not_so", "by": by, "at": at}

    with beside(lambda: actions.take_back_waiver(**fallen)) as (begin, told):
        hold(StatusList.objects.all())
        begin()
        record(by="system", verb="sealed.revealed", at=at)

    assert {one.kind for one in told[0]} == {"achievement", "completion"}


@pytest.mark.parametrize("act", ["withdraw", "void"])
def test_a_name_is_hidden_beside_the_withdrawal_of_its_certificate(manager, official, at, act):
    actions.show_name(certificate=certificate(), by=official.user, at=at)
    act = withdraw(manager, at, "name_wrong") if act == "withdraw" else void(manager, at)

    with beside(lambda: actions.hide_name(certificate=certificate(), by=official.user, at=at)) as (begin, told):
        hold(Enrolment.objects.all())
        hold(Certificate.objects.all())
        begin()
        act()

    assert told == [None]
    assert not ShownName.objects.exists()


@pytest.mark.parametrize("act", ["rotate", "remove", "planned"])
def test_a_key_is_changed_at_once_after_the_list_was_signed(manager, at, act):
    name = IssuerKey.objects.get().name
    planned = actions.rotate_key(by="test", at=at) if act == "planned" else None

    def change():
        if planned:
            actions.sign_lists(at=planned.first_at)
            return planned
        if act == "rotate":
            return actions.rotate_key(by="test", at=at, is_urgent=True)
        return actions.remove_key(name=name, by="test", at=at)

    with beside(change) as (begin, told):
        hold(StatusList.objects.all())
        begin()
        record(by="system", verb="sealed.revealed", at=at)

    assert [type(one) for one in told] == [IssuerKey]
    assert StatusList.objects.get().key.name != name


def test_a_list_is_held_before_a_house_that_has_lost_its_keys_makes_another(manager, at):
    IssuerKey.objects.update(removed_at=at)

    with beside(lambda: issuer.sign_list(1, at=at)) as (begin, told):
        hold(StatusList.objects.all())
        begin()
        record(by="system", verb="sealed.revealed", at=at)

    assert [type(one) for one in told] == [StatusList]


def moving(official, roles, at):
    """Move her to another country, as an administrator does; with other roles as well."""
    other = Country.objects.get_or_create(code="TN", name_en="Tunisia", slug="tunisia", language_codes="ar fr")[0]
    facts = {"name": official.user.name, "country": other, "office": None, "language": "fr", "by": "test", "at": at}
    return lambda: accounts.change_person(person=official.user, roles=roles, **facts)


@pytest.mark.parametrize("roles", [["learner"], ["learner", "trainer"]])
@pytest.mark.parametrize("act", [withdraw, void])
def test_who_moves_to_another_country_waits_for_what_is_decided_about_her_work(manager, official, at, roles, act):
    decide = act(manager, at)

    with beside(moving(official, roles, at)) as (begin, told):
        hold(Enrolment.objects.all())
        begin()
        decide()

    official.user.refresh_from_db()
    assert not isinstance(told[0], Exception)
    assert (official.user.country_id, official.user.role_codes) == ("TN", set(roles))
    assert Progress.objects.get().spans_due
    verbs = AuditEntry.objects.filter(actor="test", verb__startswith="person.").order_by("seq")
    assert list(verbs.values_list("verb", "country")) == [
        *([("person.roles_changed", "HT")] if len(roles) > 1 else []),
        ("person.moved", "TN"),
    ]


def test_what_waited_for_a_key_is_issued_after_a_sending_that_is_under_way(official, finished, course, at):
    NameIndex.objects.all().delete()
    Certificate.objects.all().delete()
    AwaitedCertificate.objects.create(enrolment=finished, since=at)

    with beside(lambda: actions.issue_left(at=at)) as (begin, told):
        hold(Enrolment.objects.all())
        begin()
        send(official, ends(course.key, at)[:1], at)

    assert not isinstance(told[0], Exception)
    assert Certificate.objects.count() == 2
    assert not AwaitedCertificate.objects.exists()


def test_an_edition_marks_who_finished_after_a_sending_of_several_that_is_under_way(finished, course, person, at):
    finish(person("learner", country=Country.objects.get(), language="fr"), course, at)
    first, last = Progress.objects.order_by("pk")

    with beside(lambda: actions.fill_due_spans(at=at)) as (begin, told):
        hold(Enrolment.objects.all())
        Progress.objects.filter(pk=last.pk).update(spans_due=True)
        begin()
        Progress.objects.filter(pk=first.pk).update(spans_due=True)

    assert told == [2]


def test_a_claim_holds_the_figures_of_what_it_may_set_aside_before_it_records(finished, official, course, at):
    Course.objects.update(without_account=True, is_open=True)
    CourseFigures.objects.create(course=course, counted_at=at - dt.timedelta(days=1), body="[]")
    code = actions.begin_without_account(course=Course.objects.get(pk=course.pk), country="HT", address="1", at=at)[2]

    with beside(lambda: actions.claim(user=official.user, code=code, address="1", at=at)) as (begin, told):
        hold(CourseFigures.objects.all())
        begin()
        record(by="system", verb="sealed.revealed", at=at)

    assert len(told[0].joined) == 1
