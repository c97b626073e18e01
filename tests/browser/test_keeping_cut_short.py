"""A keeping of a course that is cut short from outside: the session ends, another window keeps or empties the phone."""

import re

import pytest

from tests.browser.test_keeping import KEEP, keep, who_of

pytestmark = pytest.mark.browser
PEOPLE = "JSON.parse(localStorage.getItem('fanal-people') || '[]')"
STORES = "indexedDB.databases().then((all) => all.map((one) => one.name).sort())"
CACHES = "caches.keys().then((names) => names.sort())"
OLDER = """async () => {
  const cache = await caches.open("fanal-kept");
  const rows = await (await cache.match("/kept")).json();
  rows["judicial/en"].etag = "older";
  await cache.put("/kept", new Response(JSON.stringify(rows)));
}"""


def signed_out(route):
    """Answer as the door does to who is signed out."""
    route.fulfill(status=401, json={"detail": "sign_in"})


@pytest.fixture
def held_back(sign_in_as):
    """A page that keeps the course and waits for one of its files; what lets it come."""

    def begin(address):
        page = sign_in_as(address, KEEP)
        waiting = []
        page.context.route(re.compile("/keep/judicial/.*/test/$"), lambda route: waiting.append(route))
        page.locator("[data-part=go]").click()
        page.locator("[data-part=going]").wait_for()
        while not waiting:
            page.wait_for_timeout(50)
        return page, lambda: [one.continue_() for one in waiting]

    return begin


def test_a_session_that_ends_before_a_course_is_kept_makes_no_store(sign_in_as, assert_accessible):
    page = sign_in_as("learner5.ht@example.org", KEEP, 360)
    page.locator("[data-part=go]").wait_for()
    page.context.route("**/api/progress/", signed_out)

    page.locator("[data-part=go]").click()
    page.locator("[data-part=out]").wait_for()

    assert page.evaluate(STORES) == page.evaluate(PEOPLE) == []
    assert who_of(page) is None
    assert page.locator("[data-part=out] a").get_attribute("href").endswith("?next=/en/learning/judicial/keep/")
    assert page.locator("[data-part=broken]").is_hidden()
    assert_accessible(page)
    page.context.unroute("**/api/progress/")
    page.locator("[data-part=go]").click()
    page.locator("[data-part=open]").wait_for()
    assert page.evaluate(PEOPLE) == [who_of(page)]


def test_a_session_that_ends_before_an_update_leaves_what_was_kept(sign_in_as):
    page = sign_in_as("learner6.ht@example.org", "/en/learning/")
    keep(page)
    who = who_of(page)
    page.evaluate(OLDER)
    page.reload()
    page.context.route("**/api/progress/", signed_out)

    page.locator("[data-part=update]").click()
    page.locator("[data-part=out]").wait_for()

    assert (who_of(page), page.evaluate(PEOPLE), page.evaluate(STORES)) == (who, [who], [f"fanal-{who}"])
    assert page.locator("[data-part=open]").is_visible()
    page.goto("/en/keep/")
    page.locator("[data-part=courses] a").wait_for()


def test_a_store_is_of_somebody(sign_in_as):
    page = sign_in_as("learner4.ht@example.org", KEEP)
    page.locator("[data-part=go]").wait_for()

    refused = page.evaluate(
        """async () => {
          const refused = [];
          for (const who of [undefined, null, "", {}]) {
            try { Outbox.own(who); } catch { refused.push("own"); }
            await Outbox.open(who, "").catch(() => refused.push("open"));
          }
          return refused;
        }"""
    )

    assert refused == ["own", "open"] * 4
    assert page.evaluate(STORES) == page.evaluate(PEOPLE) == []


@pytest.mark.parametrize("others", [[], ["00000000-0000-4000-8000-000000000000"]])
def test_what_lies_in_a_store_of_nobody_goes_to_who_alone_has_one(sign_in_as, others):
    page = sign_in_as("learner4.lr@example.org" if others else "learner5.lr@example.org", "/en/learning/")
    keep(page)
    who = who_of(page)
    page.evaluate(
        """(all) => {
          localStorage.setItem("fanal-who", "undefined");
          localStorage.setItem("fanal-people", JSON.stringify(all));
        }""",
        [who, *others, "undefined"],
    )
    page.context.set_offline(True)
    page.locator("[data-part=open]").click()
    page.locator("main a[data-done]").first.click()
    finish = page.get_by_role("button", name="Finish this lesson")
    finish.wait_for()
    page.wait_for_load_state()  # it stands there before its script does
    finish.click()
    page.get_by_role("heading", level=1, name="When the person is a child").wait_for()
    page.context.set_offline(False)

    page.goto("/en/learning/")

    if others:
        page.wait_for_load_state("networkidle")
        assert page.evaluate(PEOPLE) == [who, *others, "undefined"]
        assert "fanal-undefined" in page.evaluate(STORES)
        return
    page.wait_for_function(f"(who) => {PEOPLE}.join() === who", arg=who)
    page.wait_for_function(f"(who) => {STORES}.then((all) => all.join() === `fanal-${{who}}`)", arg=who)
    assert who_of(page) == who
    page.goto("/en/my/waiting/")
    page.locator("[data-part=none]").wait_for()
    page.goto("/en/learning/")
    assert "1 of 18 lessons done" in page.locator("main").inner_text()


def test_a_second_window_that_would_keep_is_told_of_the_first(held_back):
    page, let_go = held_back("learner4.tn@example.org")
    second = page.context.new_page()
    second.goto(KEEP)
    second.locator("[data-part=go]").click()

    second.locator("[data-part=busy]").wait_for()
    assert second.locator("[data-part=test]").is_hidden()

    let_go()
    page.locator("[data-part=open]").wait_for()


def test_a_phone_that_is_emptied_while_a_course_comes_keeps_nothing_of_it(held_back):
    page, let_go = held_back("learner6.lr@example.org")
    second = page.context.new_page()
    second.goto("/en/account/logout/")
    second.locator("main form button[type=submit]").click()
    second.wait_for_url("**/en/")

    let_go()
    page.locator("[data-part=wiped]").wait_for()

    assert page.locator("[data-part=broken]").is_hidden()
    assert page.evaluate(CACHES) == page.evaluate(PEOPLE) == []
