"""A course for which a phone has no room, or of which a file comes wrong: nothing half is kept, and it goes on from there."""

import pytest

from tests.browser.test_keeping import KEEP, who_of
from tests.browser.test_outbox import ROWS

pytestmark = pytest.mark.browser


def test_a_phone_that_is_full_says_so_and_keeps_nothing_half(sign_in_as):
    page = sign_in_as("learner6.ht@example.org", "/en/learning/")
    page.add_init_script("navigator.storage.estimate = async () => ({ quota: 2048, usage: 1024 })")
    page.goto(KEEP)
    page.locator("[data-part=go]").click()
    page.locator("[data-part=full]").wait_for()

    assert "1\xa0KB are free" in page.locator("[data-part=full]").inner_text()
    assert page.evaluate("caches.keys().then((names) => names.filter((one) => one !== 'fanal-kept'))") == []
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then((found) => found.length)") == 0


def test_a_phone_that_fills_up_on_the_way_drops_the_part_and_the_outbox_stays(sign_in_as):
    page = sign_in_as("learner6.tn@example.org", "/en/learning/")
    page.add_init_script(
        """const put = Cache.prototype.put; let count = 0;
        Cache.prototype.put = function (...what) {
          count += 1;
          if (count === 4) return Promise.reject(new DOMException("full", "QuotaExceededError"));
          return put.apply(this, what);
        };"""
    )
    page.goto(KEEP)
    page.locator("[data-part=go]").click()
    page.locator("[data-part=full]").wait_for()

    assert page.evaluate("caches.keys().then((names) => names.filter((one) => one !== 'fanal-kept'))") == []
    assert page.evaluate(ROWS, [who_of(page), "outbox"]) == []


def test_what_broke_off_goes_on_from_there_and_a_wrong_file_is_not_kept(sign_in_as):
    page = sign_in_as("learner4.lr@example.org", "/en/learning/")
    asked = []
    page.context.on("request", lambda request: asked.append(request.url))
    spoilt = {"left": True}

    def spoil(route):
        if spoilt.pop("left", False):
            route.fulfill(body="something else", content_type="text/html")
        else:
            route.continue_()

    page.context.route("**/keep/judicial/*/test/", spoil)
    page.goto(KEEP)
    page.locator("[data-part=go]").click()
    page.locator("[data-part=broken]").wait_for()
    first = [one for one in asked if one.endswith("/en/keep/")]
    page.locator("[data-keep] select:enabled").wait_for()  # a press before is answered that something is being kept
    page.locator("[data-part=go]").click()
    page.locator("[data-part=open]").wait_for()

    assert len(first) == 1
    assert len([one for one in asked if one.endswith("/en/keep/")]) == 1
    assert len([one for one in asked if one.endswith("/test/")]) == 2
