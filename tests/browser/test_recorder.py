"""A prompt is recorded in the page, heard again, and sent by the same form as a file; all of it by keyboard."""

import pytest

pytestmark = [pytest.mark.browser]
PLACE = "li#callback_shared"


def page_of(sign_in_as, language="en", **options):
    """The page of a language of Mozambique's line, opened by its manager."""
    page = sign_in_as("manager.mz@example.org", f"/{language}/lines/", **options)
    page.locator("main a[href*='/lines/']").first.click()
    page.goto(page.url.rstrip("/") + "/prompts/pt/")
    return page


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("ar", 360)])
def test_a_prompt_is_recorded_heard_and_uploaded_by_keyboard(sign_in_as, assert_accessible, language, width):
    page = page_of(sign_in_as, language, width=width, permissions=["microphone"])
    row = page.locator(PLACE)
    assert not row.locator("input[type=file]").is_visible()
    assert not row.locator("input[name=speaker]").is_visible()
    record, stop = row.locator("[data-record]"), row.locator("[data-stop]")
    record.press("Enter")
    stop.wait_for()
    assert stop.evaluate("button => document.activeElement === button")
    page.wait_for_timeout(1500)
    stop.press("Enter")
    row.locator("audio[data-own]").wait_for()

    assert row.locator("input[type=file]").evaluate("field => [field.files.length, field.files[0].type]") == [
        1,
        "audio/wav",
    ]
    assert row.locator("audio[data-own]").evaluate("sound => sound.src.startsWith('blob:')")
    assert_accessible(page)

    row.locator("input[name=speaker]").fill("A speaker")
    with page.expect_navigation():
        row.locator("button[type=submit]").last.press("Enter")
    assert page.locator(f"{PLACE} .sound").count() >= 1
    assert "A speaker" in page.locator(PLACE).inner_text()


def test_a_microphone_that_is_refused_is_told_and_a_file_still_goes(sign_in_as):
    page = page_of(sign_in_as)
    page.evaluate("""() => {
      navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("no", "NotAllowedError"); };
    }""")
    row = page.locator("li#trouble")
    row.locator("[data-record]").press("Enter")

    page.wait_for_function("() => document.querySelector('li#trouble [data-said]').textContent.length > 20")
    assert row.locator("[data-record]").is_visible()
    row.locator("details[data-files] > summary").press("Enter")
    assert row.locator("input[type=file]").is_visible()
