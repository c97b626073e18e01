"""The page of one official, for her manager: the refresher that is due, and what was decided about her work, why, when and by whom."""

import datetime as dt

import pytest
import time_machine
from bs4 import BeautifulSoup

from tests.training.finishing import ask_anew, finish, refresh
from training import actions, queries
from training.models import Attempt


@pytest.fixture
def page(sign_in, manager, official, later):
    """A function that reads the page of the official as the manager sees it two hours after."""

    def read():
        with time_machine.travel(later(120), tick=False):
            client = sign_in(manager)
            return client.get(f"/en/reports/people/{official.learner.public_id}/").content.decode()

    return read


def decided(html):
    """The rows of the table of decisions, without the minute."""
    tables = BeautifulSoup(html, "html.parser").select("table")
    rows = [row for table in tables if "Decided by" in table.text for row in table.select("tbody tr")]
    return [tuple(cell.text.strip() for place, cell in enumerate(row.select("th, td")) if place != 2) for row in rows]


def test_every_decision_stands_there_with_its_reason_and_who_made_it(
    page, manager, official, course, lessons, at, later
):
    enrolment = finish(official, course, at, lessons=-1)
    key, heading = str(lessons[-1].translation_key), str(lessons[-1].heading_en)
    told = {"enrolment": enrolment, "activity": key, "by": manager}
    before = page()
    actions.waive_activity(reason="taught", at=later(10), **told)
    first = page()
    actions.take_back_waiver(reason="not_so", at=later(20), **told)
    actions.waive_activity(reason="known", at=later(30), **told)
    actions.void_attempt(attempt=Attempt.objects.get(), reason="not_her_work", by=manager, at=later(40))

    assert decided(before) == []
    assert decided(first) == [("Counts as done", heading, "It was taught in a class", manager.name)]
    last = decided(page())
    withdrawn = [row for row in last if row[0] == "Withdrawn"]
    assert {row[2] for row in withdrawn} == {
        "Test set aside: The answers were not her or his own",
        "Waiver taken back: The reason it was given for does not hold",
    }
    assert [row for row in last if row not in withdrawn] == [
        ("Test set aside", "After the course (test)", "The answers were not her or his own", manager.name),
        ("Counts as done", heading, "She or he has shown to know it", manager.name),
        ("Waiver taken back", heading, "The reason it was given for does not hold", manager.name),
        ("Counted as done, taken back since", heading, "It was taught in a class", manager.name),
    ]
    assert "25 November 2026" in page()


def test_the_sentence_after_a_decision_sends_nobody_to_another_page(
    sign_in, manager, official, course, lessons, at, later
):
    enrolment = finish(official, course, at, lessons=-1)
    client, key = sign_in(manager), str(lessons[-1].translation_key)

    told = client.post(
        f"/en/reports/people/waive/{enrolment.public_id}/", {"activity": key, "reason": "taught"}, follow=True
    ).content.decode()

    assert "It counts as done for her or him. Who, when and why stands below." in told


def test_many_decisions_cost_as_many_queries_as_one(
    manager, official, course, lessons, at, later, django_assert_num_queries
):
    enrolment = finish(official, course, at, lessons=0)

    def waive(lesson):
        key = str(lesson.translation_key)
        actions.waive_activity(enrolment=enrolment, activity=key, reason="taught", by=manager, at=later(10))

    counts = []
    for some in (lessons[:1], lessons[1:]):
        for lesson in some:
            waive(lesson)
        with django_assert_num_queries(8):
            counts.append(len(queries.course_files(official.learner, "en", at=later(20))[0].decided))

    assert counts == [1, len(lessons)]


@pytest.mark.parametrize(
    ("passed", "days", "said"),
    [
        (True, 20, "Refresher due by 5 March 2027"),
        (True, 150, "The refresher was due by 5 March 2027"),
        (False, 20, "Refresher due by 5 March 2027"),
        (False, 150, "The refresher was due by 5 March 2027"),
    ],
)
def test_what_changed_since_she_did_it_stands_there_until_it_is_done(
    sign_in, manager, official, course, lessons, at, passed, days, said
):
    finish(official, course, at, passed=passed)
    ask_anew(lessons[0], at + dt.timedelta(days=10))
    address, pages = f"/en/reports/people/{official.learner.public_id}/", []
    with time_machine.travel(at + dt.timedelta(days=days), tick=False):
        client = sign_in(manager)
        pages.append(client.get(address).content.decode())
        refresh(official, course, at + dt.timedelta(days=days))
        pages.append(client.get(address).content.decode())

    parts = [BeautifulSoup(page, "html.parser").select_one("[data-part=refresher]") for page in pages]
    assert said in parts[0].text
    assert [row.text for row in parts[0].select("li")] == [lessons[0].heading_en]
    assert parts[1] is None
    waivable = [f'<option value="{lessons[0].translation_key}">' in page for page in pages]
    assert waivable == [True, False]
