"""What the tests of the pages of groups begin with: a clock that stands, a trainer who is signed in, addresses, words."""

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.urls import reverse


@pytest.fixture(autouse=True)
def clock(at):
    """Stand at the instant of the tests."""
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def trains(sign_in, trainer):
    """A client signed in as the trainer."""
    return sign_in(trainer)


def page_of(cohort):
    """Return the address of a group."""
    return reverse("training:cohort", args=[cohort.public_id])


def of_session(session, name="session"):
    """Return an address of a session: its page, or what is done there."""
    return reverse(f"training:{name}", args=[session.public_id])


def words(response):
    """Return the words of a page."""
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


def shown(response):
    """Return a page to be looked through."""
    return BeautifulSoup(response.content, "html.parser")
