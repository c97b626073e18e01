"""Who heard more than her share of what is hard has a break; who took two calls and did not answer is set off and told."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import Letter
from hotline import actions, exposure, tasks
from hotline.actions import follow_up
from hotline.models import Contact, Leg, OperatorState, SweepMark
from hotline.queries.exposure import load_of
from tests.hotline.console import waiting

pytestmark = pytest.mark.django_db
HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)


def test_calls_weigh_by_what_they_were_in_the_shift_and_in_the_week(at):
    calls = [
        exposure.Heard(at - HOUR, "information"),
        exposure.Heard(at - 2 * HOUR, "crisis"),
        exposure.Heard(at - 11 * HOUR, "concern", is_danger=True),
        exposure.Heard(at - 13 * HOUR, "concern"),
        exposure.Heard(at - dt.timedelta(days=8), "crisis"),
    ]

    assert exposure.load(calls, at) == exposure.Load(shift=5, week=6)
    assert [exposure.Load(6, 6).is_over, exposure.Load(0, 20).is_over, exposure.Load(5, 19).is_over] == [
        True,
        True,
        False,
    ]


@pytest.fixture
def heavy(line, operator, at):
    """Two calls in danger of a live line that the operator answered this morning; the sheet of a third is open."""

    def heard(hours, **more):
        call = waiting(line, at - hours * HOUR, is_danger=True)
        Contact.objects.filter(pk=call.pk).update(is_practice=False, state="done", ended_at=at, **more)
        Leg.objects.create(
            contact=call, role="operator", user=operator, account="AC", label="op-1", made_at=at,
            joined_at=at - hours * HOUR,
        )  # fmt: skip
        return Contact.objects.get(pk=call.pk)

    heard(2)
    last = heard(1, claimed_by=operator)
    Contact.objects.filter(pk=last.pk).update(state="wrap_up", end_asked_at=at)
    OperatorState.objects.filter(user=operator).update(state="wrap_up", contact=last, seen_at=at)
    return last


def colleague(person, country, at):
    other = person("operator", country=country, name="Colleague")
    actions.set_presence(user=other, state="ready", by=other, at=at)


def finish(call, operator, at):
    follow_up.wrap_up(contact=call, topic="crisis", by=operator, at=at, after="reached")
    return OperatorState.objects.get(user=operator).state


def test_the_break_goes_until_a_time_of_the_country(heavy, operator, person, liberia, desk, at, now):
    liberia.time_zone = "Asia/Dhaka"
    liberia.save()
    colleague(person, liberia, at)
    finish(heavy, operator, at)

    page = desk.post(reverse("hotline:operator_state"), {"state": "ready"}, follow=True)

    assert "Your break goes until 16:15;" in page.content.decode()


def test_over_her_share_she_has_a_break_first_and_is_told(
    heavy, operator, person, liberia, desk, sign_in, supervisor, at, now
):
    colleague(person, liberia, at)

    assert finish(heavy, operator, at) == "debrief"

    desk.post(reverse("hotline:operator_state"), {"state": "ready"})
    page = desk.get(reverse("hotline:console")).content.decode()
    assert ("Your break goes until" in page, 'id="queue-load"' in page) == (True, True)
    assert OperatorState.objects.get(user=operator).state == "debrief"
    board = sign_in(supervisor).get(reverse("hotline:board")).content.decode()
    assert "Heard much that is hard" in board
    actions.set_presence(user=operator, state="ready", by=operator, at=at + 15 * MINUTE)
    assert OperatorState.objects.get(user=operator).state == "ready"


def test_off_or_an_open_sheet_does_not_shorten_the_break(heavy, operator, person, liberia, at):
    colleague(person, liberia, at)
    OperatorState.objects.exclude(user=operator).update(seen_at=at + 20 * MINUTE)
    Leg.objects.filter(contact=heavy).update(left_at=at)

    def set_to(state, minutes):
        actions.set_presence(user=operator, state=state, by=operator, at=at + minutes * MINUTE)

    with pytest.raises(actions.BreakOwed) as owed:
        set_to("ready", 1)
    assert owed.value.until == at + 15 * MINUTE
    assert finish(heavy, operator, at + 2 * MINUTE) == "debrief"
    for rest in ("off", "break"):
        set_to(rest, 5)
        with pytest.raises(actions.BreakOwed) as owed:
            set_to("ready", 6)
        assert owed.value.until == at + 17 * MINUTE
    set_to("ready", 17)


def test_who_is_alone_is_never_kept_from_the_line(heavy, operator, at):
    assert load_of(operator, at).is_over
    assert finish(heavy, operator, at) == "ready"


def test_nobody_is_kept_from_somebody_in_danger(heavy, line, operator, person, liberia, at):
    colleague(person, liberia, at)
    assert finish(heavy, operator, at) == "debrief"
    with pytest.raises(actions.BreakOwed):
        actions.set_presence(user=operator, state="ready", by=operator, at=at + MINUTE)
    call = waiting(line, at, is_danger=True)
    Contact.objects.filter(pk=call.pk).update(is_practice=False)

    actions.set_presence(user=operator, state="ready", by=operator, at=at + MINUTE)


@pytest.mark.parametrize("played", [{"is_practice": True}, {"is_practice": False, "flags": "rehearsed"}])
def test_a_call_that_is_only_played_costs_nobody_her_break(heavy, line, operator, person, liberia, at, played):
    colleague(person, liberia, at)
    call = waiting(line, at, is_danger=True)
    Contact.objects.filter(pk=call.pk).update(**played)

    assert finish(heavy, operator, at) == "debrief"
    with pytest.raises(actions.BreakOwed):
        actions.set_presence(user=operator, state="ready", by=operator, at=at + MINUTE)


def test_calls_to_practise_on_weigh_nothing(heavy, operator, at):
    Contact.objects.update(is_practice=True)

    assert load_of(operator, at) == exposure.Load()


def test_two_calls_taken_and_not_answered_set_her_off_and_both_are_told(network, operator, supervisor, desk, at, now):
    contact = network.queued()
    for nth in (1, 2):
        moment = at + nth * MINUTE
        actions.take_call(contact=contact, by=operator, at=moment)
        tasks.release_claims(moment + 30 * dt.timedelta(seconds=1))
        assert Letter.objects.filter(key__startswith="set_off:").count() == nth - 1

    assert OperatorState.objects.get(user=operator).was_set_off
    assert 'id="queue-set-off"' in desk.get(reverse("hotline:console")).content.decode()
    actions.set_presence(user=operator, state="ready", by=operator, at=at + 3 * MINUTE)
    assert 'id="queue-set-off"' not in desk.get(reverse("hotline:console")).content.decode()


def test_calls_that_the_network_let_nobody_ring_count_against_nobody(network, operator, at):
    contact = network.queued()
    SweepMark.objects.create(account=contact.line.account, kind="circuit", mark_at=at, failures=9)
    for nth in (1, 2):
        moment = at + nth * MINUTE
        SweepMark.objects.filter(kind="circuit").update(mark_at=moment)
        actions.take_call(contact=contact, by=operator, at=moment)
        tasks.release_claims(moment + dt.timedelta(seconds=50))

    state = OperatorState.objects.get(user=operator)
    assert (state.state, state.missed_offers, Letter.objects.count()) == ("ready", 0, 0)
