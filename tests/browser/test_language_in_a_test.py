"""The language is changed with answers ticked and not sent, in a test, a lesson and a kept lesson: none of them is lost."""

import pytest

from tests.browser.test_keeping import keep
from tests.browser.test_official import COURSE
from tests.browser.test_outbox import LESSON

pytestmark = pytest.mark.browser
CARRIES = "() => !('along' in document.querySelector('main').dataset)"  # the script that keeps what is ticked has come


def test_answers_that_were_ticked_go_along_into_another_language(sign_in_as):
    page = sign_in_as("learner3.ht@example.org", f"/en{COURSE}#test", 360)
    page.get_by_role("button", name="Take the test").click()
    page.locator("form.questions").wait_for()
    page.wait_for_load_state()
    for place in range(3):
        page.locator("form.questions section").nth(place).locator(
            "input[type=radio], input[type=checkbox]"
        ).first.check()
    ticked = page.evaluate(
        "[...document.querySelectorAll('form.questions input:checked:not([hidden])')].map(one => one.value)"
    )

    page.locator("header a[href*='/languages/']").first.click()
    page.get_by_role("link", name="français").first.click()
    page.wait_for_url("**/fr/test/**")

    kept = page.evaluate(
        "[...document.querySelectorAll('form.questions input:checked:not([hidden])')].map(one => one.value)"
    )
    assert len(ticked) == 3
    assert kept == ticked


def test_answers_that_were_ticked_stay_when_the_test_is_loaded_again_or_left_for_another_page(sign_in_as):
    page = sign_in_as("learner3.ht@example.org", f"/en{COURSE}#test", 360)
    page.locator("#test form button").click()
    page.locator("form.questions").wait_for()
    page.wait_for_load_state()
    boxes = page.locator("form.questions section").nth(3).locator("input[type=radio], input[type=checkbox]")
    boxes.last.check()

    page.reload()
    assert boxes.last.is_checked()
    page.goto(f"/en{COURSE}#test")
    page.locator("#test form button").click()
    page.locator("form.questions").wait_for()
    page.wait_for_load_state()
    assert boxes.last.is_checked()


def test_an_unsent_answer_of_a_lesson_stays_when_it_is_loaded_again_and_waits_for_nobody_who_comes_by_a_link(visit):
    page = visit(360)
    page.goto(LESSON)
    choose(page.locator("form[data-check]").first)
    chosen = page.evaluate(CHOSEN)
    assert any(chosen)

    page.reload()
    assert page.evaluate(CHOSEN) == chosen
    page.goto("/en/learning/")
    page.goto(LESSON)

    assert not any(page.evaluate(CHOSEN))
    assert page.evaluate("sessionStorage.length") == 0


CHOSEN = """[...document.querySelectorAll("main form select, main form input:not([type=hidden])")]
  .map((one) => (["radio", "checkbox"].includes(one.type) ? one.checked && one.value : one.value))"""


def choose(form):
    """Choose something in a question of a lesson, and wait until it would be kept."""
    for box in form.locator("select").all():
        box.select_option(index=1)
    if form.locator("input[name=r]").count():
        form.locator("input[name=r]").last.check()
    form.page.wait_for_function(CARRIES)


def in_french(page, by="Read this lesson in"):
    """Change the language of a lesson, in its margin or at the head of the page."""
    if by == "Read this lesson in":
        page.locator("a[data-switch][hreflang=fr]").click()
    else:
        page.locator("header a[href*='/languages/']").first.click()
        page.get_by_role("link", name="français").first.click()
    page.wait_for_url("**/fr/**")
    page.wait_for_load_state()


@pytest.mark.parametrize("by", ["Read this lesson in", "Languages"])
def test_an_unsent_answer_of_a_lesson_goes_along_into_another_language(sign_in_as, by):
    page = sign_in_as("learner3.ht@example.org", LESSON)
    choose(page.locator("form[data-check]").first)
    chosen = page.evaluate(CHOSEN)
    assert any(chosen)

    in_french(page, by)

    assert page.evaluate(CHOSEN) == chosen
    assert page.evaluate("sessionStorage.length") == 0
    page.reload()
    assert page.evaluate(CHOSEN) == chosen
    assert page.evaluate("sessionStorage.length") == 0


def test_a_visitors_unsent_answer_goes_along_and_leave_forgets_it(visit):
    page = visit(360)
    page.goto(LESSON)
    choose(page.locator("form[data-check]").first)
    page.locator("header a[href*='/languages/']").first.click()
    page.wait_for_load_state()
    assert page.evaluate("sessionStorage.getItem('along')")
    page.context.route(lambda url: "127.0.0.1" not in url, lambda route: route.fulfill(body="elsewhere"))

    page.locator("#leave").click()
    page.get_by_text("elsewhere").wait_for()
    page.goto(LESSON)

    assert page.evaluate("sessionStorage.length") == 0
    assert page.locator("form[data-check] input:checked").count() == 0


