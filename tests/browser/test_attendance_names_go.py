"""When the names of a kept attendance list go from a phone, and that no mark goes with them unsaid."""

import pytest

from tests.browser.kept_list import (
    LEFT,
    LISTS,
    LISTS_LEFT,
    OTHER,
    OWN_MARKS,
    OWN_MARKS_BY_NAME,
    REFUSED_LEFT,
    SAID_LEFT,
    TRAINER,
    clash,
    freed,
    keep_list,
    open_list,
    row_to_tick,
    set_clock,
    taken_away,
    tick,
    trainer,
    wait_until_empty,
    with_the_group,
)

__all__ = ["clash", "freed", "taken_away", "trainer", "with_the_group"]
pytestmark = pytest.mark.browser


def test_signing_out_says_that_marks_wait_and_takes_names_and_marks(trainer):
    keep_list(trainer)
    open_list(trainer)
    trainer.route("**/api/attendance/", lambda route: route.abort())
    tick(row_to_tick(trainer))
    trainer.goto("/en/account/logout/")
    trainer.locator("main form button[type=submit]").click()

    trainer.get_by_text("Attendance that you ticked on this phone could not be sent.").wait_for()
    assert trainer.get_by_role("button", name="Take them out as a file").is_hidden()
    trainer.get_by_role("button", name="Delete them and sign out").click()
    trainer.wait_for_url("**/en/")

    assert trainer.evaluate(LEFT) == []
    assert trainer.evaluate("caches.keys()") == []
    assert trainer.evaluate("localStorage.length") == 0


def test_emptying_the_phone_says_that_marks_are_lost(trainer):
    keep_list(trainer)
    open_list(trainer)
    trainer.route("**/api/attendance/", lambda route: route.abort())
    tick(row_to_tick(trainer))
    trainer.goto("/en/wipe/")

    trainer.get_by_text("Attendance was ticked on this phone and is not sent yet. It is lost.").wait_for()
    trainer.locator("main form button[type=submit]").click()
    trainer.get_by_role("heading", name="This phone is empty").wait_for()

    assert trainer.evaluate(LEFT) == []


def test_a_list_is_taken_off_with_the_pages_that_show_it(trainer):
    keep_list(trainer)
    open_list(trainer)
    trainer.context.set_offline(True)
    tick(row_to_tick(trainer))

    trainer.locator("[data-part=off]").click()
    trainer.get_by_text("Marks of this list wait on this phone and are lost.").wait_for()
    trainer.locator("[data-part=off]").click()
    trainer.locator("[data-part=none]").wait_for()

    assert trainer.locator("li.mark:visible").count() == 0
    assert trainer.evaluate("caches.keys()") == []
    assert trainer.evaluate("navigator.serviceWorker.getRegistrations().then((found) => found.length)") == 0


def test_whoever_signs_in_next_sees_no_name_and_sends_no_mark(trainer):
    keep_list(trainer)
    open_list(trainer)
    trainer.context.set_offline(True)
    line = row_to_tick(trainer)
    name = line.locator("[data-name]").first.inner_text().split(" · ")[1]
    tick(line)
    trainer.goto("about:blank")
    trainer.context.set_offline(False)
    trainer.goto("/en/demo/people/")
    for more in trainer.locator("details > summary").all():
        more.click()
    trainer.locator("li", has=trainer.get_by_text(OTHER, exact=True)).get_by_role("button").click()
    trainer.wait_for_load_state()
    calls = []
    trainer.context.on("request", lambda request: calls.append(request.url) if request.method == "POST" else None)

    trainer.context.set_offline(True)
    trainer.goto(LISTS.format("en"))
    trainer.locator("[data-part=unknown]").wait_for()
    assert name not in trainer.content()
    trainer.context.set_offline(False)
    trainer.goto(LISTS.format("en"))
    trainer.locator("[data-part=none]").wait_for()

    trainer.locator("[data-part=others]").wait_for()
    assert name not in trainer.content()
    assert [url for url in calls if "/api/attendance/" in url] == []


