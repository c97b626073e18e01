"""That somebody listens to the caller stands wherever a further person is asked into the call, in the words of the sheet."""

import pytest
from django.urls import reverse

from hotline.models import Contact, KeyAnswer
from tests.hotline.console import give
from tests.hotline.thirds import (  # noqa: F401 -- fixtures
    a_service_in_the_directory,
    conversation_with_an_operator,
    interpreter_on_duty,
    plain,
)

pytestmark = [pytest.mark.django_db, pytest.mark.either]
LISTENED = "Cannot talk freely: ask only what yes or no can answer"
WAYS = ["the sheet", "a key", "a key of who cannot speak"]


def tell(desk, contact, way, at, answer="yes"):
    """Let it be known by one of the ways whether somebody listens."""
    if way == "the sheet":
        give(desk, contact, "may_talk", "no" if answer == "yes" else "yes")
        return
    Contact.objects.filter(pk=contact.pk).update(cannot_speak=way == "a key of who cannot speak")
    KeyAnswer.objects.create(contact=contact, question="overheard", answer=answer, at=at)


def service_page(desk, contact):
    return plain(desk.get(reverse("hotline:bring_in", args=[contact.public_id])))


@pytest.fixture
def arabic(talk, interpret, now):
    """The call that the operator of English and French has in hand, in Arabic, an interpreter of it on duty."""
    interpret("Ada", "ar")
    Contact.objects.filter(pk=talk.pk).update(language="ar")
    return Contact.objects.get(pk=talk.pk)


def interpreters(desk):
    page = plain(desk.get(reverse("hotline:console")))
    return page[page.index('id="interpreters"') :].split("</form>")[0]


@pytest.mark.parametrize("way", WAYS)
def test_the_page_that_brings_a_service_in_says_that_somebody_listens(desk, talk, agency, clock, now, way):
    free = service_page(desk, talk)
    tell(desk, talk, way, clock.now)
    page = service_page(desk, talk)

    assert (LISTENED in free, LISTENED in page) == (False, True)
    hint = page[page.index('id="covert"') :]
    assert "say “A course office, wrong number” and end the call (E)" in hint
    assert page.index('id="covert"') < page.index("<form method")


@pytest.mark.parametrize("way", WAYS)
def test_at_the_key_for_an_interpreter_it_stands_that_somebody_listens(desk, arabic, clock, way):
    free = interpreters(desk)
    tell(desk, arabic, way, clock.now)
    asked = interpreters(desk)

    assert (LISTENED in free, LISTENED in asked) == (False, True)
    assert asked.index(LISTENED) < asked.index('id="act-interpreter"')
    assert ("button quiet slim" in free, "button quiet slim" in asked) == (False, True)

    desk.post(reverse("hotline:control", args=[arabic.public_id, "interpreter"]))
    assert LISTENED in interpreters(desk)


@pytest.mark.parametrize("way", WAYS)
def test_where_nobody_listens_nothing_is_said(desk, arabic, agency, clock, way):
    tell(desk, arabic, way, clock.now, answer="no")

    assert LISTENED not in service_page(desk, arabic)
    assert LISTENED not in interpreters(desk)


def test_what_the_person_said_on_the_sheet_takes_back_what_was_pressed(desk, arabic, agency, clock):
    tell(desk, arabic, "a key", clock.now)
    give(desk, arabic, "may_talk", "yes")

    assert LISTENED not in service_page(desk, arabic)
    assert LISTENED not in interpreters(desk)


def test_of_a_call_that_is_over_nothing_is_said(desk, talk, agency, network, clock, now):
    tell(desk, talk, "a key", clock.now)
    network.status("completed", "9")

    assert LISTENED not in service_page(desk, talk)
