"""What a lesson says once what waited is sent while its page stays open, or where what comes then does not come."""

import re

import pytest

from tests.browser.test_outbox import LESSON, answer_a_check, read_and_answer_without_network

pytestmark = pytest.mark.browser
OTHER = "The answer that you sent before is recorded. What stands here now is not sent yet."
BEFORE_WAITS = "The answer that you sent before waits on this phone. What stands here now is not sent yet."
NO_REASONS = "Your answer is sent. The reasons could not be fetched."
NO_WAY_ON = "What you read is sent. The way on could not be fetched."
FINISHED = "You have finished this lesson. It is recorded."
READ_HERE = re.compile(r"/three-elements/(\?|$)")


def until_all_is_sent(page):
    """Wait until nothing waits and no note says so."""
    page.wait_for_function("() => document.querySelector('[data-outbox]').innerText.startsWith('All sent')")
    page.wait_for_function("() => !document.querySelector('.outbox-note')")


def choose_another(form):
    """Choose something else than answer_a_check does."""
    for box in form.locator("select").all():
        box.select_option(index=2)
    if form.locator("input[name=r]").count():
        form.locator("input[name=r]").last.check()


def finish(page):
    """Press the button at the end of the lesson."""
    page.get_by_role("button", name="Finish this lesson").click()


def refuse(route):
    """Take nothing of what a phone sends."""
    if route.request.method != "POST":
        return route.continue_()
    results = [{"status": "rejected", "reason": "not_offered"} for _one in route.request.post_data_json["events"]]
    return route.fulfill(json={"results": results, "now": "2026-01-01T00:00:00Z"})


def test_once_all_that_waited_is_sent_the_reasons_come_and_the_lesson_leads_on(sign_in_as, assert_accessible):
    page = sign_in_as("learner4.mw@example.org", "/en/learning/", 360)
    form = read_and_answer_without_network(page)
    finish(page)
    pager = page.locator("form.pager")
    pager.locator(".outbox-note").wait_for()
    assert "0 of 18 lessons done" in page.locator(".where").inner_text()

    page.context.set_offline(False)

    form.get_by_role("button", name="Send another answer").wait_for()
    assert form.locator(".banner[role=status]").is_visible()
    onward = pager.get_by_role("link", name="Next: ")
    onward.wait_for()
    until_all_is_sent(page)
    told = pager.get_by_text(FINISHED)
    assert told.evaluate("(one) => one === document.activeElement")
    assert told.evaluate("(one) => one.getBoundingClientRect().top < innerHeight")
    page.wait_for_function("() => document.querySelector('.where').innerText.includes('1 of 18 lessons done')")
    assert LESSON in page.url
    assert_accessible(page)
    onward.click()
    page.wait_for_url(lambda address: "three-elements" not in address)


def test_a_finished_lesson_takes_nobody_from_where_she_reads(sign_in_as):
    page = sign_in_as("learner6.mw@example.org", LESSON, 360)
    page.wait_for_function("() => localStorage.getItem('fanal-who')")
    page.context.set_offline(True)
    finish(page)
    page.locator("form.pager .outbox-note").wait_for()
    place = page.locator("form[data-check] button").first
    place.focus()
    before = place.evaluate("(one) => one.getBoundingClientRect().top")

    page.context.set_offline(False)

    page.get_by_text(FINISHED).wait_for(state="attached")
    assert place.evaluate("(one) => one === document.activeElement")
    assert abs(place.evaluate("(one) => one.getBoundingClientRect().top") - before) < 2


def test_another_answer_that_stands_by_then_is_left_and_told_not_to_be_sent(sign_in_as, assert_accessible):
    page = sign_in_as("learner3.mz@example.org", "/en/learning/", 360)
    form = read_and_answer_without_network(page)
    choose_another(form)
    form.get_by_text(BEFORE_WAITS).wait_for()

    page.context.set_offline(False)
    form.get_by_text(OTHER).wait_for()
    assert form.get_by_text(BEFORE_WAITS).is_hidden()

    assert form.get_by_text("Your last answer counts.").is_visible()
    assert form.locator("[role=status]").count() == 1
    assert_accessible(page)
    form.get_by_role("button", name="Send this answer").click()
    form.get_by_role("button", name="Send another answer").wait_for()
    assert page.get_by_text(OTHER).is_hidden()


def test_where_the_server_did_not_take_the_answer_none_is_said_to_be_recorded(sign_in_as):
    page = sign_in_as("learner4.mz@example.org", "/en/learning/", 360)
    form = read_and_answer_without_network(page)
    choose_another(form)
    page.context.route("**/api/progress/", refuse)
    page.context.set_offline(False)

    page.get_by_text("Not accepted").wait_for()
    page.wait_for_function("() => !document.querySelector('.outbox-note')")
    page.wait_for_load_state("networkidle")
    assert page.get_by_text(OTHER).count() == 0
    assert form.get_by_role("button", name="Send this answer").is_visible()


@pytest.mark.parametrize("how", ["busy", "cut"])
def test_reasons_that_do_not_come_are_told_and_asked_for_again(sign_in_as, assert_accessible, how):
    page = sign_in_as(f"learner{5 if how == 'busy' else 6}.mz@example.org", LESSON, 360)
    page.wait_for_function("() => localStorage.getItem('fanal-who')")
    stop = {"busy": lambda route: route.fulfill(status=503, body="busy"), "cut": lambda route: route.abort()}[how]
    page.context.route(READ_HERE, stop)
    form = answer_a_check(page)
    form.get_by_text(NO_REASONS).wait_for()
    assert READ_HERE.search(page.url)
    assert_accessible(page)

    again = form.get_by_role("button", name="Try again")
    over = {"busy": "requestfinished", "cut": "requestfailed"}[how]
    with page.expect_event(over, lambda asked: READ_HERE.search(asked.url)):  # stopped, and not only begun
        again.click()
    again.wait_for()
    form.get_by_text(NO_REASONS).wait_for()
    assert form.get_by_role("button", name="Send this answer").evaluate("(one) => one === document.activeElement")
    page.context.unroute(READ_HERE)
    form.get_by_role("button", name="Try again").click()

    form.get_by_role("button", name="Send another answer").wait_for()
    assert form.locator(".banner[role=status]").evaluate("(one) => one === document.activeElement")
    assert page.locator(".outbox-note").count() == 0


def test_a_way_on_that_does_not_come_is_told_and_asked_for_again(sign_in_as):
    page = sign_in_as("learner2.mw@example.org", LESSON, 360)
    page.wait_for_function("() => localStorage.getItem('fanal-who')")
    page.context.set_offline(True)
    finish(page)
    pager = page.locator("form.pager")
    pager.locator(".outbox-note").wait_for()
    page.context.route(READ_HERE, lambda route: route.fulfill(status=503, body="busy"))
    page.context.set_offline(False)
    pager.get_by_text(NO_WAY_ON).wait_for()

    page.context.unroute(READ_HERE)
    pager.get_by_role("button", name="Try again").click()

    pager.get_by_text(FINISHED).wait_for()
    assert pager.get_by_role("link", name="Next: ").is_visible()