def test_a_session_that_is_over_hides_the_names_asks_her_to_sign_in_and_loses_nothing(trainer, freed):
    keep_list(trainer)
    open_list(trainer)
    trainer.context.set_offline(True)
    line = row_to_tick(trainer)
    name = line.locator("[data-name]").first.inner_text().split(" · ")[1]
    tick(line)
    trainer.context.clear_cookies(name="sessionid")
    trainer.context.set_offline(False)

    trainer.get_by_role("link", name="Sign in to send them").wait_for()
    trainer.locator("[data-part=unknown]").wait_for()
    assert name not in trainer.content()
    assert trainer.evaluate(OWN_MARKS) == [None]
    for is_offline in (False, True):
        trainer.context.set_offline(is_offline)
        trainer.reload()
        trainer.locator("[data-part=unknown]").wait_for()
        assert name not in trainer.content()

    trainer.context.set_offline(False)
    trainer.goto("/en/demo/people/")
    for more in trainer.locator("details > summary").all():
        more.click()
    trainer.locator("li", has=trainer.get_by_text(TRAINER, exact=True)).get_by_role("button").click()
    trainer.wait_for_load_state()
    open_list(trainer)
    trainer.locator("li.mark", has_text=name).get_by_text("Saved on the server").wait_for()


def test_a_group_that_is_hers_no_more_takes_its_names_off_the_phone(trainer, taken_away, assert_accessible):
    keep_list(trainer)
    open_list(trainer)
    names = [
        one.split(" · ")[1] for one in trainer.locator("li.mark [data-part=there] [data-name]").all_text_contents()
    ]
    trainer.context.set_offline(True)
    line = row_to_tick(trainer)
    number = line.get_attribute("id").removeprefix("m-")
    tick(line)
    taken_away()
    trainer.context.set_offline(False)

    trainer.locator("[data-part=withdrawn]").wait_for()
    told = trainer.locator("[data-part=refusals] li")
    told.wait_for()
    assert f"Number {number} · all of it" in told.inner_text()
    assert "group" in told.inner_text()
    assert not [name for name in names if name in trainer.content()]
    assert trainer.evaluate(LISTS_LEFT) == []
    assert_accessible(trainer)
    trainer.get_by_role("button", name="I have read it").click()
    trainer.locator("[data-part=gone]").wait_for(state="hidden")
    assert trainer.evaluate(LISTS_LEFT) == []


def test_a_group_that_was_taken_away_is_noticed_when_the_list_is_opened_or_fetched_anew(trainer, taken_away):
    keep_list(trainer)
    keeping = trainer.url
    open_list(trainer)
    trainer.goto(keeping)
    trainer.locator("[data-part=again]").wait_for()
    taken_away()
    trainer.locator("[data-part=again]").click()
    trainer.get_by_text("The server does not hand out this list to you any more.").wait_for()
    assert trainer.evaluate(LISTS_LEFT) == []


def test_a_list_of_a_group_taken_away_is_not_shown_once_there_is_a_network(trainer, taken_away):
    keep_list(trainer)
    taken_away()

    trainer.goto(LISTS.format("en"))

    trainer.locator("[data-part=withdrawn]").wait_for()
    trainer.locator("[data-part=none]").wait_for()
    assert trainer.evaluate(LISTS_LEFT) == []


def test_the_worker_of_keeping_switched_off_takes_names_and_leaves_marks_that_are_sent(trainer, freed):
    keep_list(trainer)
    open_list(trainer)
    trainer.context.set_offline(True)
    line = row_to_tick(trainer)
    name = line.locator("[data-name]").first.inner_text().split(" · ")[1]
    tick(line)
    session = trainer.evaluate("new URLSearchParams(location.search).get('session')")
    trainer.goto("about:blank")
    trainer.context.set_offline(False)
    trainer.goto("/en/about/")
    trainer.evaluate("""() => navigator.serviceWorker.register("/static/training/sw-off.js")""")
    wait_until_empty(trainer, LISTS_LEFT)
    wait_until_empty(trainer, "caches.keys()")
    assert trainer.evaluate(OWN_MARKS_BY_NAME) == [None]

    trainer.goto("/en/groups/")
    wait_until_empty(trainer, OWN_MARKS_BY_NAME)
    trainer.goto(f"/en/groups/sessions/{session}/")
    assert name in trainer.locator(".present-list").inner_text()


