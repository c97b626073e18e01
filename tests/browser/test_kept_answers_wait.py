"""A kept lesson without a network, opened again while an answer waits: it stands in its question, told apart from another choice."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_came_back import PROGRESS, choose_as_recorded
from tests.browser.test_keeping import KEEP, answer, keep
from tests.browser.test_language_in_a_test import CHOSEN
from tests.browser.test_outbox import LESSON
from tests.browser.test_sent import BEFORE_WAITS, OTHER, choose_another
from tests.browser.test_what_waits_stands import LESSONS, choose
from tests.browser.test_without_account import sign_in

pytestmark = pytest.mark.browser
WAIT = 30_000
THIS_PHONES = "who => localStorage.setItem('fanal-who', who)"
TOLD = "form => [...form.querySelectorAll('.reason, .told')].map(one => one.checkVisibility() && one.innerText)"


def open_kept(page, address=LESSON):
    """Open a lesson without a network, which is the kept one; return its first question once its scripts are there."""
    page.goto(address)
    page.locator("main[data-kept]").wait_for()
    page.wait_for_load_state()
    return page.locator("[data-kept-check]").first


def answer_that_waits(page, form):
    """Answer without a network; return what is chosen and what is said of it."""
    answer(form)
    form.locator(".told").wait_for()
    told = form.evaluate(TOLD)
    assert any(told[:-1])
    return page.evaluate(CHOSEN), told


def assert_stands(page, form, sent):
    """Wait until what was sent stands with what was said of it, and nothing of another answer."""
    form.locator(".told").wait_for()
    assert (page.evaluate(CHOSEN), form.evaluate(TOLD)) == sent
    assert form.locator(".unsent p:visible").count() == 0


def assert_told_apart(form, words=BEFORE_WAITS):
    """Wait until it is said that another answer was sent before; assert that no verdict of it is seen."""
    form.locator(".unsent p", has_text=words).wait_for()
    assert form.locator(".unsent p:visible").count() == 1
    assert form.locator(".reason:visible, .told:visible").count() == 0


def test_an_answer_that_waits_stands_again_and_is_told_apart_from_another_choice(sign_in_as, assert_accessible):
    page = sign_in_as("official8.tn@example.org", "/en/learning/", 360)
    keep(page)
    page.context.set_offline(True)
    form = open_kept(page)
    sent = answer_that_waits(page, form)

    page.reload()
    assert_stands(page, form, sent)
    assert page.evaluate("document.activeElement === document.body")
    assert_accessible(page)
    choose_another(form)
    assert_told_apart(form)
    another = page.evaluate(CHOSEN)
    page.reload()
    assert_told_apart(form)
    assert page.evaluate(CHOSEN) == another != sent[0]
    expect(page.locator("[data-outbox]")).to_have_text(
        "1 answer waiting on this phone", use_inner_text=True, timeout=WAIT
    )
    assert_accessible(page)
    with page.context.expect_page():  # what stands is stored for wherever she goes
        page.locator("footer a", has_text="Kept on this phone").click(modifiers=["Control"])
    choose_as_recorded(form)
    assert_stands(page, form, sent)
    page.reload()
    assert_stands(page, form, sent)

    choose_another(form)
    assert_told_apart(form)
    form.locator(".told").evaluate("(told) => { told.dataset.old = 'yes'; }")
    form.get_by_role("button").click()
    form.locator(".told:not([data-old])").wait_for()  # of this answer, not of the one before
    later = page.evaluate(CHOSEN), form.evaluate(TOLD)
    page.reload()
    assert_stands(page, form, later)
    choose_as_recorded(form)
    assert_told_apart(form)
    page.context.set_offline(False)
    page.locator("[data-outbox]", has_text="All sent").wait_for()
    assert_told_apart(form, OTHER)
    choose_another(form)
    assert_stands(page, form, later)
    assert "waits" not in page.locator("main").inner_text()
    page.goto("/en/keep/")
    page.goto(LESSON)
    assert page.evaluate(CHOSEN) == another


def test_in_another_kept_language_the_answer_that_waits_stands_too(sign_in_as, assert_accessible):
    page = sign_in_as("official9.tn@example.org", "/en/learning/", 360)
    for address in (KEEP, KEEP.replace("/en/", "/ar/")):
        keep(page, address)
    page.context.set_offline(True)
    form = open_kept(page)
    chosen, _told = answer_that_waits(page, form)

    page.locator("[data-part=tongues] a").click()
    page.wait_for_url("**/ar/keep/**")
    form.locator(".told").wait_for()
    assert page.evaluate(CHOSEN) == chosen
    told = form.evaluate(TOLD)
    choose_another(form)
    waits = form.locator(".waits").inner_text()
    assert_told_apart(form, waits)
    assert waits != BEFORE_WAITS
    assert_accessible(page)
    page.locator("[data-part=tongues] a").click()
    page.wait_for_url("**/en/keep/**")
    assert_told_apart(form)
    choose_as_recorded(form)
    form.locator(".told").wait_for()
    page.locator("[data-part=tongues] a").click()
    page.wait_for_url("**/ar/keep/**")
    assert_stands(page, form, (chosen, told))


def test_an_answer_of_each_kind_that_waits_stands_in_its_kept_question(sign_in_as):
    page = sign_in_as("official10.tn@example.org", "/en/learning/", 360)
    keep(page)
    page.context.set_offline(True)
    sent = {}
    for kind, address in LESSONS.items():
        form = open_kept(page, address)
        assert form.get_attribute("data-kept-check") == kind
        choose(form, kind)
        form.get_by_role("button").click()
        form.locator(".told").wait_for()
        sent[kind] = page.evaluate(CHOSEN), form.evaluate(TOLD)

    for kind, address in LESSONS.items():
        assert_stands(page, open_kept(page, address), sent[kind])


def test_what_cannot_be_sent_leaves_it_said_that_another_answer_waits(sign_in_as):
    page = sign_in_as("official3.ht@example.org", "/en/learning/", 360)
    keep(page)
    page.context.set_offline(True)
    form = open_kept(page, LESSONS["order"])
    choose(form, "order")
    form.get_by_role("button").click()
    form.locator(".told").wait_for()
    first = form.locator("select").first
    first.select_option(index=0)
    form.locator(".waits:visible").wait_for()

    form.get_by_role("button").click()
    form.get_by_role("alert").wait_for()

    assert form.locator(".unsent p:visible").count() == 1
    assert form.locator(".reason:visible").count() == 0
    page.reload()
    assert_told_apart(form)
    assert first.input_value() == ""


def test_an_answer_that_waits_is_shown_to_nobody_else(sign_in_as):
    page = sign_in_as("official1.ht@example.org", "/en/learning/", 360)
    keep(page)
    page.context.set_offline(True)
    form = open_kept(page)
    sent = answer_that_waits(page, form)
    kept = page.url
    who = page.evaluate("localStorage.getItem('fanal-who')")
    page.goto("about:blank")
    page.context.clear_cookies()
    page.context.set_offline(False)
    sign_in(page, "official2.ht@example.org")

    page.evaluate(THIS_PHONES, who)  # no page of hers told the phone yet
    held, opened = [], []
    page.context.route(PROGRESS, lambda route: route.continue_() if opened else held.append(route))
    page.goto(kept)
    page.get_by_text("1 answer waiting on this phone").wait_for()  # not known yet who reads
    assert not any(page.evaluate(CHOSEN))
    opened.append(True)
    for one in held:
        one.continue_()

    page.wait_for_function("(who) => localStorage.getItem('fanal-who') !== who", arg=who)
    page.wait_for_load_state("networkidle")
    assert not any(page.evaluate(CHOSEN))
    assert form.locator(".told").count() == 0
    page.context.set_offline(True)
    page.evaluate(THIS_PHONES, who)
    page.reload()
    assert_stands(page, form, sent)
