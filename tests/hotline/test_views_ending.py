"""From the sheet to a case, and wrapping up."""

import re

import pytest
from django.urls import reverse

from hotline import triage
from hotline.actions import follow_up
from hotline.models import Contact, OperatorState
from referral.models import Case, Pathway, PathwayVersion
from tests.hotline.console import give

pytestmark = pytest.mark.django_db


def case_of(country, at):
    """A case of the country, not more than its row."""
    pathway = Pathway.objects.create(key="p", country=country, title="P")
    version = PathwayVersion.objects.create(
        pathway=pathway, country=country, number=1, text="{}", digest="d", shape_digest="s", published_at=at
    )
    return Case.objects.create(
        code="LR-TEST-01", key="k", country=country, version=version, language="en", source="hotline", opened_at=at,
        changed_at=at,
    )  # fmt: skip


def test_a_case_needs_an_answer_on_consent_or_a_written_basis(desk, contact):
    answer = desk.post(reverse("hotline:open_case", args=[contact.public_id]), follow=True)

    assert "Ask for consent first, or write down the basis without consent." in answer.content.decode()
    assert not triage.may_open_case({"consent_case": "not_asked"})
    assert triage.may_open_case({"consent_case": "no"})
    assert triage.may_open_case({"basis": "life"})
    assert not triage.may_open_case({"basis": "unknown"})


def test_the_facts_say_that_the_case_holds_what_was_corrected_since(desk, contact, operator, liberia, at):
    give(desk, contact, "age", "24")
    alone = desk.get(reverse("hotline:contact", args=[contact.public_id])).content.decode()
    case = case_of(liberia, at)
    Case.objects.filter(pk=case.pk).update(owner=operator)
    Contact.objects.filter(pk=contact.pk).update(case=case)

    page = desk.get(reverse("hotline:contact", args=[contact.public_id])).content.decode()
    console = desk.get(reverse("hotline:console"), {"contact": contact.public_id}).content.decode()

    words = "What was corrected since stands in the case."
    assert [words in shown for shown in (alone, page, console)] == [False, True, True]


def test_the_second_press_leads_to_the_case_that_was_opened_and_says_so(desk, contact, liberia, operator, at):
    case = case_of(liberia, at)
    Case.objects.filter(pk=case.pk).update(owner=operator)
    Contact.objects.filter(pk=contact.pk).update(case=case)

    again = desk.post(reverse("hotline:open_case", args=[contact.public_id]))
    console = desk.get(reverse("hotline:console"), {"contact": contact.public_id}).content.decode()

    assert again.url == reverse("referral:case_detail", args=[case.code])
    assert "This case was opened from this contact before. No second one was opened." in console
    assert f'href="{reverse("referral:case_new")}">Open another case, for another person</a>' in console
    assert Case.objects.count() == 1


def test_a_country_without_a_pathway_says_so(desk, contact):
    give(desk, contact, "consent_case", "yes")

    page = desk.post(reverse("hotline:open_case", args=[contact.public_id]), follow=True).content.decode()

    assert "This country has no published pathway yet." in page
    assert Contact.objects.get(pk=contact.pk).case_id is None


def test_a_country_without_a_pathway_is_told_on_the_console_before_the_button_is_pressed(desk, contact, liberia, at):
    give(desk, contact, "consent_case", "yes")
    console = reverse("hotline:console"), {"contact": contact.public_id}

    before = desk.get(*console).content.decode()
    case_of(liberia, at)  # it publishes a pathway
    after = desk.get(*console).content.decode()

    reason = "No case can be opened before that."
    assert [reason in page for page in (before, after)] == [True, False]
    assert [bool(re.search('data-key="c"[^>]* disabled>', page)) for page in (before, after)] == [True, False]
    assert f'href="{reverse("referral:find_help", args=[liberia.slug])}"' in before


def test_wrapping_up_frees_the_operator_and_counts_the_contact(desk, contact, operator):
    OperatorState.objects.filter(user=operator).update(state="wrap_up", contact=contact)

    desk.post(reverse("hotline:wrap_up", args=[contact.public_id]), {"topic": "hoax"})
    contact.refresh_from_db()

    assert (contact.state, contact.topic) == ("done", "hoax")
    assert OperatorState.objects.get(user=operator).state == "ready"


def test_a_live_call_cannot_be_wrapped_up(desk, contact, operator, at):
    Contact.objects.filter(pk=contact.pk).update(state="connected", ended_at=None)

    page = desk.post(
        reverse("hotline:wrap_up", args=[contact.public_id]), {"topic": "hoax"}, follow=True
    ).content.decode()

    assert "The caller is still on the line. End the call first." in page
    with pytest.raises(follow_up.StillOnTheLine):
        follow_up.wrap_up(contact=Contact.objects.get(pk=contact.pk), topic="hoax", by=operator, at=at)
