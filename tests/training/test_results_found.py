"""The result of a test is found again: from its course, My learning and My history."""

import pytest
from django.utils.formats import date_format

from accounts.queries.clocks import day_in
from tests.training.answers import address, paper, right, wrong
from tests.training.test_forms import small, small_once
from tests.training.without_account import allowed, begin
from training import queries
from training.choices import Form
from training.models import Attempt

__all__ = ["allowed", "small", "small_once"]
LEARNING, HISTORY, START = "/en/learning/", "/en/learning/history/", "/en/learning/judicial/test/"


def results(client, url):
    """Return the addresses of results to which a page links, in its order."""
    html = client.get(url).content.decode()
    return [part.split('"')[0] for part in html.split('href="') if part.split('"')[0].endswith("/result/")]


def test_before_a_test_is_handed_in_no_page_leads_to_a_result(client, attempt, course):
    for url in (address(course), LEARNING, HISTORY):
        assert results(client, url) == []


def test_the_last_result_is_linked_from_the_course_and_my_learning_and_each_from_the_history(client, attempt, course):
    client.post(paper(attempt, "en"), wrong(attempt, 0, 1, 2))
    client.post(START)
    again = Attempt.objects.exclude(pk=attempt.pk).get()
    client.post(paper(again, "en"), right(again))

    first, last = (paper(one, "en", "result/") for one in (attempt, again))
    assert results(client, address(course)) == [last]
    assert results(client, LEARNING) == [last]
    assert results(client, HISTORY) == [last, first]
    assert "You have passed" in client.get(last).content.decode()


def test_the_link_says_of_which_test_and_of_which_day(client, attempt, course):
    client.post(paper(attempt, "en"), right(attempt))
    attempt.refresh_from_db()
    day = date_format(day_in(attempt.enrolment.learner.user.country, attempt.submitted_at), "DATE_FORMAT")
    said = f"See the result: After the course (test), {day}"

    for url in (address(course), LEARNING):
        assert said in client.get(url).content.decode()
    Attempt.objects.filter(pk=attempt.pk).update(form=Form.CHECKUP)
    assert "See the result: Refresher and check-up, " in client.get(LEARNING).content.decode()


def test_what_was_asked_before_the_course_is_no_test_but_stands_in_the_history(client, sign_in, official, small):
    sign_in(official)
    client.post("/en/learning/small/test/", {"form": int(Form.PRE)})
    before = Attempt.objects.get(form=Form.PRE)
    client.post(paper(before, "en"), right(before))

    assert results(client, address(small)) == results(client, LEARNING) == []
    assert results(client, HISTORY) == [paper(before, "en", "result/")]


def test_who_learns_with_a_code_finds_hers_too(client, allowed):
    begin(client)
    client.post(START)
    attempt = Attempt.objects.get()
    client.post(paper(attempt, "en"), right(attempt))

    for url in (address(allowed), LEARNING, HISTORY):
        assert results(client, url) == [paper(attempt, "en", "result/")]


@pytest.mark.parametrize("url", [LEARNING, HISTORY, "course"])
def test_the_links_cost_no_query(client, attempt, course, url, django_assert_max_num_queries):
    client.post(paper(attempt, "en"), right(attempt))
    where = address(course) if url == "course" else url
    client.get(where)

    with django_assert_max_num_queries(8):
        client.get(where)


def test_the_file_of_the_history_has_its_columns_as_before(client, attempt, official):
    client.post(paper(attempt, "en"), right(attempt))

    entries = queries.history(official, queries.events_of(official), "en")

    assert [one.result for one in entries if one.result] == [attempt.public_id]
    assert "result" not in client.get("/en/learning/history.csv").content.decode("utf-8-sig").splitlines()[0].lower()
