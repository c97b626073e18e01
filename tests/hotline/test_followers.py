"""Who is offered as the one who follows up a missed contact."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Office, User
from hotline.choices import SHIELDED, Closing
from hotline.models import Contact, Shield
from hotline.queries.followers import followers_today
from tests.hotline.logged import contacts_that_are_over  # noqa: F401 -- fixture

pytestmark = pytest.mark.django_db


def enrol(person, kind=Authenticator.Type.TOTP):
    Authenticator.objects.create(user=person, type=kind, data={})


def test_only_who_can_sign_in_to_work_today_is_offered(person, operator, liberia, haiti, settings):
    settings.DEMO_SIGN_IN = False
    ready, key = person("supervisor", country=liberia), person("operator", country=liberia)
    codes_only, _invited = person("operator", country=liberia), person("operator", country=liberia, is_active=False)
    abroad, manager = person("operator", country=haiti), person("manager", country=liberia)
    for one in (ready, abroad, manager):
        enrol(one)
    enrol(key, Authenticator.Type.WEBAUTHN)
    enrol(codes_only, Authenticator.Type.RECOVERY_CODES)

    assert set(followers_today(operator)) == {ready, key}


def test_in_the_demo_its_own_people_are_offered_and_not_somebody_invited(person, operator, liberia):
    invited = person("operator", country=liberia)
    invited.email = "new@elsewhere.test"
    invited.save()

    assert operator in followers_today(operator)
    assert invited not in followers_today(operator)


def test_somebody_who_cannot_sign_in_yet_is_given_nothing(desk, make, person, liberia):
    invited, contact = person("operator", country=liberia, name="Not Yet"), make(is_missed=True, outcome="abandoned")
    invited.email = "new@elsewhere.test"
    invited.save()

    page = desk.get(reverse("hotline:missed")).content.decode()
    answer = desk.post(
        reverse("hotline:give_owner", args=[contact.public_id]), {"owner": str(invited.public_id)}, follow=True
    )

    assert "Not Yet" not in page
    assert "Choose who follows it up." in answer.content.decode()
    assert Contact.objects.get(pk=contact.pk).owner is None


def test_who_follows_a_contact_up_stays_named_when_she_cannot_sign_in_any_more(desk, make, person, liberia):
    gone = person("operator", country=liberia, name="Gone Away", is_active=False)
    make(is_missed=True, outcome="abandoned", owner=gone)

    page = desk.get(reverse("hotline:missed")).content.decode()

    assert f'<option value="{gone.public_id}" selected>Gone Away</option>' in page


@pytest.fixture
def hidden(person, liberia, make, at):
    """Some missed contacts that each hide from one person, or from all of an office."""

    def make_hidden(count, **whom):
        rows = [make(is_missed=True, outcome="abandoned", flags=SHIELDED) for _ in range(count)]
        for row in rows:
            Shield.objects.create(contact=row, set_by="line", set_at=at, **whom)
        return rows

    return make_hidden


def offered(page, contact):
    """Whom the list of missed contacts offers as owner of one of them."""
    field = page[page.index(f'<select class="input" id="owner-{contact.code}"') :].partition("</select>")[0]
    return set(re.findall(r'<option value="([^"]+)"', field))


def test_the_list_offers_nobody_whom_a_contact_names(desk, make, hidden, person, liberia):
    office = Office.objects.create(country=liberia, name="Court of Careysburg", kind="court")
    named, colleague = person("operator", country=liberia), person("supervisor", country=liberia)
    of_office = person("operator", country=liberia)
    User.objects.filter(pk=of_office.pk).update(office=office)
    free, hides_one, hides_office = (
        make(is_missed=True, outcome="abandoned"),
        *hidden(1, user=named),
        *hidden(1, office=office),
    )
    page = desk.get(reverse("hotline:missed")).content.decode()
    everybody = {str(one.public_id) for one in (named, colleague, of_office)}

    assert everybody & offered(page, free) == everybody
    assert everybody & offered(page, hides_one) == everybody - {str(named.public_id)}
    assert everybody & offered(page, hides_office) == everybody - {str(of_office.public_id)}


def test_the_list_asks_no_more_for_many_hidden_contacts_than_for_one(desk, hidden, person, liberia):
    named = person("operator", country=liberia)
    hidden(1, user=named)

    def count():
        with CaptureQueriesContext(connection) as asked:
            desk.get(reverse("hotline:missed"))
        return len(asked)

    count()
    before = count()
    hidden(8, user=named)
    assert count() == before


def test_each_contact_has_its_two_forms_folded_and_every_field_a_label_that_is_seen(desk, make):
    contact = make(is_missed=True, outcome="abandoned")

    page = desk.get(reverse("hotline:missed")).content.decode()
    forms = page[page.index('<details class="follow-up">') :].partition("</details>")[0]

    for name, label in (("owner", "Who follows it up"), ("closing", "How it ended")):
        assert f'<label for="{name}-{contact.code}">{label}</label>' in forms
        assert f'id="{name}-{contact.code}" name="{name}"' in forms


def options(page, name):
    """The values that a select of the page offers, and the one that stands in it when it is opened."""
    field = page[page.index(f'<select name="{name}"') :].partition("</select>")[0]
    values = re.findall(r'<option value="([^"]*)"( selected)?>', field)
    return [value for value, _ in values], next((value for value, chosen in values if chosen), values[0][0])


def test_the_page_of_a_contact_closes_no_follow_up_with_an_end_that_nobody_chose(desk, make):
    contact = make(is_missed=True, outcome="abandoned")
    page = desk.get(reverse("hotline:contact", args=[contact.public_id])).content.decode()
    values, first = options(page, "closing")

    sent = {"closing": first, "on": "contact"}
    answer = desk.post(reverse("hotline:close_follow_up", args=[contact.public_id]), sent, follow=True)

    contact.refresh_from_db()
    assert (first, values[1:]) == ("", list(Closing.values))
    assert (contact.closed_at, contact.closing) == (None, "")
    assert "Choose how the follow-up ended." in answer.content.decode()
    assert answer.redirect_chain[0][0] == reverse("hotline:contact", args=[contact.public_id])


def test_the_page_of_a_contact_gives_a_follow_up_to_nobody_who_was_not_chosen(desk, make, operator):
    contact = make(is_missed=True, outcome="abandoned")
    page = desk.get(reverse("hotline:contact", args=[contact.public_id])).content.decode()
    values, first = options(page, "owner")

    sent = {"owner": first, "seen": "", "on": "contact"}
    answer = desk.post(reverse("hotline:give_owner", args=[contact.public_id]), sent, follow=True)

    assert (first, str(operator.public_id) in values) == ("", True)
    assert '<option value="" selected>Nobody yet</option>' in page
    assert Contact.objects.get(pk=contact.pk).owner is None
    assert "Choose who follows it up." in answer.content.decode()


@pytest.mark.parametrize("is_active", [True, False])
def test_the_page_of_a_contact_names_who_follows_it_up(desk, make, person, liberia, is_active):
    owner = person("operator", country=liberia, is_active=is_active)
    contact = make(is_missed=True, outcome="abandoned", owner=owner)

    page = desk.get(reverse("hotline:contact", args=[contact.public_id])).content.decode()

    values, first = options(page, "owner")
    assert (first, values.count(first), "" in values) == (str(owner.public_id), 1, False)
    assert f'name="seen" value="{owner.public_id}"' in page
