"""Texts on the operator console: read, answered only when that is safe, refused with the reason, sent once."""

import datetime as dt
import re
import uuid

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from hotline.models import Contact, Line, Message
from hotline.queries.answering import conversation_version

pytestmark = pytest.mark.django_db
CLICK = "8b0f1d52-5d7f-4a55-9d0f-1f6f1d3f2a01"


def test_an_unread_text_stands_in_the_queue_until_it_is_read(desk, conversation):

    before = desk.get(reverse("hotline:console")).content.decode()
    page = desk.post(reverse("hotline:read_messages", args=[conversation.public_id]), follow=True).content.decode()

    assert "Text message, not read yet" in before
    assert "help me" in page
    assert "Text message, not read yet" not in page
    assert Message.objects.get(contact=conversation, direction="in").read_at is not None


def test_a_text_is_refused_while_the_safety_state_does_not_allow_it(desk, conversation):
    Contact.objects.filter(pk=conversation.pk).update(may_text="no")
    send = reverse("hotline:send_text", args=[conversation.public_id])

    page = desk.post(
        send, {"ready": "call_us", "click": "", "seen": conversation_version(conversation)}, follow=True
    ).content.decode()

    assert "Not sent: the safety state does not say that we may text this person." in page


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
@pytest.mark.parametrize(
    ("may_text", "is_told"), [("not_asked", True), ("unknown", True), ("no", False), ("yes", False)]
)
def test_who_cannot_answer_a_first_message_reads_how_to_find_out_whether_it_is_safe(
    desk, conversation, channel, may_text, is_told
):
    Line.objects.update(whatsapp="+2312883")
    Contact.objects.filter(pk=conversation.pk).update(channel=channel, may_text=may_text)
    asked = {"contact": str(conversation.public_id)}
    whole = desk.get(reverse("hotline:console"), asked)
    polled = asked | {"thread": f"{conversation.public_id.hex}.old"}

    for answer in (whole, desk.get(reverse("hotline:console_live"), polled)):
        told = BeautifulSoup(answer.content, "html.parser").find(id="find-out")
        assert (told is not None) == is_told
        if is_told:
            assert "Read what this person wrote. If it asks for an answer here" in told.text


@pytest.mark.parametrize(("minutes", "is_told"), [(-1, True), (1, False)])
def test_where_the_number_refused_texts_after_the_last_words_nobody_is_sent_to_change_the_safety_state(
    desk, conversation, minutes, is_told
):
    """The no stands in another contact of the number."""
    wrote = conversation.messages.get().made_at
    other = Contact.objects.get(pk=conversation.pk)
    other.pk, other.public_id = None, uuid.uuid4()
    other.may_text, other.text_said_at = "no", wrote + dt.timedelta(minutes=minutes)
    other._state.adding = True
    other.save()

    page = desk.get(reverse("hotline:console"), {"contact": str(conversation.public_id)}).content.decode()

    assert ("If it asks for an answer here" in page, "it was said later that it is not safe" in page) == (
        is_told,
        not is_told,
    )


def test_the_queue_says_before_the_click_whether_a_text_can_be_answered(desk, conversation):
    unsafe = desk.get(reverse("hotline:console")).content.decode()
    Contact.objects.filter(pk=conversation.pk).update(may_text="yes")
    safe = desk.get(reverse("hotline:console")).content.decode()

    assert "the safety state does not say that we may text this person" in unsafe
    assert ("Read the message" in unsafe, "Read and answer" in unsafe) == (True, False)
    assert ("Read the message" in safe, "Read and answer" in safe) == (False, True)


def test_to_a_phone_that_others_read_the_form_offers_ready_made_words_and_says_why(desk, conversation):
    Contact.objects.filter(pk=conversation.pk).update(may_text="yes")
    send, asked = reverse("hotline:send_text", args=[conversation.public_id]), {"contact": str(conversation.public_id)}
    before = BeautifulSoup(desk.get(reverse("hotline:console"), asked).content, "html.parser")
    Contact.objects.filter(pk=conversation.pk).update(shared_phone="yes")

    page = BeautifulSoup(desk.get(reverse("hotline:console"), asked).content, "html.parser")
    typed = {"text": "At noon.", "click": "", "seen": conversation_version(conversation)}
    refused = BeautifulSoup(desk.post(send, typed).content, "html.parser")

    assert (before.find(id="text-read-by-others"), before.select_one("#text-form textarea") is not None) == (
        None,
        True,
    )
    assert "only ready-made words can be sent" in page.find(id="text-read-by-others").text
    assert page.find(id="text-read-by-others").a["href"] == reverse("hotline:safety", args=[conversation.public_id])
    assert page.select_one("#text-form textarea") is None
    assert "call_us" in [option["value"] for option in page.select("#id_ready option")]
    assert refused.select_one("#text-form textarea").text.strip() == "At noon."
    assert "only ready-made words can be sent" in refused.select_one("#text-form .error-text").text
    assert not Message.objects.filter(direction="out").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [("Call me on 0770 123 456", "Take the phone number out"), ("We stop trafficking", "Take out the word"),
     ("Look at www.example.org", "Take out the name or address of a service or place"),
     ("a" * 310, "longer than two text messages"), ("", "Choose ready-made words, or write your own")],
)  # fmt: skip
def test_a_text_that_may_not_leave_stays_in_its_field_with_the_reason(desk, conversation, words, said):
    Contact.objects.filter(pk=conversation.pk).update(may_text="yes")
    send = reverse("hotline:send_text", args=[conversation.public_id])

    form = {"text": words, "click": "", "seen": conversation_version(conversation)}
    part = desk.post(send, form, headers={"HX-Request": "true"}).content.decode()
    page = desk.post(send, form, follow=True).content.decode()

    assert said in part
    assert said in page
    assert f"{words}</textarea>" in part
    assert not Message.objects.filter(direction="out").exists()


