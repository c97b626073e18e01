"""The list of cases: what it counts, that it counts each thing for itself, and that more rows ask no more of the database."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.rules import allowed
from hotline.queries import forget_lines
from referral import actions
from referral.models import Case
from referral.queries.cases import cases_visible_to, listed, own_cases
from referral.rules import RULES

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def asked(at_referrals, agency, open_run, operator, at, keys):
    """A case with two open steps or more, of which two agencies were asked."""
    house, room = agency("Safe house A", "shelter"), agency("Listening room", "psychosocial")
    case = at_referrals(house, room)
    for step, service in (("shelter", house), ("psychosocial", room)):
        actions.refer(run=open_run(case, step), service=service, key=next(keys), by=operator, at=at)
    return case


def test_the_list_counts_steps_and_answers_each_for_itself(asked, supervisor, at):
    later = at + dt.timedelta(days=400)

    row = listed(cases_visible_to(supervisor), supervisor, later).get()

    open_runs = asked.runs.filter(state="open")
    assert row.open_steps == open_runs.count() > 1
    assert row.late_steps == open_runs.filter(due_at__lt=later).count() > 1
    assert row.waiting_answers == 2


def test_a_case_without_a_step_or_a_request_counts_none(new_case, operator, at):
    case = new_case()
    case.runs.all().delete()

    row = listed(own_cases(operator), operator, at).get()

    assert (row.open_steps, row.late_steps, row.waiting_answers) == (0, 0, 0)


def test_the_list_joins_no_visits_and_reads_no_pathway(asked, supervisor, at):
    statement = str(listed(cases_visible_to(supervisor), supervisor, at).query)

    assert "DISTINCT" not in statement
    assert "pathwayversion" not in statement
    assert "JOIN" not in statement.replace("LEFT OUTER JOIN", "", 2)


@pytest.mark.parametrize("role", ["operator", "supervisor"])
def test_the_list_says_of_each_case_what_the_rule_says(new_case, person, liberia, at, role):
    user, other = person(role, country=liberia), person(role, country=liberia)
    own, opened, over, foreign, nobodys = (new_case() for _ in range(5))
    Case.objects.filter(pk=own.pk).update(owner=user)
    Case.objects.filter(pk=nobodys.pk).update(owner=None)
    Case.objects.filter(pk=foreign.pk).update(owner=other)
    for case, reader, hours in ((opened, user, 1), (over, user, -1), (foreign, other, 1)):
        case.accesses.create(user=reader, reason="A reason.", opened_at=at, ends_at=at + dt.timedelta(hours=hours))

    rows = list(listed(Case.objects.all(), user, at))

    says = {row.pk: bool(row.may_open) for row in rows}
    assert says == {row.pk: allowed(user, RULES, "view_case", row) for row in rows}
    by_reason = {opened.pk} if role == "supervisor" else set()
    assert {pk for pk, may in says.items() if may} == {own.pk} | by_reason


@pytest.mark.parametrize("role", ["operator", "supervisor"])
def test_thirty_cases_ask_no_more_of_the_database_than_one(asked, person, liberia, sign_in, at, role):
    user = person(role, country=liberia)
    client = sign_in(user)
    Case.objects.filter(pk=asked.pk).update(owner=user)
    client.get(reverse("referral:cases"))  # what else is kept for the process is read by now

    counts = [_reads(client)]
    assert counts[0][0] == 1
    for number in range(29):
        Case.objects.create(
            code=f"LR-TEST-{number}", key=f"test-{number}", country=liberia, area=asked.area, version=asked.version,
            language="en", source="walk_in", owner=user if role == "operator" else person("operator", country=liberia),
            opened_at=at, opened_by="test", changed_at=at,
        )  # fmt: skip
    counts.append(_reads(client))

    assert counts[1][0] == 30
    assert len(counts[1][1]) == len(counts[0][1]), "\n".join(counts[0][1] + ["then:"] + counts[1][1])


def _reads(client):
    """Return how many cases the list shows, and which statements that took, the lines not in memory: on a slow machine it ends."""
    forget_lines()
    with CaptureQueriesContext(connection) as asked:
        page = client.get(reverse("referral:cases"))
    return len(page.context["page"]), [one["sql"][:120] for one in asked]
