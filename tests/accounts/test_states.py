"""Acts on a person in each state of the account: never invited, invited, open, closed."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.models import AuditEntry, Invitation, User
from tests.accounts.test_invitations_race import token_of


@pytest.fixture
def desk(sign_in, administrator):
    """The administrator's browser."""
    return sign_in(administrator)


@pytest.fixture
def invited(administrator, liberia):
    """A supervisor who has not used her link."""
    place = {"country": liberia, "language": "en", "by": administrator, "at": timezone.now()}
    return actions.invite(email="new@office.example", name="New", roles=["supervisor"], **place).user


def press(desk, act, person):
    """Press a button of a person's page; return the page that follows."""
    return desk.post(reverse(f"accounts:{act}", kwargs={"public_id": person.public_id}), follow=True)


def accept(person, at):
    """Take up the invitation of the newest letter."""
    return actions.accept_invitation(token=token_of(person), name="New", password="seven quiet lanterns", at=at)


def count(verb):
    return AuditEntry.objects.filter(verb=verb).count()


def test_the_link_of_somebody_never_invited_is_not_closed_and_the_page_says_so(desk, person):
    page = press(desk, "revoke", person("learner"))

    assert page.status_code == 200
    assert "She or he was never sent a link." in page.content.decode()
    assert count("person.invitation_revoked") == 0


def test_closing_an_account_closes_its_open_link(desk, invited):
    press(desk, "close", invited)

    with pytest.raises(actions.InvitationClosed) as raised:
        accept(invited, timezone.now())
    assert raised.value.reason == "revoked"
    assert not User.objects.get(pk=invited.pk).is_active
    assert desk.get(reverse("accounts:accept", args=[token_of(invited)])).status_code == 410


def test_who_was_closed_before_she_came_in_may_be_sent_a_new_link(desk, invited, administrator):
    press(desk, "close", invited)
    actions.invite_again(person=invited, by=administrator, at=timezone.now())

    assert accept(invited, timezone.now()).is_active


def test_a_link_that_was_used_stays_used_when_its_account_is_closed(desk, invited):
    accept(invited, timezone.now())
    press(desk, "close", invited)

    assert Invitation.objects.get().revoked_at is None
    press(desk, "reopen", invited)
    assert User.objects.get(pk=invited.pk).is_active


def test_an_account_that_is_open_is_opened_by_no_link(invited):
    User.objects.filter(pk=invited.pk).update(is_active=True)

    with pytest.raises(actions.InvitationClosed):
        accept(invited, timezone.now())
    assert not User.objects.get(pk=invited.pk).has_usable_password()


@pytest.mark.parametrize("is_closed", [False, True])
def test_an_account_that_was_never_opened_is_not_opened_again_and_the_page_says_so(desk, invited, is_closed):
    if is_closed:
        press(desk, "close", invited)

    page = press(desk, "reopen", invited)

    assert "She or he has never opened this account. Send a new link." in page.content.decode()
    assert not User.objects.get(pk=invited.pk).is_active
    assert count("person.reactivated") == 0


def test_closing_and_opening_again_twice_are_done_and_recorded_once(desk, person):
    someone = person("learner")
    for act, verb in (("close", "person.deactivated"), ("reopen", "person.reactivated")):
        press(desk, act, someone)
        before = User.objects.get(pk=someone.pk).session_round

        assert press(desk, act, someone).status_code == 200
        assert (count(verb), User.objects.get(pk=someone.pk).session_round) == (1, before)


def test_a_link_that_ran_out_is_closed_with_its_account_too(invited, administrator):
    late = timezone.now() + dt.timedelta(days=20)

    actions.deactivate(person=invited, by=administrator, at=late)

    assert Invitation.objects.get().revoked_at == late