def test_a_mark_whose_answer_was_lost_before_the_group_was_taken_away_is_said_to_be_saved(trainer, freed, taken_away):
    def lose_the_answer(route):
        if route.request.method == "POST":
            route.fetch()
            route.abort()
        else:
            route.continue_()

    keep_list(trainer)
    open_list(trainer)
    line = row_to_tick(trainer)
    name = line.locator("[data-name]").first.inner_text().split(" · ")[1]
    trainer.route("**/api/attendance/", lose_the_answer)
    with trainer.expect_event("requestfailed"):
        tick(line)
    taken_away()
    trainer.unroute("**/api/attendance/")
    trainer.evaluate("dispatchEvent(new Event('online'))")  # a sending that is tried again by itself may come before

    trainer.locator("[data-part=withdrawn]").wait_for()
    trainer.locator("[data-part=none]").wait_for()  # the names go a moment after it is said
    assert trainer.locator("[data-part=gone]").is_hidden()
    assert "not accepted" not in trainer.locator("[data-outbox]").inner_text()
    assert name not in trainer.content()
    assert trainer.evaluate(LISTS_LEFT) == []


def test_the_worker_of_keeping_switched_off_leaves_what_was_not_taken_without_a_name(trainer, clash):
    assert trainer.evaluate(SAID_LEFT) != [None]
    trainer.goto("/en/about/")
    trainer.evaluate("""() => navigator.serviceWorker.register("/static/training/sw-off.js")""")
    wait_until_empty(trainer, LISTS_LEFT)
    wait_until_empty(trainer, "caches.keys()")

    trainer.goto(LISTS.format("en"))

    assert_told_by_number(trainer, clash)


def fetch_anew(page):
    """Follow the link to the page of the group, which asks first whether there is a network: both pages have a button "off"."""
    with page.expect_navigation(url="**/groups/*/keep/"):
        page.get_by_role("link", name="Fetch the list anew").click()


def assert_told_by_number(page, clash):
    """Check that a mark which was not taken is told without a name until it was read."""
    number, names = clash
    told = page.locator("[data-part=refusals] li")
    told.wait_for()
    assert f"Number {number} · all of it" in told.inner_text()
    assert "Somebody noted something else meanwhile." in told.inner_text()
    page.locator("[data-outbox]").get_by_text("Not accepted: 1.").wait_for()  # the line counts by itself
    assert not [name for name in names if name in page.content()]
    assert (page.evaluate(LISTS_LEFT), page.evaluate(SAID_LEFT)) == ([], [None])
    page.get_by_role("button", name="I have read it").click()
    page.locator("[data-part=gone]").wait_for(state="hidden")
    wait_until_empty(page, REFUSED_LEFT)


def test_a_list_that_is_over_goes_and_leaves_what_was_not_taken_until_it_is_read(trainer, clash):
    trainer.context.set_offline(True)
    set_clock(trainer, 90)

    trainer.reload()

    trainer.locator("[data-part=none]").wait_for()
    assert_told_by_number(trainer, clash)


def test_a_list_that_she_takes_off_leaves_what_was_not_taken_until_it_is_read(trainer, clash):
    trainer.locator("[data-part=off]").click()

    trainer.locator("[data-part=none]").wait_for()
    assert_told_by_number(trainer, clash)


def test_a_list_taken_off_on_the_page_of_its_group_leaves_what_was_not_taken(trainer, clash):
    fetch_anew(trainer)
    trainer.locator("[data-part=off]").click()
    trainer.locator("[data-part=go]").wait_for()

    trainer.goto(LISTS.format("en"))

    trainer.locator("[data-part=none]").wait_for()
    assert_told_by_number(trainer, clash)


def test_who_is_on_the_list_no_more_when_it_is_kept_once_more_is_told_by_number(trainer, clash, with_the_group):
    """Her list went with her name; the new one does not have her."""
    number, _names = clash
    fetch_anew(trainer)
    trainer.locator("[data-part=off]").click()
    trainer.locator("[data-part=go]").wait_for()
    with_the_group(f"cohort.members.filter(number={number}).update(left_at=timezone.now())")
    trainer.locator("[data-part=go]").click()
    trainer.locator("[data-part=done]").wait_for()
    with_the_group(f"cohort.members.filter(number={number}).update(left_at=None)")

    open_list(trainer)

    told = trainer.locator("[data-part=refusals] li")
    told.wait_for()
    assert f"Number {number} · all of it" in told.inner_text()
    assert trainer.locator(f"#m-{number}").count() == 0
