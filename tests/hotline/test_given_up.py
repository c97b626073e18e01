"""Texts that cannot leave: tried a set number of times, then given up, told, recorded; they hold up no other."""

import base64
import datetime as dt
import uuid

import pytest
from django.urls import reverse

from accounts import actions as accounts
from accounts.models import AuditEntry, Country, DataKey, Letter, User
from hotline import actions, tasks
from hotline.actions.shielding import shield_contact
from hotline.choices import LOST_TEXT
from hotline.models import Contact, Message, SimulatorAct
from hotline.queries.log import missed_contacts, whole_timeline
from hotline.queries.post import waiting_texts
from hotline.telephony.base import ProviderRefused
from hotline.views.console import console_url
from referral.models import AgencyContact, Case, Notice, Organisation
from tests.hotline.conftest import OPERATOR_SID

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def supervisor(person, liberia):
    return person("supervisor", country=liberia)


def written(network, at, number):
    """A conversation by text in which the person may be written to."""
    fields = {"MessageSid": f"SM{number}", "From": f"+23177000111{number}", "To": "2883", "Body": "Hello"}
    network.post("/hotline/twilio/message/", fields | {"NumMedia": "0"})
    contact = Contact.objects.order_by("id").last()
    Contact.objects.filter(pk=contact.pk).update(
        may_text="yes", safety_at=at, closed_at=at, closing="no_need", state="done"
    )
    contact.refresh_from_db()
    return contact


@pytest.fixture
def lost(network, operator, at):
    """A text that waits for somebody whose key is gone."""
    contact = written(network, at, 1)
    message = actions.queue_message(contact=contact, text_key="call_us", by=operator, at=at, key="lost")
    DataKey.objects.filter(owner=contact.public_id).delete()
    return message


def turns(at, minutes):
    """Let the worker come each minute; return when the last turn was."""
    for minute in range(minutes):
        tasks.send_messages(at + minute * MINUTE)
    return at + (minutes - 1) * MINUTE


def recorded(verb):
    return AuditEntry.objects.filter(verb=verb)


def test_a_text_that_cannot_be_opened_is_given_up_after_five_tries_each_recorded(lost, at):
    turns(at, 60)

    lost.refresh_from_db()
    assert (lost.state, lost.tries, lost.error_code) == ("failed", 5, "unopened")
    assert recorded("sealed.cannot_open").count() == 5
    assert recorded("hotline.text_given_up").get().thing == accounts.thing_id(lost)
    assert not SimulatorAct.objects.exists()


def test_a_text_that_meets_the_end_of_the_safe_hours_on_its_way_is_kept_back_and_told(
    network, operator, supervisor, at
):
    contact = written(network, at, 1)
    Contact.objects.filter(pk=contact.pk).update(safe_from=at.time(), safe_until=(at + MINUTE).time())
    contact.refresh_from_db()
    late = actions.queue_message(contact=contact, text_key="call_us", by=operator, at=at, key="late")
    assert late.state == "outbox"

    tasks.send_messages(at + MINUTE)
    tasks.send_messages(at + 2 * MINUTE)

    late.refresh_from_db()
    contact.refresh_from_db()
    assert (late.state, late.tries, contact.closed_at) == ("blocked_by_safety", 1, None)
    assert not SimulatorAct.objects.exists()
    assert [LOST_TEXT in row.flag_codes for row in missed_contacts(supervisor)] == [True]
    assert Letter.objects.get(receiver=accounts.thing_id(supervisor)).subject == "A text message could not be sent"
    assert recorded("hotline.text_given_up").get().thing == accounts.thing_id(late)


def test_it_holds_up_no_other_text(lost, network, operator, at):
    other = written(network, at, 2)
    actions.queue_message(contact=other, text_key="call_us", by=operator, at=at, key="other")

    assert tasks.send_messages(at) == 1
    assert Message.objects.get(key="other").sent_at == at


