"""Without a network any page gives way to the list of what this phone keeps for who reads, never to the browser's error page."""

import re
from urllib.parse import urlsplit

import pytest

from tests.browser.test_keeping import keep, who_of
from tests.browser.test_outbox import read_and_answer_without_network

pytestmark = pytest.mark.browser

INSTEAD = "There is no network, and the page you asked for is not on this phone."
LESSON = re.compile(r"/en/keep/judicial/[^/]+/[0-9a-f-]{36}/$")
LINKS = "[data-part=courses] a"


def wait_for_the_list(page):
    """Wait until the page that opens without a network lies on this phone."""
    for _ in range(200):
        if page.evaluate("caches.match('/en/keep/').then(Boolean)"):
            return
        page.wait_for_timeout(100)
    raise AssertionError("The list was not kept.")


@pytest.mark.parametrize(
    ("address", "language"),
    [("/", "ar"), ("/en/", "en"), ("/en/liberia/", "en"), ("/en/learning/", "en"), ("/en/my/waiting/", "en"), ("/ar/", "ar"), ("/bn/help/", "ar"), ("/fr/", "ar")],
)  # fmt: skip
def test_a_page_that_does_not_come_gives_way_to_what_is_kept(away_phone, assert_accessible, address, language):
    page = away_phone
    page.goto(address)

    assert page.locator("html").get_attribute("lang") == language
    page.locator("[data-part=instead]").wait_for()
    page.locator(LINKS).first.wait_for()
    assert page.locator(LINKS).count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.locator("[data-part=instead] a").evaluate("one => new URL(one.href).pathname") == address
    assert_accessible(page)
    page.locator(LINKS).first.click()
    page.locator("main[data-page=kept-course]").wait_for()


@pytest.fixture
def away_phone(sign_in_as):
    """A phone that kept a course in Arabic, and has no network now."""
    page = sign_in_as("learner4.tn@example.org", "/ar/learning/", 360)
    keep(page, "/ar/learning/judicial/keep/")
    page.context.set_offline(True)
    return page


def test_try_again_opens_the_page_once_there_is_a_network(away_phone):
    page = away_phone
    page.goto("/en/learning/")
    page.get_by_text(INSTEAD).wait_for()
    page.context.set_offline(False)

    page.get_by_role("link", name="Try again").click()

    page.get_by_role("heading", name="My learning").wait_for()
    page.goto("/en/keep/")
    page.locator(LINKS).first.wait_for()
    assert page.locator("[data-part=instead]").is_hidden()


YESTERDAYS = """async () => {
  const cache = await caches.open("fanal-kept");
  const answer = await cache.match("/en/keep/");
  const content = (await answer.text()).replace("</main>", "<p>Older words</p></main>");
  const headers = { "Content-Type": answer.headers.get("Content-Type"), Date: "Sun, 01 Nov 2026 00:00:00 GMT" };
  await cache.put("/en/keep/", new Response(content, { headers }));
}"""

IS_OLDER = "() => caches.match('/en/keep/').then((found) => found.text()).then((text) => text.includes('Older words'))"


def test_the_list_is_renewed_after_a_day(sign_in_as):
    page = sign_in_as("official4.ht@example.org", "/en/learning/", 360)
    read_and_answer_without_network(page)
    page.context.set_offline(False)
    page.goto("/en/learning/")
    wait_for_the_list(page)
    page.evaluate("navigator.serviceWorker.ready.then(Boolean)")
    page.evaluate(YESTERDAYS)
    page.goto("/en/keep/")
    page.get_by_text("Older words").wait_for()

    page.goto("/en/learning/")

    for _ in range(100):
        if not page.evaluate(IS_OLDER):
            return
        page.wait_for_timeout(100)
    raise AssertionError("The list of yesterday stayed.")


def test_what_waits_is_told_without_a_network_though_no_course_is_kept(sign_in_as):
    page = sign_in_as("learner5.ht@example.org", "/en/learning/", 360)
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then((found) => found.length)") == 0
    read_and_answer_without_network(page)
    page.context.set_offline(False)
    page.goto("/en/learning/")
    wait_for_the_list(page)
    page.evaluate("navigator.serviceWorker.ready.then(Boolean)")
    read_and_answer_without_network(page)

    page.goto("/en/my/waiting/")

    page.get_by_role("heading", name="Waiting to be sent").wait_for()
    assert page.locator("[data-part=outbox] li").count() > 0
    assert page.locator(LINKS).count() == 0


