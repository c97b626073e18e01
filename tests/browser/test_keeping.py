"""A course on a phone without a network: kept, read, answered, its test taken; everything arrives once, and leaves with her."""

import pytest

from tests.browser.test_outbox import waiting

pytestmark = pytest.mark.browser

KEEP = "/en/learning/judicial/keep/"
KNOWN_AND_LOADED_AGAIN = """() => localStorage.getItem('fanal-who')
  && performance.getEntriesByType('navigation')[0].type === 'reload' && document.readyState === 'complete'"""
WRITTEN = """(who) => new Promise((done) => {
  const data = new FormData(document.querySelector("form[data-part=form]"));
  const chosen = Object.fromEntries([...data.keys()].map((key) => [key, data.getAll(key)]));
  const request = indexedDB.open(`fanal-${who}`, 1);
  request.onsuccess = () => {
    const rows = request.result.transaction("tests").objectStore("tests").getAll();
    rows.onsuccess = () => {
      request.result.close();
      done(rows.result.some((one) => JSON.stringify(one.answers) === JSON.stringify(chosen)));
    };
  };
})"""

# What an earlier edition left on a phone: pages with other words, a list that says so, a cache of its name.
AGED = """async () => {
  const list = await caches.open("fanal-kept");
  const rows = await (await list.match("/kept")).json();
  const mine = rows["judicial/en"];
  const [from, to] = [await caches.open(mine.cache), await caches.open("fanal-judicial/en-older")];
  for (const { url } of await from.keys()) {
    const answer = await from.match(url);
    const type = answer.headers.get("Content-Type");
    const isPage = type.startsWith("text/html");
    if (isPage) mine.files[new URL(url).pathname] = "older";
    const content = isPage ? (await answer.text()).replace("</main>", "<p>Older words</p></main>") : await answer.blob();
    await to.put(url, new Response(content, { headers: { "Content-Type": type } }));
  }
  await caches.delete(mine.cache);
  Object.assign(mine, { etag: "older", cache: "fanal-judicial/en-older" });
  await list.put("/kept", new Response(JSON.stringify(rows)));
}"""


def keep(page, address=KEEP):
    """Keep the course on this phone."""
    page.goto(address)
    page.locator("[data-part=go]").click()
    page.locator("[data-part=open]").wait_for()


def who_of(page) -> str:
    """Return the id of the store of this phone's learner."""
    return page.evaluate("localStorage.getItem('fanal-who')")


def wait_until_written(page):
    """Wait until what is chosen in a kept test is on the phone."""
    for _turn in range(300):
        if page.evaluate(WRITTEN, who_of(page)):
            return
        page.wait_for_timeout(100)
    raise AssertionError("What was chosen is not on the phone after half a minute.")


def answer(form):
    """Choose something in a kept question, and send it; its page has loaded, scripts too."""
    form.wait_for()
    form.page.wait_for_load_state()
    for box in form.locator("select").all():
        box.select_option(index=1)
    if form.locator("input").count():
        form.locator("input").first.check()
    form.get_by_role("button").click()


def test_a_course_is_kept_read_and_its_test_taken_without_a_network(sign_in_as, assert_accessible):
    page = sign_in_as("learner4.ht@example.org", "/en/learning/", 360)
    keep(page)
    assert_accessible(page)
    page.context.set_offline(True)

    page.get_by_role("link", name="Open the kept course").click()
    page.get_by_role("heading", name="Trafficking before the court").wait_for()
    page.locator("main .kept-on", has_text="Kept on this phone on").wait_for()
    assert_accessible(page)
    page.locator("main a[data-done]").first.click()
    page.get_by_role("heading", level=1, name="Three elements").wait_for()
    form = page.locator("[data-kept-check]").first
    answer(form)
    form.locator(".told").wait_for()
    assert form.locator(".reason:visible").count() > 0
    assert_accessible(page)
    page.get_by_role("button", name="Finish this lesson").click()
    page.get_by_role("heading", level=1, name="When the person is a child").wait_for()

    page.goto("/en/keep/")
    page.locator("[data-part=courses] a").click()
    done = page.locator("main li", has_text="Three elements")
    done.locator("[data-state=done] svg").wait_for()
    assert "done" in done.inner_text()
    assert done.locator("[data-state=open] svg").is_hidden()
    page.get_by_role("link", name="Take the test").click()
    page.locator("section[data-item]").first.wait_for()
    for question in page.locator("section[data-item]").all():
        if question.locator("input").count():
            question.locator("input").first.check()
        for choice in question.locator("select").all():
            choice.select_option(index=1)
    wait_until_written(page)
    page.reload()
    page.locator("section[data-item]").first.wait_for()
    count = page.locator("section[data-item]:has(input)").count()
    count_of_test = page.locator("section[data-item]").count()
    assert page.locator("section[data-item] input:checked").count() == count > 0
    page.get_by_role("button", name="Hand in the test").click()
    page.get_by_text("The result comes when it is sent.").wait_for()
    assert page.locator("[data-part=result]").is_hidden()
    sent = [one["sent"]["verb"] for one in waiting(page, who_of(page))]
    assert sent.count("submitted") == 1
    assert {"answered", "reached"} < set(sent)
    page.locator("[data-outbox]", has_text=f"{1 + count_of_test} answers waiting on this phone").wait_for()

    page.context.set_offline(False)
    page.get_by_role("link", name="See the result").click()
    page.wait_for_url("**/result/")
    assert waiting(page, who_of(page)) == []
    page.goto("/en/learning/")
    assert "1 of 18 lessons done" in page.locator("main").inner_text()
    page.goto("/en/account/logout/")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/en/")
    assert page.evaluate("indexedDB.databases()") == []
    assert page.evaluate("caches.keys()") == []
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then((found) => found.length)") == 0


