"""Answers of an open test from pages that are older than what is kept: nothing that was kept elsewhere is lost."""

import re

import pytest
import time_machine

from tests.training.answers import paper, right, shown_by, wrong
from training import actions, progress, queries
from training.actions import payloads
from training.models import Attempt, Event, RefusedEvent

KEEP = {"keep": "1"}


def kept(attempt):
    """The questions whose answers are kept, by the first signs of their ids."""
    return {item for item, one in queries.kept_answers(attempt).items() if one}


def parts(attempt):
    """The right answers as the fields of a form, the first two, the next three and all."""
    fields = list(right(attempt).items())
    return dict(fields[:2]), dict(fields[2:5]), dict(fields)


def test_a_page_gone_back_to_in_another_language_takes_out_nothing_that_was_kept_since(client, attempt):
    first, more, _whole = parts(attempt)
    client.post(paper(attempt, "en"), first | shown_by(client, attempt) | KEEP)
    stale = shown_by(client, attempt)
    client.post(paper(attempt, "fr"), first | more | shown_by(client, attempt, "fr") | KEEP)

    html = client.post(paper(attempt, "en"), first | stale | KEEP, follow=True).content.decode()

    assert len(kept(attempt)) == 5
    assert "Your answers are kept" in html
    assert html.count(" checked>") == 5


def test_two_windows_keep_what_each_was_given(client, attempt):
    first, more, _whole = parts(attempt)
    window = shown_by(client, attempt)
    client.post(paper(attempt, "en"), more | window | KEEP)

    client.post(paper(attempt, "en"), first | window | KEEP)

    assert len(kept(attempt)) == 5


def test_a_stale_page_hands_in_with_what_was_kept_since(client, attempt):
    first, more, whole = parts(attempt)
    stale = shown_by(client, attempt)
    client.post(paper(attempt, "fr"), dict(list(whole.items())[2:]) | stale | KEEP)

    response = client.post(paper(attempt, "en"), first | stale)

    attempt.refresh_from_db()
    assert response["Location"] == paper(attempt, "en", "result/")
    assert (attempt.right, attempt.passed) == (6, True)


def test_the_newer_answer_holds_where_a_stale_page_left_its_own_as_it_was(client, attempt):
    first, _more, _whole = parts(attempt)
    client.post(paper(attempt, "en"), first | KEEP)
    stale, other = shown_by(client, attempt), dict(list(wrong(attempt, 0).items())[:2])
    client.post(paper(attempt, "fr"), other | shown_by(client, attempt, "fr") | KEEP)

    client.post(paper(attempt, "en"), first | stale | KEEP)

    item = queries.items_of(attempt)[0]
    assert queries.kept_answers(attempt)[item.id] == other[f"{item.id}-r"] != first[f"{item.id}-r"]


def test_an_answer_taken_out_on_a_page_that_shows_it_is_taken_out(client, attempt):
    first, _more, _whole = parts(attempt)
    client.post(paper(attempt, "en"), first | KEEP)

    client.post(paper(attempt, "en"), dict(list(first.items())[1:]) | shown_by(client, attempt) | KEEP)

    assert len(kept(attempt)) == 1


def test_a_page_asked_for_anew_and_ticked_by_the_browser_as_it_was_left_takes_nothing_out(client, attempt):
    first, more, _whole = parts(attempt)
    client.post(paper(attempt, "en"), first | KEEP)
    left = shown_by(client, attempt)["was"]
    client.post(paper(attempt, "fr"), more | shown_by(client, attempt, "fr") | KEEP)

    client.post(paper(attempt, "en"), first | shown_by(client, attempt) | {"was": left} | KEEP)

    assert len(kept(attempt)) == 5


@pytest.mark.parametrize("odd", ["", "-", "x" * 5000, "a.b.c"])
def test_a_form_that_does_not_say_what_it_showed_takes_nothing_out(client, attempt, odd):
    first, more, _whole = parts(attempt)
    client.post(paper(attempt, "en"), first | KEEP)

    client.post(paper(attempt, "en"), more | {"shown": odd} | KEEP)

    assert len(kept(attempt)) == 5


def test_pressed_twice_in_a_second_the_later_answer_stands_and_the_same_writes_nothing(client, attempt):
    one, other = right(attempt), wrong(attempt, 0)
    item = queries.items_of(attempt)[0]
    with time_machine.travel(attempt.started_at, tick=False):
        client.post(paper(attempt, "en"), one | KEEP)
        client.post(paper(attempt, "en"), other | KEEP)
        stored = Event.objects.count()
        client.post(paper(attempt, "en"), other | KEEP)

    assert queries.kept_answers(attempt)[item.id] == other[f"{item.id}-r"]
    assert Event.objects.count() == stored == 7


def test_a_test_of_many_long_answers_is_handed_in(client, sign_in, official, folder, front, at):
    question = '[[items]]\nkey = "z{0}"\nform = 2\ntype = "multiple"\ncritical = false\nobjective = "elements"\nquestion = "Number {0}?"\n'
    option = '[[items.options]]\nkey = "{1}"\ntext = "Answer {1} {0}"\nright = {2}\nfeedback = "Because {1}."\n'
    bank = [
        question.format(place) + "".join(option.format(place, key, str(key != "f").lower()) for key in "abcdef")
        for place in range(progress.MOST_ASKED)
    ]
    (folder / "quiz.toml").write_text("\n".join(bank))
    actions.load_course(folder, front, by="test", at=at)
    sign_in(official)
    address = client.post("/fr/learning/judicial/test/")["Location"]
    attempt = Attempt.objects.get(public_id=re.search(r"/test/([0-9a-f-]{36})/", address).group(1))
    items = queries.items_of(attempt)

    client.post(address, {f"{item.id}-r": list(item.right) for item in items})

    attempt.refresh_from_db()
    assert (len(items), attempt.right, RefusedEvent.objects.count()) == (60, 60, 0)
    assert len(Event.objects.get(verb="submitted").payload) > payloads.LIMIT


def test_a_test_that_is_not_taken_says_so_and_its_answers_stand(client, attempt, monkeypatch):
    monkeypatch.setattr(payloads, "PAPER_LIMIT", 100)

    html = client.post(paper(attempt, "en"), right(attempt), follow=True).content.decode()

    attempt.refresh_from_db()
    assert attempt.submitted_at is None
    assert "The test was not handed in: The answer does not fit its question. Your answers stand here." in html
    assert html.count(" checked>") == 6
