"""What stands in a question while an answer to it waits, and once that arrives: what she chose, and no verdict on another."""

import re

import pytest

from tests.browser.test_came_back import (
    COMES,
    PROGRESS,
    WAITS,
    assert_verdicts,
    choose_as_recorded,
    leave_with_all_waiting,
    open_lesson,
    recorded_answer,
)
from tests.browser.test_language_in_a_test import CHOSEN, in_french
from tests.browser.test_outbox import LESSON, answer_a_check
from tests.browser.test_sent import BEFORE_WAITS, OTHER, choose_another, refuse, until_all_is_sent

pytestmark = pytest.mark.browser
COURSE = "/en/judicial/what-must-be-proved/"
LESSONS = {
    "multiple": f"{COURSE}what-must-be-proved/consent-and-vulnerability/",
    "order": f"{COURSE}the-person-in-the-room/hearing-an-adult-safely/",
    "number": f"{COURSE}decisions-that-repair/compensation-and-assets/",
}


def another_that_waits(page, form):
    """Send another answer than the recorded one without a network; return what stands then."""
    page.context.set_offline(True)
    choose_another(form)
    form.locator("button[type=submit]:not([name])").click()
    form.get_by_text(WAITS).wait_for()
    return page.evaluate(CHOSEN)


def assert_no_verdict(form):
    """Assert that no verdict is seen, nor what is said of a whole answer."""
    verdicts = form.locator(".reason, .banner").all()
    assert verdicts
    assert not any(one.is_visible() for one in verdicts)


def assert_told_of_other(form):
    """Wait until it is said that another answer is recorded; assert that no verdict stands beside."""
    form.locator(".outbox-note").get_by_text(OTHER).wait_for()
    assert_no_verdict(form)


def choose(form, kind):
    """Choose or write something that no lesson suggests by itself."""
    if kind == "multiple":
        for box in (form.locator("input[name=r]").first, form.locator("input[name=r]").last):
            box.check()
    elif kind == "order":
        boxes = form.locator("select").all()
        for place, box in enumerate(boxes):
            box.select_option(index=len(boxes) - place)
    else:
        form.locator("input[name=r]").fill("1,250")


def test_what_was_recorded_and_is_chosen_again_stays_when_the_answer_that_waited_arrives(
    sign_in_as, assert_accessible
):
    page = open_lesson(sign_in_as, "learner.mg@example.org")
    form = recorded_answer(page)
    another = another_that_waits(page, form)
    choose_as_recorded(form)
    chosen = page.evaluate(CHOSEN)
    assert chosen != another
    assert_no_verdict(form)

    page.context.set_offline(False)

    assert_told_of_other(form)
    assert page.evaluate(CHOSEN) == chosen
    assert_accessible(page)
    page.reload()
    assert page.evaluate(CHOSEN) == chosen
    assert_verdicts(form, are_shown=False)


@pytest.mark.parametrize("then", ["is left", "chooses again what is recorded"])
def test_a_lesson_opened_anew_shows_what_waits_and_no_verdict_on_what_is_recorded(sign_in_as, assert_accessible, then):
    page = open_lesson(sign_in_as, "learner.mw@example.org" if then == "is left" else "learner.bd@example.org")
    form = recorded_answer(page)
    chosen = another_that_waits(page, form)
    let_through = leave_with_all_waiting(page)

    page.goto(LESSON)
    form.get_by_text(WAITS).wait_for()
    assert page.evaluate(CHOSEN) == chosen
    assert_no_verdict(form)
    assert not form.get_by_text(OTHER).is_visible()
    assert_accessible(page)
    if then == "is left":
        let_through()
        form.locator(".banner").wait_for()
        until_all_is_sent(page)
        assert_verdicts(form, are_shown=True)
    else:
        choose_as_recorded(form)
        chosen = page.evaluate(CHOSEN)
        assert_no_verdict(form)
        page.wait_for_function(COMES)
        page.reload()
        form.get_by_text(BEFORE_WAITS).wait_for()
        assert_no_verdict(form)
        let_through()
        assert_told_of_other(form)

    assert page.evaluate(CHOSEN) == chosen


def assert_told_apart(form):
    """Wait until it is said that the answer before waits; assert that nothing says so of what stands there now."""
    form.locator(".waits").wait_for()
    assert form.locator(".outbox-note").is_hidden()


