"""The safety state on the console: what is kept, what is sealed, what is refused."""

from datetime import time

import pytest
from django.urls import reverse

from hotline.models import Contact

pytestmark = pytest.mark.django_db


SAFE = {"may_call": "yes", "may_text": "no", "may_voicemail": "unknown", "shared_phone": "yes", "who_may_answer": "only_me",
        "safe_from": "22:00", "safe_until": "02:00", "cover": "survey", "code_word": "mango"}  # fmt: skip


def test_the_safety_state_is_kept_and_the_code_word_sealed(desk, contact):
    answer = desk.post(reverse("hotline:safety", args=[contact.public_id]), SAFE)
    contact.refresh_from_db()

    assert answer.status_code == 302
    assert (contact.may_call, contact.may_text) == ("yes", "no")
    assert (contact.safe_from, contact.safe_until) == (time(22), time(2))
    assert str(contact.code_word) == "sealed"
    page = desk.get(reverse("hotline:safety", args=[contact.public_id])).content.decode()
    assert "mango" not in page


def test_a_code_word_stays_when_left_empty_and_goes_when_told(desk, contact):
    url = reverse("hotline:safety", args=[contact.public_id])
    desk.post(url, SAFE)
    desk.post(url, SAFE | {"code_word": ""})
    contact.refresh_from_db()
    kept = contact.code_word
    desk.post(url, SAFE | {"code_word": "", "forget_code_word": "on"})
    contact.refresh_from_db()

    assert kept
    assert contact.code_word is None


@pytest.mark.parametrize("window", [{"safe_until": "22:00"}, {"safe_until": ""}, {"safe_from": "25:00"}])
def test_an_empty_or_half_window_is_refused(desk, contact, window):
    answer = desk.post(reverse("hotline:safety", args=[contact.public_id]), SAFE | window)

    assert answer.status_code == 200
    assert Contact.objects.get(pk=contact.pk).safe_from is None
