"""The demo's phone on a narrow screen, before a call and on the line, and the number that follows the caller's country."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

WAIT = 45_000
SCROLLS = "() => (box => box !== null && box.scrollHeight > box.clientHeight)(document.getElementById('phone-heard'))"
RING = "box => [getComputedStyle(box).outlineStyle, parseInt(getComputedStyle(box).outlineOffset)]"


@pytest.fixture
def on_the_line(visit):
    """A function that calls the line from a narrow phone in a language, and returns its page once the transcript scrolls."""
    pages = []

    def call(language):
        page = visit(360)
        page.goto(f"/{language}/demo/phone/")
        page.locator("#phone-dial").click()
        pages.append(page)
        page.wait_for_function(SCROLLS, timeout=WAIT)
        return page

    yield call
    for page in pages:
        page.locator("#phone-hang-up").click()
        page.locator("#phone-dial").wait_for(timeout=WAIT)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_header_of_the_phone_fits_a_narrow_screen(visit, language):
    page = visit(360)
    page.goto(f"/{language}/demo/phone/")

    header, button = (page.locator(one).bounding_box() for one in ("header.top", "header.top .lightq2"))
    chip = page.locator(".case-head .chip").bounding_box()

    assert header["height"] <= 64
    assert button["x"] >= 16
    assert button["x"] + button["width"] <= 344
    assert chip["y"] >= header["y"] + header["height"]
    assert chip["height"] <= 32


def test_the_number_to_dial_follows_the_callers_country_unless_somebody_wrote_another(visit, assert_accessible):
    page = visit(360)
    page.goto("/en/demo/phone/")
    caller, number = page.get_by_label("Caller"), page.get_by_label("Number to dial")

    first = number.input_value()
    caller.select_option("+50934000103")
    haiti, shown = number.input_value(), page.locator(".screen .to").inner_text()
    caller.select_option("+231880000102")
    liberia = number.input_value()
    number.fill("112")
    caller.select_option("+21620000104")

    assert (first, haiti, shown, liberia, number.input_value()) == ("2883", "840", "840", "2883", "112")
    assert_accessible(page)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_transcript_that_scrolls_is_reached_by_keyboard_and_keeps_the_focus_as_it_grows(
    on_the_line, assert_accessible, language
):
    page = on_the_line(language)
    assert_accessible(page)
    heard, first = page.locator("#phone-heard"), page.locator("#phone-heard .line-says").all_inner_texts()

    page.locator("form.pad button").first.focus()
    page.keyboard.press("Shift+Tab")
    expect(heard).to_be_focused()
    assert heard.evaluate(RING) == ["solid", -3]
    page.keyboard.press("7")
    page.locator("#phone-heard .you").wait_for(timeout=WAIT)

    expect(heard).to_be_focused()
    lines = heard.locator(".line-says")
    assert lines.all_inner_texts()[: len(first)] == first
    assert lines.evaluate_all("lines => new Set(lines.map((line) => line.dataset.say)).size === lines.length")
    assert_accessible(page)


@pytest.mark.parametrize("button", ["#phone-hang-up", "#phone-cut"])
def test_who_ends_the_call_by_keyboard_stands_on_the_button_that_calls_again(visit, button):
    page = visit(360)
    page.goto("/en/demo/phone/")
    page.locator("#phone-dial").press("Enter")
    ends = page.locator(button)
    ends.wait_for(timeout=WAIT)
    page.wait_for_load_state()  # without its script it would end the call by another page

    ends.press("Enter")

    expect(page.locator("#phone-dial")).to_be_focused(timeout=WAIT)


@pytest.mark.parametrize("place", ['form.pad button[data-key="2"]', "body"])
def test_a_call_that_ends_takes_the_focus_from_nowhere_else(visit, place):
    page = visit(360)
    page.goto("/en/demo/phone/")
    page.locator("#phone-dial").click()
    page.locator("#phone-hang-up").wait_for(timeout=WAIT)
    page.wait_for_load_state()
    page.evaluate("document.activeElement.blur()")
    page.locator(place).focus()

    page.locator("#phone-hang-up").evaluate("button => button.form.requestSubmit()")
    page.locator("#phone-acts:not(.htmx-added) #phone-dial").wait_for(timeout=WAIT)  # settled: the focus is given

    assert page.locator(place).evaluate("element => element === document.activeElement")


@pytest.mark.parametrize("language", ["mg", "wo", "fr", "th", "ar"])
def test_the_buttons_of_a_call_stay_within_the_phone(on_the_line, language):
    page = on_the_line(language)

    frame = page.locator(".handset").bounding_box()
    for button in page.locator(".handset .acts button").all():
        box = button.bounding_box()
        assert frame["x"] + 16 <= box["x"]
        assert box["x"] + box["width"] <= frame["x"] + frame["width"] - 16
        assert button.evaluate("button => button.scrollWidth <= button.clientWidth")


@pytest.mark.parametrize("first", [None, "supervisor.lr@example.org"], ids=["nobody", "a supervisor"])
def test_call_dials_after_another_sign_in_in_the_same_browser(visit, sign_in_as, first):
    phone = sign_in_as(first, "/en/demo/phone/") if first else visit(1280)
    phone.goto("/en/demo/phone/")
    beside = phone.context.new_page()
    beside.goto("/en/demo/people/")
    for more in beside.locator("details > summary").all():
        more.click()
    with beside.expect_navigation():
        beside.locator("li", has=beside.get_by_text("operator2.lr@example.org", exact=True)).get_by_role(
            "button"
        ).click()

    phone.bring_to_front()
    phone.locator("#phone-dial").dblclick()

    phone.locator("#phone-hang-up").wait_for(timeout=WAIT)
    assert phone.locator("#signed-out").count() == 0
    phone.locator("#phone-hang-up").click()
    phone.locator("#phone-dial").wait_for(timeout=WAIT)
