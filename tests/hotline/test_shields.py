"""A contact that names an official is not there for her, her office or her kind of office, on any page of the line."""

import pytest
from allauth.mfa.models import Authenticator
from bs4 import BeautifulSoup
from django.conf import settings
from django.urls import reverse

from accounts.actions import open_letter, thing_id
from accounts.models import AuditEntry, Letter, Office
from hotline.actions.follow_up import NothingToFollow, give_owner
from hotline.actions.shielding import ShieldRefused, lift_shield, shield_contact
from hotline.actions.supervision import tell_supervisors
from hotline.actions.timeline import with_flags
from hotline.models import Contact, Shield
from hotline.queries.contacts import contacts_of_desk, waiting_calls
from referral.models import Organisation
from tests.hotline.console import waiting

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def offices(liberia):
    """A police station and a labour office."""
    return [Office.objects.create(country=liberia, name=name, kind=kind) for name, kind in (("Station", "police"), ("Labour", "agency"))]  # fmt: skip


@pytest.fixture
def people(person, liberia, offices):
    """Supervisors of the station, of the labour office, and of none."""
    station, labour = offices
    named = {"police": station, "labour": labour, "free": None}
    return {name: person("supervisor", country=liberia, name=name, office=office) for name, office in named.items()}


def hides(browser, page, **told):
    """Send the form, and send it again as the page then stands: first it says whom it would keep out."""
    told["shown"] = browser.post(page, told).context["form"]["shown"].value()
    return browser.post(page, told, follow=True).content.decode()


def sees(user, contact):
    return contacts_of_desk(user).filter(pk=contact.pk).exists()


@pytest.mark.parametrize("how", ["kind", "office", "user"])
def test_hidden_from_those_it_names_and_from_nobody_else(people, offices, line, at, how):
    row = waiting(line, at, owner=people["police"])
    whom = {"kind": {"kind": "police"}, "office": {"office": offices[0]}, "user": {"user": people["police"]}}[how]

    shield = shield_contact(contact=row, by=people["free"], at=at, **whom)
    again = shield_contact(contact=row, by=people["free"], at=at, **whom)

    assert shield == again
    assert Shield.objects.count() == 1
    assert {name: sees(user, row) for name, user in people.items()} == {"police": False, "labour": True, "free": True}
    assert row not in waiting_calls(people["police"])
    assert Contact.objects.get(pk=row.pk).owner is None
    told = []
    tell_supervisors(Contact.objects.get(pk=row.pk), told.append, at)
    assert people["police"] not in told
    assert len(told) == 2

    lift_shield(shield=shield, by=people["free"], at=at)
    assert sees(people["police"], row)
    assert Contact.objects.get(pk=row.pk).flags == ""


def test_who_is_named_finds_no_page_and_her_try_is_told_once_to_the_others(people, line, at, sign_in):
    row = waiting(line, at)
    shield_contact(contact=row, by=people["free"], at=at, kind="police")
    browser, letters = sign_in(people["police"]), Letter.objects.count()
    pages = [
        reverse(f"hotline:{name}", args=[row.public_id]) for name in ("contact", "sheet", "safety", "hide_contact")
    ]

    for page in (*pages, reverse("hotline:console") + f"?contact={row.public_id}"):
        assert browser.get(page).status_code == 404
    for page in ("call_log", "missed", "console", "board"):
        assert row.code not in browser.get(reverse(f"hotline:{page}")).content.decode()
    assert AuditEntry.objects.filter(verb="hotline.shield_met").count() == 1
    assert Letter.objects.count() == letters + 2
    assert not Letter.objects.filter(key__endswith=str(people["police"].public_id)).exists()
    page = BeautifulSoup(sign_in(people["labour"]).get(pages[0]).content, "html.parser")
    tried = [one.get_text(" ", strip=True) for one in page.select("li") if "tried to open it" in one.get_text()]
    assert len(tried) == 1
    assert people["police"].get_short_name() in tried[0]
    letter = Letter.objects.get(key__startswith="shield_met:", receiver=thing_id(people["labour"]))
    assert f"Its timeline says who:\n{settings.PUBLIC_URL}{pages[0]}" in open_letter(letter).text


def test_somebody_must_be_left_and_who_talks_does_not_lose_the_call(people, line, at, person, liberia):
    row = waiting(line, at)
    for name in ("labour", "free"):
        people[name].is_active = False
        people[name].save()
    with pytest.raises(ShieldRefused) as refused:
        shield_contact(contact=row, by=people["police"], at=at, kind="police")
    assert refused.value.code == "nobody_left"
    person("operator", country=liberia)
    with pytest.raises(ShieldRefused) as refused:
        shield_contact(contact=row, by=people["police"], at=at, kind="police")
    assert refused.value.code == "talking"
    assert (Shield.objects.count(), Contact.objects.get(pk=row.pk).flags) == (0, "")


