"""A conversation by WhatsApp is one of its own, and is never answered by another channel."""

import datetime as dt
import html
import re
from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse

from hotline import actions
from hotline.actions.messages import TextRefused, words_of
from hotline.actions.sending import claim_message
from hotline.actions.templates import keep_template
from hotline.callers import is_whatsapp
from hotline.choices import EVENTS, OUT_OF_WINDOW, WHATSAPP_EVENTS
from hotline.models import Contact, Line, Message, Opposition, Prompt, SimulatorAct, Template
from hotline.queries.lines import line_called
from hotline.queries.log import HOOKS, WHATSAPP_HOOKS, whole_timeline
from hotline.queries.safety import text_bar
from hotline.queries.stopping import stop_time, stopped_at
from languages.actions import working
from languages.models import Segment, Unit
from languages.queries.keys import place_of
from tests.hotline.texting import send as send_text
from tests.hotline.texting import shown

pytestmark = pytest.mark.django_db
DOOR = "/hotline/twilio/message/"
MINUTE = dt.timedelta(minutes=1)
NUMBER, BY_ID = "whatsapp:+231770001111", "whatsapp:US.1234567890"


@pytest.fixture
def write(network):
    def send(sender, sid, **more):
        return network.post(
            DOOR, {"MessageSid": sid, "From": sender, "To": "2883", "Body": "Hello", "NumMedia": "0"} | more
        )

    return send


@pytest.mark.parametrize(
    ("told", "is_so"),
    [
        ((NUMBER,), True),
        ((" WhatsApp:+231770001111",), True),
        ((BY_ID,), True),
        (("US.1234567890",), True),
        (("+231770001111", "whatsapp:+2312883"), True),
        (("+231770001111", "2883", "US.1234567890"), True),
        (("+231770001111", "2883", ""), False),
        (("", ""), False),
    ],
)
def test_either_end_says_that_a_text_came_by_whatsapp(told, is_so):
    assert is_whatsapp(*told) is is_so


def test_one_number_has_a_conversation_on_each_channel(write):
    write("+231770001111", "SM1")
    write(NUMBER, "SM2")
    write("+231770001111", "SM3")
    write("+231770001111", "SM4", To="whatsapp:2883")

    sms, whatsapp = Contact.objects.order_by("pk")
    assert [(row.channel, row.messages.count()) for row in (sms, whatsapp)] == [("sms", 2), ("whatsapp", 2)]
    assert sms.number_index == whatsapp.number_index
    assert (sms.way, whatsapp.way) == ("Text message", "WhatsApp message")


@pytest.mark.parametrize("sender", [NUMBER, BY_ID, "US.1234567890"])
def test_who_wrote_by_whatsapp_is_not_answered_by_sms(write, operator, at, sender):
    write(sender, "SM1")
    thread = Contact.objects.get()
    Contact.objects.update(may_text="yes", safety_at=at)
    thread.refresh_from_db()

    Line.objects.update(whatsapp="")
    message = actions.queue_message(contact=thread, text_key="call_us", by=operator, at=at, key="k1")

    assert (text_bar(thread, at), message.state) == ("other_channel", "blocked_by_safety")
    assert claim_message(message.pk, at=at) is None


@pytest.fixture
def chat(write, line, at):
    """A conversation by WhatsApp with somebody whom we may text, on a line that has a sender there."""
    Line.objects.update(whatsapp="+2312883")
    write(NUMBER, "SM1")
    Contact.objects.update(may_text="yes", safety_at=at)
    return Contact.objects.get()


def queue(chat, operator, at, **words):
    words = words or {"text_key": "call_us"}
    return actions.queue_message(contact=chat, by=operator, at=at, key=f"k{Message.objects.count()}", **words)


def send(message, at):
    return actions.send_message(claim_message(message.pk, at=at), at=at)


def approve(line, at, language="en"):
    return keep_template(
        line=line, key="call_us", language=language, content_sid="HX" + "a" * 32, approved_at=at, by="test", at=at
    )


def test_an_answer_goes_back_by_whatsapp_from_the_lines_sender_there(chat, operator, at):
    assert send(queue(chat, operator, at, text="We can talk at noon."), at)

    order = SimulatorAct.objects.get().payload
    assert (order["to"], order["from_"], order["template"]) == (NUMBER, "whatsapp:+2312883", "")


def test_who_has_an_id_and_no_number_is_answered_too(write, line, operator, at):
    Line.objects.update(whatsapp="+2312883")
    write("US.1234567890", "SM1")
    Contact.objects.update(may_text="yes", safety_at=at)

    assert send(queue(Contact.objects.get(), operator, at), at)
    assert SimulatorAct.objects.get().payload["to"] == BY_ID