@pytest.mark.parametrize(
    ("door", "field"),
    [("send_text", "text"), ("note", "note"), ("safety", "code_word")],
    ids=["text", "note", "safety"],
)
def test_of_a_sign_that_cannot_be_kept_one_message_is_shown(desk, conversation, door, field):
    Contact.objects.filter(pk=conversation.pk).update(may_text="yes")

    page = desk.post(reverse(f"hotline:{door}", args=[conversation.public_id]), {field: "a\x00b"}).content.decode()

    assert "This text holds hidden signs that cannot be kept." in page
    assert "Null characters" not in page


def test_one_click_sends_one_text(desk, conversation):
    Contact.objects.filter(pk=conversation.pk).update(may_text="yes")
    send = reverse("hotline:send_text", args=[conversation.public_id])
    click = "8b0f1d52-5d7f-4a55-9d0f-1f6f1d3f2a01"

    form = {"ready": "call_us", "click": click, "seen": conversation_version(conversation)}
    desk.post(send, form)
    desk.post(send, form)

    assert Message.objects.filter(contact=conversation, direction="out", key__contains="console:").count() == 1


def test_a_text_that_was_given_up_says_why_in_the_conversation(desk, conversation, at):
    Message.objects.create(
        contact=conversation, direction="out", state="failed", error_code="21610", made_at=at, key="given-up"
    )

    page = desk.get(reverse("hotline:console"), {"contact": str(conversation.public_id)}).content.decode()

    assert "Failed · 21610 · " in page


def test_a_text_of_another_day_stands_with_its_day(desk, conversation, now, at):
    texts = Message.objects.filter(contact=conversation)
    place, console = {"contact": str(conversation.public_id)}, reverse("hotline:console")
    texts.update(made_at=at)
    today = desk.get(console, place).content.decode()
    texts.update(made_at=at - dt.timedelta(days=1))
    yesterday = desk.get(console, place).content.decode()

    assert ("Received · 10:00<" in today, "Received · 10:00<" in yesterday) == (True, False)
    assert "Received · 24" in yesterday


def sent_with(desk, contact, click, **words):
    """Send a text with the key of a form that may have been sent before."""
    send = reverse("hotline:send_text", args=[contact.public_id])
    form = {"ready": "", "text": "", "click": click, "seen": conversation_version(contact)} | words
    return desk.post(send, form, headers={"HX-Request": "true"})


def ours(contact):
    return Message.objects.filter(contact=contact, direction="out")


@pytest.mark.parametrize("first", [{"text": "At noon."}, {"ready": "call_us"}])
def test_the_same_words_of_one_form_are_sent_once_and_told_as_sent(desk, conversation, first):
    Contact.objects.filter(pk=conversation.pk).update(may_text="yes")

    answers = [sent_with(desk, conversation, CLICK, **first) for _ in range(2)]

    assert all("HX-Redirect" in answer.headers for answer in answers)
    assert ours(conversation).count() == 1


@pytest.mark.parametrize("then", [{"text": "At one."}, {"ready": "call_us"}])
def test_other_words_of_a_form_that_was_sent_are_refused_kept_and_sent_with_a_new_key(desk, conversation, then):
    Contact.objects.filter(pk=conversation.pk).update(may_text="yes")
    sent_with(desk, conversation, CLICK, text="At noon.")

    part = sent_with(desk, conversation, CLICK, **then).content.decode()
    click = re.search(r'name="click" value="([\w-]+)"', part)[1]

    assert "Your words before were sent already: they stand above. What you changed is not sent." in part
    assert re.search(r'id="text-refused" autofocus', part)
    assert ">At noon.<" in part
    assert ("At one.</textarea>" in part) == ("text" in then)
    assert (click != CLICK, ours(conversation).count()) == (True, 1)
    assert "HX-Redirect" in sent_with(desk, conversation, click, **then).headers
    assert ours(conversation).count() == 2


def test_where_the_first_words_did_not_leave_nobody_is_told_that_they_were_sent(desk, conversation):
    Contact.objects.filter(pk=conversation.pk).update(may_text="yes")
    sent_with(desk, conversation, CLICK, text="At noon.")
    ours(conversation).update(state="failed")

    part = sent_with(desk, conversation, CLICK, text="At one.").content.decode()

    assert "Not sent: the conversation changed while you wrote." in part
    assert "sent already" not in part


def test_a_text_of_a_form_that_does_not_say_what_it_showed_is_not_sent(desk, conversation):
    Contact.objects.filter(pk=conversation.pk).update(may_text="yes")

    form = {"ready": "call_us", "text": "", "click": CLICK}
    answer = desk.post(reverse("hotline:send_text", args=[conversation.public_id]), form)

    assert answer.status_code == 409
    assert "Not sent: the conversation changed while you wrote." in answer.content.decode()
    assert not ours(conversation).exists()
