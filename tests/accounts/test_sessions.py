"""How long a session lasts, and what ends it."""

import datetime as dt

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import actions, tasks
from accounts.models import User
from tests.accounts.conftest import PASSWORD, SECRET, enter


def test_staff_are_signed_out_after_fifteen_minutes_without_a_request(sign_in, person, liberia, settings):
    settings.STAFF_IDLE_SECONDS, settings.STAFF_SESSION_SECONDS = 900, 43200
    start = timezone.now()
    client = sign_in(person("manager", country=liberia))

    for minutes, status in ((14, 200), (28, 200), (44, 302)):
        with time_machine.travel(start + dt.timedelta(minutes=minutes), tick=False):
            assert client.get(reverse("accounts:people")).status_code == status


def test_staff_are_signed_out_after_twelve_hours_whatever_they_do(sign_in, person, liberia, settings):
    settings.STAFF_IDLE_SECONDS, settings.STAFF_SESSION_SECONDS = 900, 43200
    start = timezone.now()
    client = sign_in(person("manager", country=liberia))
    answers = set()

    for minutes in range(10, 12 * 60 + 20, 10):
        with time_machine.travel(start + dt.timedelta(minutes=minutes), tick=False):
            answers.add((minutes > 720, client.get(reverse("accounts:people")).status_code))

    assert (False, 200) in answers
    assert (True, 302) in answers
    assert (False, 302) not in answers


@pytest.mark.parametrize("noted", [("seen_at",), ("began_at",), ("seen_at", "began_at")])
def test_a_clock_that_stood_ahead_switches_no_limit_off(sign_in, person, liberia, settings, noted):
    settings.STAFF_IDLE_SECONDS, settings.STAFF_SESSION_SECONDS = 900, 43200
    start = timezone.now()
    client = sign_in(person("manager", country=liberia))
    session = client.session
    session.update(dict.fromkeys(noted, int((start + dt.timedelta(days=7)).timestamp())))
    session.save()

    def is_let_in(minutes):
        with time_machine.travel(start + dt.timedelta(minutes=minutes), tick=False):
            return client.get(reverse("accounts:people")).status_code == 200

    if "seen_at" in noted:
        assert (is_let_in(1), is_let_in(14), is_let_in(31)) == (True, True, False)
    else:
        assert [is_let_in(minutes) for minutes in (*range(1, 720, 10), 723)] == [True] * 72 + [False]


def test_learners_do_not_idle_out(sign_in, person, liberia, settings):
    settings.STAFF_IDLE_SECONDS, settings.STAFF_SESSION_SECONDS = 900, 43200
    start = timezone.now()
    client = sign_in(person("learner", country=liberia), second_factor=False)

    with time_machine.travel(start + dt.timedelta(days=2)):
        assert client.get(reverse("accounts:profile")).status_code == 200


@pytest.mark.parametrize(("seconds", "is_said"), [(900, True), (0, False), (1800, False)])
def test_the_sign_in_says_fifteen_minutes_only_where_it_is_so(client, db, settings, seconds, is_said):
    settings.STAFF_IDLE_SECONDS = seconds

    shown = client.get(reverse("account_login")).content.decode()

    assert ("Staff are signed out after 15 minutes" in shown) is is_said


def test_a_change_of_password_ends_other_sessions(with_password):
    user = with_password("learner")
    here, there = Client(), Client()
    enter(here, user)
    enter(there, user)

    here.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": "nine other lanterns", "password2": "nine other lanterns"},
    )

    assert here.get(reverse("accounts:profile")).status_code == 200
    assert there.get(reverse("accounts:profile")).status_code == 302


def is_in(key):
    """Tell whether somebody who sends the key of a session is signed in."""
    return Client(headers={"cookie": f"sessionid={key}"}).get(reverse("accounts:profile")).status_code == 200


def test_a_session_counts_until_its_time_is_over(sign_in, person, liberia):
    key = sign_in(person("learner", country=liberia)).session.session_key

    for is_running in (True, False):
        ends = timezone.now() + dt.timedelta(seconds=600 if is_running else -1)
        Session.objects.filter(session_key=key).update(expire_date=ends)
        assert is_in(key) is is_running


@pytest.mark.parametrize("gone", [{"is_active": False}, None])
def test_a_session_of_an_account_that_is_closed_or_gone_is_nobodys(sign_in, person, liberia, gone):
    user = person("learner", country=liberia)
    key = sign_in(user).session.session_key
    assert is_in(key)

    account = User.objects.filter(pk=user.pk)
    if gone:
        account.update(**gone)
    else:
        account.delete()

    assert not is_in(key)


