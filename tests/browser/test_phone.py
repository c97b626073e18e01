"""The demo's phone on a narrow screen, and the number that follows the caller's country."""

import pytest

pytestmark = pytest.mark.browser


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
