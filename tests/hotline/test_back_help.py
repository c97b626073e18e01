"""A call for help in a call back: those who supervise are told, nobody is brought in, and it is over with the call."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from accounts.models import AuditEntry
from hotline.actions import call_back
from hotline.actions.shielding import shield_contact
from hotline.models import CallBack, Contact, ContactEvent, ThirdCall
from hotline.queries.alarm import alarm_of
from hotline.queries.board import board, board_mark
from hotline.queries.colleagues import helps
from tests.hotline.thirds import browser_of

pytestmark = [pytest.mark.django_db, pytest.mark.either]
HTMX = {"HX-Request": "true"}


def page_of(client, name, *args):
    return BeautifulSoup(client.get(reverse(name, args=args)).content, "html.parser")


def words(part):
    return " ".join(part.text.split())


def ask(desk, contact, **headers):
    return desk.post(reverse("hotline:call_back_act", args=[contact.public_id, "help"]), headers=headers)


def test_the_page_has_a_key_for_help_once_somebody_picked_up(joined, desk, at, now):
    ringing = page_of(desk, "hotline:call_back", joined.contact.public_id)
    CallBack.objects.update(state="talking", picked_up_at=at)
    talking = page_of(desk, "hotline:call_back", joined.contact.public_id)

    assert ringing.find(id="act-help") is None
    assert (talking.find(id="act-help")["data-key"], talking.find(id="asked-help")) == ("g", None)


def test_who_supervises_is_told_by_name_and_offered_no_way_in(talking, desk, operator, supervisor, clock, at, now):
    boss, before = browser_of(supervisor), board_mark(supervisor, at=at)
    assert (helps(supervisor), alarm_of(supervisor).asks_help) == ([], False)

    clock.move(seconds=2)
    answered = BeautifulSoup(ask(desk, talking.contact, **HTMX).content, "html.parser")

    assert "Nobody can be brought into a call back" in words(answered.find(id="asked-help"))
    assert answered.find(id="act-help") is None
    assert board_mark(supervisor, at=at) != before
    assert alarm_of(supervisor).asks_help
    for name in ("hotline:board", "hotline:console"):
        told = page_of(boss, name).find(id=f"help-{talking.contact.code}")
        assert f"{operator.get_short_name()} asks for help in a call." in words(told).replace("\u2068", "").replace(
            "\u2069", ""
        )
        assert "It is a call back: nobody can be brought into it." in words(told)
        assert (told.find("form"), told.find(class_="speech")) == (None, None)
    assert not ThirdCall.objects.exists()


def test_asking_twice_is_asking_once_and_stands_on_record(talking, desk, now):
    ask(desk, talking.contact)
    ask(desk, talking.contact)

    assert ContactEvent.objects.filter(contact=talking.contact, kind="help_asked").count() == 1
    assert AuditEntry.objects.filter(verb="hotline.help_asked").count() == 1


def test_it_is_over_with_the_call_and_the_next_one_begins_without_it(talking, desk, operator, supervisor, at, now):
    ask(desk, talking.contact)
    call_back.end_call_back(contact=talking.contact, by=operator, at=at)
    assert (helps(supervisor), alarm_of(supervisor).asks_help) == ([], False)

    later = at + dt.timedelta(hours=2)
    CallBack.objects.create(
        contact=talking.contact, by=operator, before="ready", made_at=later, state="talking", picked_up_at=later
    )
    assert helps(supervisor) == []


def test_before_somebody_picked_up_and_by_a_colleague_nothing_is_asked(
    joined, desk, sign_in, person, liberia, at, now
):
    ask(desk, joined.contact)
    CallBack.objects.update(state="talking", picked_up_at=at)
    ask(browser_of(person("operator", country=liberia, name="Second, Liberia")), joined.contact)

    assert not ContactEvent.objects.filter(kind="help_asked").exists()


def test_only_who_supervises_the_country_and_may_see_the_contact_is_told(
    talking, desk, operator, supervisor, person, liberia, haiti, office_of, at, now
):
    ask(desk, talking.contact)
    second = person("operator", country=liberia, name="Second, Liberia")
    elsewhere = person("supervisor", country=haiti)
    assert [len(helps(one)) for one in (supervisor, second, operator, elsewhere)] == [1, 0, 0, 0]

    office_of(supervisor, talking.contact)
    assert (helps(supervisor), alarm_of(supervisor).asks_help, board(supervisor, at=at).helps) == ([], False, [])


@pytest.fixture
def office_of(person, liberia, at):
    """Hide a contact from a person, as another who supervises does it."""

    def hide(user, contact):
        by = person("supervisor", country=liberia, name="Other, Liberia")
        shield_contact(contact=Contact.objects.get(pk=contact.pk), by=by, at=at, user=user)

    return hide
