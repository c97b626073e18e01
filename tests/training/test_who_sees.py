"""What a learner is told of who sees her tests: the same persons and facts in every place, and what those are shown."""

import csv
import io
import json

import pytest
from bs4 import BeautifulSoup

from tests.training.answers import paper, right
from tests.training.without_account import BEGIN, allowed, begin
from training.actions.exporting import number_of

pytestmark = pytest.mark.either

__all__ = ["allowed"]
PERSONS = "The managers of the courses in your country, and the trainers of groups in which you are or were, see"
RESULTS = "Managers can take out the list of results: there it stands beside your name."
RECORDS = (
    "Managers and administrators can take out the records for another system: there it stands under a number and"
    " without your name; in the file of administrators so does which of the offered answers you chose, never what you"
    " typed."
)
RESULTS_FILE, RECORDS_FILE = "/en/reports/people/file/", "/en/reports/statements.jsonl"


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
        assert "right is on none of their pages" in told
        assert "supervisor" not in told.lower()
    for words in (RESULTS, RECORDS, "Otherwise what you answered is seen by nobody but you."):
        assert words in history
    assert "files that managers can take out say it" in result


def test_it_is_what_a_manager_and_a_trainer_are_shown(client, sign_in, manager, handed_in):
    learner, taken = handed_in.enrolment.learner, handed_in.enrolment.attempts.get()
    name = learner.user.get_full_name() or str(learner.user)
    sign_in(manager)

    page, people = (text_of(client, f"/en/reports/people/{tail}") for tail in (f"{learner.public_id}/", ""))
    file = client.post(RESULTS_FILE, {"what": "results", "kind": "csv", "reason": "reporting"})
    [row] = [one for one in csv.DictReader(io.StringIO(file.getvalue().decode("utf-8-sig"))) if one["Name"] == name]

    assert all(words in page for words in ("Begun", "Handed in", "Passed"))
    assert name in people
    assert "right" not in page.lower()
    assert f"{taken.right} of" not in people
    assert row["Right"] == str(taken.right)


@pytest.mark.both
@pytest.mark.parametrize("role", ["manager", "administrator"])
def test_the_records_say_it_under_a_number_that_no_page_bears_and_without_a_name(
    client, sign_in, person, countries, handed_in, role
):
    learner, taken = handed_in.enrolment.learner, handed_in.enrolment.attempts.get()
    sign_in(person(role, country=countries["HT"]))

    file = b"".join(client.post(RECORDS_FILE)).decode()
    said = [json.loads(line) for line in file.splitlines()]

    assert [one["result"]["score"]["raw"] for one in said if "score" in one.get("result", {})] == [taken.right]
    assert str(number_of(learner.public_id)) in file
    assert str(learner.public_id) not in file
    assert str(learner.user) not in file


@pytest.mark.parametrize("url", [RESULTS_FILE, RECORDS_FILE])
def test_a_trainer_takes_out_neither_file(client, sign_in, person, countries, url):
    sign_in(person("trainer", country=countries["HT"]))

    assert client.post(url, {"what": "results", "kind": "csv", "reason": "reporting"}).status_code == 404


def test_before_a_code_is_begun_it_is_said_that_it_bears_no_certificate(client, allowed):
    page = text_of(client, BEGIN)

    assert "A code bears no certificate." in page
    assert "what you have done with the code can be taken into it" in page
    begin(client)
