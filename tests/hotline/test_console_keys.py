"""What the caller answered by telephone key, on the operator console and on the sheet."""

import re

import pytest
from django.urls import reverse

from hotline.queries.danger import clock
from referral.models import Case
from tests.hotline.console import give, waiting

pytestmark = [pytest.mark.django_db, pytest.mark.either]


def test_answers_given_by_keys_are_read_in_the_console(desk, line, operator, at):
    contact = waiting(line, at, state="connected", claimed_by=operator)
    contact.key_answers.create(question="locked_in", answer="yes", at=at)

    page = desk.get(reverse("hotline:console") + f"?contact={contact.public_id}")

    assert page.status_code == 200
    assert "Are you locked in?" in page.content.decode()
    facts = page.content.decode().partition('id="facts"')[2]
    assert "Answered by telephone key" in facts
    assert f'<dt>Are you locked in?</dt><dd>Yes <span class="told num">{clock(at)}</span></dd>' in facts


def test_a_no_by_key_stands_at_its_question_whatever_the_sheet_holds(desk, line, operator, at):
    contact = waiting(line, at, state="connected", claimed_by=operator)
    contact.sheets.create(version=1, answers={"safe_now": "no"}, saved_by=operator, saved_at=at)
    contact.key_answers.create(question="danger", answer="no", at=at)

    page = opened(desk, contact, "safe_now")
    other = opened(desk, contact, "may_talk")

    said = f'By key, <span class="num">{clock(at)}</span>: Are you in danger now? <b>No</b>'
    assert said in page
    assert said not in other
    assert "<dt>Safe now</dt><dd>No</dd>" in page


def test_what_the_caller_said_by_key_stands_on_the_sheet_and_goes_into_the_first_answer(desk, line, operator, at):
    contact = waiting(line, at, state="connected", claimed_by=operator)
    for key, answer in (("danger", "yes"), ("locked_in", "no"), ("hurt", "unknown"), ("send_police", "yes")):
        contact.key_answers.create(question=key, answer=answer, at=at)

    page = desk.get(reverse("hotline:console") + f"?contact={contact.public_id}").content.decode()
    give(desk, contact, "may_talk", "no")

    assert "Is the person you are afraid of near you now?" in page  # what the danger opens comes first
    assert "<dt>Safe now</dt><dd>No, by key</dd>" in page
    assert contact.sheets.get().answers == {"safe_now": "no", "may_talk": "no"}


def test_a_no_by_key_makes_nobody_safe_and_says_nothing_of_violence(desk, line, seed, operator, at):
    contact = waiting(line, at, state="connected", claimed_by=operator)
    for key, answer in (("danger", "no"), ("locked_in", "yes"), ("overheard", "yes"), ("hurt", "no")):
        contact.key_answers.create(question=key, answer=answer, at=at)

    page = opened(desk, contact, "safe_now")
    give(desk, contact, "consent_case", "yes")
    record = desk.get(reverse("hotline:contact", args=[contact.public_id])).content.decode()
    desk.post(reverse("hotline:open_case", args=[contact.public_id]))

    assert "<dt>Safe now</dt>" not in page
    assert 'aria-current="step"' in page.partition('id="step-safe_now"')[2][:60]
    assert contact.sheets.get().answers == {"sign_movement": "yes", "consent_case": "yes"}
    assert "<dd>Yes, by key</dd>" in record
    told = {fact.key: (fact.value, fact.source) for fact in Case.objects.get().facts.all()}
    assert "immediate_danger" not in told
    assert [source for value, source in told.values() if source == "hotline_keys"] == ["hotline_keys"]


def test_an_answer_given_by_key_is_kept_once_the_operator_gives_it_too(desk, line, operator, at):
    contact = waiting(line, at, state="connected", claimed_by=operator)
    contact.key_answers.create(question="danger", answer="no", at=at)

    give(desk, contact, "safe_now", "yes")

    assert contact.sheets.get().answers == {"safe_now": "yes"}


@pytest.mark.both
def test_not_known_wins_over_a_number_that_stands_in_the_field(desk, line, operator, at):
    contact = waiting(line, at, state="connected", claimed_by=operator)

    give(desk, contact, "age", "24", "unknown")

    assert contact.sheets.latest("version").answers["age"] in ("unknown", ["unknown"])


