"""Two people with the same page open: what the first saved is never written over by the second unseen."""

import pytest
from django.urls import reverse

from hotline.models import Contact, Line

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(sign_in, operator, supervisor):
    """A factory: the operator sends one form, then the supervisor sends hers; return the page that she sees next."""

    def send(url, first, second):
        sign_in(operator).post(url, first)
        return sign_in(supervisor).post(url, second, follow=True).content.decode()

    return send


def told(page, name, theirs, mine):
    return f"{name} changed this to “{theirs}” meanwhile. Yours, “{mine}”, was not saved." in page


def test_the_language_of_a_contact(two, contact):
    url = reverse("hotline:set_language", args=[contact.public_id])

    page = two(url, {"language": "ar", "seen": "fr"}, {"language": "en", "seen": "fr"})

    assert Contact.objects.get(pk=contact.pk).language == "ar"
    assert told(page, "Operator, Liberia", "العربيّة", "English")
    assert 'name="seen" value="ar"' in page


def test_what_a_contact_was_about(two, contact):
    url = reverse("hotline:wrap_up", args=[contact.public_id])

    page = two(url, {"topic": "crisis"}, {"topic": "hoax"})

    assert Contact.objects.get(pk=contact.pk).topic == "crisis"
    assert "was not saved. Look, then choose again." in page


def test_who_follows_up_a_missed_contact(two, contact, operator, supervisor):
    Contact.objects.filter(pk=contact.pk).update(is_missed=True, state="ended")
    url = reverse("hotline:give_owner", args=[contact.public_id])

    page = two(url, {"owner": str(operator.public_id), "seen": ""}, {"owner": str(supervisor.public_id), "seen": ""})

    assert Contact.objects.get(pk=contact.pk).owner == operator
    assert told(page, "Operator, Liberia", operator.get_full_name(), supervisor.get_full_name())
    assert f'name="seen" value="{operator.public_id}"' in page


def test_a_form_that_does_not_say_who_followed_up_changes_nobody(sign_in, contact, operator, supervisor):
    Contact.objects.filter(pk=contact.pk).update(is_missed=True, state="ended", owner=operator)
    url = reverse("hotline:give_owner", args=[contact.public_id])

    page = sign_in(supervisor).post(url, {"owner": str(supervisor.public_id)}, follow=True).content.decode()

    assert Contact.objects.get(pk=contact.pk).owner == operator
    assert "was not saved. Look, then choose again." in page


def test_how_a_line_answers(sign_in, person, liberia, line, supervisor):
    other, url = (
        person("supervisor", country=liberia, name="Other, Liberia"),
        reverse("hotline:set_mode", args=[line.public_id]),
    )
    sign_in(other).post(url, {"mode": "message", "seen": "normal"})

    page = sign_in(supervisor).post(url, {"mode": "normal", "seen": "normal"}, follow=True).content.decode()

    assert Line.objects.get(pk=line.pk).mode == "message"
    assert told(page, "Other, Liberia", "Messages only", "Normal")
    assert 'name="seen" value="message"' in page
    sign_in(supervisor).post(url, {"mode": "normal", "seen": "message"})
    assert Line.objects.get(pk=line.pk).mode == "normal"


@pytest.mark.parametrize("seen", ["", "fr"])
def test_the_same_value_is_no_conflict(sign_in, operator, supervisor, contact, seen):
    url = reverse("hotline:set_language", args=[contact.public_id])

    sign_in(operator).post(url, {"language": "ar", "seen": "fr"})
    page = sign_in(supervisor).post(url, {"language": "ar", "seen": seen}, follow=True).content.decode()

    assert "meanwhile" not in page