def test_after_24_hours_only_approved_words_of_the_language_leave(chat, line, operator, at):
    later = at + dt.timedelta(hours=24)
    assert (text_bar(chat, later - MINUTE), text_bar(chat, later)) == ("", "window")
    approve(line, at, "fr")
    assert text_bar(chat, later) == "window"
    approve(line, at)
    assert text_bar(chat, later) == ""

    with pytest.raises(TextRefused, match="window"):
        queue(chat, operator, later, text="We can talk at noon.")
    with pytest.raises(TextRefused, match="window"):
        queue(chat, operator, later, text_key="received")
    assert send(queue(chat, operator, later), later)
    assert SimulatorAct.objects.get().payload["template"] == "HX" + "a" * 32


def test_what_waited_past_the_24_hours_is_given_up_at_once_and_says_why(chat, operator, at):
    message = queue(chat, operator, at, text="We can talk at noon.")

    assert not send(message, at + dt.timedelta(hours=25))

    message.refresh_from_db()
    assert (message.state, message.error_code, message.tries) == ("failed", OUT_OF_WINDOW, 1)
    assert "24 hours" in message.fault
    assert not SimulatorAct.objects.exists()


def test_the_carriers_63016_is_shown_and_the_text_is_not_sent_again(chat, network, operator, at):
    message = queue(chat, operator, at)
    send(message, at)

    fields = {
        "MessageSid": Message.objects.get(pk=message.pk).sid,
        "MessageStatus": "failed",
        "ErrorCode": OUT_OF_WINDOW,
    }
    network.post(f"/hotline/twilio/message-status/?t={message.pk}", fields)

    message.refresh_from_db()
    assert (message.state, message.error_code) == ("failed", OUT_OF_WINDOW)
    assert claim_message(message.pk, at=at + dt.timedelta(hours=1)) is None


def test_stop_and_start_hold_for_the_channel_on_which_they_were_said(write, chat, clock, at):
    write("+231770001111", "SM2")
    Contact.objects.update(may_text="yes", safety_at=at)
    sms = Contact.objects.get(channel="sms")

    write(NUMBER, "SM3", Body="STOP")
    assert (text_bar(chat, at), text_bar(sms, at)) == ("stopped", "")
    marked = {row.channel: row.stopped for row in Contact.objects.annotate(stopped=stop_time())}
    assert (marked["whatsapp"], marked["sms"]) == (at, None)
    clock.move(minutes=2)
    write("+231770001111", "SM4", Body="START")
    assert text_bar(chat, at) == "stopped"
    write("+231770001111", "SM5", Body="STOP")
    write(NUMBER, "SM6", Body="START")
    assert (text_bar(chat, at), text_bar(sms, at)) == ("", "stopped")


def test_the_console_says_the_channel_and_before_writing_what_may_leave(chat, line, desk, now, at):
    Contact.objects.filter(pk=chat.pk).update(may_text="yes", safety_at=at)
    page = shown(desk, chat)
    assert "Answer by WhatsApp" in page
    assert "older than 24 hours" not in page

    approve(line, at)
    Message.objects.update(made_at=at - dt.timedelta(hours=25))
    page = shown(desk, chat)
    assert "older than 24 hours" in page
    assert 'name="text"' not in page
    assert 'value="call_us"' in page
    assert 'value="received"' not in page
    answer = send_text(desk, chat, page, ready="", text="We can talk at noon.")
    assert answer.status_code == 422
    assert "We can talk at noon." in answer.content.decode()


def test_an_administrator_sets_the_sender_and_writes_approved_words_down(sign_in, person, manager, line, at):
    page = reverse("hotline:whatsapp", args=[line.public_id])
    assert manager.get(page).status_code == 404
    admin = sign_in(person("administrator", country=line.country))

    admin.post(page, {"whatsapp": "+2312884", "version": line.version})
    words = {"key": "news", "language": "fr", "content_sid": "HX" + "b" * 32, "approved_on": "2026-11-01"}
    admin.post(reverse("hotline:template_keep", args=[line.public_id]), words)
    wrong = admin.post(reverse("hotline:template_keep", args=[line.public_id]), words | {"content_sid": "news"})

    row = Template.objects.get()
    assert (Line.objects.get().whatsapp, row.account, row.language, wrong.status_code) == (
        "+2312884",
        line.account,
        "fr",
        422,
    )
    assert line_called("+2312884").id == line.pk
    admin.post(reverse("hotline:template_drop", args=[line.public_id, row.pk]))
    assert not Template.objects.exists()


