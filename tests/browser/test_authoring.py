"""A manager puts a course in order by keys and by drag, and looks at a draft with a sound in Arabic."""

import pytest

pytestmark = pytest.mark.browser

OUTLINE = "/en/school/safe-migration/outline/"


def headings(page):
    return page.locator("[data-kind=lesson] a").all_inner_texts()[:3]


def press(page, key="Enter"):
    with page.expect_navigation():
        page.keyboard.press(key)


@pytest.mark.parametrize("script", [True, False])
def test_a_lesson_goes_down_and_up_by_keys_alone(sign_in_as, assert_accessible, script):
    page = sign_in_as("manager.bd@example.org", OUTLINE, 360, script=script)
    one, two, three = headings(page)
    page.get_by_role("button", name=f"Down {one}").focus()

    press(page)
    assert headings(page) == [two, one, three]
    page.locator("button[name=act]:focus").wait_for()  # the button that was pressed has the focus again
    press(page)
    assert headings(page) == [two, three, one]
    for _time in range(2):
        page.get_by_role("button", name=f"Up {one}").focus()
        press(page)

    assert headings(page) == [one, two, three]
    if script:
        assert_accessible(page)


def test_a_lesson_is_dragged_to_its_place(sign_in_as):
    page = sign_in_as("manager.bd@example.org", OUTLINE)
    one, two, three = headings(page)
    lessons = page.locator("[data-kind=lesson]")

    with page.expect_navigation():
        lessons.nth(0).drag_to(lessons.nth(1), target_position={"x": 40, "y": 50})
    assert headings(page) == [two, one, three]
    with page.expect_navigation():
        lessons.nth(0).drag_to(lessons.nth(1), target_position={"x": 40, "y": 50})

    assert headings(page) == [one, two, three]


def test_a_draft_is_previewed_in_arabic_and_its_sound_plays(sign_in_as, assert_accessible):
    page = sign_in_as("manager.lr@example.org", "/en/school/judicial/outline/")
    with page.expect_navigation():
        page.get_by_role("link", name="Does this phone play sound?").click()
    page.set_default_timeout(45_000)  # the editor draws the whole lesson twice
    page.locator("[data-side-panel-toggle=preview]").click()
    shown = page.frame_locator("iframe.w-preview__iframe:not(.w-preview__proxy)")
    shown.locator("html[lang]").wait_for()
    page.locator("#id_preview_mode, select[name=preview_mode], [data-w-preview-target=mode]").first.select_option("ar")
    shown.locator("html[lang=ar][dir=rtl]").wait_for()

    page.goto(page.url.replace("/edit/", "/view_draft/?mode=ar"))
    assert_accessible(page)
    page.locator("audio").evaluate(
        "sound => new Promise((done) => { sound.ontimeupdate = () => sound.currentTime > 0 && done(); sound.play(); })"
    )

    assert page.locator("audio").evaluate("sound => Math.round(sound.duration)") == 2
