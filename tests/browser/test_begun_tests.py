"""A test begun on a kept course and not handed in: whatever takes it off the phone says so before, or keeps it."""

import re

import pytest

from tests.browser.test_keeping import KEEP, keep, wait_until_written, who_of
from tests.browser.test_outbox import ROWS
from tests.browser.test_without_account import begin, claim, sign_in

pytestmark = pytest.mark.browser

WAITING = "/en/my/waiting/"
SIGN_OUT = "/en/account/logout/"
TITLE = "Test: Trafficking before the court"
FREE = "/en/learning/safe-migration/keep/"


def begin_test(page, opened="[data-part=open]"):
    """Open the kept test from the page of its course and choose an answer; return the address of the test."""
    page.goto(page.locator(opened).first.get_attribute("href"))
    page.get_by_role("link", name="Take the test").click()
    page.locator("section[data-item] input").first.check()
    wait_until_written(page)
    return page.url


def keep_and_begin(page, address=KEEP):
    """Keep a course and begin its test."""
    keep(page, address)
    return begin_test(page)


def kept_tests(page, who) -> list[dict]:
    """Return the tests in a store."""
    return page.evaluate(ROWS, [who, "tests"])


def sign_out(page):
    """Press the button of the page that signs out."""
    page.locator("main form button[type=submit]").click()


def test_signing_out_says_before_and_asks_and_staying_keeps_what_was_chosen(sign_in_as, assert_accessible):
    page = sign_in_as("learner4.ht@example.org", "/en/learning/", 360)
    test = keep_and_begin(page)
    page.goto(SIGN_OUT)
    page.get_by_text("lies on this phone alone: it is lost").wait_for()
    assert_accessible(page)

    sign_out(page)
    page.get_by_text("are not handed in. They are lost if you sign out now").wait_for()
    assert page.get_by_text("lies on this phone alone: it is lost").is_hidden()
    assert page.get_by_text("could not be sent").first.is_hidden()
    assert page.get_by_role("button", name="Take them out as a file").is_hidden()
    assert_accessible(page)
    page.get_by_role("link", name="Stay signed in").click()
    page.get_by_role("link", name=TITLE).click()

    assert page.url == test
    page.locator("section[data-item] input:checked").wait_for()
    page.goto(SIGN_OUT)
    sign_out(page)
    page.get_by_role("button", name="Delete them and sign out").click()
    page.wait_for_url("**/en/")
    assert page.evaluate("indexedDB.databases()") == []


def test_a_test_that_nobody_began_stops_nobody_who_signs_out(sign_in_as):
    page = sign_in_as("learner5.ht@example.org", "/en/learning/")
    keep(page)
    page.goto("/en/wipe/")
    page.get_by_role("button", name="Empty this phone").wait_for()
    page.wait_for_timeout(500)
    assert page.locator("[data-wiping] .banner:visible").count() == 0

    page.goto(SIGN_OUT)
    sign_out(page)
    page.wait_for_url("**/en/")
    assert page.evaluate("indexedDB.databases()") == []


def test_emptying_the_phone_says_that_the_test_goes(sign_in_as, assert_accessible):
    page = sign_in_as("learner6.ht@example.org", "/en/learning/", 360)
    keep_and_begin(page)
    page.goto("/en/wipe/")

    page.get_by_text("A test was begun on this phone and not handed in.").wait_for()
    assert page.get_by_text("There are unsent answers on this phone.").is_hidden()
    assert_accessible(page)


def test_removing_the_course_asks_first_and_leaves_nothing_dead(sign_in_as, assert_accessible):
    page = sign_in_as("learner4.lr@example.org", "/en/learning/", 360)
    test = keep_and_begin(page)
    page.goto(KEEP)
    page.get_by_role("button", name="Remove it from this phone").click()
    page.get_by_text("You began the test of this course and did not hand it in.").wait_for()
    assert page.locator("[data-part=open]").is_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Open the test").click()
    assert page.url == test
    page.locator("section[data-item] input:checked").wait_for()

    page.goto(KEEP)
    page.get_by_role("button", name="Remove it from this phone").click()
    page.get_by_role("button", name="Remove both").click()
    page.locator("[data-part=go]").wait_for()
    assert page.get_by_text("You began the test of this course").is_hidden()
    assert kept_tests(page, who_of(page)) == []
    page.goto(WAITING)
    page.get_by_text("Nothing waits on this phone.").wait_for()
    assert page.get_by_text("Begun and not handed in").is_hidden()


