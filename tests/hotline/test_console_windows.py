"""Two windows on one contact: what is saved in the first comes into the second by itself, and nothing typed is lost."""

import re

import pytest
from django.urls import reverse

from hotline.models import OperatorState
from tests.hotline.console import give, waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(line, operator, at):
    """A call that the operator has in hand."""
    return waiting(line, at, state="connected", claimed_by=operator)


def window(desk, contact):
    """Open a window; return what its poll sends."""
    page = desk.get(reverse("hotline:console"), {"contact": contact.public_id, "q": "safe_now"}).content.decode()
    assert "#sheet-mark,#sheet-question,#thread-mark" in page
    names = ("seen", "contact", "sheet", "q")
    found = {
        name: re.search(rf'<input type="hidden" id="[\w-]+" name="{name}" value="([^"]*)"', page) for name in names
    }
    return {name: one[1] for name, one in found.items()}


def poll(desk, sent):
    return desk.get(reverse("hotline:console_live"), sent, headers={"HX-Request": "true"})


def test_an_answer_of_the_first_window_comes_into_the_second(desk, call):
    second = window(desk, call)
    give(desk, call, "safe_now", "yes")

    told = poll(desk, second)
    page = told.content.decode()

    assert told.status_code == 200
    assert 'id="sheet" hx-swap-oob="true"' in page
    assert 'name="version" value="1"' in page
    assert re.search(r'id="answer-1"[^>]*aria-pressed="true"', page)
    assert 'id="facts" hx-swap-oob="true"' in page


def test_a_case_can_be_opened_in_the_second_window_once_consent_was_given_in_the_first(desk, call, case):
    second = window(desk, call)
    give(desk, call, "consent_case", "yes")

    page = poll(desk, second).content.decode()

    assert re.search(r'id="open-case" data-key="c" data-ask="Press C once more: a case is opened[^"]+">', page)


def test_the_safety_state_comes_too(desk, call, at):
    second = window(desk, call)
    form = desk.get(reverse("hotline:safety", args=[call.public_id])).context["form"]
    safety = {
        "version": form["version"].value(),
        "may_call": "no",
        "may_text": "no",
        "may_voicemail": "no",
        "shared_phone": "yes",
    }
    desk.post(reverse("hotline:safety", args=[call.public_id]), safety)

    page = poll(desk, second).content.decode()

    assert 'id="safety-box" hx-swap-oob="true"' in page
    assert "Phone is shared" in page


def test_a_sheet_that_did_not_change_stays_as_it_is(desk, call, line, at):
    second = window(desk, call)
    waiting(line, at, language="ar")

    page = poll(desk, second | {"seen": "older"}).content.decode()

    assert 'id="queue"' in page
    assert 'id="sheet"' not in page


def test_a_window_that_shows_another_contact_keeps_its_sheet(desk, call, contact):
    second = window(desk, contact)
    give(desk, call, "safe_now", "yes")

    page = poll(desk, second | {"contact": "", "seen": "older"}).content.decode()

    assert 'id="sheet"' not in page


def test_a_page_without_a_sheet_gets_one_as_soon_as_a_call_is_in_her_hands(desk, operator, call, at):
    """A colleague who hands a call over puts it into the hands of somebody whose page shows nothing yet."""
    OperatorState.objects.filter(user=operator).update(contact=None, state="ready")
    idle = desk.get(reverse("hotline:console")).content.decode()
    sent = {"seen": "older", "contact": "", "sheet": re.search(r'name="sheet" value="([^"]*)"', idle)[1]}
    assert "HX-Redirect" not in poll(desk, sent)

    OperatorState.objects.update_or_create(user=operator, defaults={"contact": call, "state": "on_call", "since": at})
    answer = poll(desk, sent)

    assert answer["HX-Redirect"] == reverse("hotline:console")
    page = desk.get(answer["HX-Redirect"]).content.decode()
    assert f'name="sheet" value="{call.public_id.hex}.' in page
