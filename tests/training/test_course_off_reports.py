"""A course that was taken off, as those who run the training see it: groups, numbers, and what is left out where."""

import pytest
from django.utils import timezone

from accounts.models import Office
from tests.training.finishing import finish
from tests.training.off_and_on import off
from training import actions
from training.models import Cohort, LessonCount

NAMED = "Trafficking before the court (taken off)"


@pytest.fixture
def court(countries, person):
    """Twelve officials of a court."""
    office = Office.objects.create(country=countries["HT"], name="Court A")
    return [person("learner", country=countries["HT"], office=office, name=f"Official {n}") for n in range(12)]


@pytest.fixture
def counted(court, course, at):
    """Two of them have finished the course, which was taken off then; counted after that."""
    for user in court[:2]:
        finish(user, course, at)
    off(course)
    actions.count_readiness(at=at)
    actions.count_due_lessons(at=at)


@pytest.fixture
def group(court, course, countries, at, manager):
    """A group of two, of whom one has done two lessons; its deadline is today."""
    day = timezone.localdate()
    facts = {"course": course, "country": countries["HT"], "begins_on": day, "due_on": day, "made_at": at}
    found = Cohort.objects.create(name="Monday", **facts)
    for number, user in enumerate(court[:2], 1):
        enrolment = finish(user, course, at, lessons=2, passed=False)
        found.members.create(enrolment=enrolment, number=number, joined_at=at)
    return found


def html_of(client, where, status=200):
    """Return a page, which answers with this status."""
    answer = client.get(where)
    assert answer.status_code == status, where
    return answer.content.decode()


def test_a_group_shows_its_course_and_the_work_of_its_members_as_it_stands(client, sign_in, manager, group, course):
    sign_in(manager)
    before = html_of(client, f"/en/groups/{group.public_id}/")
    off(course)

    html = html_of(client, f"/en/groups/{group.public_id}/")

    assert NAMED in html
    assert "This course was taken off on" in html
    assert "Nobody can open its lessons or its test." in html
    assert html.count('class="cell is-done"') == before.count('class="cell is-done"') == 4
    assert "is-due" in before
    assert "is-due" not in html
    assert NAMED in html_of(client, "/en/groups/")


def test_a_member_reads_that_no_deadline_holds(client, sign_in, court, group, course):
    off(course)
    sign_in(court[0])

    html = html_of(client, "/en/learning/groups/")

    assert NAMED in html
    assert "no deadline holds while it is off" in html
    assert "To be finished by" not in html


@pytest.mark.parametrize("page", ["", "readiness/", "completion/", "drop-off/"])
def test_reports_tell_of_a_course_that_is_off(client, sign_in, manager, counted, page):
    sign_in(manager)

    html = html_of(client, f"/en/reports/{page}")

    assert NAMED in html
    assert "No official is counted here yet" not in html


def test_the_first_page_counts_who_did_a_course_that_is_off(client, sign_in, manager, counted):
    sign_in(manager)

    row = html_of(client, "/en/reports/").split('id="by-course"')[1].split("<tbody>")[1].split("</tr>")[0]

    assert NAMED in row
    assert row.count(">2</td>") >= 2


def test_where_people_stopped_is_counted_while_the_course_is_off(counted, course):
    whole = LessonCount.objects.get(course=course, activity=None)

    assert (whole.opened, whole.ended) == (2, 2)


@pytest.mark.parametrize("page", ["freshness/", "courses/"])
def test_tables_of_what_is_published_name_what_they_leave_out(client, sign_in, manager, course, page):
    sign_in(manager)
    before = html_of(client, f"/en/reports/{page}")
    off(course)

    html = html_of(client, f"/en/reports/{page}")

    assert "Not in this table, since they were taken off:" not in before
    assert "Not in this table, since they were taken off:" in html
    assert "Trafficking before the court" in html


def test_an_office_in_which_nobody_began_is_not_asked_for_a_course_that_is_off(
    client, sign_in, manager, counted, person, at
):
    office = Office.objects.create(country=manager.country, name="Court B")
    person("learner", country=manager.country, office=office)
    actions.count_readiness(at=at)
    sign_in(manager)

    html = html_of(client, "/en/reports/readiness/")

    assert "Court A" in html
    assert "Court B" not in html
