"""An official's whole course on a small phone, from the catalogue to the certificate: with the network cut, without script."""

import json
import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ROOT
from tests.browser.test_keeping import who_of
from tests.browser.test_outbox import waiting

pytestmark = pytest.mark.browser

COURSE = "A small course"
WAIT = 30_000
RIGHT = re.compile("^Right of")
READ = "Kept.box.then((box) => box.meta('track/small')).then(Boolean)"


@pytest.fixture(scope="module")
def whole(demo_served, tmp_path_factory):
    """A small course that has everything, in the served demo; a function that changes what its first lesson teaches."""

    def run(what):
        command = [sys.executable, "-m", "tests.browser.whole", str(what)]
        environment = demo_served[1] | {"DJANGO_SETTINGS_MODULE": "cms.settings.dev"}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    run(tmp_path_factory.mktemp("small"))
    return lambda: run("change")


def open_course(page):
    """Find the course where every course is found."""
    page.goto("/en/courses/")
    page.get_by_role("link", name=COURSE).first.click()
    page.get_by_role("heading", level=1, name=COURSE).wait_for()


def wait_for_words(page, words):
    """Wait until the page that a press leads to says something: a press waits for its beginning only."""
    expect(page.locator("main")).to_contain_text(words, use_inner_text=True, timeout=WAIT)


def answer_what_is_known(page):
    """Answer the questions before the first lesson, and come back to the course."""
    page.get_by_role("button", name="Answer the questions").click()
    answer_all(page)
    page.get_by_role("button", name="Send my answers").click()
    page.wait_for_url("**/result/")
    assert "They are no mark" in page.locator("main").inner_text()
    page.get_by_role("link", name="Go to the course").click()


def answer_all(page):
    """Choose what is right of each question of a paper."""
    page.locator("form.questions section").first.wait_for()
    page.wait_for_load_state()  # with all of them
    for question in page.locator("form.questions section").all():
        question.get_by_text(RIGHT).click()


def assert_certified(page):
    """See the course finished and its certificate, and fetch the paper."""
    page.goto("/en/learning/")
    row = page.locator("article", has_text=COURSE).first
    assert "2 of 2 lessons done" in row.inner_text()
    assert "Finished" in row.inner_text()
    page.goto("/en/learning/certificates/")
    card = page.locator("article", has_text=COURSE).filter(has_text="Certificate of achievement")
    paper = page.request.get(card.get_by_role("link", name="Certificate (PDF)").get_attribute("href"))
    assert paper.ok
    assert paper.body().startswith(b"%PDF")