def test_nothing_is_registered_before_somebody_keeps_a_course(sign_in_as):
    page = sign_in_as("learner5.ht@example.org", KEEP)
    page.locator("[data-part=go]").wait_for()
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then((found) => found.length)") == 0
    assert page.evaluate("caches.keys()") == []
    keep(page)
    page.context.set_offline(True)
    page.goto("/en/keep/judicial/00000000-0000-4000-8000-000000000000/")
    assert page.get_by_role("heading", name="Kept on this phone").is_visible()


def test_an_update_is_offered_and_not_made_under_an_open_test(sign_in_as):
    page = sign_in_as("learner5.lr@example.org", "/en/learning/")
    keep(page)
    page.evaluate(AGED)
    test = page.context.new_page()
    test.goto(page.locator("[data-part=open]").get_attribute("href"))
    test.get_by_role("link", name="Take the test").click()
    test.locator("section[data-item]").first.wait_for()
    page.reload()
    page.locator("[data-part=update]").click()
    page.locator("[data-part=test]").wait_for()
    test.close()

    course = page.context.new_page()
    course.goto(page.locator("[data-part=open]").get_attribute("href"))
    course.get_by_text("Older words").wait_for()
    page.locator("[data-part=update]").click()
    page.locator("[data-part=current]").wait_for()
    assert page.evaluate("caches.keys().then((names) => names.length)") == 2
    course.reload()
    course.locator("main a[data-done]").first.wait_for()
    assert course.get_by_text("Older words").count() == 0
    page.locator("[data-part=remove]").click()
    page.locator("[data-part=go]").wait_for()
    assert page.evaluate("caches.keys()") == []


def test_a_newer_worker_takes_the_place_of_the_older_at_once(sign_in_as):
    page = sign_in_as("official5.ht@example.org", KEEP)
    keep(page)
    page.reload()
    page.wait_for_function("() => navigator.serviceWorker.controller")

    page.evaluate("navigator.serviceWorker.register('/sw.js?later', { scope: '/' }).then(Boolean)")

    page.wait_for_function("() => navigator.serviceWorker.controller.scriptURL.endsWith('?later')")
    page.locator("[data-part=remove]").click()
    page.locator("[data-part=go]").wait_for()


def test_a_kept_course_turns_with_its_language(sign_in_as, assert_accessible):
    page = sign_in_as("learner4.tn@example.org", "/ar/learning/", 360)
    keep(page, "/ar/learning/judicial/keep/")
    page.context.set_offline(True)
    page.locator("[data-part=open]").click()
    page.locator("main a[data-done]").first.click()
    page.locator("[data-kept-check]").first.wait_for()
    page.wait_for_load_state()

    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert_accessible(page)


def test_what_is_not_on_the_phone_says_so_and_never_leads_to_the_browsers_error_page(sign_in_as, assert_accessible):
    page = sign_in_as("learner5.tn@example.org", "/en/learning/", 360)
    keep(page)
    page.locator("[data-part=open]").click()
    page.get_by_role("heading", name="Trafficking before the court").wait_for()
    assert page.locator("a[aria-disabled]").count() == 0
    page.context.set_offline(True)
    page.get_by_text("Links with a dashed line are not on this phone").wait_for()

    address = page.url
    for link in page.locator("footer a, header a").all():
        target = link.get_attribute("href")
        is_kept = target in ("#main", "/en/keep/", "/en/keep/wipe/")
        assert (link.get_attribute("aria-disabled") == "true") is not (is_kept or link.get_attribute("id") == "leave")
        if is_kept or link.get_attribute("id") == "leave":
            continue
        link.click(force=True)
        page.locator(".not-here:focus").wait_for()
        assert "this page is not on the phone" in page.locator(".not-here").inner_text()
        assert page.url == address
    assert_accessible(page)
    page.context.set_offline(False)
    page.locator("footer a", has_text="My learning").click()
    page.get_by_role("heading", name="My learning").wait_for()


