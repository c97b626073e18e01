"""The page on which a supervisor erases a contact, and what an erased contact refuses."""

import pytest
from django.urls import reverse

from hotline.models import Command, Contact, OperatorState
from tests.hotline.ended import ended_contact, erase  # noqa: F401 -- fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.either]


def test_a_supervisor_sees_what_goes_gives_a_reason_and_means_it(sign_in, supervisor, contact):
    desk, url = sign_in(supervisor), reverse("hotline:erase_contact", args=[contact.public_id])
    page = desk.get(url).content.decode()
    unsure = desk.post(url, {"reason": "asked"}).content.decode()
    mute = desk.post(url, {"meant": "on"}).content.decode()
    forged = desk.post(url, {"reason": "time_over", "meant": "on"})

    assert [words in page for words in ("The number", "The code word", "The note", "recorded message")] == [
        True,
        True,
        True,
        False,
    ]
    assert "Tick that you know" in unsure
    assert "This field is required" in mute
    assert forged.status_code == 200
    assert Contact.objects.get(pk=contact.pk).erased_at is None

    after = desk.post(url, {"reason": "asked", "meant": "on"}, follow=True).content.decode()

    assert Contact.objects.get(pk=contact.pk).erased_at is not None
    assert "What was sealed here is erased." in after
    assert "Show the number" not in after
    assert "Erase this contact" not in after


def test_an_operator_and_a_foreign_supervisor_find_no_such_page(sign_in, operator, person, contact, at):
    url = reverse("hotline:erase_contact", args=[contact.public_id])

    for user in (operator, person("supervisor"), person("administrator", country=contact.country)):
        assert sign_in(user).get(url).status_code == 404
        assert sign_in(user).post(url, {"reason": "asked", "meant": "on"}).status_code == 404
    assert Contact.objects.get(pk=contact.pk).erased_at is None


def test_the_page_says_why_a_contact_cannot_be_erased_yet(sign_in, supervisor, contact):
    Contact.objects.filter(pk=contact.pk).update(closed_at=None, closing="")
    url = reverse("hotline:erase_contact", args=[contact.public_id])

    page = sign_in(supervisor).get(url).content.decode()
    sign_in(supervisor).post(url, {"reason": "asked", "meant": "on"})

    assert "close the follow-up, first" in page
    assert "Erase for ever" not in page
    assert Contact.objects.get(pk=contact.pk).erased_at is None


@pytest.mark.parametrize(
    ("name", "fields"),
    [("wrap_up", {"topic": "hoax"}), ("note", {"note": "x", "version": 0}), ("show_number", {"reason": "law"}),
     ("safety", {}), ("send_text", {"ready": "call_us"}), ("close_follow_up", {"closing": "reached"}), ("take", {})],
)  # fmt: skip
def test_nothing_is_written_on_an_erased_contact(sign_in, operator, supervisor, contact, at, name, fields):
    erase(contact, supervisor, at)

    desk = sign_in(operator)

    assert desk.post(reverse(f"hotline:{name}", args=[contact.public_id]), fields).status_code == 404
    assert desk.get(reverse("hotline:console"), {"contact": contact.public_id}).status_code == 404
    assert desk.get(reverse("hotline:contact", args=[contact.public_id])).status_code == 200
    assert OperatorState.objects.get(user=operator).contact is None
    assert not Command.objects.filter(kind="dial").exists()


def test_the_page_of_a_contact_says_until_when_it_is_kept(sign_in, operator, contact):
    page = sign_in(operator).get(reverse("hotline:contact", args=[contact.public_id])).content.decode()

    assert "are erased by themselves on 24 May 2027" in page
    assert "Erase this contact" not in page
