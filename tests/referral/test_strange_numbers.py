"""A number that hardly can be right is asked back once in the forms of a case; the limits stand beside it."""

import pytest

from tests.referral.pages import post_step

pytestmark = pytest.mark.usefixtures("now")
ASKED = "Is 27 right? If so, send it again; if not, correct it."
SURE = 'name="children_with__sure" value="27"'


@pytest.fixture
def screen(new_case, operator, sign_in, open_run):
    """Send the screening with a number of children, and with the number that was asked back."""
    case, client = new_case(facts={"immediate_danger": False}), sign_in(operator)

    def send(number, sure=""):
        told = {"children_with": number, "children_with__sure": sure}
        return case, post_step(client, case, open_run(case, "screening"), **told)

    return send


def known(case):
    return list(case.facts.filter(key="children_with").values_list("value", flat=True))


def test_many_children_are_asked_back_and_taken_when_they_are_sent_again(screen):
    case, asked = screen("27")
    before = known(case)
    _case, again = screen("27", sure="27")

    assert (asked.status_code, again.status_code) == (400, 302)
    assert ASKED in asked.content.decode()
    assert SURE in asked.content.decode()
    assert (before, known(case)) == ([], ["27"])


def test_another_strange_number_is_asked_back_too(screen):
    _case, answer = screen("26", sure="27")

    assert "Is 26 right?" in answer.content.decode()


def test_a_few_children_are_not_asked_back(screen):
    case, answer = screen("10")

    assert (answer.status_code, known(case)) == (302, ["10"])


def test_a_number_that_was_known_before_is_not_asked_back(new_case, operator, sign_in, open_run):
    case = new_case(facts={"immediate_danger": False, "children_with": 27})

    answer = post_step(sign_in(operator), case, open_run(case, "screening"), children_with="27")

    assert answer.status_code == 302
