"""A test cannot be passed by copying: handed in blank it shows no right answer, and the next try waits or is allowed."""

import sqlite3
from pathlib import Path

import pytest

from tests.browser.test_official import COURSE

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_blank_test_tells_where_to_read_again_and_when_to_come_back(sign_in_as, assert_accessible, script):
    who = "learner3.lr@example.org" if script else "learner3.tn@example.org"
    page = sign_in_as(who, f"/en{COURSE}#test", 360, script=script)
    assert "You may take this test 3 times. Between two tries lie 24 hours." in page.locator("#test").inner_text()

    page.get_by_role("button", name="Take the test").click()
    page.get_by_text("This is try 1 of 3.").wait_for()
    page.get_by_role("button", name="Hand in the test").click()
    page.get_by_role("button", name="Hand in although questions are open").click()

    page.get_by_role("heading", name="Not passed yet").wait_for()
    page.wait_for_load_state()  # what is read stands below it
    told = page.locator("main").inner_text()
    assert "To read again" in told
    assert "You can take the test again from" in told
    assert page.locator("main input:not([type=hidden])").count() == 0
    assert page.locator(".reason").count() == 0
    assert page.get_by_role("button", name="Try again").count() == 0
    if script:
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert_accessible(page)
        page.goto(page.url.replace("/en/", "/ar/"))
        assert_accessible(page)
    page.goto(f"/en{COURSE}#test")
    assert page.get_by_role("button", name="Take the test").count() == 0


def test_a_trainer_allows_one_more_try_with_a_reason(sign_in_as, assert_accessible):
    page = sign_in_as("trainer.lr@example.org", "/en/reports/people/")
    row = page.locator("tbody tr", has_text="Official").filter(has_text="Not passed yet")
    for address in [link.get_attribute("href") for link in row.get_by_role("link").all()]:
        page.goto(address)
        if page.get_by_text("All tries are used").count():
            break
    assert_accessible(page)

    page.get_by_label("Why one more").select_option("network")
    page.get_by_role("button", name="Allow one more try").click()

    page.get_by_text("One more try is open to her or him.").wait_for()
    assert page.get_by_text("All tries are used").count() == 0


KEPT = "/en/learning/judicial/keep/"
CLOCK = """(() => {
  const Real = Date, off = OFF;
  window.Date = class extends Real {
    constructor(...given) { if (given.length) super(...given); else super(Real.now() + off); }
    static now() { return Real.now() + off; }
  };
})()"""
OPENED = """(who) => new Promise((done) => {
  const request = indexedDB.open(`fanal-${who}`, 1);
  request.onsuccess = () => {
    const rows = request.result.transaction("tests", "readwrite").objectStore("tests");
    rows.getAll().onsuccess = ({ target }) => {
      rows.put({ ...target.result[0], opens: new Date(Date.parse(target.result[0].opens) - 90000000).toISOString() });
      rows.transaction.oncomplete = () => { request.result.close(); done(); };
    };
  };
})"""


BEGUN = ["Test: Trafficking before the court"]


def begun_in(page, where, look=lambda _page: None):
    """Return which tests a page names as begun and not handed in."""
    page.goto(where)
    page.locator("[data-part=begun] a").wait_for()
    look(page)
    assert page.get_by_text("Nothing waits on this phone.").is_hidden()
    return page.locator("[data-part=begun] li").all_inner_texts()


def opened_by_now(environment):
    """Let the hours between two tries be over for whoever waits with a test on her phone."""
    with sqlite3.connect(Path(environment["FANAL_VAR"]) / "fanal.sqlite3", timeout=20) as base:
        base.execute("UPDATE training_attempt SET opens_at = '2026-01-01 00:00:00' WHERE opens_at IS NOT NULL")


@pytest.mark.parametrize(("days", "who"), [(2, "learner4.lr"), (-2, "learner3.ht")], ids=["fast", "slow"])
def test_a_phone_whose_clock_is_wrong_opens_its_test_in_time_and_tells_a_refusal(
    sign_in_as, demo_served, assert_accessible, days, who
):
    page = sign_in_as(f"{who}@example.org", f"/en{COURSE}#test", 360)
    page.add_init_script(CLOCK.replace("OFF", str(days * 86_400_000)))
    page.get_by_role("button", name="Take the test").click()
    page.get_by_role("button", name="Hand in the test").click()
    page.get_by_role("button", name="Hand in although questions are open").click()
    page.get_by_role("heading", name="Not passed yet").wait_for()
    page.goto(KEPT)
    page.locator("[data-part=go]").click()
    page.locator("[data-part=open]").click()
    page.locator("[data-ahead]:visible", has_text="You can take this test again from").wait_for()
    course = page.url
    assert page.get_by_role("link", name="Take the test").count() == 0
    assert_accessible(page)
    page.goto(f"{course}test/")
    page.get_by_text("You can take this test again from").wait_for()
    assert page.locator("[data-part=form]").is_hidden()

    page.evaluate(OPENED, page.evaluate("localStorage.getItem('fanal-who')"))
    page.goto(course)
    page.get_by_role("link", name="Take the test").click()
    page.locator("section[data-item] input").first.check()
    assert begun_in(page, "/en/keep/", assert_accessible) == begun_in(page, "/en/my/waiting/") == BEGUN
    page.locator("[data-part=begun] a").click()
    assert page.locator("section[data-item] input").first.is_checked()
    page.get_by_role("button", name="Hand in the test").click()
    page.get_by_role("button", name="Hand in although questions are open").click()

    refused = page.locator("[data-part=refused]")
    refused.wait_for()
    assert "This test was answered before the time to wait was over." in refused.inner_text()
    assert "You can take this test again from" in refused.inner_text()
    assert page.locator("[data-part=handed]").is_hidden()
    assert page.locator("[data-part=result]").is_hidden()
    assert page.locator("section[data-item] input").first.is_checked()
    assert_accessible(page)

    opened_by_now(demo_served[1])
    page.reload()
    assert page.locator("section[data-item] input").first.is_checked()
    page.get_by_role("button", name="Hand in the test").click()
    page.get_by_role("button", name="Hand in although questions are open").click()
    page.get_by_role("link", name="See the result").click()
    page.wait_for_url("**/result/")
    page.goto("/en/keep/")
    page.locator("#not-accepted li").wait_for()
    assert page.locator("[data-part=begun]").is_hidden()
