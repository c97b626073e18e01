"""An answer that waits when its lesson is opened anew, verdicts beside another choice, ticks of a cut: what stands is true."""

import pytest

from tests.browser.test_language_in_a_test import CHOSEN, in_french
from tests.browser.test_outbox import LESSON, answer_a_check, read_and_answer_without_network, waiting, who_of
from tests.browser.test_sent import BEFORE_WAITS, FINISHED, OTHER, choose_another, finish, until_all_is_sent

pytestmark = pytest.mark.browser
ELSEWHERE = "/en/languages/"
PROGRESS = "**/api/progress/"
WAITS = "Your answer waits on this phone."
COMES = "() => !('along' in document.querySelector('main').dataset)"
TOLD = "() => document.querySelector('[data-outbox]').innerText"


def open_lesson(sign_in_as, email):
    """Open the lesson as somebody; return the page once it has a store of hers."""
    page = sign_in_as(email, LESSON, 360)
    page.wait_for_function("() => localStorage.getItem('fanal-who')")
    return page


def leave_with_all_waiting(page):
    """Go to another page before anything is sent, with a network again; return what lets the sending through."""
    held, opened = [], []
    page.context.route(PROGRESS, lambda route: route.abort())
    page.context.set_offline(False)
    page.goto(ELSEWHERE)
    page.context.unroute(PROGRESS)
    page.context.route(PROGRESS, lambda route: route.continue_() if opened else held.append(route))

    def let_through():
        opened.append(True)
        for one in held:
            one.continue_()

    return let_through


def recorded_answer(page):
    """Answer the first question with a network; return its form with the reasons."""
    answer_a_check(page)
    page.get_by_role("button", name="Send another answer").first.wait_for()
    return page.locator("form[data-check]").first


def choose_as_recorded(form):
    """Choose what answer_a_check does."""
    for box in form.locator("select").all():
        box.select_option(index=1)
    if form.locator("input[name=r]").count():
        form.locator("input[name=r]").first.check()
        for box in form.locator("input[name=r][type=checkbox]").all()[1:]:
            box.uncheck()


def assert_verdicts(form, *, are_shown):
    """Assert that the verdicts, and what is said of the whole answer, stand there, or the sentence in their place."""
    reasons = form.locator(".reason")
    assert reasons.count()
    assert [one.is_visible() for one in reasons.all()] == [are_shown] * reasons.count()
    assert form.locator(".banner").is_visible() == are_shown
    assert form.get_by_text(OTHER).is_visible() != are_shown


def test_verdicts_go_while_another_choice_stands_and_come_back_with_the_recorded_one(sign_in_as, assert_accessible):
    page = open_lesson(sign_in_as, "learner2.mg@example.org")
    form = recorded_answer(page)
    assert_verdicts(form, are_shown=True)

    choose_another(form)
    page.wait_for_function(COMES)
    assert_verdicts(form, are_shown=False)
    assert_accessible(page)
    choose_as_recorded(form)
    form.locator(".banner").wait_for()
    assert_verdicts(form, are_shown=True)
    choose_another(form)
    chosen = page.evaluate(CHOSEN)
    page.reload()
    assert page.evaluate(CHOSEN) == chosen
    assert_verdicts(form, are_shown=False)
    page.set_viewport_size({"width": 1280, "height": 800})
    in_french(page)

    assert page.evaluate(CHOSEN) == chosen
    assert not any(one.is_visible() for one in form.locator(".reason, .banner").all())
    assert form.locator(".unsent p").first.is_visible()


def test_another_answer_that_waits_has_no_verdicts_beside_it_before_and_after_it_is_sent(sign_in_as):
    page = open_lesson(sign_in_as, "learner3.mg@example.org")
    form = recorded_answer(page)
    choose_another(form)
    page.context.set_offline(True)
    form.locator("button[type=submit]:not([name])").click()
    form.get_by_text(WAITS).wait_for()
    assert not any(one.is_visible() for one in form.locator(".reason, .banner").all())
    assert not form.get_by_text(OTHER).is_visible()
    choose_as_recorded(form)
    form.get_by_text(BEFORE_WAITS).wait_for()
    assert form.get_by_text(WAITS).is_hidden()
    choose_another(form)
    form.get_by_text(WAITS).wait_for()
    assert form.get_by_text(BEFORE_WAITS).is_hidden()
    assert not any(one.is_visible() for one in form.locator(".reason, .banner").all())
    assert not form.get_by_text(OTHER).is_visible()

    page.context.set_offline(False)
    until_all_is_sent(page)
    form.locator(".banner").wait_for()
    assert_verdicts(form, are_shown=True)
    choose_as_recorded(form)
    page.wait_for_function(COMES)
    page.reload()

    assert_verdicts(form, are_shown=False)


