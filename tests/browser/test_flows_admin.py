"""A programme manager's call flow and triage form in the editor, by keyboard alone: drafted, refused, mended, tried, live."""

import pytest
from django.utils import translation
from playwright.sync_api import expect

from hotline.choices import State

pytestmark = pytest.mark.browser

WAIT = 60_000  # every path of a changed flow is walked before its page is shown
MANAGERS = [
    pytest.param("manager.mw@example.org", "MW", "7002", "en", "ltr", id="en"),
    pytest.param("manager.tn@example.org", "TN", "7007", "ar", "rtl", id="ar"),
]
IS_FOCUSED = "element => element === document.activeElement"
IS_SHOWN = "() => document.getAnimations().every((one) => one.playState === 'finished')"
MARGINS = "all => all.map((one) => getComputedStyle(one).marginInlineStart)"


def reach(page, where):
    """Tab until something has the focus."""
    target = page.locator(where).first
    target.wait_for(timeout=WAIT)
    for _key in range(220):
        if target.evaluate(IS_FOCUSED):
            return target
        page.keyboard.press("Tab")
    pytest.fail(f"No Tab leads to {where}.")


def follow(page, where):
    """Go by keyboard to a link or a button, press Enter, and wait for the page that it leads to."""
    reach(page, where)
    with page.expect_navigation(timeout=WAIT):
        page.keyboard.press("Enter")


def write(page, where, words):
    """Go by keyboard to a field and write into it in place of what stood there."""
    reach(page, where)
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.type(words)


def words_of(page, where="main"):
    """Return what stands somewhere on the page."""
    return page.locator(where).first.inner_text()


def heard(phone, words):
    """Wait until the line has said something on the on-screen phone."""
    phone.locator("#phone-heard").get_by_text(words).last.wait_for(timeout=WAIT)


@pytest.fixture
def editor(sign_in_as):
    """Open a page of the editor as a manager, in her language, whose direction it has."""

    def enter(email, url, language, direction):
        page = sign_in_as(email, url)
        page.set_default_timeout(WAIT)
        opening = page.locator("html")
        assert (opening.get_attribute("lang"), opening.get_attribute("dir")) == (language, direction)
        return page

    return enter


@pytest.fixture
def accessible(assert_accessible):
    """Look at a page with axe once Wagtail's message has faded in: half seen, its words have too little contrast."""

    def check(page):
        page.wait_for_function(IS_SHOWN)
        assert_accessible(page)

    return check


def publish(page):
    """Publish the draft; where something could not be heard it is refused until it is said to be for practice."""
    if page.locator("#for-practice").count():
        follow(page, 'form[action$="/publish/"] button')
        reach(page, "#for-practice")
        page.keyboard.press("Space")
    follow(page, 'form[action$="/publish/"] button')


@pytest.mark.parametrize(("email", "country", "number", "language", "direction"), MANAGERS)
def test_a_flow_is_refused_where_it_ends_in_silence_mended_dialled_published_and_taken_back(
    editor, accessible, email, country, number, language, direction
):
    page = editor(email, "/admin/flows/", language, direction)
    accessible(page)
    follow(page, f'main a:has-text("{number}")')
    line = page.url
    accessible(page)

    # A number that no plan can have is refused beside its field, with the way to it.
    follow(page, 'main a[href$="/edit/"]')
    accessible(page)
    write(page, "#id_wait_seconds", "1")
    with page.expect_navigation(timeout=WAIT):
        page.keyboard.press("Enter")
    accessible(page)
    reach(page, 'main [role="alert"] a[href="#id_wait_seconds"]')
    page.keyboard.press("Enter")
    expect(page.locator("#id_wait_seconds")).to_be_focused(timeout=WAIT)
    assert page.locator("#id_wait_seconds").input_value() == "1"

    # Without messages and without another number, who presses nothing hears nothing: it says where.
    write(page, "#id_wait_seconds", "9")
    reach(page, "#id_takes_messages")
    page.keyboard.press("Space")
    with page.expect_navigation(timeout=WAIT):
        page.keyboard.press("Enter")
    accessible(page)
    with translation.override(language):
        places = [str(State.GREETING.label), str(State.CLOSED.label)]
    assert [place for place in places if place not in words_of(page, "#faults .fault")] == []
    assert page.locator('form[action$="/publish/"]').count() == 0

    follow(page, "#faults .fault a")
    expect(page.locator("#id_other_number")).to_be_focused(timeout=WAIT)
    write(page, "#id_other_number", "116")
    with page.expect_navigation(timeout=WAIT):
        page.keyboard.press("Enter")
    assert page.locator("#faults p.fault").count() == 0
    assert "116" in words_of(page, "table ins >> nth=-1")

    # What is pressed stands in rows without a step inwards, and what drops the draft beside what publishes it.
    buttons = page.locator("main .row > .button")
    assert set(buttons.evaluate_all(MARGINS)) == {"0px"}
    rule, tick = (page.locator(where).bounding_box() for where in ("#h-differs ~ table", "form.publish > p >> nth=0"))
    assert tick["y"] - rule["y"] - rule["height"] >= 8
    first, second = (box.bounding_box() for box in page.locator("form.publish .row > .button").all())
    gap = (
        first["x"] - second["x"] - second["width"] if direction == "rtl" else second["x"] - first["x"] - first["width"]
    )
    assert (first["y"], 0 < gap < 24) == (second["y"], True)

    # Dialled as a draft: callers of the line itself hear nothing of it.
    follow(page, 'form[action$="/try/"] button')
    assert page.locator("html").get_attribute("lang") == language
    heard(page, "2")
    accessible(page)
    page.keyboard.press("2")
    page.locator("#phone-heard .you").wait_for(timeout=WAIT)
    reach(page, "#phone-hang-up")
    page.keyboard.press("Enter")
    page.locator("#phone-dial").wait_for(timeout=WAIT)
    follow(page, 'main a[href*="/admin/flows/"]')
    assert page.url == line

    publish(page)
    assert "2" in words_of(page, ".messages")
    accessible(page)
    assert page.locator("table ins").count() == 0

    # The version before comes back by the same way.
    follow(page, 'main a[href*="/flows/version/"] >> nth=1')
    accessible(page)
    follow(page, 'main form[action$="/again/"] button')
    assert page.locator("table ins").count() == 3
    publish(page)
    assert "3" in words_of(page, ".messages")
    assert page.locator('main a[href*="/flows/version/"]').count() == 3


