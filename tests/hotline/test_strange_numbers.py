"""A number that hardly can be right is asked back once on the sheet, with and without JavaScript."""

import pytest
from django.urls import reverse

from hotline.queries.sheets import newest_sheet
from tests.hotline.console import give

pytestmark = pytest.mark.django_db
ASKED = "Is 27 right? If so, send it again; if not, correct it."
SURE = 'name="sure" value="27"'


def send(desk, contact, number, sure=""):
    url = reverse("hotline:answer", args=[contact.public_id])
    return desk.post(url, {"question": "children_with", "answer": number, "version": 0, "sure": sure})


def test_many_children_are_asked_back_on_the_sheet(desk, contact):
    page = give(desk, contact, "children_with", "27", htmx=True).content.decode()

    assert ASKED in page
    assert 'value="27"' in page
    assert SURE in page
    assert newest_sheet(contact).answers == {}


def test_without_javascript_the_whole_console_asks_back(desk, contact):
    answer = send(desk, contact, "27")

    page = answer.content.decode()
    assert (answer.status_code, ASKED in page, SURE in page) == (422, True, True)
    assert newest_sheet(contact).answers == {}


def test_the_number_sent_again_is_taken_and_not_asked_back_once_it_is_kept(desk, contact):
    send(desk, contact, "27", sure="27")

    page = desk.get(reverse("hotline:sheet", args=[contact.public_id]), {"q": "children_with"}, headers={"HX-Request": "true"})  # fmt: skip

    assert newest_sheet(contact).answers == {"children_with": 27}
    assert SURE in page.content.decode()


@pytest.mark.parametrize(("question", "number"), [("children_with", "10"), ("age", "98")])
def test_a_plausible_number_is_taken_at_once(desk, contact, question, number):
    give(desk, contact, question, number)

    assert newest_sheet(contact).answers == {question: int(number)}