def test_who_said_by_key_that_she_is_not_under_18_is_not_called_a_child_and_an_age_on_the_sheet_is_worth_more(
    desk, line, operator, at
):
    contact = waiting(line, at, state="connected", claimed_by=operator)
    contact.key_answers.create(question="under_18", answer="no", at=at)

    page = opened(desk, contact, "age")
    give(desk, contact, "age", "unknown")
    after = opened(desk, contact, "age")

    assert "Treated as a child" not in page
    assert "Not under 18, as said by key." in page
    assert f'By key, <span class="num">{clock(at)}</span>: Are you under 18? <b>No</b>' in page
    assert 'id="row-child_adult"' not in page
    assert "Treated as a child" in after
    assert "Not under 18, as said by key." not in after
    assert 'id="row-child_adult"' in after


def test_who_said_by_key_that_she_is_under_18_is_asked_what_a_child_is_asked(desk, line, operator, at):
    contact = waiting(line, at, state="connected", claimed_by=operator)
    contact.key_answers.create(question="under_18", answer="yes", at=at)
    give(desk, contact, "safe_now", "yes")

    page = opened(desk, contact, "child_adult")

    assert "Treated as a child" in page
    assert "Asked because of: <b>Age in years: under 18, as said by key</b>" in page
    assert "Not asked any more" not in page


def opened(desk, contact, question):
    """Return the console with one question of a contact's sheet open."""
    address = f"{reverse('hotline:console')}?contact={contact.public_id}&q={question}"
    return desk.get(address).content.decode()


def test_each_box_of_the_needs_has_a_digit_and_the_buttons_below_have_letters(desk, line, operator, at):
    contact = waiting(line, at, state="connected", claimed_by=operator)

    page = opened(desk, contact, "needs")

    keys = re.findall(r'data-key="(\w+)"', page[page.index('class="needs"') :].split("</form>")[0])
    assert keys == [*"12345678", "Enter", "u", "x"]
    assert re.findall(r'<kbd class="digit">(\d)</kbd></label>', page) == [*"12345678"]


@pytest.mark.parametrize("question", ["age", "area"])
def test_a_number_and_a_place_are_saved_by_enter_and_have_no_digits_for_buttons(desk, line, operator, at, question):
    contact = waiting(line, at, state="connected", claimed_by=operator)

    page = opened(desk, contact, question)

    assert re.findall(r'id="answer-\d" data-key="(\w+)"|id="answer-\d"[^>]*data-key="(\w+)"', page) == [
        ("Enter", ""), ("u", ""), ("x", ""),
    ]  # fmt: skip


def test_more_boxes_than_digits_have_no_keys(desk, line, operator, at, monkeypatch):
    monkeypatch.setattr("hotline.views.sheet_parts.DIGITS", 7)
    contact = waiting(line, at, state="connected", claimed_by=operator)

    page = opened(desk, contact, "needs")

    assert page.count('id="need-') == 8
    assert "</kbd></label>" not in page


def test_the_list_of_keys_names_what_the_boxes_and_their_buttons_have(desk, line):
    page = desk.get(reverse("hotline:console")).content.decode()
    listed = page[page.index('id="keys-dialog"') :]

    assert "<kbd>1</kbd>–<kbd>9</kbd>" in listed
    assert "<kbd>Enter</kbd>" in listed
    assert "<kbd>U</kbd> <kbd>X</kbd>" in listed


@pytest.mark.both
@pytest.mark.parametrize("question", ["age", "area", "needs"])
def test_nothing_chosen_is_no_answer_and_not_asked_has_its_own_button(desk, line, operator, at, question):
    contact = waiting(line, at, state="connected", claimed_by=operator)
    give(desk, contact, question, "unknown")

    refused = give(desk, contact, question, "", version=1, htmx=True).content.decode()
    kept = contact.sheets.latest("version").answers
    give(desk, contact, question, "", "not_asked", version=1)

    assert 'id="answer-error"' in refused
    assert f'name="question" value="{question}"' in refused
    assert kept == {question: "unknown"}
    assert contact.sheets.latest("version").answers == {question: "not_asked"}


def test_the_queue_says_of_somebody_in_danger_that_she_cannot_speak(desk, line, at):
    waiting(line, at, is_danger=True, cannot_speak=True)
    queue = desk.get(reverse("hotline:console")).content.decode().partition('id="queue"')[2]
    assert queue.index("Danger: not safe now") < queue.index("Cannot speak, answers by keys")
