"""The operator console: the queue, taking a call, polling, and what an operator is doing."""

import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone, translation

from hotline import actions
from hotline.models import Contact, Message, OperatorState
from hotline.queries.pulse import change_mark
from tests.hotline.console import waiting
from tests.hotline.test_any_order import Telling, takes

pytestmark = pytest.mark.django_db


def test_danger_comes_first_whoever_waits_longest(desk, line, at):
    waiting(line, at, language="fr", priority=5)
    waiting(line, at + timedelta(minutes=2), language="ar", is_danger=True, priority=0)

    page = desk.get(reverse("hotline:console")).content.decode()

    assert page.index("Danger: not safe now") < page.index("français")
    assert page.index("العربيّة") < page.index("français")


def test_without_a_script_the_queue_says_since_when_somebody_waits(desk, conversation, line, at):
    waiting(line, at - timedelta(minutes=25))

    page = BeautifulSoup(desk.get(reverse("hotline:console")).content, "html.parser")

    told = [(part.find_previous_sibling(string=True) or "", part.text) for part in page.select("#queue [data-since]")]
    assert [(words.strip(), since) for words, since in told] == [
        ("longest", "since 09:35"), ("oldest", "since 10:00"), ("", "since 09:35"), ("", "since 10:00"),
    ]  # fmt: skip


def test_of_another_day_it_says_the_day_too(desk, conversation, at):
    Message.objects.update(made_at=at - timedelta(hours=14))

    page = BeautifulSoup(desk.get(reverse("hotline:console")).content, "html.parser")

    assert [part.text for part in page.select("#queue [data-since]")] == ["since 24 Nov 2026 20:00"] * 2


def test_the_title_and_the_words_said_at_once_are_there_while_somebody_in_danger_waits(desk, line, at):
    calm = waiting(line, at)
    before = desk.get(reverse("hotline:console")).content.decode()
    Contact.objects.filter(pk=calm.pk).update(is_danger=True)
    page = desk.get(reverse("hotline:console")).content.decode()

    assert "data-danger-title" not in before
    assert 'data-danger="1" data-danger-title="Danger"' in page
    assert all(f"hotline/{name}" in page for name in ("announce", "danger-title"))
    assert 'id="alarm"' not in page  # the queue itself says it


def test_the_queue_names_each_language_in_its_own_name_and_says_who_speaks_it(desk, line, at):
    waiting(line, at, language="fr")
    waiting(line, at, language="ar")

    page = desk.get(reverse("hotline:console")).content.decode()

    assert '<bdi lang="fr">français</bdi>' in page
    assert "You speak it" in page
    assert "Nobody on duty speaks it" in page


def test_the_console_is_for_operators_and_supervisors_with_a_second_factor(client, sign_in, person, liberia, operator):
    url = reverse("hotline:console")

    assert client.get(url).status_code == 302
    assert sign_in(person("learner", country=liberia)).get(url).status_code == 404
    assert sign_in(operator, second_factor=False).get(url).status_code == 302
    assert sign_in(person("supervisor", country=liberia)).get(url).status_code == 200


def test_a_call_of_another_country_is_neither_listed_nor_opened(desk, line, haiti, at):
    foreign = Contact.objects.create(
        country=haiti, language="ht", state="waiting", step="queue", started_at=at, changed_at=at, queued_at=at
    )

    page = desk.get(reverse("hotline:console")).content.decode()

    assert "Kreyòl ayisyen" not in page
    assert desk.get(reverse("hotline:console") + f"?contact={foreign.public_id}").status_code == 404
    assert desk.post(reverse("hotline:take", args=[foreign.public_id])).status_code == 404


def test_polling_answers_204_while_nothing_changed(desk, line, operator, at):
    waiting(line, at)

    same = desk.get(reverse("hotline:console_live"), {"seen": change_mark(operator, at=timezone.now())})
    changed = desk.get(reverse("hotline:console_live"), {"seen": "older"})

    assert same.status_code == 204
    assert changed.status_code == 200
    assert 'hx-swap-oob="true"' in changed.content.decode()


