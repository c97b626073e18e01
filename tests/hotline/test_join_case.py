"""Joining a contact to a case: what tells cases apart, what is shown before it is joined, what a wrong code is told."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from hotline.models import Contact, OperatorState
from referral.models import Case
from tests.hotline.console import give, waiting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seed")]


@pytest.fixture
def case(desk, contact):
    """Return a case that was opened from a contact which told a need."""
    give(desk, contact, "needs", "shelter", "health")
    give(desk, contact, "consent_case", "yes", version=1)
    desk.post(reverse("hotline:open_case", args=[contact.public_id]))
    return Case.objects.get()


@pytest.fixture
def later(line, at, operator):
    """Return a later contact of the same operator."""
    return waiting(line, at, state="wrap_up", claimed_by=operator)


def address(contact):
    return reverse("hotline:join_case", args=[contact.public_id])


def test_the_list_tells_cases_apart_without_a_name(desk, case, later, operator):
    page = desk.get(address(later)).content.decode()
    table = page[page.index("<table") : page.index("</table>")]

    assert f'href="?case={case.code}"' in table
    for words in ("from the hotline", "A safe place to stay", operator.get_full_name()):
        assert words in table, words
    assert "<option" not in page


def test_a_part_of_a_code_narrows_the_list_and_none_that_fits_is_told(desk, case, later):
    assert f"?case={case.code}" in desk.get(address(later), {"code": case.code[-4:].lower()}).content.decode()
    nothing = desk.get(address(later), {"code": "QQQQ"}).content.decode()

    assert "No open case that you may read has QQQQ in its code." in nothing
    assert f"?case={case.code}" not in nothing


def test_what_will_be_joined_is_shown_before_it_is_and_told_after_it(desk, case, later):
    give(desk, later, "consent_case", "yes")

    shown = desk.get(address(later), {"case": case.code.lower()}).content.decode()
    unseen = desk.post(address(later), {"case": case.code})
    before = Contact.objects.get(pk=later.pk).case
    joined = desk.post(address(later), {"case": case.code, "shown": case.code}, follow=True)

    assert "Is it the same person?" in shown
    assert "A safe place to stay" in shown
    assert AuditEntry.objects.filter(body__contains="referral.case_read").exists()
    assert (unseen.status_code, before) == (200, None)
    assert "Is it the same person?" in unseen.content.decode()
    assert Contact.objects.get(pk=later.pk).case == case
    assert joined.redirect_chain[0][0].endswith(reverse("referral:case_detail", args=[case.code]))
    assert f"Contact {later.code} is joined to case {case.code}." in joined.content.decode()


def test_nothing_is_joined_without_consent(desk, case, later):
    refused = desk.post(address(later), {"case": case.code, "shown": case.code}, follow=True).content.decode()

    assert "Ask for consent first" in refused
    assert Contact.objects.get(pk=later.pk).case is None


def steps(desk, case, later):
    """Return the pages of both steps: the cases to choose from, and the one that was chosen."""
    shown = [desk.get(address(later), asked).content for asked in ({}, {"case": case.code})]
    return [BeautifulSoup(page, "html.parser") for page in shown]


@pytest.mark.parametrize(
    ("answer", "basis", "is_told"), [("", "", True), ("no", "", True), ("no", "life", False), ("yes", "", False)]
)
def test_that_a_yes_is_missing_is_said_before_a_case_is_chosen(desk, case, later, answer, basis, is_told):
    kept = [(key, value) for key, value in (("consent_case", answer), ("basis", basis)) if value]
    for version, (key, value) in enumerate(kept):
        give(desk, later, key, value, version=version)

    chosen_from, chosen = steps(desk, case, later)

    for page in (chosen_from, chosen):
        told = page.find(id="join-needs-yes")
        assert (told is not None) == is_told
        if is_told:
            assert "Ask for consent first, or write down the basis without consent." in told.text
            assert told.a["href"].endswith("&q=consent_case")
    assert chosen_from.find(href=f"?case={case.code}") is not None
    assert chosen.find("button", string="Join this case").has_attr("disabled") == is_told


def test_that_a_colleague_has_the_call_is_said_before_a_case_is_chosen(desk, case, later, person, line, at):
    give(desk, later, "consent_case", "yes")
    second = person("operator", country=line.country, name="Second, Liberia")
    Contact.objects.filter(pk=later.pk).update(claimed_by=second)
    assert [page.find(id="join-in-hand") for page in steps(desk, case, later)] == [None, None]

    OperatorState.objects.create(user=second, state="wrap_up", contact=later, since=at, seen_at=timezone.now())
    chosen_from, chosen = steps(desk, case, later)

    for page in (chosen_from, chosen):
        assert "Second, Liberia" in page.find(id="join-in-hand").text
    assert chosen.find("button", string="Join this case").has_attr("disabled")
    pressed = desk.post(address(later), {"case": case.code, "shown": case.code}, follow=True).content.decode()
    assert "Nothing was written." in pressed
    assert Contact.objects.get(pk=later.pk).case is None


@pytest.mark.parametrize("code", ["LR-NONE", "", "  ", "<b>", "LR\x00", "x" * 300])
def test_a_wrong_code_is_told_and_the_cases_that_can_be_joined_stand_below(desk, case, later, code):
    give(desk, later, "consent_case", "yes")

    for answer in (desk.get(address(later), {"case": code}), desk.post(address(later), {"case": code, "shown": code})):
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "can be joined by you. Choose one below" in page
        assert f"?case={case.code}" in page
    assert Contact.objects.get(pk=later.pk).case is None


def test_a_case_of_somebody_else_is_neither_listed_nor_joined(desk, case, later, person, line):
    give(desk, later, "consent_case", "yes")
    Case.objects.filter(pk=case.pk).update(owner=person("operator", country=line.country))

    page = desk.get(address(later)).content.decode()

    assert case.code not in page
    assert "No open case is yours" in page
    assert desk.post(address(later), {"case": case.code, "shown": case.code}).status_code == 422
    assert Contact.objects.get(pk=later.pk).case is None


def part(desk, contact, case):
    return desk.post(reverse("hotline:part_case", args=[contact.public_id]), {"case": case.code}, follow=True)


def test_a_contact_that_was_joined_by_mistake_is_taken_out_again_and_the_timeline_keeps_both(desk, case, later):
    give(desk, later, "consent_case", "yes")
    desk.post(address(later), {"case": case.code, "shown": case.code})

    offered = desk.get(reverse("hotline:contact", args=[later.public_id])).content.decode()
    told = part(desk, later, case).content.decode()
    again = part(desk, later, case).content.decode()

    assert "Take it out of the case" in offered
    assert f"Contact {later.code} is not in case {case.code} any more." in told
    assert "Take it out of the case" not in told
    assert "in another case now, or in none" in again
    assert Contact.objects.get(pk=later.pk).case is None
    kinds = list(later.events.filter(kind__startswith="case_").order_by("id").values_list("kind", flat=True))
    assert kinds == ["case_joined", "case_parted"]
    page = desk.get(reverse("referral:case_detail", args=[case.code])).content.decode()
    for words in ("Joined a call or message to a case", "Took a call or message out of a case to which it was joined"):
        assert words in page, words
    assert f"?case={case.code}" in desk.get(address(later)).content.decode()


def test_the_contact_with_which_a_case_began_stays_with_it(desk, case, contact):
    assert (
        "Take it out of the case"
        not in desk.get(reverse("hotline:contact", args=[contact.public_id])).content.decode()
    )
    assert "This contact stays with its case" in part(desk, contact, case).content.decode()
    assert Contact.objects.get(pk=contact.pk).case == case


@pytest.mark.parametrize("change", ["owner", "state"])
def test_nobody_but_who_has_an_open_case_takes_a_contact_out_of_it(desk, case, later, person, line, at, change):
    give(desk, later, "consent_case", "yes")
    desk.post(address(later), {"case": case.code, "shown": case.code})
    closed = {"state": "closed", "closed_at": at, "closed_by": "x", "close_reason": "completed"}
    other = {"owner": person("operator", country=line.country)}
    Case.objects.filter(pk=case.pk).update(**(other if change == "owner" else closed))

    page = desk.get(reverse("hotline:contact", args=[later.public_id])).content.decode()
    part(desk, later, case)

    assert "Take it out of the case" not in page
    assert Contact.objects.get(pk=later.pk).case == case


def test_many_cases_are_listed_with_the_statements_of_one(desk, case, later, django_assert_max_num_queries):
    with django_assert_max_num_queries(40) as few:
        desk.get(address(later))
    for number in range(5):
        Case.objects.create(
            code=f"LR-AAA{number}-BB", key=f"copy:{number}", country=case.country, version=case.version,
            language="en", source="walk_in", owner=case.owner, opened_at=case.opened_at, opened_by=case.opened_by,
            changed_at=case.changed_at,
        )  # fmt: skip
    with django_assert_max_num_queries(len(few)):
        page = desk.get(address(later)).content.decode()

    assert page.count("came to the office") == 5


@pytest.mark.parametrize(("channel", "words"), [("whatsapp", "WhatsApp message"), ("sms", "Text message")])
def test_it_says_by_which_channel_the_contact_came(desk, case, later, channel, words):
    Contact.objects.filter(pk=later.pk).update(kind="message", channel=channel)

    head = BeautifulSoup(desk.get(address(later)).content, "html.parser").select_one(".case-head").text

    assert f"· {words} ·" in head