def choose(page, where, value):
    """Go by keyboard to a list and go down in it to a value."""
    control = reach(page, where)
    for _key in range(20):
        if control.input_value() == value:
            return
        page.keyboard.press("ArrowDown")
    pytest.fail(f"{value} is not in {where}.")


def write_lines(page, where, *lines):
    """Write lines into a field in place of what stood there."""
    write(page, where, lines[0])
    for line in lines[1:]:
        page.keyboard.press("Enter")
        page.keyboard.type(line)


@pytest.mark.parametrize(("email", "country", "number", "language", "direction"), MANAGERS)
def test_a_question_is_added_to_the_triage_form_worded_published_taken_off_and_brought_back(
    editor, accessible, email, country, number, language, direction
):
    spoken = {"MW": "ny", "TN": "ar"}[country]
    page = editor(email, "/admin/triage/", language, direction)
    accessible(page)
    follow(page, f'main a[href$="/triage/{country}/"]')
    accessible(page)
    choose(page, 'select[name="step"]', "need")
    choose(page, 'select[name="kind"]', "one")
    follow(page, 'form[action$="/add/"] button')
    key = page.url.rstrip("/").rpartition("/")[2]
    accessible(page)

    # A question without words may be kept as a draft; it stands against publishing, with the way to it.
    follow(page, "main form section.apart button")
    assert page.locator("#faults .fault").count() > 0
    assert page.locator('form[action$="/publish/"]').count() == 0
    reach(page, "#faults .fault a")
    page.keyboard.press("Enter")
    follow(page, f"#q-{key} a")

    # Answers of another language that do not match the English ones are refused beside their field.
    write(page, "#id_label_en", "Who told you")
    write(page, "#id_ask_en", "Who told you of this number?")
    write_lines(page, "#id_choices_en", "Radio", "A friend")
    write_lines(page, f"#id_choices_{spoken}", "Wailesi")
    follow(page, "main form section.apart button")
    accessible(page)
    reach(page, f'main [role="alert"] a[href="#id_choices_{spoken}"]')
    page.keyboard.press("Enter")
    expect(page.locator(f"#id_choices_{spoken}")).to_be_focused(timeout=WAIT)
    write_lines(page, f"#id_choices_{spoken}", "Wailesi", "Mnzanga")
    follow(page, "main form section.apart button")
    assert page.locator("#faults .fault").count() == 0
    accessible(page)

    # What no language but English says is named, and publishing goes on by a second yes.
    publish(page)
    assert page.locator("main table tbody tr").count() > 0
    accessible(page)
    publish(page)
    assert "1" in words_of(page, ".messages")
    follow(page, f'#q-{key} form[action$="/off/"] button')
    assert page.locator(f"#q-{key}").count() == 0
    publish(page)
    assert "2" in words_of(page, ".messages")

    # The version before comes back, with all its words.
    follow(page, f'main a[href$="/triage/{country}/version/1/"]')
    accessible(page)
    follow(page, 'main form[action$="/again/"] button')
    publish(page)
    publish(page)
    assert "3" in words_of(page, ".messages")
    assert "Who told you of this number?" in words_of(page, f"#q-{key}")
