import pytest

pytestmark = pytest.mark.browser


def test_home_shows_the_number_and_passes_axe_in_english_and_arabic(visit, assert_accessible):
    page = visit(360)

    page.goto("/en/liberia/")

    assert page.locator("a.dial").inner_text() == "2883"
    assert_accessible(page)
    page.goto("/ar/tunisia/")
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert_accessible(page)


def test_home_does_not_scroll_sideways_on_a_small_phone(visit):
    page = visit(320)

    page.goto("/fr/haiti/")

    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_leave_survives_back_and_reload(visit):
    page = visit(360)
    page.route(
        "https://www.wikipedia.org/**", lambda route: route.fulfill(body="<title>Elsewhere</title><p>Elsewhere</p>")
    )
    page.goto("/en/")
    page.goto("/en/liberia/")

    page.locator("#leave").click()
    page.wait_for_url("https://www.wikipedia.org/**")
    page.go_back(wait_until="commit")
    page.wait_for_timeout(1500)

    assert "2883" not in page.locator("body").inner_text()


def test_shift_three_times_leaves(visit):
    page = visit()
    page.route("https://www.wikipedia.org/**", lambda route: route.fulfill(body="<title>Elsewhere</title>"))
    page.goto("/en/liberia/")

    for _ in range(3):
        page.keyboard.press("Shift")

    page.wait_for_url("https://www.wikipedia.org/**")


def test_language_switch_keeps_the_page(visit):
    page = visit()
    page.goto("/en/privacy/")

    page.get_by_role("link", name="Language").click()
    page.get_by_role("link", name="français").click()

    assert page.url.endswith("/fr/privacy/")
    assert page.locator("html").get_attribute("lang") == "fr"


def test_the_frame_works_without_script(visit):
    page = visit(360, script=False)
    page.goto("/en/liberia/")

    with page.expect_response("**/leave/") as answer:
        page.locator("#leave").click()

    assert answer.value.status == 302
    assert answer.value.headers["location"] == "https://www.wikipedia.org/"


@pytest.mark.parametrize(("address", "name"), [("/mg/madagascar/", "Madagasikara"), ("/ht/madagascar/", "Madagaska")])
def test_a_long_country_name_shows_on_a_phone_and_nothing_scrolls_sideways(visit, address, name):
    page = visit(360)

    page.goto(address)

    assert page.locator(".masthead .brand").get_by_text(name, exact=True).is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