@pytest.mark.parametrize("how", ["back", "tick"])
def test_ticks_of_a_cut_go_along_once_the_network_is_back(sign_in_as, how):
    page = open_lesson(sign_in_as, f"learner{4 if how == 'back' else 5}.mg@example.org")
    forms = page.locator("form[data-check]")

    def tick(form):
        for box in form.locator("select").all():
            box.select_option(index=2)
        if form.locator("input[name=r]").count():
            form.locator("input[name=r]").last.check()

    stops = "**/along*.js"
    if how == "back":
        page.context.set_offline(True)
    else:
        page.context.route(stops, lambda route: route.abort())
    with page.expect_event("requestfailed", lambda request: "/along" in request.url):
        tick(forms.first)
    with page.expect_response(lambda answer: "/along" in answer.url):
        if how == "back":
            page.context.set_offline(False)
        else:
            page.context.unroute(stops)
            tick(forms.last)
    page.wait_for_function(COMES)
    chosen = page.evaluate(CHOSEN)

    page.reload()

    assert any(chosen)
    assert page.evaluate(CHOSEN) == chosen


def test_whoever_comes_back_reads_what_waits_and_then_its_reasons_and_the_way_on(sign_in_as, assert_accessible):
    page = sign_in_as("learner6.mg@example.org", "/en/learning/", 360)
    form = read_and_answer_without_network(page)
    chosen = page.evaluate(CHOSEN)
    finish(page)
    page.locator("form.pager .outbox-note").wait_for()
    let_through = leave_with_all_waiting(page)

    page.goto(LESSON)
    form.get_by_text(WAITS).wait_for()
    page.locator("form.pager").get_by_text("Finished on this phone; it waits to be sent.").wait_for()
    page.wait_for_function(f"() => ({TOLD})() === '1 answer waiting on this phone'")
    assert int(form.get_attribute("data-turn")) == 2
    assert_accessible(page)
    ends = [one["key"] for one in waiting(page, who_of(page)) if one["sent"]["payload"].get("screen") == "end"]
    assert ends == [page.locator("form.pager").get_attribute("data-key")]
    let_through()

    form.get_by_role("button", name="Send another answer").wait_for()
    page.get_by_text(FINISHED).wait_for()
    until_all_is_sent(page)
    assert page.evaluate(CHOSEN) == chosen
    assert_verdicts(form, are_shown=True)


def test_whoever_comes_back_and_chooses_otherwise_is_told_which_answer_counts(sign_in_as):
    page = sign_in_as("learner2.mz@example.org", "/en/learning/", 360)
    form = read_and_answer_without_network(page)
    let_through = leave_with_all_waiting(page)
    page.goto(LESSON)
    form.get_by_text(WAITS).wait_for()
    choose_another(form)
    let_through()

    told = form.locator(".outbox-note").get_by_text(OTHER)
    told.wait_for()
    assert form.get_by_role("button", name="Send this answer").is_visible()
    choose_as_recorded(form)
    told.wait_for(state="hidden")
    choose_another(form)
    told.wait_for()
    page.wait_for_function(COMES)
    page.reload()

    assert_verdicts(form, are_shown=False)


def test_once_all_is_sent_what_tells_of_it_is_asked_for_until_it_comes(sign_in_as):
    page = open_lesson(sign_in_as, "learner2.mz@example.org")
    page.context.set_offline(True)
    finish(page)
    page.locator("form.pager .outbox-note").wait_for()
    page.context.route("**/sent*.js", lambda route: route.abort())
    with page.expect_event("requestfailed", lambda request: "/sent" in request.url):
        page.context.set_offline(False)
    page.wait_for_function(f"() => ({TOLD})().startsWith('All sent')")
    page.wait_for_timeout(3000)  # nothing else happens in the box: each change of it asks as well
    assert page.locator("form.pager .outbox-note").is_visible()

    page.context.unroute("**/sent*.js")

    page.get_by_text(FINISHED).wait_for()
    assert page.locator(".outbox-note").count() == 0