def test_an_operator_hides_it_in_a_form_and_a_supervisor_alone_lifts_it(desk, people, contact, offices, sign_in):
    page = reverse("hotline:hide_contact", args=[contact.public_id])

    assert "Choose one of the three" in desk.post(page, {}).content.decode()
    assert desk.post(page, {"kind": "police", "office": str(offices[1].pk)}).status_code == 422
    said = hides(desk, page, office=str(offices[0].pk))
    assert "Hidden. The supervisors who may see it are told." in said
    assert "Station" in said
    shield = Shield.objects.get()
    lift = reverse("hotline:lift_shield", args=[contact.public_id, shield.pk])
    assert desk.post(lift).status_code in (403, 404)
    sign_in(people["free"]).post(lift)
    assert Shield.objects.get().lifted_at is not None


def test_the_page_says_whom_it_keeps_out_and_where_that_is_nobody(desk, people, contact, offices, person, liberia):
    page = reverse("hotline:hide_contact", args=[contact.public_id])
    nobody = "No account of the line is of this office. Choose the account."
    person("supervisor", country=liberia, name="Seconded")

    said = hides(desk, page, kind="court")
    assert said.count(nobody) == 2
    assert "Hidden. The supervisors" not in said

    said = hides(desk, page, office=str(offices[0].pk))
    assert said.count(nobody) == 1
    assert "police</bdi>" in said

    assert hides(desk, page, user=str(people["police"].public_id)).count(nobody) == 1
    for shield in Shield.objects.all():
        met = {name for name, user in people.items() if Shield.objects.filter(Shield.meets(user), pk=shield.pk)}
        assert {name for name, user in people.items() if shield.names(user)} == met


def test_before_anything_is_hidden_the_page_says_whom_it_would_keep_out(
    people, offices, line, at, sign_in, person, liberia
):
    contact = waiting(line, at)
    station = Organisation.objects.create(country=liberia, name=offices[0].name, created_at=at, changed_at=at)
    browser = sign_in(people["police"])
    page = reverse("hotline:hide_contact", args=[contact.public_id])

    shown = browser.post(page, {"office": str(offices[0].pk)})
    words = shown.content.decode().split('id="kept-out"')[1].split("</section>")[0]
    assert ("<bdi>police</bdi>" in words, "<bdi>labour</bdi>" in words) == (True, False)
    assert station.name in words
    assert "You are among them" in words
    assert not Shield.objects.exists()
    assert "No account of the line is of this office" in browser.post(page, {"kind": "court"}).content.decode()

    mark = shown.context["form"]["shown"].value()
    other = {"office": str(offices[1].pk), "shown": mark}  # chosen anew: it was not shown whom that keeps out
    assert "<bdi>labour</bdi>" in browser.post(page, other).content.decode()
    person("operator", country=liberia, name="Posted there since", office=offices[0])
    told = browser.post(page, {"office": str(offices[0].pk), "shown": mark}).content.decode()
    assert "<bdi>Posted there since</bdi>" in told
    assert not Shield.objects.exists()

    free = sign_in(people["free"])
    assert "Hidden. The supervisors" in hides(free, page, office=str(offices[0].pk))
    assert Shield.objects.get().office == offices[0]


def test_the_follow_up_goes_to_nobody_whom_the_contact_names(sign_in, person, liberia, operator, contact, at):
    named = person("operator", country=liberia, name="Named, Liberia")
    other = person("operator", country=liberia, name="Other, Liberia")
    for one in (named, other):
        Authenticator.objects.create(user=one, type=Authenticator.Type.TOTP, data={})
    Contact.objects.filter(pk=contact.pk).update(is_missed=True, closed_at=None)
    contact.refresh_from_db()
    shield_contact(contact=contact, by=operator, at=at, user=named)
    browser, door = sign_in(operator), reverse("hotline:give_owner", args=[contact.public_id])

    page = browser.get(reverse("hotline:contact", args=[contact.public_id])).content.decode()
    browser.post(door, {"owner": str(named.public_id), "seen": ""})
    assert str(other.public_id) in page
    assert f'value="{named.public_id}"' not in page
    assert Contact.objects.get(pk=contact.pk).owner is None
    with pytest.raises(NothingToFollow):
        give_owner(contact=contact, owner=named, by=operator, at=at)

    browser.post(door, {"owner": str(other.public_id), "seen": ""})
    assert Contact.objects.get(pk=contact.pk).owner == other


def test_the_mark_of_a_hidden_contact_outlasts_marks_that_find_no_room(person, liberia, operator, contact, at):
    named = person("operator", country=liberia, name="Named, Liberia")
    contact.flags = " ".join(f"long_mark_{number:02}" for number in range(15))
    Contact.objects.filter(pk=contact.pk).update(flags=contact.flags)
    shield_contact(contact=contact, by=operator, at=at, user=named)
    row = Contact.objects.get(pk=contact.pk)

    row.flags = with_flags(row.flags, "not_now")

    assert len(row.flags) <= 200
    assert row.hides_from(named)
