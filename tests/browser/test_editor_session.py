"""A form under /admin/ whose session has ended meanwhile: the words stay, and go out after signing in again."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_session import sign_in_beside

pytestmark = pytest.mark.browser

MANAGER, SECOND, ARABIC = "manager.lr@example.org", "manager2.lr@example.org", "manager.tn@example.org"
LESSON = "Consent and vulnerability"
OUT = "You are signed out: nothing you write here is saved."
STARTS = 4_000  # Wagtail only then looks for changes
AUTOSAVE = 20_000


def end_session(page):
    page.context.clear_cookies(name=re.compile("session"))


def open_lesson(page, words=LESSON):
    page.goto(f"/admin/pages/search/?q={words.replace(' ', '+')}")
    with page.expect_navigation():
        page.locator('main a[href*="/edit/"]').first.click()
    page.wait_for_timeout(STARTS)


def press(page, name):
    """Press one of the buttons that the editor's footer keeps in a list."""
    page.locator(f'button[name="{name}"]').evaluate("button => button.click()")


def publish_shown(page):
    """Press Publish a second time, on the page that told what it does."""
    with page.expect_navigation():
        page.get_by_role("button", name="Publish now").first.click()


@pytest.fixture
def step(sign_in_as):
    """A step of Liberia's pathway with a new guidance typed, and the session gone."""
    page = sign_in_as(MANAGER, "/admin/pathways/")
    with page.expect_navigation():
        page.get_by_role("link", name="Liberia: National Referral Mechanism").click()
    with page.expect_navigation():
        page.get_by_role("link", name=re.compile("^Change the step")).first.click()
    page.locator('[name="guidance_en"]').fill("Sixteen minutes of thought.")
    end_session(page)
    return page


def save_step(page):
    page.get_by_role("button", name="Save in the working copy").click()


def test_a_pathways_words_stay_and_are_saved_after_signing_in_in_another_tab(step):
    url = step.url
    save_step(step)
    step.get_by_text(OUT).wait_for()

    assert step.url == url
    assert step.locator('[name="guidance_en"]').input_value() == "Sixteen minutes of thought."
    assert "next=%2Fadmin%2Fpathways%2Fstep%2F" in step.get_by_role("link", name="Sign in again").get_attribute("href")

    sign_in_beside(step, MANAGER)
    with step.expect_navigation():
        save_step(step)
    step.goto(url)
    assert step.locator('[name="guidance_en"]').input_value() == "Sixteen minutes of thought."


def test_nothing_goes_into_the_working_copy_in_the_name_of_another_person(step):
    sign_in_beside(step, SECOND)

    save_step(step)

    step.get_by_text("Another person has signed in with this browser").wait_for()
    assert step.locator('[name="guidance_en"]').input_value() == "Sixteen minutes of thought."


def test_a_page_is_published_with_the_words_typed_before_the_session_ended(sign_in_as, visit):
    page = sign_in_as(MANAGER, "/admin/")
    open_lesson(page)
    end_session(page)
    page.locator('[name="aim_en"]').fill("You can tell consent from fear.")
    page.locator('[name="change"]').select_option("material")
    press(page, "action-publish")
    page.locator("#signed-out").get_by_text(OUT).wait_for()

    assert page.locator('[name="aim_en"]').input_value() == "You can tell consent from fear."
    expect(page.locator('button[name="action-publish"]')).to_be_enabled(timeout=AUTOSAVE)
    assert "Publishing" not in page.locator('button[name="action-publish"]').text_content()

    sign_in_beside(page, MANAGER)
    guards = []
    page.on("dialog", lambda dialog: (guards.append(dialog.type), dialog.accept()))
    with page.expect_navigation():
        press(page, "action-publish")
    assert guards == []
    publish_shown(page)
    reader = visit()
    reader.goto("/en/judicial/what-must-be-proved/what-must-be-proved/consent-and-vulnerability/")
    assert "You can tell consent from fear." in reader.locator("main").inner_text()


def test_autosave_says_in_arabic_that_the_person_is_signed_out_and_saves_when_she_is_back(sign_in_as):
    page = sign_in_as(ARABIC, "/admin/")
    open_lesson(page)
    end_session(page)
    page.locator('[name="aim_en"]').fill("نص جديد")

    line = page.locator("#signed-out")
    line.wait_for(timeout=AUTOSAVE)
    said = line.locator("[data-when=out] strong").inner_text()
    assert page.locator(".footer__save-warning p").inner_text() == said
    assert page.locator("html").get_attribute("dir") == "rtl"

    sign_in_beside(page, ARABIC)
    with page.expect_response(re.compile("/edit/$"), timeout=AUTOSAVE) as sent:
        page.evaluate("window.dispatchEvent(new Event('focus'))")
    assert sent.value.json()["success"]
    expect(page.locator(".footer__save-warning")).to_be_empty(timeout=AUTOSAVE)
    assert line.is_hidden()