def test_a_poll_without_change_asks_two_queries(desk, line, operator, at, django_assert_num_queries, monkeypatch):
    monkeypatch.setattr("hotline.views.console.timezone.now", lambda: at)
    OperatorState.objects.filter(user=operator).update(seen_at=at)
    mark = change_mark(operator, at=timezone.now())
    desk.get(reverse("hotline:console_live"), {"seen": mark})

    with django_assert_num_queries(2):  # session and person, mark
        answer = desk.get(reverse("hotline:console_live"), {"seen": mark})

    assert answer.status_code == 204


def test_the_mark_changes_with_a_new_call_and_with_the_operators_own_state(line, operator, at):
    before = change_mark(operator, at=timezone.now())
    waiting(line, at + timedelta(seconds=1))
    with_call = change_mark(operator, at=timezone.now())
    actions.set_presence(user=operator, state="break", by=operator, at=at + timedelta(seconds=2))

    assert len({before, with_call, change_mark(operator, at=timezone.now())}) == 3


def test_the_second_operator_reads_who_took_the_call(desk, network, operator, person, liberia, at):
    network.call()
    network.step("language", 1, Digits="1")
    contact = network.contact
    other = person("operator", country=liberia, name="Operator 2, Liberia")
    actions.set_presence(user=other, state="ready", by=other, at=at)
    actions.take_call(contact=contact, by=other, at=at)

    page = desk.post(reverse("hotline:take", args=[contact.public_id]), follow=True).content.decode()

    told = " ".join(BeautifulSoup(page, "html.parser").select_one(".told").text.split())
    assert re.sub("[\u2066-\u2069]", "", told) == f"{contact.code}: Operator 2, Liberia has taken this call."
    assert OperatorState.objects.get(user=operator).contact_id is None


def test_taking_a_call_needs_the_state_ready(desk, network, operator, at):
    network.call()
    network.step("language", 1, Digits="1")
    actions.set_presence(user=operator, state="break", by=operator, at=at)

    page = desk.post(reverse("hotline:take", args=[network.contact.public_id]), follow=True).content.decode()

    assert "first, and wrap up the last call." in page
    assert network.contact.claimed_by_id is None


def test_an_operator_changes_what_she_is_doing(desk, operator):
    desk.post(reverse("hotline:operator_state"), {"state": "debrief"})
    desk.post(reverse("hotline:operator_state"), {"state": "asleep"})

    assert OperatorState.objects.get(user=operator).state == "debrief"


def test_an_unknown_control_is_404_and_a_control_outside_the_room_changes_nothing(desk, line, at):
    contact = waiting(line, at)

    assert desk.post(reverse("hotline:control", args=[contact.public_id, "explode"])).status_code == 404
    page = desk.post(reverse("hotline:control", args=[contact.public_id, "hold"]), follow=True).content.decode()

    assert "Your telephone is no longer in this call." in page


def test_each_kind_of_contact_is_closed_with_what_it_can_be(desk, conversation, line, operator, at):
    call = waiting(line, at, state="wrap_up", ended_at=at)
    text_page = desk.get(reverse("hotline:console"), {"contact": conversation.public_id}).content.decode()
    call_page = desk.get(reverse("hotline:console"), {"contact": call.public_id}).content.decode()

    desk.post(reverse("hotline:wrap_up", args=[conversation.public_id]), {"topic": "silent"})

    short = ("silent", "hang_up", "wrong_number", "blank", "hoax", "abusive")
    assert [topic for topic in short if f'value="{topic}"' in call_page] == list(short)
    assert [topic for topic in short if f'value="{topic}"' in text_page] == ["wrong_number", "hoax", "abusive"]
    assert Contact.objects.get(pk=conversation.pk).topic == ""


