"""The call's journey: phone, language, queue, operator, sheet, case, agency by link, accepted, closed."""

import re

import pytest

pytestmark = pytest.mark.browser

WAIT = 45_000
A_MOMENT = 1_600  # so long no key closes a sheet that has just come to be closed


def dial_in_french(phone):
    """Dial 2883 and choose French by its key."""
    phone.goto("/en/demo/phone/")
    phone.locator("#phone-dial").click()
    phone.get_by_text("Pour le français, tapez 2.").wait_for(timeout=WAIT)
    phone.locator('form.pad button[data-key="2"]').click()


def take_the_french_call(console):
    """Take the call that waits in French."""
    waiting = console.locator("#queue li", has=console.locator('bdi[lang="fr"]'))
    waiting.get_by_role("button").first.click(timeout=WAIT)
    console.get_by_role("button", name=re.compile("Hold")).wait_for(timeout=WAIT)


def hang_up_and_close(phone, console):
    """Let the caller hang up, and close the sheet by keys once they close one."""
    phone.locator("#phone-hang-up").click()
    console.locator("#callbar:not(.htmx-added) #wrap-up").wait_for(timeout=WAIT)  # the moment runs once it has settled
    console.wait_for_timeout(A_MOMENT)
    console.keyboard.press("i")
    console.keyboard.press("i")
    console.locator("#wrap-up").wait_for(state="detached", timeout=WAIT)


def answer(console, key, then):
    """Press an answer's key and wait for the next question."""
    console.keyboard.press(key)
    console.locator("#sheet").get_by_text(then, exact=True).first.wait_for(timeout=WAIT)


def fill(page, **told):
    """Fill a form by the names of its fields and send it; radio buttons by their value."""
    for name, value in told.items():
        control = page.locator(f'[name="{name}"]').first
        if control.get_attribute("type") in ("radio", "checkbox"):
            page.locator(f'[name="{name}"][value="{value}"]').check()
        elif control.evaluate("element => element.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)


def send(page):
    """Send the page's main form and wait for the answer."""
    with page.expect_navigation():
        page.locator('main form:has(input[name="key"]) button').last.click()


def finish(page):
    """Finish a step; questions that were not asked are named first, and let be."""
    send(page)
    assert "not asked. Finish anyway?" in page.get_by_role("alert").inner_text()
    with page.expect_navigation():
        page.get_by_role("button", name="Finish anyway").click()


def open_step(page, case, title):
    """Open a running step of a case by its title."""
    page.goto(f"/en/cases/{case}/")
    with page.expect_navigation():
        page.locator(".step-list li", has_text=title).get_by_role("link").first.click()


def refer_and_accept(page, visit, case, title, check=None):
    """Ask the first agency; it opens the letter's link on a phone, gives the code and accepts."""
    open_step(page, case, title)
    page.locator('[name="service"]').first.check()
    send(page)
    code = re.search(r"\d{3} \d{3}", page.locator("main").inner_text())[0]
    letters = visit()
    letters.goto("/en/demo/letters/")
    link = re.search(r"/\w+/a/[\w-]+/", letters.locator("article", has_text="/a/").first.inner_text())[0]
    agency = visit(360)
    agency.goto(link)
    assert "code" in agency.locator("main").inner_text().lower()
    if check:
        check(agency)
    agency.locator('[name="code"]').fill(code)
    with agency.expect_navigation():
        agency.locator("main form button").first.click()
    if check:
        check(agency)
    with agency.expect_navigation():
        agency.locator('[name="answer"][value="accept"]').check()
        agency.get_by_role("button", name="Send this answer").click()


def test_from_the_phone_to_the_closed_case(visit, sign_in_as, assert_accessible):
    phone = visit(360)
    console = sign_in_as("operator2.lr@example.org", "/en/console/")

    dial_in_french(phone)
    take_the_french_call(console)
    phone.get_by_text("An operator is in the call with you").first.wait_for(timeout=WAIT)
    assert_accessible(console)
    assert console.locator("#sheet .say").get_attribute("lang") == "fr"
    answer(console, "1", "Can you talk freely for a few minutes?")
    answer(console, "1", "How old are you?")
    console.locator("#answer-number").fill("30")
    console.keyboard.press("Enter")
    console.locator("#sheet").get_by_text("Are you a woman, a man, or neither?").first.wait_for(timeout=WAIT)
    console.locator("#step-consent_case").click()
    console.locator('#step-consent_case[aria-current="step"]').wait_for(timeout=WAIT)
    answer(console, "1", "Wants a report to the police")
    console.locator("button#open-case:not([disabled])").wait_for(timeout=WAIT)
    console.keyboard.press("c")
    console.locator("#case-box form.asks").wait_for()
    assert console.locator("#say-at-once").inner_text().startswith("Press C once more")
    with console.expect_navigation(url=re.compile("/cases/")):
        console.keyboard.press("c")
    case = re.search(r"/cases/([\w-]+)/", console.url)[1]
    assert_accessible(console)
    phone.locator("#phone-hang-up").click()

    open_step(console, case, "Screen for indicators")
    fill(console, immediate_danger="no", sex="female", sexual_violence="no", needs_shelter="no", needs="none")
    finish(console)
    open_step(console, case, "Safety plan")
    fill(console, safe_contact="By text after eight.", risk_level="medium")
    finish(console)
    console.goto(f"/en/cases/{case}/consent/")
    assert_accessible(console)
    console.get_by_text("Ask about other help too").click()
    for name in sorted({box.get_attribute("name") for box in console.locator('[name^="line_"]').all()}):
        said = "no" if "police_report" in name else "yes"
        console.locator(f'[name="{name}"][value="{said}"]').check()
    fill(console, agrees="yes", giver="person", wants_police="no")
    send(console)
    refer_and_accept(console, visit, case, "Psychosocial", check=assert_accessible)

    console.goto(f"/en/cases/{case}/")
    assert "accepted" in console.locator("main").inner_text().lower()
    console.goto(f"/en/cases/{case}/close/")
    fill(console, reason="helped", outcome="safe", feedback_asked="yes")
    send(console)
    console.goto(f"/en/cases/{case}/")
    assert "Closed" in console.locator("main").inner_text()


def test_the_screens_of_the_call_pass_axe_in_arabic(sign_in_as, assert_accessible):
    page = sign_in_as("operator3.lr@example.org", "/ar/console/", 360)

    for url in ("/ar/console/", "/ar/cases/", "/ar/calls/", "/ar/demo/phone/"):
        page.goto(url)
        assert page.locator("html").get_attribute("dir") == "rtl"
        assert_accessible(page)
