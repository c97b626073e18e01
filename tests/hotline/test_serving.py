"""Shifts of people who left: whoever lost the role, changed country or has no account any more is not on duty."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from hotline.models import Line, OperatorState, Shift
from hotline.queries import roster_gaps, targets_now
from hotline.queries.console import desk as desk_of
from hotline.queries.duty import OnDuty, on_duty
from hotline.queries.lines import line_by_id
from hotline.queries.rosters import shifts_ahead
from hotline.queries.telephones import is_live_line_rostered, left_telephones, people_without
from tests.hotline.telephones import REAL, state_of, verify

pytestmark = pytest.mark.django_db
LEFT = ["role", "country", "account"]


def leave(user, how, haiti):
    """Take from a person what her shifts need, as the page of people does."""
    if how == "role":
        user.role_codes = {"learner", "interpreter"}
    elif how == "country":
        user.country = haiti
    else:
        user.is_active = False
    user.save()


def kind(line, at):
    return targets_now(line_by_id(line.pk), "fr", at).kind


@pytest.mark.parametrize("how", LEFT)
def test_a_shift_counts_nowhere_once_its_person_cannot_serve_it(line, operator, haiti, at, how):
    before = (kind(line, at), len(on_duty(line, at)), len(roster_gaps(line, at, days=1)))

    leave(operator, how, haiti)

    assert before[:2] == ("speaker", 1)
    assert (kind(line, at), on_duty(line, at)) == ("nobody", [])
    assert [gap.kind for gap in roster_gaps(line, at, days=1)] == ["nobody"] * 3
    assert shifts_ahead(operator, at=at) == []


@pytest.mark.parametrize("how", LEFT)
def test_no_telephone_of_somebody_who_left_rings(line, operator, haiti, at, how):
    verify(operator, at)
    was_rung = OnDuty(line_by_id(line.pk), at).telephones("fr")

    leave(operator, how, haiti)

    assert was_rung == (operator.pk,)
    assert OnDuty(line_by_id(line.pk), at).telephones("fr") == ()


@pytest.mark.parametrize("how", ["role", "country"])
def test_whoever_left_is_no_colleague_with_the_console_open(line, operator, haiti, at, how):
    Shift.objects.all().delete()
    OperatorState.objects.update(state="ready", seen_at=at)
    before = kind(line, at)

    leave(operator, how, haiti)

    assert (before, kind(line, at)) == ("speaker", "nobody")


@pytest.mark.parametrize("how", LEFT)
def test_a_caller_hears_that_nobody_is_free_and_the_duty_phone_rings(network, operator, haiti, how):
    leave(operator, how, haiti)
    network.call()

    reply = network.step("language", 1, Digits="1")

    assert [number.text for number in reply.document.iter("Number")] == ["+231770009999"]
    assert network.contact.queued_at is None


@pytest.mark.parametrize("how", LEFT)
def test_nobody_who_left_is_asked_for_a_telephone(line, operator, haiti, at, settings, how):
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = f"{settings.TWILIO_ACCOUNT_SID},{REAL}", ""
    Line.objects.update(account=REAL, is_practice=False)
    live = Line.objects.get()
    before = (people_without(live, at), is_live_line_rostered([live], at))

    leave(operator, how, haiti)

    assert before == ([operator], True)
    assert (people_without(live, at), is_live_line_rostered([live], at)) == ([], False)


def test_a_telephone_is_wiped_where_the_role_or_the_account_is_gone(operator, haiti, at):
    verify(operator, at)
    assert not left_telephones().exists()

    operator.role_codes = {"learner"}
    operator.save()

    assert left_telephones().get() == state_of(operator)


def test_an_interpreters_shift_needs_the_role_of_an_interpreter(line, person, liberia, at):
    user = person("interpreter", country=liberia, spoken="fr")
    span = {"starts_at": at - dt.timedelta(hours=1), "ends_at": at + dt.timedelta(hours=1)}
    Shift.objects.create(line=line, user=user, duty="interpreter", **span)
    before = len(on_duty(line, at))
    user.role_codes = {"operator"}
    user.save()

    assert (before, on_duty(line, at)) == (1, [])


@pytest.mark.parametrize(
    ("how", "words"),
    [("role", "does not have the role for this duty"), ("country", "does not have the role for this duty"),
     ("account", "This account is closed")],
)  # fmt: skip
def test_the_roster_marks_the_shift_for_the_supervisor(sign_in, supervisor, operator, haiti, how, words):
    now = timezone.now()
    Shift.objects.update(starts_at=now - dt.timedelta(minutes=1), ends_at=now + dt.timedelta(hours=1))
    page = sign_in(supervisor)
    before = page.get(reverse("hotline:roster")).content.decode()

    leave(operator, how, haiti)

    after = page.get(reverse("hotline:roster")).content.decode()
    assert (words in before, words in after) == (False, True)
    assert operator.get_short_name() in after


def test_a_shift_that_she_worked_before_she_left_is_not_marked(sign_in, supervisor, operator, haiti):
    now = timezone.now()
    Shift.objects.update(starts_at=now - dt.timedelta(minutes=2), ends_at=now - dt.timedelta(minutes=1))
    leave(operator, "account", haiti)

    page = sign_in(supervisor).get(reverse("hotline:roster")).content.decode()

    assert "This account is closed" not in page


def test_a_caller_is_not_told_to_speak_to_a_colleague_who_left(network, operator, person, liberia, haiti, at):
    network.queued()
    other = person("operator", country=liberia, language="ar")
    rows = desk_of(other, at=at).rows
    leave(operator, "role", haiti)

    hints = [str(row.hint) for row in (*rows, *desk_of(other, at=at).rows)]

    assert hints == ["A colleague on duty speaks it", "Nobody on duty speaks it"]