def test_a_page_of_which_something_did_not_come_is_none_and_comes_whole_the_next_time(sign_in_as):
    page = sign_in_as("learner5.lr@example.org", "/en/learning/", 360)
    read_and_answer_without_network(page)
    page.context.set_offline(False)
    page.route("**/kept-links*.js", lambda route: route.abort())
    with page.expect_request("**/kept-links*.js"):
        page.goto("/en/learning/")
    assert page.evaluate("caches.match('/en/keep/').then(Boolean)") is False
    page.unroute("**/kept-links*.js")

    page.goto("/en/learning/")

    wait_for_the_list(page)


def test_the_page_without_a_network_is_whole_when_the_network_goes_while_a_course_is_being_kept(sign_in_as):
    page = sign_in_as("learner6.lr@example.org", "/en/learning/judicial/keep/", 360)
    page.route(LESSON, lambda route: route.abort())
    page.locator("[data-part=go]").click()
    page.locator("[data-part=broken]").wait_for()
    page.evaluate("navigator.serviceWorker.ready.then(Boolean)")
    page.context.set_offline(True)

    page.goto("/en/liberia/")

    page.get_by_text(INSTEAD).wait_for()
    page.get_by_role("link", name="Try again").wait_for()
    page.get_by_text("You keep no course on this phone").wait_for()
    page.context.set_offline(False)
    page.unroute(LESSON)
    keep(page)


@pytest.mark.parametrize("address", ["/", "/ar/keep/", "/sw/learning/", "/en/", "/fr/learning/"])
def test_a_course_that_is_half_kept_in_one_language_answers_for_every_address(half_kept, address):
    page = half_kept
    page.goto(address)

    assert page.locator("html").get_attribute("lang") == "fr"
    page.locator("[data-part=none]:visible, [data-part=instead]:visible").first.wait_for()


@pytest.fixture
def half_kept(sign_in_as):
    """An English phone on which a course was being kept in French when the network went."""
    page = sign_in_as("learner6.lr@example.org", "/fr/learning/judicial/keep/", 360)
    page.route(re.compile(LESSON.pattern.replace("/en/", "/fr/")), lambda route: route.abort())
    page.locator("[data-part=go]").click()
    page.locator("[data-part=broken]").wait_for()
    page.evaluate("navigator.serviceWorker.ready.then(Boolean)")
    page.context.set_offline(True)
    return page


OLD = """(days) => caches.open("fanal-kept").then(async (cache) => {
  const made = new Date(Date.now() - days * 86400000).toUTCString();
  for (const url of ["/en/keep/wipe/", "/en/keep/"]) {
    const content = await (await cache.match(url)).text();
    await cache.put(url, new Response(content, { headers: { "Content-Type": "text/html", Date: made } }));
  }
})"""
AGE = "caches.match('/en/keep/').then((one) => Date.now() - Date.parse(one.headers.get('Date')))"
HELD = "caches.open('fanal-kept').then((cache) => cache.keys()).then((rows) => rows.map((one) => new URL(one.url).pathname))"
BROUGHT = """(url) => caches.open("fanal-judicial").then(
  (cache) => cache.put(url, new Response("", { headers: { "Content-Type": "text/javascript" } })),
)"""
BEFORE, AFTER = "a" * 12, "b" * 12


