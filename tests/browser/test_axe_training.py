"""The main pages of training for learners and managers, in English, Arabic and Bengali: axe finds nothing, nothing is cut off.

What another journey checks in a language is not checked again here: lessons, stories and kept pages in English and Arabic.
"""

import pytest

from tests.browser.test_keeping import keep

pytestmark = pytest.mark.browser

LISTS = ("learning/history/", "learning/certificates/", "my/waiting/", "courses/")
REPORTS = (
    "reports/", "reports/readiness/", "reports/drop-off/", "reports/freshness/", "reports/completion/", "reports/courses/",
    "reports/certificates/", "reports/people/", "reports/from-a-phone/", "school/questions/",
    "school/safe-migration/questions/figures/", "school/safe-migration/outline/", "groups/",
)  # fmt: skip
# How many lines the words of each cell take, without the heading that stands before them.
LINES = """cells => cells.map((cell) => {
  const words = document.createRange();
  words.selectNodeContents(cell);
  return Math.round(words.getBoundingClientRect().height / parseFloat(getComputedStyle(cell).lineHeight));
})"""


@pytest.fixture
def look(assert_accessible):
    """A function that opens addresses of a page's site, where there are any, and checks what is shown."""

    def check(page, *addresses):
        for address in addresses or (page.url,):
            if address != page.url:
                page.goto(address)
            page.wait_for_load_state()
            assert_accessible(page)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address

    return check


@pytest.mark.parametrize("language", ["en", "ar", "bn"])
def test_what_a_manager_sees_of_training(sign_in_as, look, language):
    page = sign_in_as("manager.bd@example.org", f"/{language}/reports/")

    look(page, *(f"/{language}/{address}" for address in REPORTS))


@pytest.mark.parametrize("language", ["en", "ar", "bn"])
def test_how_many_texts_are_published_stands_in_one_line_on_a_phone(sign_in_as, language):
    page = sign_in_as("manager.bd@example.org", f"/{language}/reports/freshness/")
    page.set_viewport_size({"width": 360, "height": 800})

    lines = page.locator(".fold td.n:nth-child(3)").evaluate_all(LINES)

    assert set(lines) == {1}


@pytest.mark.parametrize("language", ["en", "ar", "bn"])
def test_the_lists_of_a_learner(sign_in_as, look, language):
    page = sign_in_as("learner4.bd@example.org", f"/{language}/learning/", 360)

    look(page, *(f"/{language}/{address}" for address in LISTS))


def test_a_course_in_bengali_from_its_page_to_the_result(sign_in_as, look):
    page = sign_in_as("learner5.bd@example.org", "/bn/learning/", 360)
    look(page, "/bn/learning/", "/bn/learning/groups/")
    page.goto("/bn/courses/")
    page.locator("main a[href*='/safe-migration/']").last.click()
    page.locator("[data-page=course]").wait_for()
    course = page.url
    look(page)
    page.locator(".go-list a").first.click()
    page.locator("form[data-check]").first.wait_for()
    look(page)
    form = page.locator("form[data-check]").first
    form.locator("input[name=r]").first.check()
    form.locator("button[type=submit]:not([name])").click()
    page.locator(".banner[role=status]").first.wait_for()
    look(page)
    page.goto(course)
    page.locator("#stories a").first.click()
    look(page)
    page.locator("main a[href$='?path=#scene']").first.click()
    look(page)
    page.goto(course)
    page.locator("#test button").click()
    page.locator("[data-page=test]").wait_for()
    look(page)
    page.locator("form.questions button:not([name])").click()
    page.locator("[role=alert] button[name=anyway]").wait_for()
    look(page)
    page.locator("[role=alert] button[name=anyway]").click()
    page.locator("[data-page=result]").wait_for()
    look(page)


def test_a_kept_course_in_bengali(sign_in_as, look):
    page = sign_in_as("learner6.bd@example.org", "/bn/learning/", 360)
    keep(page, "/bn/learning/safe-migration/keep/")
    look(page)
    page.context.set_offline(True)
    page.locator("[data-part=open]").click()
    page.locator("[data-part=tracks]").wait_for()
    look(page)
    lesson, story, test = (
        page.locator(one).first.get_attribute("href")
        for one in ("main [data-for] a", "#stories a", "main a[href$='/test/']")
    )
    for address in (lesson, story, f"{story}?path=", test, "/bn/keep/"):
        page.goto(address)
        page.locator("footer [data-away]").wait_for()
        look(page)


def test_what_deleting_a_country_entry_does(sign_in_as, look):
    page = sign_in_as("manager.bd@example.org", "/en/reports/", 360)
    page.goto("/admin/snippets/training/overlay/?confirmed=false")
    page.goto(page.locator("main table a[href*='/edit/']").first.get_attribute("href").replace("/edit/", "/delete/"))
    page.locator("[data-page=entry-deletion]").wait_for()
    look(page)
