"""The list of learners of a country is paged by people: neither its count nor its page looks at each course of each."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.training.cohorts import cohort, member, trainer
from training import actions, queries
from training.views.reports import PEOPLE_ON_A_PAGE

__all__ = ["cohort", "member", "trainer"]
PEOPLE = "/en/reports/people/"


def named(html):
    return re.findall(r'<th scope="row"><a[^>]*><bdi>([^<]+)</bdi>', html)


def statements(client, where=PEOPLE):
    """Return what a page asks that was opened just before, without its sign-in and what it records."""
    client.get(where)
    with CaptureQueriesContext(connection) as caught:
        client.get(where)
    return [query["sql"] for query in caught if "SAVEPOINT" not in query["sql"]]


def test_its_count_is_of_people_and_joins_no_progress(sign_in, manager, office, staff):
    staff(office("Court A"), finished=2)

    counted = [sql for sql in statements(sign_in(manager)) if "COUNT(" in sql and "training_learner" in sql]

    assert len(counted) == 1
    assert "training_progress" not in counted[0]
    assert "training_enrolment" not in counted[0]


def test_it_costs_the_same_queries_however_many_people(sign_in, manager, office, staff):
    staff(office("Court A"), finished=1)
    one = len(statements(sign_in(manager)))
    staff(office("Court B"), finished=6, under_way=6)

    assert len(statements(sign_in(manager))) == one


def test_reading_a_page_of_it_takes_three_queries(manager, office, staff, django_assert_num_queries):
    staff(office("Court A"), finished=3)

    with django_assert_num_queries(3):
        people = queries.learners_listed(manager)
        rows = queries.with_progress(people[:PEOPLE_ON_A_PAGE])
        told = {(str(one.user.office), row.done, row.course_key) for one, mine in rows for row in mine}
        assert (people.count(), len(rows), told) == (3, 3, {("Court A", 4, "judicial")})


def test_a_page_ends_with_a_person_and_the_next_one_goes_on(sign_in, manager, office, staff):
    people = sorted(staff(office("Court A"), finished=PEOPLE_ON_A_PAGE + 2), key=lambda user: (user.name, user.email))
    client = sign_in(manager)

    first, second = (named(client.get(f"{PEOPLE}?page={page}").content.decode()) for page in (1, 2))

    assert first + second == [user.name for user in people]
    assert len(second) == 2


def test_who_only_looked_around_is_said_to_have_begun_nothing_and_is_on_no_list_of_a_course(
    sign_in, manager, person, countries, office, staff
):
    began = staff(office("Court A"), under_way=1)[0]
    person("learner", country=countries["HT"], name="Never, There")
    looked = person("learner", country=countries["HT"], name="Around, Looks")
    actions.learner_of(looked)
    client = sign_in(manager)

    whole = client.get(PEOPLE).content.decode()
    of_course = client.get(f"{PEOPLE}?course=judicial").content.decode()

    assert named(whole) == ["Around, Looks", began.name]
    assert whole.count("She or he has not begun a course yet.") == 1
    assert named(of_course) == [began.name]
    assert not queries.learners_listed(manager, "another").exists()


@pytest.mark.parametrize("key", ["", "judicial"])
def test_a_trainer_has_the_members_of_her_groups_on_it(trainer, member, office, staff, key):
    staff(office("Court A"), finished=1)

    assert [one.user.name for one in queries.learners_listed(trainer, key)] == ["Official, Haiti"]