def test_a_row_that_is_broken_in_any_way_holds_up_no_other_text(lost, network, operator, at, monkeypatch):
    other = written(network, at, 2)
    actions.queue_message(contact=other, text_key="call_us", by=operator, at=at, key="other")
    real = actions.send_message
    monkeypatch.setattr(
        "hotline.tasks.actions.send_message",
        lambda message, at: real(message, at=at) if message.key == "other" else 1 / 0,
    )

    assert tasks.send_messages(at) == 1


def test_the_contact_is_followed_up_and_people_are_told_once(lost, supervisor, person, at, settings):
    person("supervisor")
    turns(at, 60)

    contact = Contact.objects.get()
    assert list(missed_contacts(supervisor)) == [contact]
    assert contact.due_at > at
    letter = Letter.objects.get()
    assert letter.receiver == accounts.thing_id(supervisor)
    assert settings.PUBLIC_URL + reverse("hotline:missed") in accounts.open_letter(letter).text


@pytest.mark.parametrize("others", [True, False])
def test_a_supervisor_whom_the_contact_names_is_not_told_and_somebody_who_can_act_is(
    lost, operator, supervisor, person, liberia, at, others
):
    told = person("supervisor", country=liberia, name="Other") if others else operator
    shield_contact(contact=lost.contact, by=operator, at=at, user=supervisor)
    Letter.objects.all().delete()

    turns(at, 60)

    assert Letter.objects.get().receiver == accounts.thing_id(told)


def test_it_stands_in_the_timeline_and_in_the_sheet(lost, operator, sign_in, at):
    turns(at, 60)

    words = [str(entry.words) for entry in whole_timeline(lost.contact)]
    desk = sign_in(operator)
    assert words.count("Text message given up: it could not be sent") == 1
    assert "Failed" in desk.get(console_url(lost.contact)).content.decode()
    page = desk.get(reverse("hotline:contact", args=[lost.contact.public_id])).content.decode()
    assert "Text message given up" in page
    assert page.count("This cannot be opened") == 2
    assert "unopened</bdi>" not in page


def test_a_text_that_the_carrier_refuses_is_told_too(network, operator, supervisor, at, monkeypatch):
    contact = written(network, at, 1)
    actions.queue_message(contact=contact, text_key="call_us", by=operator, at=at, key="k")
    monkeypatch.setattr("hotline.telephony.practice.PracticeProvider.send_message", _refuse)

    tasks.send_messages(at)

    assert list(missed_contacts(supervisor)) == [contact]
    assert recorded("hotline.text_given_up").count() == Letter.objects.count() == 1


def _refuse(self, **_message):
    raise ProviderRefused("30003")


def test_the_follow_up_that_is_open_keeps_its_time(lost, at):
    due = at + 5 * MINUTE
    Contact.objects.update(is_missed=True, closed_at=None, closing="", due_at=due)

    turns(at, 60)

    assert Contact.objects.get().due_at == due


@pytest.fixture
def agency(liberia, at):
    """A factory of texts to agencies that are due."""

    def make(name):
        body = Organisation.objects.create(
            country=liberia, name=f"Safe house {name} (example)", description="Example.", created_at=at, changed_at=at
        )
        contact = AgencyContact(organisation=body, name="Desk")
        accounts.seal(contact, "number", "+231770000001")
        contact.save()
        row = Notice(
            key=f"agency_link:{uuid.uuid4()}", kind="agency_link", country=liberia, contact=contact, language="en",
            due_at=at,
        )  # fmt: skip
        accounts.seal(row, "link", f"http://127.0.0.1:8000/en/a/{row.public_id}/")
        row.save()
        return row

    return make


