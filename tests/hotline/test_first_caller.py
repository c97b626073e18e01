"""The demo's own caller waits until a visitor calls the same line: then N takes the visitor's call, as the steps say."""

import pytest
from django.urls import reverse

from hotline import actions
from hotline.actions import simulation
from hotline.models import Contact, SimulatorPhone
from tests.hotline.practice import act, post_by_client, practice_network, ticking_clock, work  # noqa: F401 -- fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.fixture
def first(practice, ticking, at):
    """The contact of the demo's own caller, who waits for Liberia's operators."""
    phone = simulation.new_phone(number=simulation.FIRST_CALLER, at=at)
    simulation.do(phone=phone, kind="dial", at=at, to="2883")
    simulation.do(phone=phone, kind="press", at=at, digits="1")
    pass_time(practice, ticking, 12)
    contact = Contact.objects.get()
    assert contact.state == "waiting"
    return contact


def pass_time(practice, ticking, seconds):
    for _second in range(seconds):
        practice.step()
        ticking.move(1)


def call(client, **values):
    return client.post(reverse("hotline:phone"), {"caller": "+231770000101", "to": "2883"} | values)


def test_she_hangs_up_when_a_visitor_calls_the_line_and_n_takes_the_visitor(
    client, first, practice, ticking, operator, sign_in
):
    actions.set_presence(user=operator, state="ready", by=operator, at=ticking.now)
    call(client)
    act(client, SimulatorPhone.objects.order_by("-pk")[0], "press", digits="1")
    pass_time(practice, ticking, 12)

    desk = sign_in(operator).get(reverse("hotline:console")).context["desk"]

    first.refresh_from_db()
    assert first.ended_at is not None
    assert [row.contact.pk for row in desk.calls] == [desk.next_pk] == [Contact.objects.order_by("-pk")[0].pk]


def test_a_visitor_who_calls_once_more_on_the_same_phone_is_the_next_too(client, first, practice, ticking):
    call(client, wait="1")
    act(client, SimulatorPhone.objects.order_by("-pk")[0], "dial", to="2883")
    pass_time(practice, ticking, 2)

    first.refresh_from_db()
    assert first.ended_at is not None


@pytest.mark.parametrize("values", [{"to": "840"}, {"wait": "1"}, {"text": "1"}])
def test_she_stays_while_nobody_else_calls_her_line(client, first, practice, ticking, values):
    call(client, **values)
    pass_time(practice, ticking, 2)

    first.refresh_from_db()
    assert first.state == "waiting"


def test_whom_an_operator_took_stays_in_her_call(client, first, practice, ticking, operator):
    actions.set_presence(user=operator, state="ready", by=operator, at=ticking.now)
    actions.take_call(contact=first, by=operator, at=ticking.now)
    work(ticking)
    call(client)
    pass_time(practice, ticking, 2)

    first.refresh_from_db()
    assert first.ended_at is None
