"""Without a network a page whose like is kept on this phone opens as the kept one; what is done on it is done there too."""

import re

import pytest

from tests.browser.test_keeping import keep, who_of
from tests.browser.test_outbox import COURSE, LESSON, waiting

pytestmark = pytest.mark.browser

TWINS = "() => window.Twins"  # comes after the page, where a course is kept
KEPT_LESSON = re.compile(r"/en/keep/judicial/[^/]+/[0-9a-f-]{36}/(\?.*)?$")
SECOND = "When the person is a child"
STORY = "/scenario/monday-file/"


def open_kept(page, kind):
    """Wait until a kept page of a kind has opened."""
    page.locator(f"main[data-page={kind}]").wait_for()
    assert "/keep/" in page.url


def test_a_lesson_finished_without_a_network_goes_on_in_the_kept_course(sign_in_as, assert_accessible):
    page = sign_in_as("official4.tn@example.org", "/en/learning/", 360)
    keep(page)
    page.goto(LESSON)
    page.wait_for_function(TWINS)
    page.context.set_offline(True)
    page.get_by_role("button", name="Finish this lesson").click()

    page.wait_for_url(KEPT_LESSON)
    page.get_by_role("heading", level=1, name=SECOND).wait_for()
    assert_accessible(page)
    ended = [one["sent"] for one in waiting(page, who_of(page)) if one["sent"]["payload"].get("screen") == "end"]
    assert len(ended) == 1
    page.locator("main [data-part=place]").click()
    row = page.locator("main .go-list li", has_text="Three elements")
    row.locator("[data-state=done] svg").wait_for()
    assert page.locator("main .go-list [data-state=done]:visible svg").count() == 1
    page.context.set_offline(False)
    page.get_by_text("All sent").wait_for()
    page.goto("/en/learning/")
    assert "1 of 18 lessons done" in page.locator("main").inner_text()


def test_what_was_finished_with_a_network_is_done_in_the_kept_course_too(sign_in_as):
    page = sign_in_as("learner5.ht@example.org", "/en/learning/", 360)
    keep(page)
    start = page.locator("[data-part=open]").get_attribute("href")
    page.goto(LESSON)
    page.wait_for_function(TWINS)
    page.get_by_role("button", name="Finish this lesson").click()
    page.get_by_role("heading", level=1, name=SECOND).wait_for()
    assert "/keep/" not in page.url

    page.goto(start)

    page.locator("main .go-list li", has_text="Three elements").locator("[data-state=done] svg").wait_for()


def test_without_a_kept_course_the_next_lesson_waits_for_a_network(sign_in_as):
    page = sign_in_as("official6.tn@example.org", LESSON, 360)
    page.wait_for_function("() => localStorage.getItem('fanal-who')")
    page.context.set_offline(True)
    page.get_by_role("button", name="Finish this lesson").click()

    page.get_by_text("The next lesson opens once there is a network.").wait_for()
    assert page.url.split("?")[0].endswith(LESSON)


@pytest.fixture(scope="module")
def kept_phone(chromium, demo_site):
    """A phone that keeps a course in Arabic and English, and has no network now."""
    context = chromium.new_context(base_url=demo_site, viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto("/en/demo/people/")
    for more in page.locator("details > summary").all():
        more.click()
    page.locator("li", has_text="learner4.tn@example.org").get_by_role("button").click()
    page.wait_for_load_state()
    for code in ("ar", "en"):
        keep(page, f"/{code}/learning/judicial/keep/")
    page.context.set_offline(True)
    yield page
    context.close()


@pytest.mark.parametrize(
    ("address", "kind", "code"),
    [
        (LESSON, "lesson", "en"),
        (f"/ar{COURSE}three-elements/", "lesson", "ar"),
        (f"/fr{COURSE}three-elements/", "lesson", "en"),
        ("/en/judicial/what-must-be-proved/", "kept-course", "en"),
        ("/ar/learning/judicial/keep/", "kept-course", "ar"),
        ("/en/learning/judicial/test/", "kept-course", "en"),
        (f"/en{STORY}", "kept-story", "en"),
    ],
)
def test_a_page_that_does_not_come_opens_as_the_kept_one(kept_phone, address, kind, code):
    kept_phone.goto(address)

    open_kept(kept_phone, kind)
    assert kept_phone.locator("html").get_attribute("lang") == code
    if kind == "lesson":
        assert kept_phone.locator("main").get_attribute("data-lesson")


def test_the_place_in_a_lesson_and_in_a_story_comes_along(kept_phone):
    kept_phone.goto(f"{LESSON}?screen=no-such")
    open_kept(kept_phone, "lesson")
    assert kept_phone.url.endswith("?screen=no-such")
    kept_phone.goto(f"/en{STORY}?path=look")
    open_kept(kept_phone, "kept-story")
    start = kept_phone.locator("main").get_attribute("data-start")
    kept_phone.locator(f"[data-node]:visible:not([data-node='{start}'])").first.wait_for()


def test_nobody_else_is_led_to_what_she_does_not_keep(kept_phone):
    who = who_of(kept_phone)
    kept_phone.evaluate("localStorage.setItem('fanal-who', '00000000-0000-4000-8000-000000000000')")
    kept_phone.goto(LESSON)

    kept_phone.get_by_text("the page you asked for is not on this phone").wait_for()
    assert kept_phone.locator("[data-part=courses] a").count() == 0
    kept_phone.evaluate("(who) => localStorage.setItem('fanal-who', who)", who)


def test_her_open_test_opens_as_the_kept_one_and_its_button_leads_to_the_kept_course(sign_in_as, assert_accessible):
    page = sign_in_as("official7.tn@example.org", "/en/learning/", 360)
    keep(page)
    course = "/en/judicial/what-must-be-proved/"
    page.goto(course)
    page.locator("#test").get_by_role("button").click()
    page.wait_for_url("**/test/**")
    page.context.set_offline(True)
    page.reload()

    open_kept(page, "kept-test")
    page.locator("section[data-item]").first.wait_for()
    assert_accessible(page)
    page.context.set_offline(False)
    page.goto(course)
    page.context.set_offline(True)
    page.locator("#test").get_by_role("button").click()
    open_kept(page, "kept-course")
    assert page.url.endswith("#test")
