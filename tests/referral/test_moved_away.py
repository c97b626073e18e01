"""An owner who moved to another country, lost the role or left: her cases are hers no more, and the supervisor has them."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions import thing_id
from accounts.models import Country, Letter
from referral import actions, tasks
from referral.models import Referral
from referral.queries.cases import cases_visible_to, left_behind, listed, own_cases, referrals_visible_to
from referral.queries.work import told_to, work_count, work_list


@pytest.fixture
def ghana(db):
    """Another country."""
    return Country.objects.create(code="GH", name="Ghana", slug="ghana", language_codes="en", time_zone="Africa/Accra")


def moved(user, **fields):
    """Let a person move, or take roles from her; returns her as the next request finds her."""
    for name, value in fields.items():
        setattr(user, name, value)
    user.save()
    return type(user).objects.get(pk=user.pk)


PAGES = ("case_detail", "case_identity", "case_readers", "case_consent", "case_withdraw", "case_assign", "case_close")
POSTS = ("case_answer", "case_reveal", "case_identity", "case_assign", "case_close")


@pytest.mark.parametrize("roles", [("operator",), ("supervisor",), ("operator", "supervisor")])
def test_who_moved_reads_nothing_of_the_cases_she_left_behind(roles, offer, operator, ghana, sign_in, at):
    code = offer[0].case.code
    operator = moved(operator, country=ghana, role_codes=roles)
    client = sign_in(operator)

    answers = [client.get(reverse(f"referral:{page}", args=[code])).status_code for page in PAGES]
    answers += [client.post(reverse(f"referral:{page}", args=[code])).status_code for page in POSTS]
    run = offer[0].run.number
    answers += [
        client.get(reverse(f"referral:{page}", args=[code, run])).status_code for page in ("case_step", "refer")
    ]

    assert set(answers) == {404}
    assert code not in client.get(reverse("referral:cases")).content.decode()
    assert code not in client.get(reverse("referral:work")).content.decode()
    assert not cases_visible_to(operator).exists()
    assert not own_cases(operator).exists()
    assert not referrals_visible_to(operator).exists()
    assert Referral.objects.exists()


def test_a_list_offers_nothing_to_open_to_who_moved_or_lost_the_role(new_case, operator, ghana, at):
    case = new_case()
    every = type(case).objects.filter(pk=case.pk)

    assert listed(every, operator, at).get().may_open
    for fields in ({"country": ghana}, {"role_codes": ("learner",)}, {"country": None}):
        user = moved(type(operator).objects.get(pk=operator.pk), **fields)
        assert not listed(every, user, at).get().may_open


LEAVES = {
    "closed": {"is_active": False},
    "moved": {"country": "GH"},
    "role lost": {"role_codes": ("learner",)},
}


def leave(user, how, ghana):
    """Let an owner go in one of three ways."""
    return moved(user, **{name: ghana if value == "GH" else value for name, value in LEAVES[how].items()})


@pytest.mark.parametrize("how", LEAVES)
def test_a_case_at_a_gate_whose_owner_is_gone_stands_on_the_supervisors_list_until_somebody_has_it(
    how, new_case, open_run, operator, supervisor, person, liberia, ghana, at, keys, sign_in, now
):
    case = new_case(facts={})
    actions.complete_step(case=case, run=open_run(case, "screening").number, key=next(keys), by=operator, at=at)
    leave(operator, how, ghana)
    later = at + dt.timedelta(days=30)
    for day in range(31):
        for job in tasks.JOBS:
            job(at + dt.timedelta(days=day))
    for told in told_to(supervisor):
        actions.mark_seen(told=[told], by=supervisor, at=later)

    rows = work_list(supervisor, "en", later)
    assert [(row.kind, row.case, row.at) for row in rows] == [("left", case, None)]
    assert work_count(supervisor, later) == 1
    now.move_to(later)
    client = sign_in(supervisor)
    give = reverse("referral:case_assign", args=[case.code])
    assert f'href="{give}"' in client.get(reverse("referral:work")).content.decode()
    colleague = person("operator", country=liberia)
    assert client.get(give).status_code == 200
    actions.assign_case(case=case, owner=colleague, key=next(keys), by=supervisor, at=later)
    assert not work_list(supervisor, "en", later)
    assert [row.kind for row in work_list(colleague, "en", later)] == ["late"]


def test_only_the_supervisor_of_its_country_sees_an_open_case_that_nobody_has(
    new_case, operator, supervisor, person, liberia, ghana, at, keys
):
    closed, kept, lost = new_case(), new_case(by=person("operator", country=liberia)), new_case()
    actions.close_case(
        case=closed,
        reason="lost_contact",
        outcome="not_known",
        feedback_asked=False,
        key=next(keys),
        by=operator,
        at=at,
    )
    type(lost).objects.filter(pk=lost.pk).update(owner=None)
    elsewhere = [person("supervisor", country=ghana), person("operator", country=liberia), person("supervisor")]

    assert list(left_behind(supervisor)) == [lost]
    assert [left_behind(user).count() for user in elsewhere] == [0, 0, 0]
    assert kept not in left_behind(supervisor)


def test_cases_that_nobody_has_cost_the_same_for_one_and_three(new_case, operator, supervisor, at):
    new_case()
    leave(operator, "closed", None)

    def cost():
        with CaptureQueriesContext(connection) as spent:
            rows = work_list(supervisor, "en", at)
            names = [str(row.case.owner) for row in rows]
            assert work_count(supervisor, at) == len(names)
        return len(spent)

    first = cost()
    new_case(), new_case()
    assert cost() == first


def test_who_left_has_no_letter_about_a_case_and_the_supervisor_has(late, operator, supervisor, ghana, at):
    case, first = late
    actions.tell(case=case, run=first.run.number, rule="facts_changed", role="hotline", at=at)
    leave(operator, "moved", ghana)

    tasks.fire_escalations(at)

    assert [told_to(user).count() for user in (operator, supervisor)] == [0, 1]
    assert not Letter.objects.filter(receiver=thing_id(operator)).exists()
