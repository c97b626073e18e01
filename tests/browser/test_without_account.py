"""Learning on a phone that others use: begun without an account, left, forgotten, found again by the code, erased."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_official import finish_lesson
from tests.browser.test_outbox import answer_a_check

pytestmark = pytest.mark.browser

COURSE = "/en/safe-migration/before-you-say-yes/"
WAIT = 30_000


def says(page, words):
    """Wait until the text of a page holds some words."""
    expect(page.locator("main")).to_contain_text(words, use_inner_text=True, timeout=WAIT)


def begin(page):
    """Begin a course without an account, for which nothing is typed; return the code that is shown."""
    page.goto(COURSE)
    page.get_by_role("link", name="Begin without an account").first.click()
    page.locator("input[name=country]").first.check()
    assert page.get_by_role("textbox").count() == 0
    page.get_by_role("button", name="Begin, and show me my code").click()
    page.locator(".progress-code span").first.wait_for()
    return " ".join(page.locator(".progress-code span").all_inner_texts())


def type_code(page, code):
    """Type a code as people do, in small letters and with dashes."""
    page.goto("/en/learning/code/")
    page.get_by_label("Your code").fill(code.lower().replace(" ", "-"))
    page.get_by_role("button", name="Open my progress").click()


def fits(page, script):
    """Tell whether nothing stands out of a narrow screen; without script nobody can ask."""
    return not script or page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_she_begins_forgets_the_phone_goes_on_by_her_code_and_erases_everything(visit, assert_accessible, script):
    phone = visit(360, script=script)
    code = begin(phone)
    assert len(code) == 24
    assert phone.get_by_role("link", name="Leave").is_visible()
    assert fits(phone, script)
    if script:
        assert_accessible(phone)

    phone.get_by_role("link", name="I have written it down: go on").click()
    finish_lesson(phone, phone.url.rstrip("/").rpartition("/")[2])
    phone.goto("/en/learning/")
    says(phone, "1 of 20 lessons done")
    assert code not in phone.content()

    phone.goto("/en/wipe/")
    phone.get_by_role("button", name="Empty this phone").click()
    phone.wait_for_selector("h1:has-text('This phone is empty')")
    assert phone.context.cookies() == []
    phone.goto("/en/learning/")
    assert "/account/login/" in phone.url

    type_code(phone, code)
    says(phone, "1 of 20 lessons done")
    other = visit(360, script=script)
    type_code(other, code)
    other.get_by_role("link", name="Go on with lesson 2").click()
    finish_lesson(other, other.url.rstrip("/").rpartition("/")[2])
    phone.goto("/en/learning/")
    says(phone, "2 of 20 lessons done")

    phone.get_by_role("link", name="Erase my progress everywhere").click()
    phone.get_by_label("Erase all my progress").check()
    assert fits(phone, script)
    phone.get_by_role("button", name="Erase everything").click()
    says(phone, "Nothing of it is kept on our server any more")
    other.goto("/en/learning/")
    assert "/account/login/" in other.url
    type_code(other, code)
    says(other, "Nothing is kept under this code.")


def waits(page):
    """Return how many stores on this phone hold something that waits."""
    return page.evaluate(
        """async () => {
          let count = 0;
          for (const { name } of await indexedDB.databases()) {
            const db = await new Promise((done) => { indexedDB.open(name, 1).onsuccess = ({ target }) => done(target.result); });
            const rows = await new Promise((done) => {
              db.transaction("outbox").objectStore("outbox").getAll().onsuccess = ({ target }) => done(target.result);
            });
            db.close();
            if (rows.length) count += 1;
          }
          return count;
        }"""
    )


def begin_and_answer_without_network(visit):
    """Begin on a phone without an account and answer a question without a network; return the page and the code."""
    phone = visit(360)
    code = begin(phone)
    phone.get_by_role("link", name="I have written it down: go on").click()
    phone.wait_for_function("() => localStorage.getItem('fanal-who')")
    phone.context.set_offline(True)
    answer_a_check(phone).locator(".outbox-note").wait_for()
    assert waits(phone) == 1
    phone.context.clear_cookies()
    return phone, code


def sign_in(phone, email):
    """Sign in with one click as a demo person."""
    phone.goto("/en/demo/people/")
    for more in phone.locator("details > summary").all():
        more.click()
    phone.locator("li", has=phone.get_by_text(email, exact=True)).get_by_role("button").click()
    phone.wait_for_load_state()


def claim(page, code):
    """Take a code into the account of who is signed in."""
    page.goto("/en/learning/code/account/")
    page.get_by_label("Your code").fill(code)
    page.get_by_role("button", name="Take it into my account").click()


@pytest.mark.parametrize("where", ["here", "elsewhere"])
def test_answers_that_wait_under_a_code_go_into_the_account_that_takes_it_over(
    visit, sign_in_as, assert_accessible, where
):
    phone, code = begin_and_answer_without_network(visit)
    holder = phone.evaluate("localStorage.getItem('fanal-who')")
    email = "learner3.bd@example.org" if where == "here" else "learner2.bd@example.org"
    if where == "elsewhere":
        claim(sign_in_as(email, "/en/learning/"), code)
    phone.context.set_offline(False)
    sign_in(phone, email)
    if where == "here":
        claim(phone, code)
        phone.get_by_text("Answers that waited on this phone are in your account now: 1.").wait_for()
        assert_accessible(phone)
    else:
        phone.goto("/en/learning/")

    phone.wait_for_function("(who) => !localStorage.getItem('fanal-people').includes(who)", arg=holder)
    phone.wait_for_function("() => indexedDB.databases().then((found) => found.length === 1)")  # the store goes last
    assert waits(phone) == 0
    phone.goto("/en/learning/history/")
    says(phone, "Question answered")