@pytest.mark.parametrize("field", ["number", "link"])
def test_a_text_to_an_agency_that_cannot_be_opened_is_given_up_after_five_tries(line, agency, at, field):
    broken, whole = agency("A"), agency("B")
    if field == "number":
        DataKey.objects.filter(owner=broken.contact.public_id).delete()
    else:
        Notice.objects.filter(pk=broken.pk).update(link=whole.link)

    done = tasks.queue_notices(at)
    for minute in range(1, 121):
        tasks.queue_notices(at + minute * MINUTE + dt.timedelta(seconds=minute))

    broken.refresh_from_db()
    whole.refresh_from_db()
    assert (done, whole.taken_at, whole.fault) == (1, at, "")
    assert (broken.fault, broken.link) == ("unopened", None)
    assert recorded("sealed.cannot_open").count() == 5
    assert recorded("hotline.text_given_up").get().thing == accounts.thing_id(broken)
    assert tasks.queue_notices(at + dt.timedelta(days=1)) == 0


OTHER = base64.b64encode(b"0123456789abcdef" * 2).decode()
# No key of that id; another key of that id (the demo's is k1); nothing that can be read.
STRANGE_KEYS = (f"*:k9:{OTHER}", f"*:k1:{OTHER}", "*:k1:abc")


@pytest.fixture
def waiting(network, operator, at):
    """A text that waits for somebody whose key is whole."""
    contact = written(network, at, 1)
    return actions.queue_message(contact=contact, text_key="call_us", by=operator, at=at, key="waiting")


@pytest.mark.parametrize("strange", STRANGE_KEYS)
def test_a_text_whose_key_is_away_waits_without_a_try_and_goes_when_it_is_back(waiting, at, settings, strange):
    right, settings.SEAL_KEYS = settings.SEAL_KEYS, strange
    last = turns(at, 120)
    waiting.refresh_from_db()
    held = (waiting.state, waiting.tries)
    late = waiting_texts(last)
    settings.SEAL_KEYS = right

    assert (held, late) == (("outbox", 0), 1)
    assert tasks.send_messages(last + 11 * MINUTE) == 1
    waiting.refresh_from_db()
    assert (waiting.tries, waiting.sent_at) == (1, last + 11 * MINUTE)
    assert not recorded("hotline.text_given_up").exists()


def test_a_text_whose_key_was_taken_out_for_good_is_given_up_and_told_after_a_day(waiting, supervisor, at, settings):
    settings.SEAL_KEYS = STRANGE_KEYS[0]

    turns(at + dt.timedelta(days=1), 1)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.error_code) == ("failed", "unopened")
    assert Letter.objects.get().receiver == accounts.thing_id(supervisor)


@pytest.mark.parametrize("strange", STRANGE_KEYS)
def test_a_text_to_an_agency_whose_key_is_away_waits_whole_and_goes_when_it_is_back(
    line, agency, at, settings, strange
):
    row = agency("A")
    right, settings.SEAL_KEYS = settings.SEAL_KEYS, strange
    for minute in range(0, 240, 5):
        tasks.queue_notices(at + minute * MINUTE)
    row.refresh_from_db()
    held = (row.taken_at, row.fault, row.link is None)
    settings.SEAL_KEYS = right
    back = at + 260 * MINUTE

    assert held == (None, "", False)
    assert tasks.queue_notices(back) == 1
    row.refresh_from_db()
    assert (row.taken_at, row.fault) == (back, "")


def test_a_text_to_an_agency_whose_key_was_taken_out_for_good_is_told_after_a_day(line, agency, at, settings):
    row = agency("A")
    settings.SEAL_KEYS = STRANGE_KEYS[0]

    tasks.queue_notices(at + dt.timedelta(days=1))

    row.refresh_from_db()
    assert (row.fault, row.link) == ("unopened", None)


def test_the_list_of_missed_contacts_says_so(lost, network, operator, supervisor, sign_in, at):
    Contact.objects.filter(pk=written(network, at, 2).pk).update(closed_at=None, closing="")
    turns(at, 60)

    page = sign_in(supervisor).get(reverse("hotline:missed")).content.decode()

    assert page.count("A text message could not be sent") == 1
    assert [LOST_TEXT in row.flag_codes for row in missed_contacts(supervisor).order_by("id")] == [True, False]


