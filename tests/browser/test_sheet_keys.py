"""The sheet by keyboard alone, of somebody who came in person: danger and child branches, and a network that goes away."""

import pytest

from tests.browser.test_call import WAIT

pytestmark = pytest.mark.browser


def at(page, question):
    """Wait until a question stands open, on a page whose scripts hear keys."""
    page.locator(f'#sheet-question[value="{question}"]').wait_for(state="attached", timeout=WAIT)
    page.wait_for_load_state("domcontentloaded")


def open_sheet(sign_in_as):
    """Write down that somebody came in person, and return the page with the first question of the sheet."""
    page = sign_in_as("operator2.lr@example.org", "/en/calls/write-down/")
    page.locator("#id_kind_0").check()
    page.locator("#id_happened_on").press("Enter")
    at(page, "safe_now")
    return page


def answer(page, key, then):
    """Press the key of an answer, and wait for the question that it opens."""
    page.keyboard.press(key)
    at(page, then)


def test_an_answer_that_is_pressed_as_soon_as_its_question_stands_waits_for_the_network_too(sign_in_as):
    """Its form is put into the page; a slow device comes to making it one that waits much later."""
    page = open_sheet(sign_in_as)
    page.evaluate("window.htmx.config.defaultSettleDelay = 60000")
    answer(page, "2", "danger_near")

    page.context.set_offline(True)
    page.keyboard.press("1")

    page.locator("#answer-waits").wait_for(timeout=WAIT)
    page.context.set_offline(False)
    at(page, "danger_hurt")


def test_a_number_that_is_left_by_a_key_as_soon_as_its_question_stands_waits_for_the_network_too(sign_in_as):
    page = open_sheet(sign_in_as)
    answer(page, "1", "may_talk")
    page.evaluate("window.htmx.config.defaultSettleDelay = 60000")
    answer(page, "1", "age")

    page.context.set_offline(True)
    page.keyboard.type("15")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowDown")

    page.locator("#answer-waits").wait_for(timeout=WAIT)
    page.context.set_offline(False)
    at(page, "child_adult")


@pytest.mark.parametrize("elsewhere", ["#note-form textarea", "#answer-2"])
def test_an_answer_is_sent_again_with_its_button_wherever_the_keyboard_stands_by_then(sign_in_as, elsewhere):
    page = open_sheet(sign_in_as)
    page.context.set_offline(True)
    page.locator("#answer-1").click()
    page.locator("#answer-waits").wait_for(timeout=WAIT)
    page.locator(elsewhere).focus()
    page.context.set_offline(False)

    at(page, "may_talk")
    assert page.locator("#facts dd").first.inner_text() == "Yes"


def test_a_second_answer_while_the_first_is_on_its_way_is_not_sent_with_it(sign_in_as):
    page = open_sheet(sign_in_as)
    held = []
    page.context.route("**/answer/", lambda route: route.continue_() if held else held.append(route))
    with page.expect_request("**/answer/"):
        page.keyboard.press("1")
    page.keyboard.press("2")
    held[0].abort()

    at(page, "may_talk")
    assert page.locator("#facts dd").first.inner_text() == "Yes"


def test_a_number_is_sent_without_the_button_on_which_the_keyboard_stands(sign_in_as):
    page = open_sheet(sign_in_as)
    answer(page, "1", "may_talk")
    answer(page, "1", "age")
    page.keyboard.type("15")
    page.locator("#sheet form[hx-sync] button[name=answer]").first.focus()
    page.keyboard.press("ArrowDown")

    at(page, "child_adult")
    assert page.locator("#facts").get_by_text("15").is_visible()


