"""The file of results: what was set aside is neither passed nor not, and says why; each row says which test it is."""

import uuid

from tests.training.answers import paper, right, wrong
from tests.training.decided import clock, excused, finished
from tests.training.test_forms import small, small_once
from tests.training.test_lists import ask, cells_of, lines_of
from training import actions
from training.choices import ClaimReason, Form, Source
from training.models import Attempt

__all__ = ["clock", "excused", "finished", "small", "small_once"]


def told(client, **more):
    """Return the rows of a file that a manager takes out, by their heads."""
    heads, *rows = lines_of(ask(client, **more).content)
    return [dict(zip(heads, row, strict=True)) for row in rows[: rows.index([])]]


def test_a_test_that_was_set_aside_is_not_told_as_passed_and_says_why(sign_in, manager, finished, later, clock):
    client = sign_in(manager)
    before = told(client)
    actions.void_attempt(attempt=Attempt.objects.get(), reason="not_her_work", by=manager, at=later(60))

    (row,) = told(client)

    assert [(one["Passed"], one["Set aside"]) for one in before] == [("yes", "")]
    assert (row["Passed"], row["Set aside"]) == ("", "The answers were not her or his own")
    assert told(client, what="enrolments")[0]["Test passed on"] == ""


def test_it_stands_so_in_the_spreadsheet_too(sign_in, manager, finished, later, clock):
    actions.void_attempt(attempt=Attempt.objects.get(), reason="wrong_key", by=manager, at=later(60))

    heads, row, *_mark = cells_of(ask(sign_in(manager), kind="xlsx").content)

    found = {head: value for (head, _kind), (value, _other) in zip(heads, row, strict=True)}
    assert found["Passed"] is None
    assert found["Set aside"] == "It was passed by an answer that was never right"


def test_a_waiver_that_was_taken_back_sets_no_test_aside(sign_in, manager, excused, lessons, later, clock):
    """It bears the same verb, and names no test."""
    key = str(lessons[-1].translation_key)
    undone = {"enrolment": excused, "activity": key, "reason": "wrong_person"}
    actions.take_back_waiver(**undone, by=manager, at=later(60))

    (row,) = told(sign_in(manager))

    assert (row["Passed"], row["Set aside"]) == ("yes", "")


def test_what_was_handed_in_with_a_code_beyond_all_tries_says_so(sign_in, manager, finished, later, clock):
    voided = {"attempts": [str(Attempt.objects.get().public_id)], "events": [], "reason": ClaimReason.BEYOND}
    arrival = actions.Arrival(
        id=uuid.uuid4(), verb="voided", version=str(finished.version.public_id), language="fr", payload=voided,
        occurred_at=later(60),
    )  # fmt: skip
    actions.record_events(learner=finished.learner, arrivals=[arrival], source=Source.SYSTEM, at=later(60))

    (row,) = told(sign_in(manager))

    assert row["Passed"] == ""
    assert "it counts as practice" in row["Set aside"]


def test_each_row_says_which_test_it_is_and_counts_within_it(client, sign_in, manager, official, small):
    sign_in(official)
    client.post("/en/learning/small/test/", {"form": int(Form.PRE)})
    before = Attempt.objects.get()
    client.post(paper(before, "en"), right(before))
    client.post("/en/learning/small/test/")
    first = Attempt.objects.get(form=Form.POST)
    client.post(paper(first, "en"), wrong(first, 0, 1, 2))
    client.post("/en/learning/small/test/")
    again = Attempt.objects.get(submitted_at=None)
    client.post(paper(again, "en"), right(again))

    rows = told(sign_in(manager))

    assert [(row["Which test"], row["Attempt"], row["Passed"]) for row in rows] == [
        ("Before the course (pre-test)", "1", ""),
        ("After the course (test)", "1", "no"),
        ("After the course (test)", "2", "yes"),
    ]


def test_two_people_are_counted_apart(client, sign_in, manager, person, countries, small):
    for name in ("A", "B"):
        sign_in(person("learner", country=countries["HT"], language="fr", name=name))
        client.post("/en/learning/small/test/")
        attempt = Attempt.objects.get(submitted_at=None)
        client.post(paper(attempt, "en"), right(attempt))

    assert [(row["Name"], row["Attempt"]) for row in told(sign_in(manager))] == [("A", "1"), ("B", "1")]


def test_the_page_to_set_a_test_aside_leads_back_where_that_was_done(
    sign_in, manager, official, finished, later, clock
):
    attempt = Attempt.objects.get()
    actions.void_attempt(attempt=attempt, reason="other", by=manager, at=later(60))
    client = sign_in(manager)

    answer = client.get(f"/en/reports/people/void/{attempt.public_id}/")
    page = client.get(answer["Location"]).content.decode()

    assert answer["Location"] == f"/en/reports/people/{official.learner.public_id}/"
    assert "This test was set aside already" in page
