"""STOP by text is the truth wherever somebody looks, and nothing is queued; START lifts it."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hotline import actions, tasks
from hotline.actions.receiving import _said
from hotline.choices import STOP_WORDS
from hotline.models import Contact, Line, Message, Opposition, SimulatorAct
from hotline.queries.safety import safety_rows, text_bar
from hotline.queries.stopping import is_start_early
from hotline.queries.waiting import queue_of
from hotline.views.console import console_url

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
ONLY = "Only START, written by this person to the line, undoes it."
EARLY = "START came within a minute after STOP and does not count: it may have been sent before it. It has to be written again."
STOPPED = "No: they wrote STOP on 25 Nov 2026 10:00"


@pytest.fixture
def write(network, clock):
    def send(body, sid, sender="+231770001111", minutes=2):
        clock.move(minutes=minutes if body == "START" else 0)  # sooner it undoes nothing
        fields = {"MessageSid": sid, "From": sender, "To": "2883", "Body": body, "NumMedia": "0"}
        return network.post("/hotline/twilio/message/", fields)

    return send


@pytest.fixture
def contact(write, at):
    """A conversation with somebody who may be written to, and who then wrote STOP."""
    write("Hello", "SM1")
    Contact.objects.update(may_text="yes", safety_at=at)
    write("STOP", "SM2")
    return Contact.objects.get()


def may_text(contact):
    row = next(row for row in safety_rows(contact) if row.label == "May text")
    return str(row.words), row.forbids


def test_after_stop_the_panel_says_no_and_since_when_and_after_start_what_was_agreed(contact, write):
    stopped = may_text(contact)
    write("START", "SM3")

    assert stopped == (STOPPED, True)
    assert may_text(contact) == ("Yes", False)


@pytest.mark.parametrize("words", [
    "Stop!!", "STOP,", "(stop)", "“STOP”", "STOP \U0001f64f", "stop \u270b\ufe0f", " ¡ALTO! ", "arrête", "Arrêtez.", "বন্ধ।", "থামুন", "أوقف",
    "توقف؟", "หยุด", "STOP STOP", "stop\nstop!", "বন্ধ করুন", "قف",
])  # fmt: skip
def test_stop_is_one_in_each_language_whatever_signs_stand_around_it(write, words):
    write("Hello", "SM1")
    write(words, "SM2")

    assert Opposition.objects.count() == 1


def test_each_word_stops_as_it_is_written():
    assert {word for word in STOP_WORDS if _said(word) not in STOP_WORDS} == set()


@pytest.mark.parametrize(
    ("language", "line_speaks", "stops"),
    [("", "en fr sw", 1), ("sw", "en bn sw", 1), ("", "en bn sw", 0), ("bn", "en sw", 0), ("fr", "en fr", 1)],
)
def test_a_word_that_is_a_yes_in_another_language_of_the_line_is_a_stop_only_from_who_speaks_its_own(
    write, line, language, line_speaks, stops
):
    Line.objects.update(language_keys=" ".join(f"{nth}:{code}" for nth, code in enumerate(line_speaks.split(), 1)))
    write("Ami bipode achi", "SM1")
    Contact.objects.update(language=language)

    write("Acha.", "SM2")

    assert Opposition.objects.count() == stops
    assert (Message.objects.count(), Contact.objects.get().is_missed) == (2, True)


@pytest.mark.parametrize("words", ["", "!", "\U0001f64f", "do not stop", "stop him", "stopped", "non-stop"])
def test_other_words_and_mere_signs_are_no_stop(write, words):
    write(words, "SM1")

    assert not Opposition.objects.exists()


@pytest.mark.parametrize(("minutes", "is_stopped"), [(0, True), (1, True), (2, False)])
def test_a_start_that_arrives_within_a_minute_may_have_been_sent_before_the_stop_and_undoes_nothing(
    contact, write, minutes, is_stopped
):
    write("START", "SM3", minutes=minutes)

    assert may_text(contact)[1] == is_stopped
    assert contact.events.filter(kind="text_started").exists() == (not is_stopped)
    write("START", "SM4")
    assert may_text(contact) == ("Yes", False)


@pytest.mark.parametrize("page", ["console", "contact", "safety"])
def test_why_a_start_did_not_count_is_said_until_one_counts(contact, write, operator, sign_in, page):
    url = console_url(contact) if page == "console" else reverse(f"hotline:{page}", args=[contact.public_id])
    reader = sign_in(operator)

    def is_told():
        return EARLY in reader.get(url).content.decode()

    before = is_told()
    write("START", "SM3", minutes=1)
    early = is_told()
    write("START", "SM4")
    kept = page == "contact"  # the timeline forgets nothing
    assert (before, early, is_told()) == (False, True, kept)
    write("STOP", "SM5")
    assert is_told() == kept


def test_why_a_start_did_not_count_is_said_of_its_channel_alone(contact, write, network, operator, sign_in):
    write("START", "SM3", minutes=0)
    network.call(From="+231770001111")

    assert is_start_early(network.contact)
    Contact.objects.filter(pk=contact.pk).update(channel="whatsapp")
    assert not is_start_early(network.contact)


@pytest.mark.parametrize("words", ["yes", "Oui", "sim", "Sí", "wi", "نعم"])
def test_a_yes_answers_a_question_and_takes_no_stop_back(contact, write, words):
    write(words, "SM3")

    assert may_text(contact) == (STOPPED, True)


@pytest.mark.parametrize("page", ["console", "contact", "safety"])
def test_whoever_looks_sees_it(contact, operator, sign_in, page):
    url = console_url(contact) if page == "console" else reverse(f"hotline:{page}", args=[contact.public_id])

    shown = sign_in(operator).get(url).content.decode()

    assert STOPPED in shown


def test_a_call_of_the_same_number_tells_it_too(contact, network):
    network.call(From="+231770001111")

    assert may_text(network.contact) == (STOPPED, True)


def test_stop_is_told_even_where_nobody_agreed_to_texts(contact, at):
    Contact.objects.update(may_text="not_asked")
    contact.refresh_from_db()

    assert text_bar(contact, at) == "stopped"


def test_no_text_is_queued_and_what_was_waiting_does_not_leave(contact, write, operator, at):
    write("START", "SM3")
    waiting = actions.queue_message(contact=contact, text_key="call_us", by=operator, at=at, key="before")
    write("STOP", "SM4")
    after = actions.queue_message(contact=contact, text_key="call_us", by=operator, at=at, key="after")

    for minute in range(5):
        tasks.send_messages(at + dt.timedelta(minutes=minute))

    waiting.refresh_from_db()
    assert (waiting.state, after.state) == ("blocked_by_safety", "blocked_by_safety")
    assert not Message.objects.filter(state="outbox").exists()
    assert not SimulatorAct.objects.exists()


def test_the_queue_of_the_console_asks_as_often_for_one_conversation_as_for_many(contact, write, operator, at):
    def count():
        with CaptureQueriesContext(connection) as captured:
            rows = queue_of(operator, [], at, state=None).rows
        return sum("hotline_opposition" in one["sql"] for one in captured), len(rows)

    one = count()
    for number in range(5):
        write("Hello", f"SM1{number}", sender=f"+23177000222{number}")

    assert (one, count()) == ((1, 1), (1, 6))


@pytest.fixture
def begun(network, contact, write, operator, sign_in):
    """A conversation that its operator has open and writes in, before STOP arrives: browser, page, answer to a press."""
    write("START", "SM3")
    browser = sign_in(operator)
    browser.post(reverse("hotline:read_messages", args=[contact.public_id]))
    page = browser.get(console_url(contact)).content.decode()
    mark = re.search(r'name="seen" value="([\d.]+)"', page)[1]

    def press(**more):
        typed = {"ready": "", "text": "We can meet tomorrow", "click": "", "seen": mark}
        return browser.post(reverse("hotline:send_text", args=[contact.public_id]), typed, **more)

    return browser, page, press


def is_off(page):
    return bool(re.search(r'id="text-send" disabled', page))


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_words_written_while_stop_arrives_stay_and_are_said_not_to_be_sent(begun, contact, write, headers):
    _, before, press = begun
    write("STOP", "SM4")

    answer = press(headers=headers)

    page = answer.content.decode()
    told = re.search(r'role="alert" tabindex="-1" id="text-refused" autofocus>(.*?)</p>', page, re.DOTALL)[1]
    assert not is_off(before)
    assert answer.status_code == (200 if headers else 409)
    assert "Not sent. No text message can be sent: this person asked us to stop writing." in told
    assert ONLY in told
    assert "We can meet tomorrow</textarea>" in page
    assert not re.search(r'id="text-answer" open hidden', page)
    assert is_off(page)
    assert not Message.objects.filter(direction="out").exists()


def test_the_open_page_hears_of_stop_and_of_start(begun, contact, write):
    browser, page, _ = begun
    thread = re.search(r'id="thread-mark" name="thread" value="([^"]+)"', page)[1]
    asked = {"seen": "older", "contact": contact.public_id, "thread": thread}
    heard = []

    for sid, words in (("SM4", "STOP"), ("SM5", "START")):
        write(words, sid)
        part = browser.get(reverse("hotline:console_live"), asked, headers=HTMX).content.decode()
        heard.append(
            re.search(r'<div id="text-bar" role="status" hx-swap-oob="true"( data-barred)?>(.*?)</div>', part)
        )

    assert heard[0][1]
    assert ONLY in heard[0][2]
    assert (heard[1][1], heard[1][2]) == (None, "")


def test_where_stop_stands_nobody_is_led_to_a_state_that_does_not_undo_it(contact, operator, sign_in):
    browser = sign_in(operator)
    pages = [
        browser.get(address).content.decode()
        for address in (console_url(contact), reverse("hotline:safety", args=[contact.public_id]))
    ]
    thread = re.search(r'<section class="thread".*?</section>', pages[0], re.DOTALL)[0]

    assert all(ONLY in page for page in pages)
    assert "Change the safety state" not in thread
    assert is_off(thread)


def test_what_another_safety_state_lifts_leads_there(contact, write, operator, sign_in):
    write("START", "SM3")
    Contact.objects.update(may_text="no")

    page = sign_in(operator).get(console_url(contact)).content.decode()

    thread = re.search(r'<section class="thread".*?</section>', page, re.DOTALL)[0]
    assert "Change the safety state" in thread
    assert ONLY not in thread
