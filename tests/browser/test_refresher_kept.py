"""A refresher on a kept course without a network: from one part to the next that is due, with what is left, to its end."""

import pytest

from tests.browser.test_keeping import keep, who_of

pytestmark = pytest.mark.browser

ASK = """([who, asked]) => new Promise((done) => {
  const request = indexedDB.open(`fanal-${who}`, 1);
  request.onsuccess = () => {
    const work = request.result.transaction("meta", "readwrite");
    work.objectStore("meta").put({ asked, test: false, minutes: 24, until: "2099-01-01T00:00:00Z" }, "refresher/judicial");
    work.oncomplete = () => { request.result.close(); done(); };
  };
})"""
FIRST, LAST = "When the person is a child", "Sentence"


def test_the_parts_of_a_refresher_lead_to_each_other_and_the_last_one_to_the_course(sign_in_as, assert_accessible):
    page = sign_in_as("official3.tn@example.org", "/en/learning/", 360)
    keep(page)
    page.goto(page.locator("[data-part=open]").get_attribute("href"))
    ids = [page.locator("main [data-done]", has_text=one).first.get_attribute("data-done") for one in (FIRST, LAST)]
    page.evaluate(ASK, [who_of(page), ids])
    page.context.set_offline(True)

    page.goto("/en/learning/judicial/on/")
    page.get_by_role("heading", level=1, name=FIRST).wait_for()
    page.get_by_text(f"Next in your refresher: {FIRST} · 2 parts left").wait_for()
    assert_accessible(page)
    page.locator("[data-part=end]").click()
    page.get_by_role("heading", level=1, name=LAST).wait_for()
    page.get_by_text(f"Next in your refresher: {LAST} · 1 part left").wait_for()
    page.locator("[data-part=end]").click()

    page.locator("main[data-page=kept-course]").wait_for()
    page.get_by_text("Your refresher is done. It waits on this phone until it is sent.").wait_for()
    assert page.locator("[data-part=refresher]").is_hidden()
    assert_accessible(page)
    page.context.set_offline(False)
    page.get_by_text("All sent").wait_for()
    page.locator("[data-part=refreshed-waits]").wait_for(state="hidden")
    assert page.locator("[data-part=refreshed]").is_visible()


def test_a_lesson_that_the_refresher_does_not_ask_goes_on_in_the_course(sign_in_as):
    page = sign_in_as("official2.tn@example.org", "/en/learning/", 360)
    keep(page)
    page.goto(page.locator("[data-part=open]").get_attribute("href"))
    ids = [page.locator("main [data-done]", has_text=LAST).first.get_attribute("data-done")]
    page.evaluate(ASK, [who_of(page), ids])
    page.context.set_offline(True)
    page.locator("main [data-done]", has_text="Three elements").first.click()
    page.get_by_role("heading", level=1, name="Three elements").wait_for()
    page.wait_for_load_state()  # before its scripts are there the button does nothing
    page.locator("[data-part=end]").click()

    page.get_by_role("heading", level=1, name=FIRST).wait_for()
    page.wait_for_load_state()
    page.wait_for_timeout(500)
    assert page.locator("[data-part=refresher-next]").is_hidden()
