"""Before a certificate is earned its holder reads which name it will bear, and where she corrects that."""

import pytest
from bs4 import BeautifulSoup

from tests.training.answers import address, paper, right
from training.models import Attempt


def will_bear(client, where):
    told = BeautifulSoup(client.get(where).content, "html.parser").select_one('[data-part="will-bear"]')
    return (told.get_text(" ", strip=True), told.select_one("a")["href"]) if told else None


@pytest.fixture
def pages(course, attempt):
    """The page of the course, and the test that the official has begun."""
    return [address(course), paper(attempt, "en")]


def test_the_course_and_its_test_say_it_and_lead_to_the_profile(pages, client, official):
    told = f"A certificate of this course will bear your name as your account has it: {official.name} Correct my name"

    assert [will_bear(client, page) for page in pages] == [(told, "/en/profile/")] * 2


def test_who_has_no_name_is_asked_for_one(pages, client, official):
    official.name = " "
    official.save()

    asked = "A certificate bears a name, and your account has none yet. Write your name"
    assert [will_bear(client, page) for page in pages] == [(asked, "/en/profile/")] * 2


def test_who_has_passed_and_who_is_nobody_reads_nothing_of_it(pages, client, official, course, attempt):
    client.post(paper(attempt), right(attempt))
    passed = will_bear(client, address(course))
    client.logout()

    assert Attempt.objects.get().submitted_at is not None
    assert (passed, will_bear(client, address(course))) == (None, None)
