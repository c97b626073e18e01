"""Who is offered as the one who follows up a missed contact."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from hotline.models import Contact
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


def test_each_contact_has_its_two_forms_folded_and_every_field_a_label_that_is_seen(desk, make):
    contact = make(is_missed=True, outcome="abandoned")

    page = desk.get(reverse("hotline:missed")).content.decode()
    forms = page[page.index('<details class="follow-up">') :].partition("</details>")[0]

    for name, label in (("owner", "Who follows it up"), ("closing", "How it ended")):
        assert f'<label for="{name}-{contact.code}">{label}</label>' in forms
        assert f'id="{name}-{contact.code}" name="{name}"' in forms