def test_back_after_sign_out_shows_nothing_that_was_ticked_and_gives_it_to_nobody_else(sign_in_as):
    page = sign_in_as("learner4.tn@example.org", LESSON, 360)
    choose(page.locator("form[data-check]").first)
    assert any(page.evaluate(CHOSEN))
    page.goto("/en/account/logout/")
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name="Sign out", exact=True).click()

    page.goto("/en/demo/people/")
    for more in page.locator("details > summary").all():
        more.click()
    with page.expect_navigation():
        page.locator("li", has=page.get_by_text("learner6.mz@example.org", exact=True)).get_by_role("button").click()
    for _step in range(8):
        page.go_back()
        page.wait_for_load_state()
        if LESSON in page.url:
            break

    assert LESSON in page.url
    assert not any(page.evaluate(CHOSEN))


def sign_in_here(page, email):
    """Sign in as somebody in this window, whoever was signed in before; her session is over, she did not sign out."""
    page.context.clear_cookies()
    page.goto("/en/demo/people/")
    for more in page.locator("details > summary").all():
        more.click()
    with page.expect_navigation():
        page.locator("li", has=page.get_by_text(email, exact=True)).get_by_role("button").click()


def test_what_somebody_ticked_stays_for_her_unseen_by_who_signs_in_after_her(sign_in_as):
    first, second = "learner3.mz@example.org", "learner4.mz@example.org"
    page = sign_in_as(first, LESSON)
    page.wait_for_function("() => localStorage.getItem('fanal-who')")
    form = page.locator("form[data-check]").first
    untouched = page.evaluate(CHOSEN)
    choose(form)
    chosen = page.evaluate(CHOSEN)
    assert chosen != untouched

    sign_in_here(page, second)
    page.goto(LESSON)
    page.wait_for_function("() => localStorage.getItem('fanal-who')")
    assert page.evaluate(CHOSEN) != chosen
    page.reload()
    assert page.evaluate(CHOSEN) != chosen
    for box in form.locator("input[name=r]").all()[:1]:
        box.check()
    sign_in_here(page, first)
    page.goto(LESSON)

    assert page.evaluate(CHOSEN) == chosen
    page.goto("/en/account/logout/")
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name="Sign out", exact=True).click()
    assert page.evaluate("sessionStorage.length") == 0


def test_somebody_elses_sign_out_leaves_what_was_ticked_by_her_whose_work_waits_here(sign_in_as):
    first, second = "learner5.mz@example.org", "learner6.mz@example.org"
    page = sign_in_as(first, LESSON)
    page.wait_for_function("() => localStorage.getItem('fanal-who')")
    with page.expect_response(lambda answer: "/along" in answer.url):
        choose(page.locator("form[data-check]").first)
    chosen, who = page.evaluate(CHOSEN), page.evaluate("localStorage.getItem('fanal-who')")
    page.context.route("**/api/progress/", lambda route: route.abort())
    page.get_by_role("button", name="Finish this lesson").click()
    page.locator("form.pager .outbox-note").wait_for()

    sign_in_here(page, second)
    page.goto(LESSON)
    page.wait_for_function("(first) => localStorage.getItem('fanal-who') !== first", arg=who)  # a store of her own
    page.goto("/en/account/logout/")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/en/")
    sign_in_here(page, first)
    page.goto(LESSON)

    assert any(chosen)
    assert page.evaluate(CHOSEN) == chosen


def test_leave_takes_an_unsent_answer_with_it(visit):
    page = visit(360)
    page.goto(LESSON)
    choose(page.locator("form[data-check]").first)
    page.wait_for_function("document.querySelector('form[data-touched]')")
    page.context.route(lambda url: "127.0.0.1" not in url, lambda route: route.fulfill(body="elsewhere"))

    page.locator("#leave").click()
    page.get_by_text("elsewhere").wait_for()
    page.goto("/en/languages/")

    assert page.evaluate("sessionStorage.length") == 0


def test_an_unsent_answer_of_a_kept_lesson_goes_along_without_a_network(sign_in_as):
    page = sign_in_as("learner3.tn@example.org", "/en/learning/", 360)
    for code in ("ar", "en"):
        keep(page, f"/{code}/learning/judicial/keep/")
    page.context.set_offline(True)
    page.locator("[data-part=open]").click()
    page.locator("main a[data-done]").first.click()
    page.locator("[data-kept-check]").first.wait_for()
    page.wait_for_load_state()
    choose(page.locator("[data-kept-check]").first)
    chosen = page.evaluate(CHOSEN)

    page.locator("[data-part=tongues] a").click()
    page.wait_for_url("**/ar/keep/**")
    page.wait_for_load_state()

    assert any(chosen)
    assert page.evaluate(CHOSEN) == chosen


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_back_to_the_page_of_the_other_language_takes_out_no_answer_that_was_kept_since(sign_in_as, script):
    page = sign_in_as("official5.ht@example.org", f"/en{COURSE}#test", 360, script=script)
    page.get_by_role("button", name="test").first.click()
    sections = page.locator("form.questions section")

    def keep_two(first, name):
        for place in (first, first + 1):
            sections.nth(place).locator("input[type=radio], input[type=checkbox]").first.check()
        page.get_by_role("button", name=name).click()
        page.locator(".banner.ok").first.wait_for()

    keep_two(0, "Keep my answers for now")
    address = page.url
    page.goto(address.replace("/en/", "/fr/"))
    keep_two(2, "Garder mes réponses pour l’instant")
    while "/en/test/" not in page.url:
        page.go_back()
    with page.expect_navigation():
        page.get_by_role("button", name="Keep my answers for now").click()
    page.goto(address)

    assert page.locator("form.questions input:checked:not([hidden])").count() == 4