def test_a_network_that_is_there_by_name_only_is_told_too(sign_in_as):
    page = sign_in_as("learner6.tn@example.org", "/en/learning/")
    page.goto("/en/keep/", wait_until="commit")
    page.wait_for_function(KNOWN_AND_LOADED_AGAIN)
    page.get_by_text("You keep no course on this phone").wait_for()
    page.context.route("**/api/progress/", lambda route: route.abort())

    page.locator("footer a", has_text="My learning").click()

    page.locator(".not-here").wait_for()
    assert page.evaluate("navigator.onLine")
    assert page.url.endswith("/en/keep/")


def test_another_language_is_kept_beside_and_its_test_is_the_same(sign_in_as):
    page = sign_in_as("learner5.tn@example.org", KEEP, 360)
    page.get_by_text("Only the language chosen here is kept").wait_for()
    page.locator("[data-part=go]").wait_for()  # with the price
    english = page.locator("[data-kind=text]").inner_text()
    page.locator("[data-part=go]").click()
    page.locator("[data-part=open]").wait_for()
    fetched = []
    page.context.on("request", lambda request: fetched.append(request.url))
    page.locator("#keep-language").select_option("ar")
    page.locator("[data-part=go]").wait_for()
    assert page.locator("[data-kind=text]").inner_text() != english
    page.locator("[data-part=go]").click()
    page.locator("[data-part=open]").wait_for()
    assert "English · العربيّة" in page.locator("[data-part=tongues]").inner_text()
    assert not [one for one in fetched if "/static/" in one]

    page.context.set_offline(True)
    page.goto("/en/keep/")
    page.locator("[data-part=courses] a").first.click()
    page.get_by_role("link", name="Take the test").click()
    page.locator("section[data-item] input").first.check()
    wait_until_written(page)
    page.locator("[data-part=tongues] a").click()
    page.locator("section[data-item]").first.wait_for()
    assert page.locator("html").get_attribute("lang") == "ar"
    assert page.locator("section[data-item] input:checked").count() == 1
    page.locator("form button[type=submit]").click()
    page.locator("form [data-part=open]").wait_for()
    page.locator("form button[type=submit]").click()
    assert page.locator("[data-part=handed]").is_hidden()
    page.locator("form [data-part=open] button").click()
    page.locator("[data-part=handed]").wait_for()
    page.locator("[data-part=tongues] a").click()
    page.get_by_text("Handed in on this phone").wait_for()
    assert [one["sent"]["verb"] for one in waiting(page, who_of(page))] == ["submitted"]

    page.context.set_offline(False)
    page.locator("[data-part=result] a").wait_for()
    assert page.locator("[data-part=handed]").inner_text().strip() == "Test handed in"
    assert page.get_by_text("The result comes when it is sent").is_hidden()
    page.reload()
    page.locator("[data-part=result] a").wait_for()
    assert page.locator("[data-part=handed]").inner_text().strip() == "Test handed in"


def test_who_never_opened_a_lesson_is_known_on_a_kept_page(sign_in_as):
    page = sign_in_as("learner6.lr@example.org", "/en/keep/", 360)

    page.wait_for_function("() => localStorage.getItem('fanal-who')")
    page.get_by_text("You keep no course on this phone").wait_for()
    assert page.get_by_text("Nobody is signed in on this phone").is_hidden()


def test_a_kept_page_says_that_nobody_is_signed_in(visit):
    page = visit(360)
    page.goto("/en/keep/")

    page.get_by_text("Nobody is signed in on this phone").wait_for()
    page.get_by_text("You keep no course on this phone").wait_for()


def test_what_waits_for_three_days_is_reminded_of(sign_in_as):
    page = sign_in_as("learner5.ht@example.org", "/en/learning/", 360)
    keep(page)
    page.context.set_offline(True)
    page.locator("[data-part=open]").click()
    page.locator("main a[data-done]").first.click()
    answer(page.locator("[data-kept-check]").first)
    page.locator("[data-kept-check] .told").first.wait_for()
    assert page.locator("[data-part=long]").is_hidden()
    page.evaluate(
        """(who) => new Promise((done) => {
          const request = indexedDB.open(`fanal-${who}`, 1);
          request.onsuccess = () => {
            const rows = request.result.transaction("outbox", "readwrite").objectStore("outbox");
            rows.getAll().onsuccess = ({ target }) => {
              const [first] = target.result;
              first.sent.occurred_at = "2020-01-01T00:00:00Z";
              rows.put(first).onsuccess = done;
            };
          };
        })""",
        who_of(page),
    )
    page.reload()

    page.get_by_text("have waited here for three days").wait_for()
