"""A test cannot be passed by copying: handed in blank it shows no right answer, and the next try waits or is allowed."""

import pytest

from tests.browser.test_official import COURSE

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_blank_test_tells_where_to_read_again_and_when_to_come_back(sign_in_as, assert_accessible, script):
    who = "learner3.lr@example.org" if script else "learner3.tn@example.org"
    page = sign_in_as(who, f"/en{COURSE}#test", 360, script=script)
    assert "You may take this test 3 times. Between two tries lie 24 hours." in page.locator("#test").inner_text()

    page.get_by_role("button", name="Take the test").click()
    assert "This is try 1 of 3." in page.locator("main").inner_text()
    page.get_by_role("button", name="Hand in the test").click()
    page.get_by_label("Hand in although questions are open").check()
    page.get_by_role("button", name="Hand in the test").click()

    page.get_by_role("heading", name="Not passed yet").wait_for()
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
    for place in range(row.count()):
        row.nth(place).get_by_role("link").click()
        if page.get_by_text("All tries are used").count():
            break
        page.go_back()
    assert_accessible(page)

    page.get_by_label("Why one more").select_option("network")
    page.get_by_role("button", name="Allow one more try").click()

    page.get_by_text("One more try is open to her or him.").wait_for()
    assert page.get_by_text("All tries are used").count() == 0
