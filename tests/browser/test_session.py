"""A plain form of the staff whose session has ended meanwhile: the words stay, and go out after signing in again."""

import datetime as dt
import re

import pytest

pytestmark = pytest.mark.browser

SUPERVISOR, OPERATOR = "supervisor.lr@example.org", "operator.lr@example.org"


@pytest.fixture
def roster(sign_in_as):
    """The roster with half a shift typed, and the session gone."""
    page = sign_in_as(SUPERVISOR, "/en/roster/")
    page.locator("#id_person").select_option(index=1)
    page.locator("#id_day").fill((dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)).isoformat())
    page.locator("#id_begins").fill("03:15")
    page.locator("#id_ends").fill("03:45")
    page.context.clear_cookies(name=re.compile("session"))
    return page


def send(page):
    page.get_by_role("button", name="Add the shift").click()


def sign_in_beside(page, who):
    beside = page.context.new_page()
    beside.goto("/en/demo/people/")
    with beside.expect_navigation():
        beside.locator("li", has=beside.get_by_text(who, exact=True)).get_by_role("button").click()
    beside.close()


def test_the_words_stay_and_are_sent_after_signing_in_in_another_tab(roster, assert_accessible):
    send(roster)
    roster.get_by_text("You are signed out").wait_for()

    assert roster.locator("#id_begins").input_value() == "03:15"
    assert "next=%2Fen%2Froster%2F" in roster.get_by_role("link", name="Sign in again").get_attribute("href")
    assert_accessible(roster)

    sign_in_beside(roster, SUPERVISOR)
    send(roster)
    roster.wait_for_load_state()
    roster.get_by_text("03:15").first.wait_for()
    assert roster.get_by_text("You are signed out").is_hidden()


def test_nothing_is_sent_in_the_name_of_another_person(roster):
    sign_in_beside(roster, OPERATOR)

    send(roster)

    roster.get_by_text("Another person has signed in with this browser").wait_for()
    assert roster.locator("#id_begins").input_value() == "03:15"


def test_a_server_that_is_away_takes_no_words_with_it(roster):
    roster.context.set_offline(True)

    send(roster)

    roster.get_by_text("The server does not answer: nothing was sent.").wait_for()
    assert roster.locator("#id_begins").input_value() == "03:15"


def test_nothing_typed_is_kept_in_the_browser(roster):
    send(roster)
    roster.get_by_text("You are signed out").wait_for()

    kept = roster.evaluate("() => JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "03:15" not in kept


def test_a_name_typed_in_the_profile_stays_and_the_way_out_is_not_covered(sign_in_as, assert_accessible):
    page = sign_in_as(SUPERVISOR, "/en/profile/")
    was = page.locator("#id_name").input_value()
    page.locator("#id_name").fill("Another name")
    page.context.clear_cookies(name=re.compile("session"))

    page.get_by_role("button", name="Save the profile").click()
    page.get_by_text("You are signed out").wait_for()

    assert page.locator("#id_name").input_value() == "Another name"
    page.get_by_role("link", name="Leave").click(trial=True)
    assert_accessible(page)
    sign_in_beside(page, SUPERVISOR)
    page.locator("#id_name").fill(was)
    page.get_by_role("button", name="Save the profile").click()
    page.get_by_text("Your profile is saved.").wait_for()


@pytest.mark.parametrize("address", ["/en/roster/trained/", "/en/reports/drop-off/", "/en/reports/completion/"])
def test_the_other_file_of_a_form_comes_too_and_one_press_or_two_of_a_button_bring_one(sign_in_as, address):
    page = sign_in_as("manager.lr@example.org", address)
    files = []
    page.on("download", lambda file: files.append(file.suggested_filename.rpartition(".")[2]))

    with page.expect_download():
        page.get_by_role("button", name="Table as CSV").dblclick()
    with page.expect_download():
        page.get_by_role("button", name="Table for Excel").click()
    page.wait_for_timeout(1000)

    assert files == ["csv", "xlsx"]
    with page.expect_download():
        page.get_by_role("button", name="Table as CSV").click()


def test_the_questions_come_again_and_in_the_other_format_a_second_after_the_first_file(sign_in_as):
    page = sign_in_as("manager.lr@example.org", "/en/school/questions/")
    form = page.locator("main form[data-file]").first
    files = []
    page.on("download", lambda file: files.append(file.suggested_filename.partition(".")[2]))

    with page.expect_download():
        form.get_by_role("button").dblclick()
    page.wait_for_timeout(1000)
    with page.expect_download():
        form.get_by_role("button").click()
    page.wait_for_timeout(1000)
    form.get_by_label("Format").select_option("moodle_xml")
    with page.expect_download():
        form.get_by_role("button").click()

    assert files == ["gift.txt", "gift.txt", "xml"]
