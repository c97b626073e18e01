"""Titles of the pages of a case: the step and the code, so that two windows are told apart; never a person's name."""

import re

import pytest
from django.conf import settings

from referral.models import Referral
from tests.referral.offers import CANARY
from tests.referral.pages import url

pytestmark = pytest.mark.usefixtures("now")
TEMPLATES = settings.BASE_DIR / "referral" / "templates" / "referral"


def title(client, address, told=None):
    page = client.post(address, told, follow=True) if told else client.get(address)
    return re.search("<title>(.*?)</title>", page.content.decode()).group(1)


def test_the_title_of_a_page_names_the_step_and_the_case(new_case, operator, sign_in, open_run):
    case, client = new_case(), sign_in(operator)
    named = {
        "Consent": url("case_consent", case),
        "Identity": url("case_identity", case),
        "Close the case": url("case_close", case),
        "Screen for indicators (ILO dimensions) and record the minimum facts": url(
            "case_step", case, open_run(case, "screening").number
        ),
    }

    assert {title(client, address) for address in named.values()} == {f"{words} · {case.code}" for words in named}


def test_no_title_holds_what_is_sealed(offer, operator, sign_in):
    case, client = Referral.objects.get().case, sign_in(operator)

    opened = title(client, url("case_reveal", case), {"fact": "name", "reason": "call"})

    assert opened == f"Name · {case.code}"
    assert CANARY not in opened


def test_every_page_of_a_case_has_a_title_of_its_own():
    pages = [path for path in TEMPLATES.glob("*.html") if "case_base.html" in path.read_text(encoding="utf-8")]

    assert len(pages) > 15
    assert [path.name for path in pages if "{% block step %}" not in path.read_text(encoding="utf-8")] == []
