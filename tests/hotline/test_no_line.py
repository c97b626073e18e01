"""Contacts that reached a number of no line: administrators see and close them, time erases them, STOP is heeded."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.queries import owners_with_keys
from cms import chores
from hotline import tasks
from hotline.actions import follow_up
from hotline.models import Contact, Opposition
from hotline.queries.answering import newest_text
from hotline.queries.contacts import contacts_visible_to
from hotline.queries.retention import due_contacts, facts_of
from hotline.queries.safety import text_bar
from hotline.queries.waiting import queue_of
from hotline.retention import erased_on
from hotline.telephony.providers import SIMULATED_ACCOUNT

pytestmark = pytest.mark.django_db

NOWHERE = "+12025550123"
DAYS = dt.timedelta(days=1)


@pytest.fixture
def administrator(person, liberia):
    """An administrator, who works at no desk."""
    return person("administrator", country=liberia)


@pytest.fixture
def lost(network):
    """A text that reached a number of no line."""
    return network.text("please help me", To=NOWHERE)


@pytest.fixture
def stranger(network, settings):
    """Another account of ours, whose requests name the number of a line that is not its own."""
    other = "AC" + "7" * 32
    settings.TWILIO_ACCOUNT_SID = f"{SIMULATED_ACCOUNT},{other}"
    return other


@pytest.fixture
def lost_call(network, clock):
    """A call to a number of no line, over since, which no duty phone took."""
    network.call(To=NOWHERE)
    clock.move(seconds=30)
    network.status("completed", "1")
    return network.contact


def test_a_call_of_another_account_that_names_our_number_is_of_no_line(network, stranger, line):
    reply = network.post("/hotline/twilio/voice/", network.fields(CallStatus="ringing"), account=stranger)

    contact = network.contact
    assert (reply.status, contact.line, contact.country, contact.is_practice) == (200, None, None, False)


def test_a_text_of_another_account_that_names_our_number_stops_nothing_of_the_line(network, stranger, conversation):
    text = {"MessageSid": "SM2", "From": "+231770000001", "To": "2883", "Body": "STOP", "NumMedia": "0"}

    network.post("/hotline/twilio/message/", text, account=stranger)

    other = Contact.objects.latest("pk")
    assert (other == conversation, other.line) == (False, None)
    assert not Opposition.objects.exists()


def page(browser, name, *args):
    return browser.get(reverse(f"hotline:{name}", args=args)).content.decode()


@pytest.mark.parametrize("kind", ["lost", "lost_call"])
def test_administrators_alone_see_it(request, kind, administrator, person, liberia, sign_in):
    contact = request.getfixturevalue(kind)
    others = [person(role, country=liberia) for role in ("operator", "supervisor", "manager", "analyst")]

    assert contacts_visible_to(administrator).get() == contact
    assert not any(contacts_visible_to(user).exists() for user in others)
    browser = sign_in(administrator)
    assert contact.code in page(browser, "call_log")
    assert contact.code in page(browser, "missed")
    assert f"Number called: \u2066{NOWHERE}\u2069" in page(browser, "contact", contact.public_id)


def test_an_administrator_sees_no_contact_of_a_line(lost, administrator, contact, sign_in):
    browser = sign_in(administrator)

    assert contacts_visible_to(administrator).get() == lost
    assert browser.get(reverse("hotline:contact", args=[contact.public_id])).status_code == 404


def test_an_administrator_reads_neither_number_nor_words(lost, administrator, sign_in):
    browser = sign_in(administrator)
    shown = page(browser, "contact", lost.public_id)

    assert "please help me" not in shown
    assert "+231770000001" not in shown
    for name in ("show_number", "give_owner", "erase_contact", "hold_contact"):
        address = reverse(f"hotline:{name}", args=[lost.public_id])
        assert address not in shown
        assert browser.post(address, {"reason": "danger"}).status_code == 404


def test_an_administrator_closes_it(lost, administrator, sign_in, at):
    browser = sign_in(administrator)
    address = reverse("hotline:close_follow_up", args=[lost.public_id])

    assert address in page(browser, "missed")
    seen = {"closing": "wrong_number", "seen": newest_text(lost)}
    assert browser.post(address, seen).status_code == 302

    lost.refresh_from_db()
    assert (lost.closing, lost.closed_at is None) == ("wrong_number", False)
    assert address not in page(browser, "missed")


def test_an_operator_closes_none_of_them(lost, desk):
    address = reverse("hotline:close_follow_up", args=[lost.public_id])

    assert desk.post(address, {"closing": "wrong_number"}).status_code == 404


def test_the_console_of_an_operator_who_is_an_administrator_too_offers_what_she_can_take(lost, person, liberia, at):
    both = person("administrator", "operator", country=liberia)

    assert queue_of(both, [], at, state=None).rows == []


def test_the_house_says_so_until_it_is_closed(lost, administrator, sign_in, at):
    browser = sign_in(administrator)
    told = [fault.code for fault in chores.chores()]
    shown = page(browser, "lines")
    follow_up.close_follow_up(contact=lost, closing="wrong_number", by=administrator, at=at)

    assert told == ["no_line"]
    assert "1 call or text came to a number that belongs to no line." in shown
    assert chores.chores() == []
    assert 'id="at-no-line"' not in page(browser, "lines")


def test_a_manager_who_cannot_see_them_is_not_sent_there(lost, manager):
    assert 'id="at-no-line"' not in page(manager, "lines")


def test_a_call_that_the_duty_phone_took_is_told_for_two_days(lost_call, clock):
    Contact.objects.update(is_missed=False)
    told = [fault.code for fault in chores.chores()]
    clock.move(days=3)

    assert told == ["no_line"]
    assert chores.chores() == []


@pytest.mark.parametrize("kind", ["lost", "lost_call"])
@pytest.mark.parametrize("is_missed", [True, False])
def test_time_erases_it_closed_or_not(request, kind, is_missed, administrator, sign_in):
    contact = request.getfixturevalue(kind)
    Contact.objects.update(is_missed=is_missed)
    contact.refresh_from_db()
    day = contact.ended_at + 180 * DAYS

    assert erased_on(facts_of(contact)) == day
    assert not due_contacts(day - DAYS).exists()
    assert tasks.erase(day + DAYS) == 1
    contact.refresh_from_db()
    assert (contact.number, contact.number_index) == (None, "")
    assert not contact.messages.filter(body__isnull=False).exists()
    assert owners_with_keys([contact.public_id]) == set()
    assert contact.code not in page(sign_in(administrator), "missed")


def test_stop_to_a_number_of_no_line_stops_the_lines_that_know_the_number(network, at):
    known = network.text()
    Contact.objects.update(may_text="yes", safety_at=at)

    network.post("/hotline/twilio/message/", {
        "MessageSid": "SM" + "2" * 32, "From": "+231770000001", "To": NOWHERE, "Body": "STOP", "NumMedia": "0",
    })  # fmt: skip

    assert Opposition.objects.get().line == known.line
    assert text_bar(known, at) == "stopped"


def test_stop_of_a_number_that_no_line_knows_leaves_nothing(network):
    network.text("STOP", To=NOWHERE)

    assert not Opposition.objects.exists()


def test_start_to_a_number_of_no_line_takes_back_nothing_said_to_a_line(network, clock, at):
    known = network.text("STOP")
    clock.move(minutes=2)

    network.post("/hotline/twilio/message/", {
        "MessageSid": "SM" + "2" * 32, "From": "+231770000001", "To": NOWHERE, "Body": "START", "NumMedia": "0",
    })  # fmt: skip

    assert text_bar(known, at) == "stopped"
