"""The signs asked on the sheet go into the case that it opens; the case says from which contact it came."""

import re

import pytest
from django.urls import reverse

from hotline import triage
from hotline.queries.origin import contacts_of_case
from referral.models import Case
from tests.hotline.console import give

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seed"), pytest.mark.either]
ANSWERS = dict.fromkeys(triage.SIGN_KEYS[:9], "yes") | {"sign_conditions": "no", "sign_hours": "unknown"}


@pytest.fixture
def opened(desk, contact):
    """A case opened from a sheet on which the signs were asked."""
    for question, answer in (ANSWERS | {"consent_case": "yes"}).items():
        give(desk, contact, question, answer, version=contact.sheets.count())
    desk.post(reverse("hotline:open_case", args=[contact.public_id]))
    return Case.objects.get()


def page_of(desk, case, name="case_detail", *args):
    return desk.get(reverse(f"referral:{name}", args=[case.code, *args]))


def test_the_signs_stand_in_the_case_with_the_hotline_as_their_source(desk, opened):
    page = page_of(desk, opened)
    rows = {row.key: (row.words, row.told.source) for row in page.context["signs"]}
    words = {"yes": "Yes", "no": "No", "unknown": "Not known"}

    assert rows == {key: (words[answer], "from the hotline") for key, answer in ANSWERS.items()}
    assert page.context["facts"] == []
    assert re.search(
        r"<h3[^>]*>Coercion at destination</h3>.*<dt>Debt bondage</dt><dd>Yes</dd>", page.content.decode()
    )


def test_the_screening_begins_with_the_answers_of_the_hotline(desk, opened):
    form = page_of(desk, opened, "case_step", opened.runs.get(step_key="screening").number).context["form"]
    asked = {question.key: form[question.key].value() for question in form.signs}

    assert asked == ANSWERS | {"sign_hours": "not_known"} | dict.fromkeys(
        ("sign_forced", "sign_dependence"), "not_asked"
    )


def test_the_case_leads_to_its_contact(desk, opened, contact):
    address = reverse("hotline:contact", args=[contact.public_id])

    assert (
        f'<a href="{address}"><bdi class="ltr num">{contact.code}</bdi></a>' in page_of(desk, opened).content.decode()
    )
    assert desk.get(address).status_code == 200


@pytest.mark.parametrize(("roles", "is_here"), [(["manager"], True), (["analyst"], True), (["operator"], False)])
def test_who_may_not_open_a_contact_is_shown_none(person, liberia, haiti, opened, roles, is_here):
    somebody = person(*roles, country=liberia if is_here else haiti)

    assert contacts_of_case(somebody, opened) == []