@pytest.mark.parametrize(
    "key", ['"\\000\\000abcdefghijklmnop"', "x", "'", "a" * 33, "A" * 32, "é" * 32, "", "%00" * 11]
)
def test_what_is_no_key_of_a_session_is_nobody_signed_in_and_no_fault(client, db, key):
    answer = client.get("/en/", headers={"cookie": f"sessionid={key}"})

    assert answer.status_code == 200
    assert not answer.wsgi_request.user.is_authenticated


def kept_of(user):
    """Return the sessions of which address and browser are kept."""
    return set(UserSession.objects.filter(user=user).values_list("session_key", flat=True))


def test_address_and_browser_of_a_sign_in_are_kept_until_the_sign_out(client, with_password):
    user = with_password("learner")
    enter(client, user)
    assert kept_of(user) == {client.session.session_key}

    client.post(reverse("account_logout"))

    assert not kept_of(user)


@pytest.mark.parametrize("vanished", [False, True])
def test_address_and_browser_of_sessions_that_are_over_go_with_them_day_by_day(with_password, vanished):
    users, here, elsewhere = [with_password("learner") for _ in range(3)], Client(), [Client(), Client()]
    enter(here, users[0])
    for client, user in zip(elsewhere, users[1:], strict=True):
        enter(client, user)
    over = Session.objects.filter(session_key__in=[client.session.session_key for client in elsewhere])
    over.update(expire_date=timezone.now() - dt.timedelta(seconds=1))
    if vanished:  # as where the framework deleted the row itself
        over.delete()

    tasks.drop_old_rows(timezone.now())

    assert set(UserSession.objects.values_list("user", flat=True)) == {users[0].pk}
    assert not over.exists()


@pytest.mark.parametrize("ended", [1, 4])
def test_what_is_kept_of_many_ended_sessions_goes_at_once(with_password, django_assert_num_queries, ended):
    for _ in range(ended):
        client = Client()
        enter(client, with_password("learner"))
        client.session.delete()

    with django_assert_num_queries(3):
        actions.drop_sessions(at=timezone.now())

    assert not UserSession.objects.exists()


def test_a_session_with_a_new_id_stays_among_those_that_its_owner_can_end(client, with_password, liberia, app_code):
    user = with_password("operator", country=liberia)
    enter(client, user)
    before = client.session.session_key
    Authenticator.objects.create(user=user, type="totp", data={"secret": actions.seal_secret(SECRET)})

    client.post(reverse("mfa_reauthenticate"), {"code": app_code(SECRET)})

    assert client.session.session_key != before
    assert kept_of(user) == {client.session.session_key}


def expire(session, _person):
    Session.objects.filter(pk=session.session_key).update(expire_date=timezone.now() - dt.timedelta(seconds=1))


def end_everywhere(_session, person):
    User.objects.filter(pk=person.pk).update(session_round=person.session_round + 1)


def shut_out(_session, person):
    User.objects.filter(pk=person.pk).update(is_active=False)


def take_away(session, _person):
    Session.objects.filter(pk=session.session_key).delete()


def forget(_session, person):
    User.objects.filter(pk=person.pk).delete()


def let_idle(session, _person):
    session["seen_at"] = int((timezone.now() - dt.timedelta(minutes=16)).timestamp())
    session.save()


@pytest.mark.parametrize("happens", [expire, end_everywhere, shut_out, take_away, forget, let_idle])
def test_what_ends_a_session_ends_it_for_a_page_that_asks_by_itself(sign_in, person, liberia, settings, happens):
    """Session and account come by one statement there: whoever it was a moment ago, the rows of now decide."""
    settings.STAFF_IDLE_SECONDS, settings.STAFF_SESSION_SECONDS = 900, 43200
    operator, asks = person("operator", country=liberia), reverse("hotline:alarm")
    client = sign_in(operator)
    assert [client.get(asks).status_code for _time in range(2)] == [204, 204]
    session = client.session

    happens(session, operator)

    assert client.get(asks).status_code == 302


def test_a_session_that_became_another_persons_is_hers_at_once(sign_in, person, liberia):
    """The memory of whose it was is a guess: what the session says now counts."""
    asks = reverse("hotline:alarm")
    client = sign_in(person("operator", country=liberia))
    assert client.get(asks).status_code == 204
    old, learner = client.session, person("learner", country=liberia)
    other = Client()
    other.force_login(learner, backend="accounts.sessions.AuthenticationBackend")
    old.update(other.session.items())
    old.save()

    assert client.get(asks).status_code == 404
    assert client.get(asks).status_code == 404
