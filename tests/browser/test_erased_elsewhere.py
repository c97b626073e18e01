"""A code is erased on one phone: the other one, which kept a course and answers, empties itself, and no phone does without that."""

import pytest

from tests.browser.test_keeping import answer, keep, who_of
from tests.browser.test_outbox import waiting
from tests.browser.test_without_account import begin, sign_in, type_code, waits

pytestmark = pytest.mark.browser

KEEP = "/en/learning/safe-migration/keep/"
GONE = "A progress code that was used on this phone is erased. What was kept here under it is gone."
CODE = "Type your code to send them"


def erase(page):
    """Erase everything that is kept under the code of who is known on this phone."""
    page.goto("/en/wipe/everywhere/")
    page.get_by_label("Erase all my progress").check()
    page.get_by_role("button", name="Erase everything").click()
    page.get_by_role("heading", name="Your progress is erased").wait_for()


def keeps(page):
    """Return what of us lies on a phone: stores, caches, workers, and names in its small store."""
    return page.evaluate(
        """async () => [
          (await indexedDB.databases()).map(({ name }) => name), await caches.keys(),
          (await navigator.serviceWorker.getRegistrations()).length, Object.keys(localStorage),
        ]"""
    )


@pytest.fixture
def phones(visit):
    """Two phones of one learner with a code; on the second a course is kept and answered, and there is no network."""
    first, second = visit(360), visit(360)
    code = begin(first)
    type_code(second, code)
    second.wait_for_url("**/learning/")
    keep(second, KEEP)
    second.context.set_offline(True)
    second.get_by_role("link", name="Open the kept course").click()
    second.locator("main a[data-done]").first.click()
    answer(second.locator("[data-kept-check]").first)
    second.locator("[data-kept-check] .told").first.wait_for()
    assert waits(second) == 1
    return first, second, code


def test_the_other_phone_keeps_all_without_a_network_and_empties_itself_with_one(phones, assert_accessible):
    first, second, _code = phones
    erase(first)
    second.goto("/en/keep/")
    second.get_by_role("heading", name="Waiting to be sent").wait_for()
    second.locator("[data-part=courses] a").first.wait_for()
    assert second.locator("[data-part=courses] a").count() == 1

    second.context.set_offline(False)

    second.get_by_text(GONE).wait_for()
    assert_accessible(second)
    assert keeps(second) == [[], [], 0, []]
    second.goto("/en/keep/")
    second.get_by_text("You keep no course on this phone").wait_for()
    assert second.locator("[data-part=courses] a").count() == 0
    assert second.get_by_role("heading", name="Waiting to be sent").is_hidden()
    assert second.get_by_text(GONE).is_hidden()


def test_a_phone_that_is_cut_off_while_it_empties_itself_begins_again(phones):
    first, second, _code = phones
    erase(first)
    second.goto("about:blank")
    second.context.set_offline(False)
    second.add_init_script("if (!window.name) CacheStorage.prototype.delete = () => new Promise(() => {})")
    with second.expect_response("**/api/erased/"):
        second.goto("/en/")
    second.wait_for_function("async () => (await indexedDB.databases()).length === 0")
    assert keeps(second)[1] != []

    second.evaluate("() => { window.name = 'whole' }")
    second.goto("/en/")

    second.get_by_text(GONE).wait_for()
    assert keeps(second) == [[], [], 0, []]


@pytest.mark.parametrize("address", ["/en/", "/en/account/login/", "/en/keep/"])
def test_whatever_page_is_opened_there_first_says_so(phones, address):
    first, second, _code = phones
    erase(first)
    second.goto("about:blank")
    second.context.set_offline(False)

    second.goto(address)

    second.get_by_text(GONE).wait_for()
    assert keeps(second) == [[], [], 0, []]


def test_a_phone_that_is_only_signed_out_keeps_its_answers_and_leads_to_the_code(phones, assert_accessible):
    _first, second, code = phones
    second.context.clear_cookies()
    second.context.set_offline(False)

    with second.expect_response("**/api/erased/"):
        second.goto("/en/keep/")

    second.get_by_text("You are signed out.").wait_for()
    second.get_by_text("Do you learn with a code, and are you signed out?").wait_for()
    second.get_by_text("If the code was erased, they cannot be sent any more.").wait_for()
    assert_accessible(second)
    assert second.get_by_text(GONE).is_hidden()
    assert waits(second) == 1
    assert second.locator("[data-part=courses] a").count() == 1
    assert second.locator("[data-outbox]").get_by_text("Sign in to send them").is_hidden()
    second.locator("[data-outbox]").get_by_role("link", name=CODE).click()
    second.wait_for_url("**/learning/code/")
    type_code(second, code)
    second.wait_for_url("**/learning/")
    second.goto("/en/my/waiting/")
    second.get_by_text("Nothing waits on this phone.").wait_for()


@pytest.mark.parametrize("status", [200, 404, 429, 503])
def test_what_is_no_clear_answer_takes_nothing_away(phones, status):
    first, second, _code = phones
    erase(first)
    second.route(
        "**/api/erased/", lambda route: route.fulfill(status=status, body='{"erased": []}' if status == 200 else "x")
    )
    second.context.set_offline(False)

    with second.expect_response("**/api/erased/"):
        second.goto("/en/keep/")

    second.get_by_text("You are signed out.").wait_for()
    assert waits(second) == 1
    assert who_of(second)


def test_what_another_person_keeps_there_stays(phones):
    first, second, _code = phones
    holder = who_of(second)
    second.context.clear_cookies()
    second.context.set_offline(False)
    sign_in(second, "learner6.ht@example.org")
    keep(second)
    other = who_of(second)
    second.context.set_offline(True)
    second.get_by_role("link", name="Open the kept course").click()
    second.locator("main a[data-done]").first.click()
    answer(second.locator("[data-kept-check]").first)
    second.locator("[data-kept-check] .told").first.wait_for()
    second.goto("about:blank")
    erase(first)
    second.context.set_offline(False)

    second.goto("/en/learning/")

    second.get_by_text(GONE).wait_for()
    stores, _caches, workers, _names = keeps(second)
    assert f"fanal-{other}" in stores
    assert f"fanal-{holder}" not in stores
    assert (workers, who_of(second)) == (1, other)
    second.goto("/en/keep/")
    second.locator("[data-part=courses] a").first.wait_for()
    assert second.locator("[data-part=courses] a").count() == 1
    assert "Trafficking before the court" in second.locator("[data-part=courses]").inner_text()
    second.locator("[data-outbox]", has_text="All sent").wait_for()
    assert waiting(second, other) == []