def assert_waits(form):
    """Wait until what stands there is said to wait; assert that nothing is said of another answer."""
    form.get_by_text(WAITS).wait_for()
    assert form.locator(".waits").is_hidden()


def test_beside_another_choice_the_answer_that_waits_is_told_apart_from_it(sign_in_as, assert_accessible):
    page = open_lesson(sign_in_as, "learner.lr@example.org")
    form = page.locator("form[data-check]").first
    page.context.set_offline(True)
    answer_a_check(page)
    assert_waits(form)
    waits = page.evaluate(CHOSEN)
    choose_another(form)
    another = page.evaluate(CHOSEN)
    assert_told_apart(form)
    assert form.get_by_text(BEFORE_WAITS).is_visible()
    assert form.locator("[aria-live]", has_text=BEFORE_WAITS).count() == 1
    assert_accessible(page)
    choose_as_recorded(form)
    assert_waits(form)

    let_through = leave_with_all_waiting(page)
    page.goto(LESSON)
    assert_waits(form)
    choose_another(form)
    assert_told_apart(form)
    page.wait_for_function(COMES)
    page.reload()
    assert_told_apart(form)
    page.set_viewport_size({"width": 1280, "height": 800})
    in_french(page)
    assert_told_apart(form)
    page.goto(LESSON)
    assert_told_apart(form)
    assert page.evaluate(CHOSEN) == another
    with page.context.expect_page():  # what stands is stored for wherever she goes
        page.locator("header a[href*='/languages/']").first.click(modifiers=["Control"])
    choose_as_recorded(form)
    assert_waits(form)
    page.reload()
    assert_waits(form)
    assert page.evaluate(CHOSEN) == waits

    choose_another(form)
    assert_told_apart(form)
    form.locator("button[type=submit]:not([name])").click()
    assert_waits(form)
    let_through()
    form.locator(".banner").wait_for()
    assert page.evaluate(CHOSEN) == another


def turned(route):
    """Serve a page with the answers that may be chosen in the opposite order, as after an edition that moves them."""
    answer = route.fetch()
    before, choices, after = re.split(
        r"(<label class=.choice.*?)(?=</fieldset>)", answer.text(), maxsplit=1, flags=re.DOTALL
    )
    opposite = re.findall(r"<label.*?</label>", choices, re.DOTALL)[::-1]
    route.fulfill(response=answer, body=before + "".join(opposite) + after)


def test_an_answer_of_each_kind_that_waits_is_put_back_into_its_question(sign_in_as):
    page = sign_in_as("learner.tn@example.org", "/en/learning/", 360)
    page.context.route(PROGRESS, lambda route: route.abort())
    form = page.locator("form[data-check]").first
    chosen = {}
    for kind, address in LESSONS.items():
        page.goto(address)
        assert form.get_attribute("data-check") == kind
        choose(form, kind)
        form.locator("button[type=submit]:not([name])").click()
        form.get_by_text(WAITS).wait_for()
        chosen[kind] = page.evaluate(CHOSEN)

    for kind, address in LESSONS.items():
        page.goto(address)
        form.get_by_text(WAITS).wait_for()
        assert page.evaluate(CHOSEN) == chosen[kind]
        assert form.get_attribute("autocomplete") == "off"

    page.context.route(f"**{LESSONS['multiple']}", turned)
    page.goto(LESSONS["multiple"])
    assert_waits(form)
    for told in (assert_told_apart, assert_waits):
        form.locator("input[name=r]").last.click()
        told(form)
    page.goto(LESSONS["number"])

    page.context.unroute(PROGRESS)
    page.reload()
    form.get_by_role("button", name="Send another answer").wait_for()
    assert page.evaluate(CHOSEN) == chosen[kind]


def test_where_the_answer_that_waited_is_not_taken_what_is_recorded_has_its_verdicts_once_it_is_chosen(sign_in_as):
    page = open_lesson(sign_in_as, "learner2.tn@example.org")
    form = recorded_answer(page)
    chosen = another_that_waits(page, form)
    page.context.route(PROGRESS, refuse)

    page.context.set_offline(False)

    page.get_by_text("Not accepted").wait_for()
    page.wait_for_function("() => !document.querySelector('.outbox-note')")
    page.wait_for_load_state("networkidle")
    assert page.evaluate(CHOSEN) == chosen
    assert_no_verdict(form)
    choose_as_recorded(form)
    form.locator(".banner").wait_for()
    assert_verdicts(form, are_shown=True)
