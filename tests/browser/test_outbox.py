"""The outbox of a lesson: written first, sent once, counted honestly, gone at sign-out."""

import json
import re

import pytest

pytestmark = pytest.mark.browser

COURSE = "/judicial/what-must-be-proved/what-must-be-proved/"
LESSON = f"/en{COURSE}three-elements/"
ROWS = """([who, name]) => new Promise((done) => {
  const request = indexedDB.open(`fanal-${who}`, 1);
  request.onsuccess = () => {
    const rows = request.result.transaction(name).objectStore(name).getAll();
    rows.onsuccess = () => { request.result.close(); done(rows.result); };
  };
})"""


def who_of(page) -> str:
    """Return the id of the store of a page's learner."""
    return page.locator("main").get_attribute("data-who")


def waiting(page, who) -> list[dict]:
    """Return what waits in a store."""
    return page.evaluate(ROWS, [who, "outbox"])


def answer_a_check(page):
    """Choose something in the first question that is open, and send it."""
    form = page.locator("form[data-check]").first
    for box in form.locator("select").all():
        box.select_option(index=1)
    if form.locator("input[name=r]").count():
        form.locator("input[name=r]").first.check()
    form.locator("button[type=submit]:not([name])").click()
    return form


def read_and_answer_without_network(page):
    """Open a lesson, lose the network, scroll and answer."""
    page.goto(LESSON)
    page.wait_for_function("() => localStorage.getItem('fanal-who')")
    page.context.set_offline(True)
    page.mouse.wheel(0, 900)
    form = answer_a_check(page)
    form.locator(".outbox-note:not(:has(button))").wait_for()
    return form


def test_what_is_done_without_network_waits_and_arrives_once(sign_in_as, assert_accessible):
    page = sign_in_as("learner4.ht@example.org", "/en/learning/", 360)
    form = read_and_answer_without_network(page)
    who = who_of(page)

    sent = [one["sent"] for one in waiting(page, who)]
    assert "waits on this phone" in form.locator(".outbox-note").inner_text()
    assert [one["verb"] for one in sent].count("answered") == 1 < len(sent)
    assert "1 answer waiting on this phone" in page.locator("[data-outbox]").inner_text()
    assert [one["seq"] for one in sent] == sorted({one["seq"] for one in sent})

    assert_accessible(page)
    page.context.set_offline(False)
    page.wait_for_function("() => document.querySelector('[data-outbox]').innerText.startsWith('All sent')")
    assert re.fullmatch(r"All sent, ([01]\d|2[0-3]):[0-5]\d", page.locator("[data-outbox]").inner_text())
    assert waiting(page, who) == []
    again = page.evaluate(
        """async ([who, events]) => {
          const hello = await (await fetch("/api/progress/")).json();
          const body = { schema: "progress/1", who, device: events.device, sent_at: new Date().toISOString(), events: events.sent };
          const answer = await fetch("/api/progress/", { method: "POST", body: JSON.stringify(body),
            headers: { "Content-Type": "application/json", "X-CSRFToken": hello.csrf } });
          return (await answer.json()).results.map((one) => one.status);
        }""",
        [who, {"sent": sent, "device": device_of(page, who)}],
    )
    assert set(again) == {"duplicate"}


def device_of(page, who) -> str:
    """Return the device of a store."""
    script = ROWS.replace(".getAll()", '.get("device")')
    return page.evaluate(script, [who, "meta"])


def test_two_windows_number_their_events_apart_and_one_sends(sign_in_as):
    page = sign_in_as("learner5.ht@example.org", LESSON)
    page.wait_for_function("() => localStorage.getItem('fanal-who')")
    other = page.context.new_page()
    other.goto(LESSON)
    who = who_of(page)
    page.context.set_offline(True)
    for window in (page, other):
        window.bring_to_front()
        window.mouse.wheel(0, 900)
        answer_a_check(window).locator(".outbox-note").wait_for()

    rows = waiting(page, who)
    assert len({one["seq"] for one in rows}) == len({one["sent"]["id"] for one in rows}) == len(rows) >= 2

    calls = []
    page.context.on("request", lambda request: calls.append(request) if request.method == "POST" else None)
    page.context.set_offline(False)
    page.wait_for_function("() => document.querySelector('[data-outbox]').innerText.startsWith('All sent')")
    other.wait_for_timeout(1500)
    told = [
        event["id"] for call in calls if "/api/progress/" in call.url for event in json.loads(call.post_data)["events"]
    ]
    assert len(told) == len(set(told)) == len(rows)


def test_a_copied_browser_takes_a_new_device_and_loses_nothing(sign_in_as):
    page = sign_in_as("learner6.ht@example.org", LESSON)
    page.wait_for_function("() => localStorage.getItem('fanal-who')")
    who = who_of(page)
    answer_a_check(page)
    page.locator(".banner[role=status]").first.wait_for()
    device = device_of(page, who)
    page.evaluate(
        """(who) => new Promise((done) => {
          const request = indexedDB.open(`fanal-${who}`, 1);
          request.onsuccess = () => {
            const work = request.result.transaction("meta", "readwrite");
            work.objectStore("meta").put(0, "seq");
            work.oncomplete = done;
          };
        })""",
        who,
    )
    page.reload()

    page.locator("form.pager button[type=submit]").click()
    page.wait_for_url(lambda url: "three-elements" not in url)

    assert waiting(page, who) == []
    assert device_of(page, who) != device
    assert page.evaluate(ROWS, [who, "refused"]) == []
    page.goto("/en/learning/")
    assert "1 of 18 lessons done" in page.locator("main").inner_text()


