"""A case for a person who did not say yes to being written down: it asks why first, and keeps what was said."""

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from hotline.models import Contact
from referral.models import Case, Consent
from tests.hotline.console import give

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seed")]
ASKED = "The person said no to being written down. Open a case all the same?"


def opening(contact):
    return reverse("hotline:open_case", args=[contact.public_id])


def case_page(desk):
    return desk.get(reverse("referral:case_detail", args=[Case.objects.get().code])).content.decode()


def test_a_no_opens_no_case_with_one_press_and_is_asked_about(desk, contact):
    give(desk, contact, "consent_case", "no")

    pressed = desk.post(opening(contact), follow=True)
    without = desk.post(opening(contact), {"said": "no"})
    wrong = desk.post(opening(contact), {"said": "no", "reason": "because"})

    assert pressed.redirect_chain == [(opening(contact), 302)]
    assert ASKED in pressed.content.decode()
    assert "Choose one of the answers shown." in without.content.decode()
    assert wrong.context["form"].errors["reason"]
    assert Case.objects.count() == 0


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("life_danger", "Danger to life or to a child"),
        ("agreed_after", "The person has changed her or his mind"),
        ("law", "A law that obliges us to report"),
    ],
)
def test_the_reason_and_the_no_stand_in_the_case_the_call_log_and_the_audit_log(desk, contact, reason, words):
    give(desk, contact, "consent_case", "no")

    desk.post(opening(contact), {"said": "no", "reason": reason})
    page = case_page(desk)
    log = desk.get(reverse("hotline:contact", args=[contact.public_id])).content.decode()

    assert f"Said no to being written down. The case was opened all the same: {words}" in page
    assert "No consent stands." in page
    assert not Consent.objects.exists()
    assert words in log
    assert "Agrees that help is looked for: No" in log
    kept = AuditEntry.objects.get(verb="hotline.case_opened").body
    assert f'"reason":"{reason}"' in kept
    assert '"consent":"no"' in kept


def test_a_yes_opens_at_once_and_is_told_as_no_consent_to_sharing(desk, contact):
    give(desk, contact, "consent_case", "yes")

    desk.post(opening(contact))
    page = case_page(desk)

    assert "Agreed to be written down, so that help is looked for. This is no consent to sharing." in page
    assert "No consent stands." in page
    assert not Consent.objects.exists()
    assert desk.get(opening(contact)).status_code == 302


@pytest.mark.parametrize(
    ("answers", "said", "words"),
    [
        ({"consent_case": "unknown"}, "unknown", "Gave no clear answer on being written down."),
        ({"basis": "child"}, "not_asked", "Was not asked about being written down."),
    ],
)
def test_without_a_yes_it_asks_too_and_the_basis_on_the_sheet_is_chosen_already(desk, contact, answers, said, words):
    for question, answer in answers.items():
        give(desk, contact, question, answer, version=contact.sheets.count())

    page = desk.post(opening(contact), follow=True)
    form = page.context["form"]
    desk.post(opening(contact), {"said": form["said"].value(), "reason": form["reason"].value() or "law"})

    assert "The person did not say yes to being written down. Open a case all the same?" in page.content.decode()
    assert form["said"].value() == said
    assert form["reason"].value() == ("life_danger" if "basis" in answers else "")
    assert words in case_page(desk)


def test_an_answer_that_changed_since_the_page_was_read_is_shown_first(desk, contact):
    give(desk, contact, "basis", "life")
    desk.get(opening(contact))
    give(desk, contact, "consent_case", "no", version=1)

    told = desk.post(opening(contact), {"said": "not_asked", "reason": "life_danger"}, follow=True).content.decode()

    assert "saved another answer meanwhile. Read it, then answer again." in told
    assert ASKED in told
    assert Case.objects.count() == 0


@pytest.mark.parametrize(("answers", "end"), [
    ({}, "&q=basis&at=answer"), ({"basis": "unknown"}, "&q=basis&at=answer"), ({"consent_case": "yes"}, "#open-case")])  # fmt: skip
def test_the_address_leads_to_what_is_missing_or_to_the_button(desk, contact, answers, end):
    for question, answer in answers.items():
        give(desk, contact, question, answer)

    led = desk.get(opening(contact))

    assert led.url == f"{reverse('hotline:console')}?contact={contact.public_id}{end}"
    assert Case.objects.count() == 0


def test_two_presses_on_the_page_open_one_case(desk, contact):
    give(desk, contact, "consent_case", "no")
    told = {"said": "no", "reason": "law"}

    first, second = desk.post(opening(contact), told), desk.post(opening(contact), told)

    assert first.url == second.url
    assert Case.objects.count() == 1
    assert case_page(desk).count("Said no to being written down.") == 1
    assert Contact.objects.get(pk=contact.pk).case.owner_id == int(desk.session["_auth_user_id"])
    assert desk.get(opening(contact)).status_code == 302


def test_an_age_that_no_form_takes_any_more_is_left_to_the_case_to_ask(desk, contact, operator, at):
    answers = {"age": 111, "children_with": 2, "consent_case": "yes"}
    contact.sheets.create(version=1, answers=answers, saved_by=operator, saved_at=at)

    desk.post(opening(contact))

    assert set(Case.objects.get().facts.values_list("key", flat=True)) == {"children_with"}