@pytest.fixture
def named(sign_in_as):
    """A phone to which files come under names that tell what is in them; return its page, what it fetched, what is new."""
    page = sign_in_as("learner5.tn@example.org", "/en/learning/", 360)
    read_and_answer_without_network(page)
    page.context.set_offline(False)
    page.add_init_script(
        "navigator.serviceWorker.register = async () => null"
    )  # what a worker fetches is not seen here
    fetched, changed = [], []

    def name_files(route):
        answer = route.fetch()
        body = re.sub(r"(/static/[\w/-]+)\.(js|css|svg)", rf"\1.{BEFORE}.\2", answer.text())
        for name in changed:
            body = body.replace(f"{name}.{BEFORE}", f"{name}.{AFTER}")
        route.fulfill(response=answer, body=body)

    def bring(route):
        address = route.request.url
        fetched.append(urlsplit(address).path)
        route.fulfill(response=route.fetch(url=re.sub(r"\.[ab]{12}\.", ".", address)))

    page.route(re.compile("/en/keep/(wipe/)?$"), name_files)
    page.route(re.compile(r"\.[ab]{12}\."), bring)
    return page, fetched, changed


def fetch_the_list(page, days):
    """Open a page so many days after the list came, and wait until it came anew."""
    page.evaluate(OLD, days)
    page.goto("/en/learning/")
    for _ in range(100):
        if page.evaluate(AGE) < 3_600_000:
            page.evaluate("navigator.locks.request('fanal-away', () => null)")
            return
        page.wait_for_timeout(100)
    raise AssertionError("The list did not come anew.")


def test_a_file_of_the_list_comes_once_and_goes_when_no_page_names_it(named):
    page, fetched, changed = named
    page.goto("/en/learning/")
    wait_for_the_list(page)
    page.evaluate("caches.open('fanal-kept').then((cache) => cache.put('/kept', new Response('{}')))")
    first = set(fetched)
    assert len(first) == len(fetched) > 5
    assert set(page.evaluate(HELD)) == first | {"/en/keep/wipe/", "/en/keep/", "/kept"}

    fetched.clear()
    fetch_the_list(page, 2)
    assert fetched == []

    changed.append("outbox")
    fetch_the_list(page, 2)
    before, after = (f"/static/training/outbox.{one}.js" for one in (BEFORE, AFTER))
    assert fetched == [after]
    assert set(page.evaluate(HELD)) == first - {before} | {after, "/en/keep/wipe/", "/en/keep/", "/kept"}

    fetched.clear()
    changed.append("days")
    page.evaluate(BROUGHT, f"/static/training/days.{AFTER}.js")
    fetch_the_list(page, 2)
    assert fetched == []
    assert f"/static/training/days.{AFTER}.js" in page.evaluate(HELD)


def test_nobody_is_told_what_somebody_else_keeps(sign_in_as):
    page = sign_in_as("learner4.lr@example.org", "/en/learning/", 360)
    keep(page)
    first = who_of(page)
    page.context.clear_cookies()
    page.goto("/en/demo/people/")
    for more in page.locator("details > summary").all():
        more.click()
    page.locator("li", has=page.get_by_text("learner5.lr@example.org", exact=True)).get_by_role("button").click()
    page.wait_for_load_state()
    page.goto("/en/learning/")
    page.goto("/en/learning/judicial/keep/")
    page.locator("[data-part=go]").wait_for()
    assert page.locator("[data-part=tongues]").is_hidden()
    page.goto("/en/learning/")
    page.context.set_offline(True)

    page.goto("/en/")
    page.get_by_text("You keep no course on this phone").wait_for()
    assert page.locator(LINKS).count() == 0
    assert page.locator("[data-part=others]").is_hidden()

    page.context.set_offline(False)
    keep(page)
    assert who_of(page) != first
    page.context.set_offline(True)
    page.goto("/en/")
    page.locator(LINKS).first.wait_for()
    page.context.set_offline(False)
    page.goto("/en/learning/judicial/keep/")
    page.locator("[data-part=remove]").click()
    page.locator("[data-part=go]").wait_for()
    held = page.evaluate("caches.match('/kept').then((one) => one.json())")
    assert [row["by"] for row in held.values()] == [[first]]


def test_somebody_signed_out_is_told_that_there_is_no_network(sign_in_as):
    page = sign_in_as("learner5.ht@example.org", "/en/learning/", 360)
    keep(page)
    page.context.clear_cookies()
    page.evaluate("localStorage.removeItem('fanal-who')")
    page.context.set_offline(True)

    page.goto("/en/")

    page.get_by_text(INSTEAD).wait_for()
    page.get_by_text("You keep no course on this phone").wait_for()
    assert page.locator(LINKS).count() == 0
