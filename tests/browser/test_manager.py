"""A manager's journeys: a lesson edited and published, its translations out of date; a pathway edited, signed, followed."""

import re

import pytest

pytestmark = pytest.mark.browser

LESSON = "/judicial/what-must-be-proved/what-must-be-proved/when-the-person-is-a-child/"
NEW_AIM = "After this lesson you can leave means out when the person is a child."
NEW_TITLE = "Safety plan made with the person; safe ways, places and times of contact"


def open_pathway(page):
    """Open Liberia's pathway in the editor."""
    page.goto("/admin/pathways/")
    with page.expect_navigation():
        page.get_by_role("link", name="Liberia: National Referral Mechanism").click()


def sign(page):
    """Accept what is open by name, and sign the working copy."""
    for box in page.locator("#sign form input[type=checkbox]").all():
        box.check()
    with page.expect_navigation():
        page.get_by_role("button", name="Sign this text").click()


def test_publishing_a_lesson_puts_its_translations_out_of_date(sign_in_as, visit, assert_accessible):
    page = sign_in_as("manager.lr@example.org", "/admin/pages/search/?q=When+the+person+is+a+child")

    with page.expect_navigation():
        page.locator('main a[href*="/edit/"]').first.click()
    page.locator('[name="aim_en"]').fill(NEW_AIM)
    page.locator('[name="change"]').select_option("material")
    with page.expect_navigation():
        page.locator('button[name="action-publish"]').evaluate("button => button.click()")
    assert NEW_AIM not in visit(360).goto(f"/en{LESSON}").text()
    assert "What publishing does" in page.locator("h1").inner_text()
    assert_accessible(page)
    with page.expect_navigation():
        page.get_by_role("button", name="Publish now").first.click()

    reader = visit(360)
    reader.goto(f"/en{LESSON}")
    assert NEW_AIM in reader.locator("main").inner_text()
    reader.goto(f"/fr{LESSON}")
    assert "Pas à jour" in reader.locator("main").inner_text()
    assert_accessible(reader)
    page.goto("/en/desk/")
    row = page.locator("main table tr", has_text="Trafficking before the court")
    assert "out of date" in row.first.text_content()
    assert_accessible(page)
    page.goto("/ar/reports/completion/")
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert_accessible(page)


def test_a_pathway_step_is_edited_signed_by_two_and_followed_by_new_cases_only(sign_in_as):
    operator = sign_in_as("operator.lr@example.org", "/en/cases/")
    with operator.expect_navigation():
        operator.locator("main table a").first.click()
    old_case = operator.url
    manager = sign_in_as("manager.lr@example.org", "/admin/pathways/")

    open_pathway(manager)
    with manager.expect_navigation():
        manager.locator("tr", has_text="Safety plan made with the person").get_by_role("link").first.click()
    manager.locator('[name="title_en"]').fill(NEW_TITLE)
    manager.locator('[name="amount"]').fill("3")
    with manager.expect_navigation():
        manager.get_by_role("button", name="Save in the working copy").click()
    open_pathway(manager)
    sign(manager)
    second = sign_in_as("manager2.lr@example.org", "/admin/pathways/")
    open_pathway(second)
    sign(second)
    with second.expect_navigation():
        second.get_by_role("button", name=re.compile("Publish")).click()

    operator.goto("/en/cases/new/")
    operator.locator('[name="language"]').select_option("en")
    with operator.expect_navigation():
        operator.locator('main form:has(input[name="key"]) button').last.click()
    assert "version 2" in operator.locator("main").inner_text()
    assert NEW_TITLE in operator.locator("main").text_content()
    operator.goto(old_case)
    assert "version 1" in operator.locator("main").inner_text()


def test_fields_of_a_line_stand_on_one_line_with_and_without_a_hint(sign_in_as):
    page = sign_in_as("manager.lr@example.org", "/en/lines/")
    page.locator('main a[href*="/lines/"]').first.click()
    page.wait_for_load_state()

    boxes = [part.bounding_box() for part in page.locator(".form-grid").first.locator(".field > .input").all()]
    first = [box["y"] for box in boxes if abs(box["y"] - boxes[0]["y"]) < 60]

    assert len(first) == 3
    assert max(first) - min(first) < 1


def test_the_steps_of_a_pathway_that_is_only_read_are_reached_by_keyboard_where_they_scroll(sign_in_as):
    page = sign_in_as("manager.lr@example.org", "/admin/pathways/", 800)
    with page.expect_navigation():
        page.locator("tr", has_text="Model, no country").get_by_role("link").first.click()

    steps = page.get_by_role("region", name="Steps", exact=True)
    assert steps.evaluate("box => box.scrollWidth > box.clientWidth")
    page.locator("#findings").click()
    for _key in range(20):
        page.keyboard.press("Tab")
        if steps.evaluate("box => box === document.activeElement"):
            break
    assert steps.evaluate("box => getComputedStyle(box).outlineStyle") == "solid"