def test_removing_one_language_asks_nothing_where_the_test_lies_in_another(sign_in_as):
    page = sign_in_as("learner5.tn@example.org", "/en/learning/")
    keep_and_begin(page)
    keep(page, "/ar/learning/judicial/keep/")
    page.goto(KEEP)
    page.get_by_role("button", name="Remove it from this phone").click()
    page.locator("[data-part=go]").wait_for()

    left = kept_tests(page, who_of(page))
    assert [(one["place"], bool(one["answers"])) for one in left] == [("judicial/ar", True)]


def test_a_test_whose_course_is_gone_is_named_by_its_title_and_leads_to_keeping_it_again(sign_in_as):
    page = sign_in_as("learner6.tn@example.org", "/en/learning/", 360)
    keep_and_begin(page)
    page.evaluate("caches.keys().then((names) => Promise.all(names.map((one) => caches.delete(one))))")
    page.goto(WAITING)
    page.get_by_text("Keep it again: what you chose is still in its test.").wait_for()
    page.get_by_role("link", name=TITLE).click()

    page.wait_for_url(f"**{KEEP}")
    page.locator("[data-part=go]").click()
    page.locator("[data-part=open]").click()
    page.get_by_role("link", name="Take the test").click()
    page.locator("section[data-item] input:checked").wait_for()


def test_an_update_that_brings_another_test_leaves_the_one_that_was_begun(sign_in_as):
    page = sign_in_as("learner5.lr@example.org", "/en/learning/")
    keep_and_begin(page)
    [begun] = kept_tests(page, who_of(page))
    page.evaluate(
        """async () => {
          const cache = await caches.open("fanal-kept");
          const rows = await (await cache.match("/kept")).json();
          rows["judicial/en"].etag = "older";
          await cache.put("/kept", new Response(JSON.stringify(rows)));
        }"""
    )

    def other(route):
        told = route.fetch()
        told_of = told.json()
        told_of["test"]["attempt"] = "00000000-0000-4000-8000-000000000000"
        route.fulfill(response=told, json=told_of)

    page.context.route("**/judicial/paper/", other)
    page.goto(KEEP)
    page.locator("[data-part=update]").click()
    page.locator("[data-part=current]").wait_for()

    assert kept_tests(page, who_of(page)) == [begun]


def test_another_person_signs_in_and_out_and_the_test_of_the_first_stays(sign_in_as):
    page = sign_in_as("learner6.lr@example.org", "/en/learning/")
    keep_and_begin(page)
    first = who_of(page)
    page.context.clear_cookies()
    sign_in(page, "learner6.tn@example.org")
    page.goto(SIGN_OUT)
    page.wait_for_timeout(500)
    assert page.get_by_text("lies on this phone alone: it is lost").is_hidden()
    sign_out(page)
    page.wait_for_url("**/en/")

    assert [bool(one["answers"]) for one in kept_tests(page, first)] == [True]


@pytest.mark.parametrize("both", [False, True])
def test_a_code_that_is_taken_over_brings_its_begun_test_and_takes_none_away(visit, both, assert_accessible):
    phone = visit(360)
    email = "learner3.bd@example.org" if both else "learner2.bd@example.org"
    sign_in(phone, email)
    keep(phone, FREE)
    if both:
        begin_test(phone)
    mine = phone.evaluate("localStorage.getItem('fanal-who')")
    phone.context.clear_cookies()
    code = begin(phone)
    keep_and_begin(phone, FREE)
    holder = who_of(phone)
    [begun] = kept_tests(phone, holder)
    phone.context.clear_cookies()
    sign_in(phone, email)
    claim(phone, code)

    if both:
        phone.get_by_text("You began a test with the code and one in your account.").wait_for()
        assert_accessible(phone)
        assert [one["attempt"] for one in kept_tests(phone, holder)] == [begun["attempt"]]
        assert begun["attempt"] not in [one["attempt"] for one in kept_tests(phone, mine)]
        return
    phone.wait_for_function("(who) => !localStorage.getItem('fanal-people').includes(who)", arg=holder)
    moved = kept_tests(phone, mine)
    assert [(one["attempt"], one["answers"]) for one in moved] == [(begun["attempt"], begun["answers"])]
    phone.goto(WAITING)
    assert re.search(r"^Test: ", phone.locator("[data-part=begun] a").inner_text())