def test_a_note_that_is_saved_again_before_it_has_settled_stays_on_its_page(sign_in_as):
    page = open_sheet(sign_in_as)
    page.evaluate("window.htmx.config.defaultSettleDelay = 60000")
    page.locator("#note-form textarea").fill("The first words.")
    page.locator("#note-save").click()
    page.locator("#note-form.htmx-added").wait_for(timeout=WAIT)

    page.context.set_offline(True)
    page.locator("#note-form textarea").fill("The second words.")
    with page.expect_event("requestfailed", lambda asked: "/note/" in asked.url and asked.headers.get("hx-request")):
        page.locator("#note-save").click()

    page.locator("#note-unsaved").wait_for(timeout=WAIT)
    assert page.locator("#note-form textarea").input_value() == "The second words."


def test_a_language_that_is_chosen_before_the_sheet_has_settled_stays_on_its_page_where_no_network_is(sign_in_as):
    page = open_sheet(sign_in_as)
    page.evaluate("window.htmx.config.defaultSettleDelay = 60000")
    answer(page, "1", "may_talk")

    page.context.set_offline(True)
    page.locator("#speaks").select_option("fr")
    with page.expect_event(
        "requestfailed", lambda asked: "/language/" in asked.url and asked.headers.get("hx-request")
    ):
        page.locator("#change-language").click()

    assert page.locator("#speaks").input_value() == "fr"


def test_an_answer_is_sent_again_with_its_button_where_its_form_was_met_anew(sign_in_as):
    """What is pressed before its form has settled is on its way while htmx meets the form once more, and forgets the button."""
    page = open_sheet(sign_in_as)
    page.evaluate("window.htmx.config.defaultSettleDelay = 8000")
    unsettled = []

    def fail_once_it_settled(route):
        unsettled.append(page.locator("#sheet.htmx-added").count())
        page.locator("#sheet.htmx-added").wait_for(state="detached", timeout=WAIT)
        route.abort()

    answer(page, "1", "may_talk")
    page.context.route("**/answer/", fail_once_it_settled)
    page.keyboard.press("1")
    page.locator("#answer-waits").wait_for(timeout=WAIT)
    page.context.unroute("**/answer/")

    at(page, "age")
    assert unsettled[0] == 1


def test_a_double_click_is_one_answer(sign_in_as):
    """What htmx has met is not met anew while its answer is under way: then it would not know the second click for one."""
    page = open_sheet(sign_in_as)
    sent = []

    def later(route):
        sent.append(route.request.url)
        page.wait_for_timeout(600)
        route.continue_()

    page.route("**/answer/", later)
    page.locator("#sheet form[hx-sync] button").first.dblclick(no_wait_after=True)
    page.locator("#sheet-question:not([value=safe_now])").wait_for(state="attached", timeout=WAIT)

    assert len(sent) == 1


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("ar", 360)])
def test_branches_open_and_an_answer_waits_for_the_network(sign_in_as, assert_accessible, language, width):
    page = sign_in_as("operator2.lr@example.org", f"/{language}/calls/write-down/", width)
    page.locator("#id_kind_0").focus()
    page.keyboard.press("Space")
    assert_accessible(page)
    page.locator("#id_happened_on").focus()
    page.keyboard.press("Enter")

    at(page, "safe_now")
    answer(page, "2", "danger_near")
    assert page.locator(".branch-line").is_visible()
    assert_accessible(page)
    answer(page, "1", "danger_hurt")
    answer(page, "3", "danger_way")
    answer(page, "2", "may_talk")
    answer(page, "1", "age")
    page.keyboard.type("15")
    page.keyboard.press("Enter")
    at(page, "child_adult")

    page.context.set_offline(True)
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    page.locator("#answer-waits").wait_for(timeout=WAIT)
    page.keyboard.press("ArrowDown")
    assert page.locator("#sheet-question").get_attribute("value") == "child_adult"
    assert_accessible(page)
    page.context.set_offline(False)
    at(page, "child_home")
    assert page.locator("#answer-waits").is_hidden()
    assert page.locator("#facts dt").count() >= 6
    page.keyboard.press("ArrowUp")
    at(page, "child_adult")
    assert page.locator("#answer-1").get_attribute("aria-pressed") == "true"
