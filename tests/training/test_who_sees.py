"""What a learner is told of who sees her tests: the same persons and facts in every place, and what those are shown."""

import pytest
from bs4 import BeautifulSoup

from tests.training.answers import paper, right
from tests.training.without_account import BEGIN, allowed, begin

__all__ = ["allowed"]
PERSONS = "The managers of the courses in your country, and the trainers of groups in which you are or were, see"
MANAGERS = "how many answers were right", "how many answers of a test were right"
NOBODY = "What you answered is seen by nobody but you."


def text_of(client, url):
    """Return what a page says, in one line."""
    return " ".join(BeautifulSoup(client.get(url).content, "html.parser").main.text.split())


@pytest.fixture
def handed_in(client, attempt):
    """A test that was handed in."""
    client.post(paper(attempt, "en"), right(attempt))
    return attempt


def test_the_result_and_the_history_name_the_same_persons_and_facts(client, handed_in):
    result, history = text_of(client, paper(handed_in, "en", "result/")), text_of(client, "/en/learning/history/")

    for told in (result, history):
        assert PERSONS in told
        assert any(words in told for words in MANAGERS)
        assert NOBODY in told
        assert "supervisor" not in told.lower()


def test_it_is_what_a_manager_and_a_trainer_are_shown(client, sign_in, manager, handed_in):
    learner = handed_in.enrolment.learner
    sign_in(manager)

    page = text_of(client, f"/en/reports/people/{learner.public_id}/")
    file = client.post("/en/reports/people/file/", {"what": "results", "kind": "csv", "reason": "reporting"})

    assert all(words in page for words in ("Begun", "Handed in", "Passed"))
    assert f"{handed_in.enrolment.attempts.get().right} of" not in page
    assert "right" in b"".join(file).decode().lower()


def test_before_a_code_is_begun_it_is_said_that_it_bears_no_certificate(client, allowed):
    page = text_of(client, BEGIN)

    assert "A code bears no certificate." in page
    assert "what you have done with the code can be taken into it" in page
    begin(client)
