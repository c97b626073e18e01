"""A phone is emptied without a network, wherever something of us lies on it, and nothing comes back once there is one."""

import re

import pytest
from playwright.sync_api import Error as PlaywrightError

from tests.browser.test_away import wait_for_the_list
from tests.browser.test_erased_elsewhere import CODE, GONE, erase, keeps, phones
from tests.browser.test_keeping import keep, who_of
from tests.browser.test_outbox import read_and_answer_without_network

pytestmark = pytest.mark.browser

EMPTY = "Empty this phone"
ERASED = "If the code was erased, they cannot be sent any more."
SIGNED_OUT = "Do you learn with a code, and are you signed out?"
AHEAD = "Once this phone is empty, you read here how it is done."
STILL = "If you are signed in, that ends once there is one"
__all__ = ["phones"]


def empty(page):
    """Press what empties the phone, and wait until it says that it did."""
    page.locator("main").get_by_role("button", name=EMPTY).click()
    page.locator("[data-part=emptied]").get_by_text("This phone is empty").wait_for()


def assert_nothing_here(page):
    """Fail unless nothing of us lies on a phone without a network, and no page of ours opens on it."""
    assert keeps(page) == [[], [], 0, []]
    other = page.context.new_page()
    with pytest.raises(PlaywrightError):
        other.goto("/en/keep/")
    other.close()


def assert_nothing_comes_back(page):
    """Fail unless a phone is as empty as before once there is a network, and the list of what is kept was opened."""
    page.goto("/en/keep/")
    page.get_by_text("You keep no course on this phone").wait_for()
    page.get_by_text("Nobody is signed in on this phone").wait_for()
    assert keeps(page) == [[], [], 0, []]


def assert_empty_for_good(page):
    """Fail unless nothing is left, the sign-in ends by itself once there is a network, and nothing comes back then."""
    assert_nothing_here(page)
    page.context.set_offline(False)
    page.locator("[data-wiping]").wait_for(state="detached")
    page.locator("h1").wait_for()
    assert_nothing_comes_back(page)


@pytest.mark.parametrize("address", ["/en/keep/", "kept lesson"])
def test_whose_code_was_erased_elsewhere_empties_her_phone_without_a_network(phones, assert_accessible, address):
    first, second, _code = phones
    erase(first)
    if address == "/en/keep/":
        second.goto(address)
        second.get_by_text(ERASED).wait_for()
        assert second.get_by_text(SIGNED_OUT).is_hidden()
        assert second.locator("[data-part=by-code]").get_by_role("link", name=CODE).is_hidden()
        assert second.get_by_role("link", name=EMPTY).count() == 2
        for link in second.get_by_role("link", name=EMPTY).all():
            assert link.get_attribute("aria-disabled") is None
    second.get_by_role("link", name=EMPTY).first.click()
    second.get_by_text("There are unsent answers on this phone. They are lost.").wait_for()
    second.get_by_text("only your code opens your progress again").wait_for()
    assert_accessible(second)

    empty(second)

    second.get_by_text(STILL).wait_for()
    second.get_by_text("To delete the history, open the menu of the browser").wait_for()
    assert second.get_by_text("There are unsent answers on this phone. They are lost.").is_hidden()
    assert second.get_by_role("link", name="Kept on this phone").get_attribute("aria-disabled") == "true"
    assert_accessible(second)
    assert_nothing_here(second)
    second.goto("about:blank")
    second.context.set_offline(False)
    assert_nothing_comes_back(second)
    assert second.get_by_text(GONE).is_hidden()


def test_the_sign_in_ends_once_there_is_a_network(phones):
    _first, second, _code = phones
    second.goto("/en/wipe/")
    empty(second)
    second.get_by_text(STILL).wait_for()

    second.context.set_offline(False)

    second.get_by_role("heading", name="This phone is empty").wait_for()
    second.goto("/en/learning/")
    second.wait_for_url("**/account/login/**")


def test_with_a_network_the_kept_page_ends_the_sign_in_at_once(phones):
    _first, second, _code = phones
    second.context.set_offline(False)
    second.goto("/en/keep/wipe/")

    second.locator("main").get_by_role("button", name=EMPTY).click()

    second.get_by_role("heading", name="This phone is empty").wait_for()
    assert keeps(second) == [[], [], 0, []]
    second.goto("/en/learning/")
    second.wait_for_url("**/account/login/**")


@pytest.mark.parametrize(("address", "language"), [("/en/wipe/", "ar"), ("/ar/wipe/", "ar"), ("/bn/keep/wipe/", "ar")])
def test_it_opens_at_every_address_in_the_language_that_is_kept(sign_in_as, address, language):
    page = sign_in_as("learner4.tn@example.org", "/ar/learning/", 360)
    keep(page, "/ar/learning/judicial/keep/")
    page.evaluate("caches.open('fanal-kept').then((cache) => cache.delete('/en/keep/wipe/'))")
    page.context.set_offline(True)

    page.goto(address)

    assert page.locator("html").get_attribute("lang") == language
    page.locator("[data-wiping] button[type=submit]").click()
    page.locator("[data-part=emptied]").wait_for()
    assert_empty_for_good(page)


def test_a_phone_on_which_only_answers_wait_is_emptied_too(sign_in_as):
    page = sign_in_as("learner5.ht@example.org", "/en/learning/", 360)
    read_and_answer_without_network(page)
    page.context.set_offline(False)
    page.goto("/en/learning/")
    wait_for_the_list(page)
    page.evaluate("navigator.serviceWorker.ready.then(Boolean)")
    assert who_of(page)
    page.context.set_offline(True)

    page.goto("/en/learning/history/")
    page.locator(".foot").get_by_role("link", name=EMPTY).click()
    empty(page)

    assert_empty_for_good(page)


def test_a_store_of_somebody_whom_the_phone_forgot_goes_as_well(phones):
    _first, second, _code = phones
    second.goto("/en/keep/wipe/")
    second.evaluate("localStorage.removeItem('fanal-people')")
    second.get_by_text(AHEAD).wait_for()

    empty(second)

    assert second.get_by_text(AHEAD).is_hidden()  # it stands above by now, and there is nothing left to empty
    assert second.locator("main").get_by_role("button", name=EMPTY).is_hidden()
    assert_empty_for_good(second)


def test_that_a_page_is_not_there_is_said_below_the_banner_whose_link_was_pressed(phones):
    _first, second, _code = phones
    second.goto("/en/keep/wipe/")
    banner = second.locator("[data-part=guest]")
    banner.get_by_role("link").click(force=True)

    told = second.locator(".not-here")
    told.wait_for()
    above, below = banner.bounding_box(), told.bounding_box()
    assert below["y"] >= above["y"] + above["height"]
    assert (below["x"], below["width"]) == (above["x"], above["width"])


def test_a_phone_that_was_not_ticked_and_empties_itself_is_told_of_others_only(phones):
    _first, second, _code = phones
    second.context.set_offline(False)
    second.goto("/en/wipe/everywhere/")
    second.get_by_label("Erase all my progress").check()
    second.get_by_label(EMPTY).uncheck()

    second.get_by_role("button", name="Erase everything").click()

    second.get_by_text(GONE).wait_for()
    second.get_by_text(re.compile("^Another phone on which you kept a course")).wait_for()
    assert second.get_by_text("This phone is empty too.").count() == 0
    assert keeps(second) == [[], [], 0, []]