def given_up_in_the_call(network, operator, at):
    """A text that was given up while the operator still speaks with the person; return the contact."""
    contact = network.taken(operator, at)
    network.status("in-progress", "1")
    network.room("participant-join", 1, contact, network.sid, "caller")
    network.room("participant-join", 2, contact, OPERATOR_SID, "op-1")
    Contact.objects.filter(pk=contact.pk).update(may_text="yes", safety_at=at)
    contact.refresh_from_db()
    actions.queue_message(contact=contact, text_key="call_us", by=operator, at=at, key="lost")
    DataKey.objects.filter(owner=contact.public_id).delete()
    turns(at, 60)
    return network.contact


def test_a_text_given_up_during_the_call_is_followed_up_once_the_call_is_over(network, operator, supervisor, at):
    during = given_up_in_the_call(network, operator, at)
    is_listed = missed_contacts(supervisor).exists()
    network.status("completed", "9")

    ended = network.contact
    assert (during.state, during.is_missed, is_listed) == ("connected", False, False)
    assert (ended.outcome, ended.is_missed, ended.closed_at) == ("answered", True, None)
    assert ended.due_at is not None
    assert [LOST_TEXT in row.flag_codes for row in missed_contacts(supervisor)] == [True]


def test_the_mark_of_a_lost_text_stands_on_the_page_of_the_contact(network, operator, sign_in, at):
    contact = given_up_in_the_call(network, operator, at)

    page = sign_in(operator).get(reverse("hotline:contact", args=[contact.public_id])).content.decode()

    assert "<li>A text message could not be sent</li>" in page


@pytest.mark.parametrize(("minutes", "letters"), [(50, 1), (70, 2)])
def test_people_are_told_once_an_hour_however_many_texts_are_lost(
    network, operator, supervisor, at, monkeypatch, minutes, letters
):
    monkeypatch.setattr("hotline.telephony.practice.PracticeProvider.send_message", _refuse)
    for number, then in ((1, at), (2, at + minutes * MINUTE)):
        contact = written(network, at, number)
        actions.queue_message(contact=contact, text_key="call_us", by=operator, at=then, key=f"k{number}")
        tasks.send_messages(then)

    assert Letter.objects.count() == letters


@pytest.mark.parametrize(("is_active", "letters"), [(True, 2), (False, 1)])
def test_whoever_has_the_case_is_told_unless_the_account_is_closed(
    lost, case, person, liberia, supervisor, at, is_active, letters
):
    owner = person("operator", country=liberia)
    User.objects.filter(pk=owner.pk).update(is_active=is_active)
    Case.objects.update(owner=owner)
    Contact.objects.update(case=case)

    turns(at, 60)

    assert Letter.objects.count() == letters
    assert Letter.objects.filter(receiver=accounts.thing_id(owner)).exists() is is_active


@pytest.mark.parametrize("why", ["moved", "role"])
def test_an_owner_who_serves_the_country_no_more_is_not_told(lost, case, person, liberia, supervisor, at, why):
    ghana = Country.objects.create(
        code="GH", name="Ghana", slug="ghana", language_codes="en", time_zone="Africa/Accra"
    )
    owner = person("trainer", country=liberia) if why == "role" else person("operator", country=ghana)
    Case.objects.update(owner=owner)
    Contact.objects.update(case=case)

    turns(at, 60)

    assert Letter.objects.get().receiver == accounts.thing_id(supervisor)


def test_where_neither_serves_who_keeps_the_country_is_told_without_the_text(lost, person, liberia, at):
    manager = person("manager", country=liberia)

    turns(at, 60)

    letter = Letter.objects.get()
    assert letter.receiver == accounts.thing_id(manager)
    assert reverse("hotline:missed") not in accounts.open_letter(letter).text
