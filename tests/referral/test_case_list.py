"""The list of cases: what it counts, that it counts each thing for itself, and that more rows ask no more of the database."""

import datetime as dt

import pytest

from referral import actions
from referral.queries.cases import cases_visible_to, listed, own_cases

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def asked(at_referrals, agency, open_run, operator, at, keys):
    """A case with two open steps or more, of which two agencies were asked."""
    house, room = agency("Safe house A", "shelter"), agency("Listening room", "psychosocial")
    case = at_referrals(house, room)
    for step, service in (("shelter", house), ("psychosocial", room)):
        actions.refer(run=open_run(case, step), service=service, key=next(keys), by=operator, at=at)
    return case


def test_the_list_counts_steps_and_answers_each_for_itself(asked, operator, supervisor, person, liberia, at):
    asked.assigned.add(supervisor, person("operator", country=liberia))
    later = at + dt.timedelta(days=400)

    row = listed(cases_visible_to(supervisor), later).get()

    open_runs = asked.runs.filter(state="open")
    assert row.open_steps == open_runs.count() > 1
    assert row.late_steps == open_runs.filter(due_at__lt=later).count() > 1
    assert row.waiting_answers == 2


def test_a_case_without_a_step_or_a_request_counts_none(new_case, operator, at):
    case = new_case()
    case.runs.all().delete()

    row = listed(own_cases(operator), at).get()

    assert (row.open_steps, row.late_steps, row.waiting_answers) == (0, 0, 0)


def test_the_list_joins_no_visits_and_reads_no_pathway(asked, supervisor, at):
    statement = str(listed(cases_visible_to(supervisor), at).query)

    assert "DISTINCT" not in statement
    assert "pathwayversion" not in statement
    assert "JOIN" not in statement.replace("LEFT OUTER JOIN", "", 2)


@pytest.mark.parametrize("role", ["operator", "supervisor"])
def test_a_case_of_several_people_is_listed_once(asked, person, liberia, role):
    user = person(role, country=liberia)
    asked.assigned.add(user, person("operator", country=liberia))

    assert list(cases_visible_to(user)) == [asked]
    assert list(own_cases(user)) == [asked]
