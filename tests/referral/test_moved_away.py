"""An owner who moved to another country, lost the role or left: her cases are hers no more, and the supervisor has them."""

import pytest
from django.urls import reverse

from accounts.models import Country
from referral.models import Referral
from referral.queries.cases import cases_visible_to, listed, own_cases, referrals_visible_to


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
