"""What was said in a contact that became a case is read by whom the case lets in, and every reading is on record."""

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from hotline.models import Contact
from referral import actions as referral
from referral.models import Case
from tests.hotline.console import give
from tests.hotline.test_views_ending import case_of

pytestmark = pytest.mark.django_db
SAID, INSTEAD = "<dt>Age in years</dt>", "This became a case. What was said is read there"


@pytest.fixture
def became(desk, contact, operator, liberia, at):
    """A contact whose sheet has an answer and a note, and which became the operator's own case."""
    give(desk, contact, "age", "24")
    desk.post(reverse("hotline:note", args=[contact.public_id]), {"note": "Calls from a shop.", "version": 1})
    Case.objects.filter(pk=case_of(liberia, at).pk).update(owner=operator)
    Contact.objects.filter(pk=contact.pk).update(case=Case.objects.get(), wrapped_up_at=at, state="done")
    return Contact.objects.get(pk=contact.pk)


def pages(browser, contact):
    """Return the page of a contact and the console opened with it, as somebody is shown them."""
    page = browser.get(reverse("hotline:contact", args=[contact.public_id]))
    console = browser.get(reverse("hotline:console"), {"contact": contact.public_id})
    assert (page.status_code, console.status_code) == (200, 200)
    return [page.content.decode(), console.content.decode()]


def link(contact):
    return reverse("referral:case_detail", args=[contact.case.code])


def test_who_has_the_case_reads_what_was_said(desk, became):
    for page in pages(desk, became):
        assert SAID in page
        assert INSTEAD not in page
        assert link(became) in page


def test_a_colleague_reads_none_of_it_and_is_led_to_no_case_that_she_has_not(sign_in, person, liberia, became):
    colleague = sign_in(person("operator", country=liberia))

    for page in pages(colleague, became):
        assert INSTEAD in page
        assert became.case.code in page
        assert SAID not in page
        assert "Calls from a shop." not in page
        assert link(became) not in page
    assert colleague.get(reverse("hotline:sheet", args=[became.public_id])).status_code == 404
    assert give(colleague, became, "age", "30", version=1).status_code == 404
    assert colleague.get(link(became)).status_code == 404


def test_a_supervisor_reads_it_once_she_gave_a_reason(sign_in, supervisor, became, now, at):
    browser = sign_in(supervisor)

    for page in pages(browser, became):
        assert INSTEAD in page
        assert SAID not in page
        assert link(became) in page
    referral.open_with_reason(case=became.case, reason="Late step.", key="in", by=supervisor, at=at)
    assert all(SAID in page for page in pages(browser, became))


def test_who_talks_to_the_person_reads_on_whoever_has_the_case(desk, became, operator, person, liberia):
    Case.objects.update(owner=person("operator", country=liberia))
    Contact.objects.update(claimed_by=operator, wrapped_up_at=None, state="wrap_up")

    assert all(SAID in page for page in pages(desk, became))
    Contact.objects.update(wrapped_up_at=became.ended_at, state="done")
    assert all(INSTEAD in page for page in pages(desk, became))


def test_each_reading_is_on_record_and_that_of_ones_own_talk_is_not(desk, contact, operator, at):
    read = AuditEntry.objects.filter(verb="hotline.contact_read", actor=str(operator.public_id))

    pages(desk, contact)
    assert read.count() == 2
    Contact.objects.update(claimed_by=operator)
    desk.get(reverse("hotline:console"), {"contact": contact.public_id})
    assert read.count() == 2
    assert desk.get(reverse("hotline:console")).status_code == 200
    assert read.count() == 2
