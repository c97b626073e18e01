"""Two people at one conversation, and two windows on one sheet: each sees the other's act, and nothing typed is lost."""

import pytest

from tests.browser.test_stop import open_text

pytestmark = pytest.mark.browser

A_POLL = 2000  # ms, and a little more
OPERATOR, SECOND = "operator.lr@example.org", "operator2.lr@example.org"


@pytest.fixture
def text(sign_in_as, hand):
    """The address of a text of the practice line that can be answered, and the console of its operator."""
    page = sign_in_as(OPERATOR, "/en/console/")
    contact = open_text(page, hand)
    page.goto("/en/console/")
    return f"/en/console/?contact={contact}", page


def takes_over(page):
    """Take a conversation over: no poll that is asked before the act is answered, or waits behind such a one, takes it back."""
    act, polls = [], []
    page.route("**/take-over/", lambda route: act.append((route, route.fetch())))
    page.locator("#take-over").click()
    while not act:
        page.wait_for_timeout(100)
    page.route("**/console/live/**", lambda route: polls.append((route, route.fetch())))
    while not polls:
        page.wait_for_timeout(100)
    page.wait_for_timeout(A_POLL)  # the next one waits behind it
    for route, answer in act + polls:
        route.fulfill(response=answer)
    page.wait_for_timeout(300)
    for route, answer in polls[1:]:
        route.fulfill(response=answer)
    page.unroute("**/console/live/**")
    with page.expect_response(lambda answer: "/console/live/" in answer.url):
        pass
    page.wait_for_timeout(300)
    assert page.get_by_text("Before you it was").is_visible()


def test_a_colleague_takes_a_conversation_over_and_half_written_words_stay(text, sign_in_as, assert_accessible):
    address, first = text
    second = sign_in_as(SECOND, address)
    first.goto(address)
    first.locator("#thread textarea").press_sequentially("We will")
    second.locator("#answering[data-held]").wait_for()
    second.locator("#text-answer").wait_for(state="hidden")
    assert_accessible(second)

    takes_over(second)
    second.locator("#thread select").select_option("received")
    second.get_by_role("button", name="Send this text").click()
    first.locator("#thread-list .you").get_by_text("Hotline operator 2, Liberia").wait_for()

    first.locator("#thread textarea:disabled").wait_for()
    assert first.locator("#thread textarea").input_value() == "We will"
    first.locator("#take-over").click()
    first.get_by_text("Before you it was").wait_for()
    first.get_by_role("button", name="Send this text").click()
    first.get_by_text("Not sent: the conversation changed while you wrote.").wait_for()
    assert first.locator("#thread textarea").input_value() == "We will"
    assert_accessible(first)


def has_no_consent_yet(page, contact):
    """Go to the question on consent in a contact's sheet; tell whether it is what a case waits for."""
    page.goto(f"/en/console/?contact={contact}&q=consent_case")
    return page.locator("a#open-case").count() == 1 and page.locator("#answer-1").count() == 1


def test_an_answer_of_one_window_waits_for_what_is_typed_in_the_other(sign_in_as):
    one = sign_in_as(OPERATOR, "/en/calls/")
    doors = [link.get_attribute("href") for link in one.locator("table tbody th a").all()]
    contact = next(
        name for name in (door.rstrip("/").split("/")[-1] for door in doors) if has_no_consent_yet(one, name)
    )
    other = one.context.new_page()
    other.goto(f"/en/console/?contact={contact}&q=age")
    version, was = other.locator("#sheet-mark").input_value(), other.locator("#answer-number").input_value()
    other.locator("#answer-number").fill("17")

    one.locator("#answer-1").click()
    other.locator("button#open-case:not([disabled])").wait_for()

    assert other.locator("#answer-number").input_value() == "17"
    assert other.locator("#sheet-mark").input_value() == version
    other.locator("#answer-number").fill(was)
    other.locator("#answer-number").blur()
    other.locator(f'#sheet-mark:not([value="{version}"])').wait_for(state="attached")
    assert other.url.endswith("q=age")
