"""Two operators and one conversation by text: one answers, the other reads who does, and nothing is sent unseen."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from hotline import actions, tasks
from hotline.actions.answering import ANSWERING, leave_answers
from hotline.models import Contact, Message
from hotline.queries.pulse import change_mark
from tests.hotline.console import waiting
from tests.hotline.texting import HTMX, close, door, holder, live, read, seen, send, sent, shown

pytestmark = pytest.mark.django_db


def test_who_opens_a_text_to_answer_is_its_answerer_and_the_other_reads_so(two, thread, operator):
    first, second = two
    before = second.get(reverse("hotline:console")).content.decode()

    mine, queue, hers = (
        read(first, thread),
        second.get(reverse("hotline:console")).content.decode(),
        read(second, thread),
    )

    assert "Read and answer" in before
    assert "You are answering this conversation." in mine
    assert "Operator, Liberia is answering" in queue
    assert "Read and answer" not in queue
    assert "Operator, Liberia is answering this conversation." in hers
    assert "Take over from Operator, Liberia" in hers
    assert re.search(r'id="text-fields" disabled', hers)
    assert not re.search(r'id="text-fields" disabled', mine)
    assert re.search(r'id="text-answer" open hidden', hers)
    assert ("Close this conversation" in mine, "Close this conversation" in hers) == (True, False)
    assert "Operator, Liberia answers this conversation and closes it." in hers
    assert holder(thread) == operator


def test_what_was_sent_meanwhile_is_shown_before_the_second_text_can_be_sent(two, thread):
    first, second = two
    mine, hers = shown(first, thread), shown(second, thread)  # both from a list a moment old, nobody claimed it
    send(second, thread, hers)

    refused = send(first, thread, mine, "", text="We will call at noon")

    page = refused.content.decode()
    assert (refused.status_code, sent(thread).count()) == (409, 1)
    assert "Not sent: Third Operator is answering this conversation." in page
    assert "We will call at noon</textarea>" in page
    assert "Third Operator" in page
    assert "We have your message." in page


def test_who_took_over_reads_what_is_new_before_she_sends(two, thread, other):
    first, second = two
    mine = shown(first, thread)
    send(second, thread, shown(second, thread))
    first.post(door("take_over_text", thread), {"holder": str(other.public_id)})

    refused = send(first, thread, mine)
    again = send(first, thread, refused.content.decode())

    assert (refused.status_code, again.status_code, sent(thread).count()) == (409, 200, 2)
    assert "Not sent: the conversation changed while you wrote." in refused.content.decode()
    assert "<strong>New</strong>" in refused.content.decode()


def test_a_message_that_came_while_she_wrote_is_shown_first(desk, network, thread):
    page = read(desk, thread)
    network.text("do not call", MessageSid="SM" + "2" * 32)

    part = desk.post(
        door("send_text", thread), {"ready": "", "text": "Soon.", "click": "", "seen": seen(page)}, headers=HTMX
    ).content.decode()

    assert not sent(thread).exists()
    assert "do not call" in part
    assert "Soon.</textarea>" in part
    assert "data-refused" in part
    assert send(desk, thread, part).status_code == 200
    assert sent(thread).count() == 1
    assert not Message.objects.filter(contact=thread, direction="in", read_at=None).exists()


def test_a_conversation_that_was_wrapped_up_meanwhile_is_not_written_in_unseen(two, thread):
    first, second = two
    mine = shown(first, thread)
    close(second, thread, seen(mine))

    refused = send(first, thread, mine)

    assert (refused.status_code, sent(thread).count()) == (409, 0)


def test_only_the_answerer_wraps_a_conversation_up(two, thread, operator):
    first, second = two
    read(first, thread)

    unseen = close(second, thread, "", follow=True).content.decode()
    page = close(second, thread, seen(shown(second, thread)), follow=True).content.decode()

    assert "Operator, Liberia is answering this conversation. Take it over first." in unseen
    assert "Operator, Liberia is answering this conversation. Take it over first." in page
    assert Contact.objects.get(pk=thread.pk).topic == ""
    first.post(door("wrap_up", thread), {"topic": "information"})  # it does not say what was seen
    assert Contact.objects.get(pk=thread.pk).topic == ""
    close(first, thread, seen(shown(first, thread)))
    assert (Contact.objects.get(pk=thread.pk).topic, holder(thread)) == ("information", None)


def test_taking_over_says_who_had_it_and_is_recorded(two, thread, operator, other):
    first, second = two
    read(first, thread)

    page = second.post(
        door("take_over_text", thread), {"holder": str(operator.public_id)}, follow=True
    ).content.decode()
    late = first.post(
        door("take_over_text", thread), {"holder": str(operator.public_id)}, follow=True
    ).content.decode()

    assert "Before you it was Operator, Liberia, whose console says so." in page
    assert holder(thread) == other
    assert thread.events.filter(kind="answer_taken_over", by=str(other.public_id)).count() == 1
    assert AuditEntry.objects.filter(verb="hotline.answer_taken_over", actor=str(other.public_id)).count() == 1
    assert "Third Operator is answering this conversation." in late


def test_from_whom_it_was_taken_stays_said_as_long_as_the_page_is_open(two, thread, operator, other):
    first, second = two
    read(first, thread)
    where = {"contact": str(thread.public_id), "thread": thread.public_id.hex}
    first_words = second.post(
        door("take_over_text", thread), {"holder": str(operator.public_id)} | where, headers=HTMX
    ).content.decode()
    taken = re.search(r'id="taken-from" name="taken" value="([^"]+)"', first_words)[1]

    def later(user, **more):
        return user.get(
            reverse("hotline:console_live"), {"seen": "older"} | where | more, headers=HTMX
        ).content.decode()

    said = "Before you it was Operator, Liberia"
    assert taken == str(operator.public_id)
    assert [said in later(second, **more) for more in ({"taken": taken}, {}, {"taken": "x"})] == [True, False, False]
    read(first, thread)
    assert said not in later(first, taken=taken)  # who does not answer it has taken it from nobody


def test_taking_over_from_somebody_who_has_given_way_to_a_third_is_refused(two, thread, operator, supervisor, at):
    first, second = two
    read(first, thread)
    actions.answering.take_over_answer(contact=thread, by=supervisor, at=at, seen=str(operator.public_id))

    part = second.post(
        door("take_over_text", thread), {"holder": str(operator.public_id), "contact": thread.public_id, "thread":
        thread.public_id.hex}, headers=HTMX,
    ).content.decode()  # fmt: skip

    assert holder(thread) == supervisor
    assert f"Take over from {supervisor}" in part


def test_the_first_key_makes_her_the_answerer_and_the_other_console_says_so_by_itself(
    two, thread, operator, other, clock, at
):
    first, second = two
    hers = shown(second, thread)
    mark, bubbles = change_mark(other, at=thread.started_at), re.search(r'name="thread" value="([^"]+)"', hers)[1]

    clock.now = at + dt.timedelta(seconds=2)
    first.post(door("claim_text", thread), {"contact": thread.public_id}, headers=HTMX)
    told = live(second, thread, mark, thread=bubbles)

    assert 'hx-trigger="input from:#text-form once"' in hers
    assert holder(thread) == operator
    assert told.status_code == 200
    assert 'id="answering" role="status" hx-swap-oob="true" data-held' in told.content.decode()
    assert "Operator, Liberia is answering this conversation." in told.content.decode()


def test_what_is_sent_and_received_comes_into_the_open_conversation_by_itself(two, network, thread):
    first, second = two
    page = shown(second, thread)
    bubbles = re.search(r'name="thread" value="([^"]+)"', page)[1]
    same = live(second, thread, thread=bubbles).content.decode()
    send(first, thread, shown(first, thread))

    told = live(second, thread, thread=bubbles).content.decode()

    assert 'id="thread-list"' not in same
    assert 'id="thread-list"' in told
    assert "We have your message." in told
    assert '<b dir="auto">Operator, Liberia</b>' in told


@pytest.mark.parametrize("state", ["off", "break"])
def test_an_answerer_who_goes_away_gives_the_conversation_back_unread(two, thread, operator, at, state):
    first, second = two
    read(first, thread)
    assert "Read and answer" not in second.get(reverse("hotline:console")).content.decode()

    first.post(reverse("hotline:operator_state"), {"state": state})

    assert holder(thread) is None
    assert "Read and answer" in second.get(reverse("hotline:console")).content.decode()


def test_a_closed_console_gives_the_conversation_back_after_five_minutes(two, thread, operator, other, clock, at):
    first, second = two
    read(first, thread)
    mark = change_mark(other, at=at)
    clock.now = at + ANSWERING + dt.timedelta(seconds=1)

    told = live(second, thread, mark).content.decode()
    assert holder(thread) is None
    assert "Read and answer" in told


def test_the_worker_gives_it_back_too_and_what_was_answered_stays_read(desk, thread, at):
    send(desk, thread, read(desk, thread))

    assert tasks.release_claims(at + 2 * ANSWERING) == 1
    assert holder(thread) is None
    assert "Read and answer" not in desk.get(reverse("hotline:console")).content.decode()


def test_an_open_console_keeps_the_conversation(desk, thread, operator, clock, at):
    read(desk, thread)

    for minute in range(1, 12):
        clock.now = at + dt.timedelta(minutes=minute)
        live(desk, thread, change_mark(operator, at=at))

    assert holder(thread) == operator
    tasks.release_claims(at + dt.timedelta(minutes=17))
    assert holder(thread) is None


def test_a_poll_with_a_conversation_open_asks_two_queries(desk, thread, operator, at, django_assert_num_queries):
    read(desk, thread)
    mark = change_mark(operator, at=at)
    live(desk, thread, mark)

    with django_assert_num_queries(2):
        assert live(desk, thread, mark).status_code == 204


def test_a_text_that_cannot_be_answered_is_read_by_hand_and_has_no_key(desk, conversation):
    page = desk.get(reverse("hotline:console")).content.decode()
    after = read(desk, conversation)

    assert "Read the message" in page
    assert 'data-key="n"' not in page
    assert re.search(r'id="next-key"[^>]* hidden', page)
    assert holder(conversation) is None
    assert "is answering" not in after


def test_the_footer_says_what_the_key_does(desk, thread, line, at):
    text = desk.get(reverse("hotline:console")).content.decode()
    waiting(line, at)
    call = desk.get(reverse("hotline:console")).content.decode()

    assert ("answer the next text" in text, "answer the next text" in call) == (True, False)
    assert ("take the next call</span>" in text, "take the next call</span>" in call) == (False, True)
    assert call.count('data-key="n"') == 1


def test_callers_and_texts_are_counted_apart(desk, thread, line, at):
    Message.objects.filter(contact=thread).update(made_at=at - dt.timedelta(hours=10))
    waiting(line, at - dt.timedelta(minutes=2))

    page = desk.get(reverse("hotline:console")).content.decode()

    assert "Callers, 1" in page
    assert "By text, 1" in page
    assert 'data-said="1 caller waits." data-said-texts="1 conversation by text waits."' in " ".join(page.split())
    longest = re.search(r'longest <b class="num" data-since="([^"]+)"', page)[1]
    assert dt.datetime.fromisoformat(longest) == at - dt.timedelta(minutes=2)


def test_no_words_promise_a_call_while_calls_are_not_allowed(desk, thread):
    may = shown(desk, thread)
    Contact.objects.filter(pk=thread.pk).update(may_call="no")

    page, refused = shown(desk, thread), send(desk, thread, may, "call_back_soon")

    assert ("We will call soon" in may, "We will call soon" in page) == (True, False)
    assert "the safety state does not say that we may call this person" in refused.content.decode()
    assert not sent(thread).exists()


def test_the_action_refuses_a_promised_call_too(thread, operator, at):
    Contact.objects.filter(pk=thread.pk).update(may_call="unknown")

    with pytest.raises(actions.messages.TextRefused, match="no_call"):
        actions.queue_message(contact=thread, text_key="call_back_soon", by=operator, at=at, key="k")


CLOSED = {"closed_at": dt.datetime(2026, 11, 25, tzinfo=dt.UTC), "closing": "reached"}


@pytest.mark.parametrize("values", [{"state": "done"}, {"may_text": "no"}, CLOSED])
def test_what_nobody_has_to_answer_stays_read_when_it_is_given_back(thread, operator, at, values):
    thread.messages.update(read_at=at)
    Contact.objects.filter(pk=thread.pk).update(claimed_by=operator, claimed_until=at, **values)

    assert leave_answers(by=operator, at=at) == 1
    assert not thread.messages.filter(read_at=None).exists()