def test_sign_out_sends_first_and_leaves_nothing(sign_in_as):
    page = sign_in_as("learner4.lr@example.org", LESSON)
    page.wait_for_function("() => localStorage.getItem('fanal-who')")
    page.goto("/en/account/logout/")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/en/")

    assert page.evaluate("indexedDB.databases()") == []
    assert page.evaluate("localStorage.length") == 0


def test_sign_out_that_cannot_send_asks_what_to_do_with_what_waits(sign_in_as):
    page = sign_in_as("learner5.lr@example.org", "/en/learning/", 360)
    read_and_answer_without_network(page)
    page.context.route("**/api/progress/", lambda route: route.abort())  # before a network is there to send by
    page.context.set_offline(False)
    page.goto("/en/account/logout/")
    page.get_by_text("Not everything that you did on this phone is sent yet.").wait_for()
    assert "1 answer waiting on this phone" in page.locator("main [data-outbox]").inner_text()
    page.locator("main form button[type=submit]").click()
    page.get_by_role("link", name="Stay signed in").wait_for()
    assert page.get_by_text("Not everything that you did on this phone is sent yet.").is_hidden()

    with page.expect_download() as taken:
        page.get_by_role("button", name="Take them out as a file").click()
    file = json.loads(taken.value.path().read_text("utf-8"))
    assert file["schema"] == "kept/1"
    assert {"reached", "answered"} >= {event["verb"] for event in file["events"]} != set()
    page.get_by_role("button", name="Delete them and sign out").click()
    page.wait_for_url("**/en/")
    assert page.evaluate("indexedDB.databases()") == []


def test_another_person_on_the_phone_sees_no_name_and_her_sign_out_leaves_the_work_of_the_first(sign_in_as):
    page = sign_in_as("learner6.lr@example.org", "/en/learning/")
    read_and_answer_without_network(page)
    first = who_of(page)
    page.context.route("**/api/progress/", lambda route: route.abort())
    page.context.set_offline(False)
    page.context.clear_cookies()
    page.goto("/en/demo/people/")
    for more in page.locator("details > summary").all():
        more.click()
    page.locator("li", has=page.get_by_text("learner6.tn@example.org", exact=True)).get_by_role("button").click()
    page.wait_for_load_state()
    page.goto("/en/my/waiting/")

    page.get_by_text("Another person has unsent answers on this phone").wait_for()
    assert "Learner 6, Liberia" not in page.locator("body").inner_text()
    page.goto("/en/account/logout/")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/en/")
    assert len(waiting(page, first)) >= 2


def test_what_the_phone_cannot_write_is_said_not_to_be_recorded(sign_in_as):
    page = sign_in_as("learner6.lr@example.org", "/en/learning/", 360)
    page.add_init_script(
        "IDBObjectStore.prototype.add = () => { throw new DOMException('full', 'QuotaExceededError'); }"
    )
    page.goto(LESSON)
    page.wait_for_function("() => localStorage.getItem('fanal-who')")
    page.context.set_offline(True)
    answer_a_check(page)

    page.get_by_text("Not recorded: stay on this page.").wait_for()
    assert page.url.partition("?")[0].endswith(LESSON)
    page.context.set_offline(False)
    answer_a_check(page)
    page.get_by_role("button", name="Send another answer").wait_for()


def test_signed_out_in_the_middle_the_end_says_so_and_leads_back_to_a_lesson_that_is_done(
    sign_in_as, assert_accessible
):
    email = "learner3.lr@example.org"
    page = sign_in_as(email, LESSON, 360)
    page.wait_for_function("() => localStorage.getItem('fanal-who')")
    who = who_of(page)
    page.context.clear_cookies(name=re.compile("session"))
    form = page.locator("form.pager")

    form.get_by_role("button", name="Finish this lesson").click()
    way = form.get_by_role("link", name="Sign in to send them")
    way.wait_for()

    told = form.locator(".outbox-note").inner_text()
    assert told == "What you read waits on this phone. You are signed out. Sign in to send them"
    assert way.evaluate("(link) => link.getBoundingClientRect().bottom <= innerHeight")
    assert_accessible(page)
    way.click()
    with page.expect_navigation():
        page.get_by_role("link", name="Choose a person").click()
    for more in page.locator("details > summary").all():
        more.click()
    with page.expect_response(lambda answer: "/api/progress/" in answer.url and answer.request.method == "POST"):
        page.locator("li", has=page.get_by_text(email, exact=True)).get_by_role("button").click()
    assert LESSON in page.url
    assert "screen=" in page.url
    page.wait_for_function("(who) => navigator.locks.request(`fanal-${who}`, () => true)", arg=who)
    assert waiting(page, who) == page.evaluate(ROWS, [who, "refused"]) == []
    page.goto("/en/learning/")
    assert "1 of 18 lessons done" in page.locator("main").inner_text()


def test_at_the_end_without_network_a_network_is_what_it_waits_for(sign_in_as):
    page = sign_in_as("learner3.ht@example.org", LESSON, 360)
    page.wait_for_function("() => localStorage.getItem('fanal-who')")
    page.context.set_offline(True)

    page.get_by_role("button", name="Finish this lesson").click()
    note = page.locator("form.pager .outbox-note")
    note.wait_for()

    assert note.inner_text().strip().endswith("The next lesson opens once there is a network.")
    assert note.get_by_role("link").count() == 0