def test_a_whole_course_with_the_network_cut_in_the_middle(whole, sign_in_as, assert_accessible):
    page = sign_in_as("learner6.ht@example.org", "/en/courses/", 360)
    open_course(page)
    answer_what_is_known(page)
    page.get_by_role("link", name="Keep this course on this phone").click()
    page.get_by_text("The story with choices can be played too.").wait_for()
    page.locator("[data-part=go]").click()
    page.locator("[data-part=open]").click()
    page.get_by_role("heading", level=1, name=COURSE).wait_for()
    page.wait_for_load_state()
    page.context.set_offline(True)

    modules = page.locator("main [data-module]:visible h3")
    assert modules.all_inner_texts() == ["All of it", "For officials"]
    page.locator("[data-part=tracks]").wait_for()
    page.evaluate(READ)  # what she chose before is read as well, and put into the form, which is then heard
    page.locator("[data-part=track] input[value=migrant]").check()
    page.get_by_role("button", name="Keep my choice").click()
    page.get_by_text("Below are the lessons for this group").wait_for()
    assert page.locator("main [data-for]:visible").count() == 2
    assert modules.all_inner_texts() == ["All of it"]
    assert_accessible(page)
    page.locator("main [data-for]:visible a").first.click()
    for number in (1, 2):
        page.get_by_text(f"Lesson {number} of 2").wait_for()
        form = page.locator("[data-kept-check]")
        form.locator("[data-right='1'] input").check()
        form.get_by_role("button").click()
        form.get_by_text("That is right.").wait_for()
        page.get_by_role("button", name="Finish this lesson").click()
    page.get_by_role("heading", level=1, name=COURSE).wait_for()
    done = page.locator("main [data-for]:visible [data-state=done]:visible svg")
    done.nth(1).wait_for()  # the marks come out of the store
    assert done.count() == 2

    page.get_by_role("link", name="A small file").click()
    page.get_by_role("link", name="Begin", exact=True).click()
    page.locator("[data-choice=look]").click()
    page.get_by_text("Right: for a child no means is needed.").first.wait_for()
    assert_accessible(page)
    page.goto("/en/keep/")
    page.locator("[data-part=courses] a").click()
    page.get_by_role("link", name="A small file").click()
    page.get_by_role("link", name="Go on where you stopped").click()
    page.locator("[data-choice=care]").click()
    page.get_by_role("heading", name="It ended well").wait_for()
    assert page.locator(".did .card").count() == 2
    assert_accessible(page)
    page.get_by_role("link", name="Back to the course").click()

    page.get_by_role("link", name="Take the test").click()
    answer_all(page)
    page.get_by_role("button", name="Hand in the test").click()
    page.get_by_text("The result comes when it is sent.").wait_for()
    verbs = [one["sent"]["verb"] for one in waiting(page, who_of(page))]
    assert {"tracked": 1, "answered": 2, "chose": 2, "submitted": 1}.items() <= {
        verb: verbs.count(verb) for verb in verbs
    }.items()
    page.get_by_role("link", name="answers waiting on this phone").click()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Take them out as a file").click()
    assert len(json.loads(taken.value.path().read_text("utf-8"))["events"]) == len(verbs)
    assert_accessible(page)
    page.go_back()
    page.get_by_text("The result comes when it is sent.").wait_for()

    page.context.set_offline(False)
    page.get_by_role("link", name="See the result").click()
    page.get_by_role("heading", name="You have passed").wait_for()
    assert waiting(page, who_of(page)) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert_certified(page)

    whole()
    page.goto("/en/learning/small/keep/")
    page.locator("[data-part=update]").click()
    page.locator("[data-part=current]").wait_for()
    page.context.set_offline(True)
    page.locator("[data-part=open]").click()
    page.get_by_text("Do only what is new").wait_for()
    assert_accessible(page)
    page.locator("[data-part=asked] a").click()
    page.locator("[data-part=refresher-next]").wait_for()  # said by the scripts that hear the button
    page.get_by_role("button", name="Finish this lesson").click()
    page.get_by_text("Your refresher is done.").wait_for()
    page.context.set_offline(False)
    page.get_by_text("All sent").wait_for()
    page.goto("/en/learning/")
    assert "Refresher" not in page.locator("main").inner_text()


def test_the_same_course_without_script(whole, sign_in_as):
    page = sign_in_as("learner6.tn@example.org", "/en/courses/", 360, script=False)
    open_course(page)
    answer_what_is_known(page)
    page.locator("#for-whom input[value=migrant]").check()
    page.get_by_role("button", name="Keep my choice").click()

    page.get_by_role("link", name="Go on with lesson 1").click()
    for number in (1, 2):
        wait_for_words(page, f"Lesson {number} of 2")
        form = page.locator("form.check")
        form.get_by_text("This one", exact=True).click()
        form.get_by_role("button").click()
        wait_for_words(page, "That is right.")
        page.locator("form.pager button[type=submit]").click()
    open_course(page)
    page.locator("#stories").get_by_role("link", name="A small file").click()
    page.get_by_role("link", name="Begin", exact=True).click()
    for choice in ("look", "care"):
        page.locator(f"button[name=choice][value={choice}]").click()
    wait_for_words(page, "It ended well")

    open_course(page)
    page.get_by_role("button", name="Take the test").click()
    answer_all(page)
    page.get_by_role("button", name="Hand in the test").click()
    page.wait_for_url("**/result/")
    assert "You have passed" in page.locator("main").inner_text()
    assert_certified(page)


def test_a_film_fills_the_screen_and_the_page_comes_back(whole, visit):
    page = visit(360)
    open_course(page)
    page.get_by_role("link", name="Lesson one").click()
    film = page.locator("video[controls]")
    film.wait_for()
    assert page.evaluate("document.fullscreenEnabled")

    film.evaluate("(one) => one.requestFullscreen()")

    assert page.evaluate("document.fullscreenElement.tagName") == "VIDEO"
    page.evaluate("document.exitFullscreen()")
    assert page.evaluate("document.fullscreenElement") is None
    assert page.get_by_role("heading", level=1, name="Lesson one").is_visible()
