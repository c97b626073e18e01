"""One promise: somebody dials the line, is answered in her language, and help begins. Through pages and webhooks only."""

import pytest
from django.urls import reverse

import referral.demo
from accounts.models import AuditEntry
from hotline.models import Contact, Message, SimulatorPhone
from hotline.queries.answering import conversation_version
from referral.models import Area, Case

pytestmark = pytest.mark.django_db


def stand_in_order(page, *sentences):
    """Tell whether each sentence stands in the page, one after the other."""
    places = [page.index(sentence) for sentence in sentences]
    return places == sorted(places)


def open_the_case(world, contact):
    """Be refused without consent, ask for it, and open one case with two clicks; return the page."""
    refused = world.act("open_case", contact).content.decode()
    assert "Ask for consent first" in refused
    cases = Case.objects.count()

    world.answer(contact, "consent_case", "yes")
    world.act("open_case", contact)
    page = world.act("open_case", contact).content.decode()

    contact.refresh_from_db()
    assert Case.objects.count() == cases + 1
    return page


def end_the_call(world, contact):
    """Put the caller on hold, take her back, and end the call."""
    assert "On hold; the caller hears that somebody comes back soon" in world.control(contact, "hold")
    world.control(contact, "unhold")
    assert "The call is over. What was it about?" in world.control(contact, "end", seconds=15)
    assert SimulatorPhone.objects.latest("pk").state == "ended"


def wrap_up(world, contact):
    """Say what the call was about, and be ready for the next."""
    world.act("wrap_up", contact, topic="referral")
    contact.refresh_from_db()
    assert (contact.state, contact.outcome, contact.topic) == ("done", "answered", "referral")
    assert "Ready" in world.console()


def test_from_the_phone_to_a_case(world):
    referral.demo.make(at=world.clock.now)
    montserrado = Area.objects.get(name="Montserrado")

    contact = world.dial(caller="", key="2")
    assert "français" in world.console()

    world.take(contact)
    sheet = world.console(contact=str(contact.public_id))
    assert contact.state == "connected"
    assert "An operator is in the call with you" in world.phone_page()
    assert "Are you safe where you are now?" in sheet
    assert "Number withheld" in sheet

    world.fill_the_sheet(contact, montserrado)
    page = open_the_case(world, contact)
    assert (contact.case.source, contact.case.area, contact.case.language) == ("hotline", montserrado, "fr")
    assert contact.case.code in page
    consent = world.desk.get(reverse("referral:case_consent", args=[contact.case.code])).content.decode()
    assert consent.count("Said earlier") == 1  # the police: asked on the sheet in these words; to talk was not

    end_the_call(world, contact)
    wrap_up(world, contact)
    told = ("The call reached the line", "Operator joined", "Case opened", "On hold, confirmed", "Wrapped up")
    assert stand_in_order(world.log(contact), *told)
    assert AuditEntry.objects.filter(verb="hotline.case_opened").count() == 1


def test_a_caller_whose_line_is_cut_is_seen_at_once(world):
    contact = world.dial(caller="+231770000101", key="1")
    world.take(contact)

    world.phone("cut")
    world.wait(3)

    contact.refresh_from_db()
    assert contact.state == "wrap_up"
    assert "The call is over. What was it about?" in world.console(contact=str(contact.public_id))


def test_a_text_is_read_and_answered_once_it_is_safe(world):
    world.client.post(reverse("hotline:phone"), {"caller": "+231770000101", "to": "2883", "text": "1"})
    world.phone("text", to="2883", text="I need help. Do not call.")
    world.wait(2)
    contact = Contact.objects.get(kind="message", messages__direction="in", state="ended")

    assert "Text message, not read yet" in world.console()

    opened = world.act("read_messages", contact).content.decode()
    refused = world.act(
        "send_text", contact, ready="call_us", text="", click="", seen=conversation_version(contact)
    ).content.decode()
    assert "I need help. Do not call." in opened
    assert "Not sent: the safety state does not say that we may text this person." in refused

    safe = {"may_call": "no", "may_text": "yes", "may_voicemail": "no", "shared_phone": "no"}
    page = world.desk.get(reverse("hotline:safety", args=[contact.public_id]))
    world.act("safety", contact, version=page.context["form"]["version"].value(), **safe)
    world.act("send_text", contact, ready="call_us", text="", click="", seen=conversation_version(contact))
    world.wait(4)

    sent = Message.objects.filter(contact=contact, direction="out", made_by__contains="-").latest("pk")
    assert sent.state == "delivered"
    assert "You may call us again at any time on 2883." in world.phone_page()