@pytest.mark.parametrize(
    ("state", "said"),
    [("wrap_up", "Finish the sheet of the last call first."), ("on_call", "End the call and wrap it up first."),
     ("break", "Set yourself to “Ready” above to take the next call."), ("ready", "")],
)  # fmt: skip
def test_the_queue_says_why_no_call_can_be_taken(desk, line, operator, at, state, said):
    last = waiting(line, at, state="wrap_up", ended_at=at)
    OperatorState.objects.filter(user=operator).update(
        state=state, contact=None if state in ("break", "ready") else last
    )
    waiting(line, at, language="ar")

    page = desk.get(reverse("hotline:console")).content.decode()

    assert "Nobody on duty speaks it" in page
    assert said in page
    assert ('id="queue-bar"' in page) == bool(said)
    assert ("Take the call" in page) == (not said)
    assert (f"/en/console/#topic-{last.code}-concern" in page) == (state == "wrap_up")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_console_is_whole_in_both_directions(desk, line, at, language):
    waiting(line, at)
    with translation.override(language):
        url = reverse("hotline:console")

    page = desk.get(url).content.decode()

    assert f'<html lang="{language}"' in page
    assert 'id="queue"' in page


def test_the_key_for_the_next_call_never_opens_a_text_while_a_call_waits(desk, conversation, line, operator, at):
    last = waiting(line, at, state="wrap_up", ended_at=at)
    Contact.objects.filter(pk=conversation.pk).update(may_text="yes")
    OperatorState.objects.filter(user=operator).update(state="wrap_up", contact=last)
    alone = desk.get(reverse("hotline:console")).content.decode()
    waiting(line, at, language="en", is_danger=True)

    page = desk.get(reverse("hotline:console")).content.decode()

    assert alone.count('data-key="n"') == 1
    assert 'data-key="n"' not in page


def test_the_console_says_whether_a_sheet_is_open_so_that_a_telephone_shows_the_queue_first_without_one(
    desk, line, at
):
    contact = waiting(line, at)

    idle = desk.get(reverse("hotline:console")).content.decode()
    busy = desk.get(reverse("hotline:console") + f"?contact={contact.public_id}").content.decode()

    assert 'class="console is-idle"' in idle
    assert 'class="console"' in busy


def test_the_state_after_a_call_is_a_chip_and_no_bare_word_beside_the_menu(desk, operator, line, at):
    OperatorState.objects.filter(user=operator).update(state="wrap_up", contact=waiting(line, at, state="wrap_up"))

    page = desk.get(reverse("hotline:console")).content.decode()

    assert re.search(r'id="shift"[^<]*<span class="chip wait">.*?Wrap-up', page)


@pytest.mark.both
def test_the_mark_changes_as_each_telephone_comes_into_the_room_in_either_order(network, operator, at):
    contact = network.queued()
    takes(network, contact, operator, "op-1", at)
    told = Telling(network, contact)
    marks = [change_mark(operator, at=at, contact=contact)]
    for number, label in enumerate(("op-1", "caller"), start=1):
        told.tell([told.room("participant-join", number, label)])
        marks.append(change_mark(operator, at=at, contact=contact))
    told.tell([told.room("participant-leave", 3, "caller")])
    marks.append(change_mark(operator, at=at, contact=contact))

    assert len(set(marks)) == len(marks)


def test_n_says_that_nobody_waits_only_where_she_is_ready_and_nobody_can_be_taken(desk, operator, line, at, now):
    def none():
        page = BeautifulSoup(desk.get(reverse("hotline:console")).content, "html.parser")
        return page.find(id="no-next").get("data-ask")

    asked = waiting(line, at, state="silent", step="silent", cannot_speak=True)
    ready = none()
    actions.set_presence(user=operator, state="break", by=operator, at=at)
    away = none()
    actions.set_presence(user=operator, state="ready", by=operator, at=at)
    Contact.objects.filter(pk=asked.pk).update(state="waiting", step="queue")

    assert (ready, away, none()) == ("Nobody waits to be taken now.", None, None)