def test_the_words_that_leave_stand_beside_the_names_at_the_provider(sign_in, person, line, at):
    approve(line, at, language="fr")
    keep_template(line=line, key="news", language="bn", content_sid="HX" + "c" * 32, approved_at=at, by="test", at=at)
    admin, page = (
        sign_in(person("administrator", country=line.country)),
        reverse("hotline:whatsapp", args=[line.public_id]),
    )

    table = admin.get(page).content.decode().partition('id="ready-words"')[2].partition("</table>")[0]

    rows = [html.unescape(row) for row in table.split("<tr>")[2:]]
    told = {(re.search('row">(.*?)<', row)[1], re.search("<bdi lang=.(..)", row)[1]): row for row in rows}
    assert len(told) == len(rows) == 4 * 4
    french, english = told["The person may call again", "fr"], told["The person may call again", "en"]
    assert f'<p lang="fr" dir="ltr">{words_of("call_us", "fr", line_called("2883"))}</p>' in french
    assert "HX" + "a" * 32 in french
    assert "Take out" in french
    assert f'<p lang="en" dir="ltr">{words_of("call_us", "en", line_called("2883"))}</p>' in english
    assert "2883" in words_of("call_us", "en", line_called("2883"))
    assert "Not written down" in english
    assert "Take out" not in english
    assert '<p lang="ar" dir="rtl">' in told["There is news: please call", "ar"]
    assert "HX" + "c" * 32 in told["There is news: please call", "bn"]


def test_ready_made_words_that_no_native_reader_read_bear_the_mark(sign_in, person, line, at):
    place = place_of(Prompt.objects.get(key="text_call_us"))
    segment = Segment.objects.create(**place, path="text", text="Call", kind="text", version=1, changed_at=at)
    text = {"draft": "Appelez", "live": "Appelez", "live_version": 1, "freshness": 1, "state": "draft"}
    unit = Unit.objects.create(**place, segment=segment, language="fr", **text)
    admin = sign_in(person("administrator", country=line.country))
    page, words = reverse("hotline:whatsapp", args=[line.public_id]), "Machine draft, awaiting a native reader"

    table = admin.get(page).content.decode().partition('id="ready-words"')[2]
    marked = [row for row in table.split("<tr>") if words in row]
    assert [re.search("<bdi lang=.(..)", row)[1] for row in marked] == ["fr"]

    working.mark_native_read(units=[unit], by="a reader", at=at)
    assert words not in admin.get(page).content.decode()


def test_what_was_queued_is_stopped_where_the_conversation_is_by_whatsapp(write, operator, at):
    write("+231770001111", "SM1")
    Contact.objects.update(may_text="yes", safety_at=at)
    message = actions.queue_message(contact=Contact.objects.get(), text_key="call_us", by=operator, at=at, key="k1")
    Contact.objects.update(channel="whatsapp")

    assert not actions.send_message(claim_message(message.pk, at=at), at=at)

    assert not SimulatorAct.objects.exists()


def test_a_stop_of_before_by_an_id_holds_for_whatsapp(write, line, at):
    write(BY_ID, "SM1", Body="STOP")
    write("+231770001111", "SM2", Body="STOP")
    Opposition.objects.update(channel="sms")  # as it stood before channels were told apart
    step = import_module("hotline.migrations.0014_in_depth")

    step.by_whatsapp(apps, None)

    assert sorted(Opposition.objects.values_list("channel", flat=True)) == ["sms", "whatsapp"]
    thread = Contact.objects.get(caller_class="bsuid")
    assert stopped_at(thread) is not None


def test_the_log_tells_whatsapp_from_other_texts(write, desk, now):
    write("+231770001111", "SM1")
    write(NUMBER, "SM2")

    shown = {
        way: [row.channel for row in desk.get(reverse("hotline:call_log"), {"kind": way}).context["page"]]
        for way in ("message", "whatsapp", "call")
    }

    assert shown == {"message": ["sms"], "whatsapp": ["whatsapp"], "call": []}


@pytest.mark.parametrize(("to", "way"), [("whatsapp:2883", "WhatsApp message"), ("2883", "Text message")])
def test_the_timeline_tells_by_which_channel_a_text_came(write, to, way):
    write("whatsapp:+231770001111" if to.startswith("whatsapp") else "+231770001111", "SM1", To=to)

    told = {str(entry.words) for entry in whole_timeline(Contact.objects.get())}

    assert {words for words in told if "message" in words} == {f"{way} received", f"{way} delivered to us"}


@pytest.mark.parametrize(("to", "way"), [("whatsapp:2883", "WhatsApp"), ("2883", "Text messages")])
def test_the_page_of_a_contact_names_its_conversation_by_its_channel(write, operator, sign_in, to, way):
    write("whatsapp:+231770001111" if to.startswith("whatsapp") else "+231770001111", "SM1", To=to)

    page = sign_in(operator).get(reverse("hotline:contact", args=[Contact.objects.get().public_id])).content.decode()

    assert [one for one in ("WhatsApp", "Text messages") if f"<h2>{one}</h2>" in page] == [way]


def test_every_line_about_a_text_has_words_for_whatsapp():
    for words, whatsapp in ((EVENTS, WHATSAPP_EVENTS), (HOOKS, WHATSAPP_HOOKS)):
        assert set(whatsapp) == {kind for kind, told in words.items() if "ext message" in str(told)}
