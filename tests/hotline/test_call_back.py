"""What a caller gave for calling back: the number comes first, its time is the safe hours, and no text goes elsewhere."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from accounts import actions as accounts
from accounts.models import AuditEntry
from hotline.actions import exports
from hotline.actions.follow_up import close_follow_up
from hotline.actions.messages import queue_message
from hotline.models import Contact
from hotline.queries.safety import safety_rows, text_bar
from hotline.views.console import console_url
from tests.hotline.ended import erase

pytestmark = [pytest.mark.django_db, pytest.mark.either]
FROM, GIVEN = "+231770000001", "+231770000007"
NOT_THIS_ONE = "Not the number to call"


@pytest.fixture(name="asked")
def call_that_asked_to_be_called_back(network, now):
    """A factory of calls that asked to be called back on another number: asked(From="anonymous", callback_time="any")."""

    def build(callback_time="any", number=GIVEN, **fields):
        network.call(**fields)
        network.status("completed")
        contact = network.contact
        accounts.seal(contact, "callback_number", number)
        contact.may_call, contact.shared_phone, contact.may_voicemail = "yes", "yes", "no"
        contact.callback_time, contact.outcome, contact.is_missed = callback_time, "callback", True
        contact.save()
        return contact

    return build


def row_of(contact, label):
    """Return the words of a row of the safety state, and whether it forbids."""
    row = next(row for row in safety_rows(contact) if row.label == label)
    return str(row.words), row.forbids


def page_of(desk, contact):
    return desk.get(reverse("hotline:contact", args=[contact.public_id])).content.decode()


def shown(desk, contact):
    return desk.post(
        reverse("hotline:show_number", args=[contact.public_id]), {"reason": "call_back"}
    ).content.decode()


def test_a_number_typed_on_the_line_is_the_one_to_call(network, operator, at):
    network.call()
    network.step("language", 1, Digits="1")
    Contact.objects.update(step="callback_number")
    network.step("callback", network.contact.turn, Digits="00231770000007#")

    numbers = exports.show_number(contact=network.contact, by=operator, at=at, reason="call_back")

    assert numbers == exports.Numbers(callback=GIVEN, called_from=FROM)


@pytest.mark.both
def test_the_number_given_is_shown_first_and_the_other_is_marked(desk, asked):
    contact = asked()

    before, page = page_of(desk, contact), shown(desk, contact)

    assert "Number given for calling back" in before
    assert GIVEN not in before
    assert FROM not in before
    assert page.index("Number given for calling back") < page.index(GIVEN) < page.index("Called from")
    assert page.index("Called from") < page.index(FROM) < page.index(NOT_THIS_ONE)
    read = AuditEntry.objects.filter(verb="sealed.revealed", body__contains='"reason":"call_back"').order_by("seq")
    fields = ['"field":"callback_number"', '"field":"number"']
    assert [field in entry.body for field, entry in zip(fields, read, strict=True)] == [True, True]


def test_the_keyboard_stands_on_the_number_to_call_once_it_is_shown(desk, asked):
    contact = asked()

    before, after = (BeautifulSoup(page(desk, contact), "html.parser") for page in (page_of, shown))

    assert before.select("[autofocus]") == []
    assert [(part.text, part["tabindex"]) for part in after.select("[autofocus]")] == [(GIVEN, "-1")]


def test_the_keyboard_stands_on_the_only_number(desk, network, now):
    network.call()
    Contact.objects.update(may_call="yes")

    page = BeautifulSoup(shown(desk, network.contact), "html.parser")

    assert [(part.text, part["tabindex"]) for part in page.select("[autofocus]")] == [(FROM, "-1")]


def test_a_withheld_caller_who_gave_a_number_can_be_called(desk, asked):
    contact = asked(From="anonymous")

    before, page = page_of(desk, contact), shown(desk, contact)

    assert "Show the number" in before
    assert GIVEN in page
    assert "Withheld: never shown, never linked" in page
    assert NOT_THIS_ONE not in page


def test_the_number_called_from_typed_once_more_is_no_other(desk, asked):
    page = shown(desk, asked(number=FROM))

    assert page.count(FROM) == 2
    assert NOT_THIS_ONE not in page


def test_what_cannot_be_opened_of_the_number_called_from_hides_not_the_one_to_call(desk, asked):
    contact = asked()
    Contact.objects.filter(pk=contact.pk).update(number=contact.callback_number)

    page = shown(desk, contact)

    assert GIVEN in page
    assert "This cannot be opened" in page
    assert AuditEntry.objects.filter(verb="sealed.cannot_open", body__contains='"field":"number"').count() == 1


def test_the_yes_is_for_the_number_given(asked):
    contact = asked()

    assert row_of(contact, "May call") == ("Yes, on the number given", False)


@pytest.mark.parametrize("caller", [FROM, "anonymous"])
def test_no_text_goes_to_the_number_called_from(asked, operator, at, caller):
    contact = asked(From=caller)
    Contact.objects.filter(pk=contact.pk).update(may_text="yes", safety_at=at)
    contact.refresh_from_db()

    text = queue_message(contact=contact, text_key="call_us", by=operator, at=at, key="k")

    assert text.state == "blocked_by_safety"
    assert text_bar(contact, at) == "other_number"
    assert row_of(contact, "May text") == ("No: another number was given", True)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("evening", "In the evening, by key (\u206817:00–\u206021:00\u2069)"),
        ("any", "At any time, by key (\u206808:00–\u206021:00\u2069)"),
        ("", "Not known"),
    ],
)
def test_what_was_said_by_key_stands_as_the_safe_hours_wherever_the_number_is(desk, asked, code, words):
    contact = asked(callback_time=code)

    console = desk.get(console_url(contact)).content.decode()
    missed = desk.get(reverse("hotline:missed")).content.decode()

    assert row_of(contact, "Safe hours") == (words, not code)
    pages = [page_of(desk, contact), console, *([shown(desk, contact)] if code == "any" else [])]
    for page in pages:
        assert page.split("<dt>Safe hours</dt>")[1].split("</dd>")[0].endswith(words)
    assert f"Safe hours: {words}" in missed
    assert ("At any time" in missed) == (code == "any")


def test_hours_that_an_operator_agreed_come_before_what_was_said_by_key(desk, asked):
    contact = asked("evening")
    Contact.objects.filter(pk=contact.pk).update(safe_from="20:00", safe_until="21:30")
    contact.refresh_from_db()

    form = desk.get(reverse("hotline:safety", args=[contact.public_id])).content.decode()

    assert row_of(contact, "Safe hours") == ("\u206820:00–\u206021:30\u2069", False)
    assert "When to call back, said by key: <b>In the evening</b>" in form


def test_who_was_not_asked_has_no_hours_on_the_ledger(desk, network):
    network.call()
    network.status("completed")

    assert row_of(network.contact, "Safe hours") == ("Not asked (\u206808:00–\u206021:00\u2069)", False)
    assert "Safe hours" not in desk.get(reverse("hotline:missed")).content.decode()


@pytest.mark.both
def test_erasing_takes_the_number_given_and_the_file_never_holds_it(sign_in, person, liberia, asked, at):
    contact, supervisor = asked(), person("supervisor", country=liberia)

    answer = sign_in(supervisor).post(reverse("hotline:export_log"), {"reason": "report"})
    erase(close_follow_up(contact=contact, closing="no_need", by=supervisor, at=at), supervisor, at)
    contact.refresh_from_db()

    assert contact.code in answer.content.decode()
    assert GIVEN[4:] not in answer.content.decode()
    assert contact.callback_number is None
