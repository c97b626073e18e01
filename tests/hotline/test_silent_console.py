"""The console while nobody carries out orders of calls; an offer that is over frees call and operator for whoever looks."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from hotline import actions
from hotline.models import Shift, SweepMark
from hotline.queries import heartbeat
from hotline.queries.pulse import change_mark
from tests.hotline.telephones import state_of

pytestmark = pytest.mark.django_db
CONSOLE, LIVE = "hotline:console", "hotline:console_live"


@pytest.fixture
def second(person, liberia, line, at):
    user = person("operator", country=liberia, name="Second, Liberia")
    Shift.objects.create(
        line=line, user=user, starts_at=at - dt.timedelta(hours=1), ends_at=at + dt.timedelta(hours=1)
    )
    actions.set_presence(user=user, state="ready", by=user, at=at)
    return user


@pytest.fixture
def offered(network, operator, at):
    """A call that the operator took; her telephone never rings."""
    contact = network.queued()
    actions.take_call(contact=contact, by=operator, at=at)
    return contact


def fall_silent(at):
    SweepMark.objects.filter(kind=heartbeat.KIND).update(mark_at=at - dt.timedelta(seconds=31))
    heartbeat.forget_heartbeat()


def text(page):
    return page.content.decode()


def test_while_the_lease_runs_the_call_is_hers(offered, operator, second, sign_in, clock, at):
    clock.move(seconds=19)
    hers, other = sign_in(operator), sign_in(second)

    hers.post(reverse("hotline:operator_state"), {"state": "break"})

    assert state_of(operator).state == "offered"
    assert "take-" not in text(other.get(reverse(CONSOLE)))


def test_an_offer_that_is_over_shows_the_button_to_others_without_the_worker(
    offered, operator, second, sign_in, clock, at
):
    other = sign_in(second)
    seen = change_mark(second, at=at)
    clock.move(seconds=21)

    asked = other.get(reverse(LIVE), {"seen": seen})

    assert f'id="take-{offered.code}"' in text(asked)
    assert state_of(operator).state == "ready"
    other.post(reverse("hotline:take", args=[offered.public_id]))
    offered.refresh_from_db()
    assert (offered.state, offered.claimed_by) == ("offered", second)


def test_an_offer_that_is_over_lets_her_choose_a_break(offered, operator, sign_in, clock, at):
    clock.move(seconds=21)

    sign_in(operator).post(reverse("hotline:operator_state"), {"state": "break"})

    offered.refresh_from_db()
    assert (state_of(operator).state, offered.state, offered.claimed_by) == ("break", "waiting", None)


def test_an_offer_that_is_over_lets_her_take_another_call(offered, network, operator, sign_in, clock, at):
    network.sid = "CA" + "4" * 32
    other = network.queued()
    clock.move(seconds=21)

    sign_in(operator).post(reverse("hotline:take", args=[other.public_id]))

    other.refresh_from_db()
    offered.refresh_from_db()
    assert (other.claimed_by, offered.state, offered.claimed_by) == (operator, "waiting", None)


def test_who_was_not_rung_missed_nothing(offered, operator, sign_in, clock, at):
    clock.move(seconds=21)
    fall_silent(timezone.now())

    sign_in(operator).get(reverse(CONSOLE))

    assert (state_of(operator).state, state_of(operator).missed_offers) == ("ready", 0)


def test_the_console_says_in_words_that_calls_cannot_be_rung_through(desk, network, operator, at):
    network.queued()
    before = change_mark(operator, at=at)
    assert desk.get(reverse(LIVE), {"seen": before}).status_code == 204
    fall_silent(at)

    page, asked = text(desk.get(reverse(CONSOLE))), desk.get(reverse(LIVE), {"seen": before})

    for shown in (page, text(asked)):
        assert "Calls cannot be rung through now." in shown
        assert "./fanal worker" in shown
        assert 'id="take-' not in shown


def test_a_call_cannot_be_taken_while_no_telephone_would_ring(desk, network, operator, at):
    contact = network.queued()
    fall_silent(at)

    answer = desk.post(reverse("hotline:take", args=[contact.public_id]), follow=True)

    contact.refresh_from_db()
    assert "Calls cannot be rung through now. The caller is put through to a telephone." in text(answer)
    assert (contact.state, contact.claimed_by, state_of(operator).state) == ("waiting", None, "ready")


def test_the_banner_is_gone_once_the_worker_is_heard(desk, operator, clock, at):
    fall_silent(at)
    silent = change_mark(operator, at=at)
    SweepMark.objects.filter(kind=heartbeat.KIND).update(mark_at=at)

    asked = desk.get(reverse(LIVE), {"seen": silent})

    assert (asked.status_code, "Calls cannot be rung through now." in text(asked)) == (200, False)


def test_asking_whether_anything_changed_takes_no_statement_more(
    desk, operator, clock, at, django_assert_max_num_queries
):
    desk.get(reverse(LIVE))
    mark = change_mark(operator, at=at)

    with django_assert_max_num_queries(3):
        assert desk.get(reverse(LIVE), {"seen": mark}).status_code == 204


def test_a_call_that_rings_telephones_is_seen_in_the_console(desk, network, operator, at):
    fall_silent(at)
    network.call()
    contact = network.step("language", 1, Digits="1") and network.contact
    type(contact).objects.filter(pk=contact.pk).update(state="phones", step="phones")

    page = text(desk.get(reverse(CONSOLE)))

    assert "Ringing the telephones of those on shift, one after the other" in page
