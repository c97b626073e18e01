"""An official's journey: a lesson in English, the next in French and Arabic, progress kept, the test passed."""

import tomllib
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

CONTENT = Path(__file__).resolve().parents[2] / "training" / "content" / "judicial"
COURSE = "/judicial/what-must-be-proved/"
MODULE = f"{COURSE}what-must-be-proved/"
LESSONS = ("three-elements", "when-the-person-is-a-child", "consent-and-vulnerability", "neighbouring-offences")


def answer(section, item):
    """Choose what is right of a question: its options, or the right side of each pair."""
    for option in item.get("options", ()):
        if option["right"]:
            section.get_by_text(option["text"], exact=True).click()
    for pair in item.get("pairs", ()):
        section.get_by_label(pair["left"], exact=True).select_option(label=pair["right"])


def hand_in_the_right_answers(page):
    """Choose the right option of each question and hand in."""
    items = tomllib.loads((CONTENT / "quiz.toml").read_text(encoding="utf-8"))["items"]
    page.wait_for_load_state()
    for section in page.locator("form.questions section").all():
        words = section.inner_text()
        answer(section, next(item for item in items if item["question"] in words))
    page.get_by_role("button", name="Hand in the test").click()
    page.wait_for_url("**/result/")


def finish_lesson(page, slug):
    """Send the lesson's last button, whatever the language, and wait until another page is there."""
    page.locator("form.pager button[type=submit]").click()
    page.wait_for_url(lambda url: slug not in url)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_an_official_takes_a_course_in_three_languages_and_passes(sign_in_as, assert_accessible, script):
    who = "learner4.tn@example.org" if script else "learner5.mw@example.org"
    page = sign_in_as(who, f"/en{COURSE}", 360, script=script)

    for code, slug in zip(("en", "fr", "ar", "en"), LESSONS, strict=True):
        page.goto(f"/{code}{MODULE}{slug}/")
        assert page.locator("main").get_attribute("data-page") == "lesson"
        assert page.locator("html").get_attribute("dir") == ("rtl" if code == "ar" else "ltr")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth") if script else True
        if script and code in ("en", "ar"):
            assert_accessible(page)
        finish_lesson(page, slug)

    page.goto("/en/learning/")
    assert "4 of 18 lessons done" in page.locator("main").inner_text()
    page.goto(f"/en{COURSE}")
    page.get_by_role("button", name="Take the test").click()
    hand_in_the_right_answers(page)
    assert "You have passed" in page.locator("main").inner_text()
    page.goto("/ar/learning/")
    assert page.locator("html").get_attribute("dir") == "rtl"
    if script:
        assert_accessible(page)


@pytest.mark.parametrize(("who", "script"), [("learner5.lr@example.org", True), ("learner3.mw@example.org", False)])
def test_the_warning_of_open_questions_hands_in_as_it_is_and_can_be_gone_back_to(sign_in_as, who, script):
    page = sign_in_as(who, f"/en{COURSE}#test", 360, script=script)
    page.locator("#test button").click()
    for _time in range(2):
        with page.expect_navigation(url="**/?open=1"):
            page.get_by_role("button", name="Hand in the test").click()
    warning = page.get_by_role("alert")
    assert "still open" in warning.inner_text()

    warning.get_by_role("button", name="Hand in although questions are open").click()
    page.wait_for_url("**/result/")
    answer = page.go_back()

    assert answer is None or answer.ok


def test_the_button_below_the_groups_of_readers_touches_none_of_them(sign_in_as):
    page = sign_in_as("learner2.bd@example.org", "/en/safe-migration/before-you-say-yes/", 360)

    last = page.locator("#for-whom label").last.bounding_box()
    button = page.locator("#for-whom button").bounding_box()

    assert button["y"] - last["y"] - last["height"] >= 8
