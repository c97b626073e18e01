"""The console when its ground gives way: a session that is over, a network that is away, with words half written."""

import re

import pytest

pytestmark = pytest.mark.browser

OPERATOR = "operator.lr@example.org"
NO_CASE = "/en/calls/?outcome=voicemail"  # of what became a colleague's case the console shows no sheet
LOW = """(least) => [...document.querySelectorAll("a, button, summary, select, textarea")]
  .filter((one) => one.getBoundingClientRect().width && !one.closest(".skip, p"))
  .filter((one) => Math.round(one.getBoundingClientRect().height) < least).map((one) => one.outerHTML.slice(0, 90))"""
MAY_TEXT = """
from datetime import time
from django.utils import timezone
from hotline.models import Contact
rows = Contact.objects.filter(public_id="{contact}")
hours = dict(safe_from=time(0), safe_until=time(23, 59, 59, 999999))
rows.update(may_text="yes", safety_at=timezone.now(), changed_at=timezone.now(), **hours)
"""
NOTHING_SAID = """
from hotline.models import Contact
rows = Contact.objects.filter(public_id="{contact}")
rows.update(may_text="not_asked", safety_at=None, text_said_at=None, safe_from=None, safe_until=None)
"""
OF_A_COLLEAGUE = """
from django.utils import timezone
from accounts.models import User
from hotline.models import Contact, OperatorState
now, second = timezone.now(), User.objects.get(email="operator2.lr@example.org")
contact = Contact.objects.get(public_id="{contact}")
Contact.objects.filter(pk=contact.pk).update(claimed_by=second, ended_at=now, changed_at=now)
OperatorState.objects.filter(user=second).update(state="wrap_up", contact=contact, seen_at=now, since=now)
"""
HERS_AGAIN = """
from django.utils import timezone
from hotline.models import Contact, OperatorState
now = timezone.now()
Contact.objects.filter(public_id="{contact}").update(claimed_by=None, changed_at=now)
OperatorState.objects.filter(user__email="operator2.lr@example.org").update(state="off", contact=None, since=now)
"""
NOT_SAVED = "Your note stands below but is not saved yet."

# The operator called back a moment ago, and it was the person: a code word is agreed with who heard her.
HEARD = """
from django.utils import timezone
from accounts.models import User
from hotline.models import CallBack, Contact
row, at = Contact.objects.get(public_id="{contact}", kind="call"), timezone.now()
CallBack.objects.create(
    contact=row, by=User.objects.get(email="{email}"), state="reached", account=row.line.account, made_at=at, dialled_at=at,
    confirmed_at=at, ended_at=at,
)
"""


@pytest.fixture
def console(sign_in_as):
    """The console of Liberia's operator with a contact of the call log opened that is nobody's case."""
    page = sign_in_as(OPERATOR, NO_CASE)
    address = page.locator("table tbody th a").first.get_attribute("href")
    page.goto(f"/en/console/?contact={address.rstrip('/').split('/')[-1]}")
    return page


def test_a_note_typed_without_a_session_stays_and_is_saved_after_signing_in_again(console, assert_accessible):
    note = console.locator("#note-form textarea")
    console.context.clear_cookies(name=re.compile("session"))
    note.fill("Will call again on Friday.")
    console.get_by_role("button", name="Save the note").click()
    console.get_by_text("You are signed out").wait_for()

    assert note.input_value() == "Will call again on Friday."
    assert console.get_by_text(NOT_SAVED).is_visible()
    assert_accessible(console)
    here = console.url.split("/", 3)[3]
    with console.context.expect_page() as opened:
        console.get_by_role("link", name="Sign in again").click()
    again = opened.value
    again.wait_for_load_state()
    assert (
        f"/en/account/login/?next=%2F{here.replace('/', '%2F').replace('?', '%3F').replace('=', '%3D')}" in again.url
    )

    again.goto("/en/demo/people/")
    with again.expect_navigation():
        again.locator("li", has=again.get_by_text(OPERATOR, exact=True)).get_by_role("button").click()
    console.get_by_text("You are signed out").wait_for(state="hidden")
    console.get_by_role("button", name="Save the note").click()
    console.locator("#note-form").get_by_text(re.compile(r"Saved \d")).wait_for()
    assert console.get_by_text(NOT_SAVED).is_hidden()


def test_one_click_on_save_sends_the_note_once(console):
    sent = []
    console.on("request", lambda asked: sent.append(asked.url) if asked.url.endswith("/note/") else None)
    console.locator("#note-form textarea").click()
    console.keyboard.type("Will call again on Monday.")

    console.locator("#note-form").evaluate("(form) => { form.dataset.old = 'yes'; }")
    console.get_by_role("button", name="Save the note").click()
    console.locator("#note-form:not([data-old]):not(.htmx-added)").get_by_text(re.compile(r"Saved \d")).wait_for()
    console.wait_for_timeout(500)
    assert len(sent) == 1

    console.locator("#note-form textarea").press_sequentially(" Again.")
    with console.expect_request(lambda asked: asked.url.endswith("/note/")):
        console.locator("#note-form textarea").blur()
    console.wait_for_timeout(500)
    assert len(sent) == 2


def test_what_was_begun_can_be_copied_and_not_saved_while_a_colleague_has_the_call(console, hand, assert_accessible):
    sent = []
    console.on("request", lambda asked: sent.append(asked.url) if asked.method == "POST" else None)
    contact = re.search("contact=([0-9a-f-]+)", console.url)[1]
    hand(MAY_TEXT.format(contact=contact))
    console.goto(f"{console.url}&q=needs")
    console.locator("#text-answer summary").click()
    text = console.locator("#text-form textarea")
    text.press_sequentially("We can talk at ten.")
    console.locator(".needs input").first.click()
    is_ticked = console.locator(".needs input").first.is_checked()
    note = console.locator("#note-form textarea")
    note.press_sequentially("She wants a clinic.")
    written = note.input_value()

    hand(OF_A_COLLEAGUE.format(contact=contact))
    console.locator("#note-hand[data-held]").wait_for()
    console.locator("#sheet #sheet-in-hand").wait_for()
    console.locator("#note-form textarea[readonly]").wait_for()  # once settled; before, leaving it saves it
    note.blur()
    console.wait_for_timeout(500)

    assert (note.input_value(), note.is_editable(), note.is_enabled()) == (written, False, True)
    assert (text.input_value(), text.is_editable(), text.is_enabled()) == ("We can talk at ten.", False, True)
    assert [console.locator(f"#{name}").is_disabled() for name in ("note-save", "text-send")] == [True, True]
    assert console.locator("#note-copy").is_visible()
    assert console.locator(".needs input").first.is_checked() is is_ticked
    assert console.locator(".needs input:enabled, #sheet form button:enabled").count() == 0
    assert sent == []
    assert_accessible(console)

    hand(HERS_AGAIN.format(contact=contact))
    console.locator("#note-hand:not([data-held])").wait_for(state="attached")
    console.locator("#sheet-in-hand").wait_for(state="detached")
    console.locator("#note-form textarea:not([readonly])").wait_for()  # once the part has settled
    assert (note.input_value(), note.is_editable(), text.is_editable()) == (written, True, True)
    assert console.locator(".needs input").first.is_checked() is is_ticked
    assert console.locator(".needs input").first.is_enabled()
    hand(NOTHING_SAID.format(contact=contact))  # the pages after this one open the same contact


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_on_a_telephone_the_menu_and_every_state_stand_within_the_screen(console, language):
    console.set_viewport_size({"width": 360, "height": 800})
    console.goto(f"/{language}/console/")

    for box in [part.bounding_box() for part in console.locator(".top .menu, .top .shift button").all()]:
        assert box["x"] >= 16
        assert box["x"] + box["width"] <= 344


def test_on_a_telephone_all_that_is_pressed_is_as_high_as_a_thumb(console):
    console.set_viewport_size({"width": 360, "height": 800})
    console.reload()

    assert console.evaluate(LOW, 44) == []
    assert round(console.get_by_role("link", name="Join a case that is open").bounding_box()["height"]) >= 44
    console.keyboard.press("?")
    assert console.locator("#keys-title").evaluate("(one) => one === document.activeElement")
    assert console.locator("#keys-dialog").evaluate("(one) => one.scrollTop") == 0


def test_without_a_contact_a_telephone_shows_the_queue_first_and_no_keys(sign_in_as):
    page = sign_in_as("operator2.mg@example.org", "/en/console/", width=360)

    queue, middle = (page.locator(part).bounding_box() for part in (".desk-queue", ".mid"))
    assert queue["y"] + queue["height"] <= middle["y"] + 1
    assert [key for key in page.locator("kbd").all() if key.is_visible()] == []
    page.keyboard.press("?")
    assert page.locator("#keys-dialog").is_visible()


def test_a_wait_of_more_than_an_hour_is_no_time_of_day(console):
    waits = console.locator("#queue [data-since]").first
    for minutes, words in ((59, "59:"), (603, "10 h 03 min")):
        waits.evaluate(
            "(part, ago) => { part.dataset.since = new Date(Date.now() - ago * 60000).toISOString(); }", minutes
        )
        console.locator("#queue [data-since]", has_text=words).first.wait_for()


def test_a_list_of_boxes_is_answered_by_keys_alone(console):
    console.goto(f"{console.url}&q=needs")
    boxes = console.locator(".needs input")
    is_first_ticked = boxes.nth(0).is_checked()

    console.keyboard.press("1")
    console.keyboard.press("2")
    console.keyboard.press("2")
    assert boxes.nth(0).is_checked() is not is_first_ticked
    with console.expect_response(lambda answer: answer.url.endswith("/answer/")) as sent:
        console.keyboard.press("Enter")
    assert sent.value.status == 200
    console.locator(".needs").wait_for(state="detached")

    console.locator("#step-needs").click()
    console.locator(".needs").wait_for()
    assert boxes.nth(0).is_checked() is not is_first_ticked
    with console.expect_response(lambda answer: answer.url.endswith("/answer/")):
        console.keyboard.press("x")
    console.locator(".needs").wait_for(state="detached")
    console.locator("#step-needs").click()
    console.locator(".needs").wait_for()
    assert console.locator(".needs input:checked").count() == 0


def test_enter_on_a_link_follows_the_link_and_saves_nothing(console):
    console.goto(f"{console.url}&q=needs")
    sent = []
    console.on("request", lambda asked: sent.append(asked.url) if asked.url.endswith("/answer/") else None)

    console.locator("#step-safe_now").focus()
    console.keyboard.press("Enter")
    console.locator("#answer-4").wait_for()
    console.locator(".needs").wait_for(state="detached")

    assert sent == []


@pytest.mark.parametrize("language", ["ar", "fr", "mg"])
def test_the_head_of_the_console_keeps_to_one_row_of_links(console, language):
    console.goto(f"/{language}/console/")

    tops = {round(link.bounding_box()["y"]) for link in console.locator(".staff-nav a").all()}
    assert len(tops) == 1
    assert console.locator(".top .menu summary").is_visible()
    assert console.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


@pytest.mark.parametrize("language", ["fr", "mg"])
def test_the_whole_head_of_a_supervisors_console_is_in_sight(sign_in_as, language):
    page = sign_in_as("supervisor.lr@example.org", f"/{language}/console/")

    for width in (360, 1024, 1280, 1440, 1600):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), width
        for part in page.locator(".top .staff-nav a, .shift button, .top .menu summary").all():
            if part.is_visible():
                box = part.bounding_box()
                assert box["x"] >= 0, width
                assert box["x"] + box["width"] <= width, width


def end_session(page):
    page.context.clear_cookies(name=re.compile("session"))


def sign_in_elsewhere(page):
    """Sign in again in another tab and come back to this one."""
    again = page.context.new_page()
    again.goto("/en/demo/people/")
    with again.expect_navigation():
        again.locator("li", has=again.get_by_text(OPERATOR, exact=True)).get_by_role("button").click()
    again.close()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    page.get_by_text("You are signed out").wait_for(state="hidden")


def test_a_change_of_state_without_a_session_leaves_the_console_and_works_after_signing_in_again(console):
    pause, here = console.get_by_role("button", name="Break"), console.url
    end_session(console)
    pause.click()
    console.get_by_text("You are signed out").wait_for()
    assert console.url == here

    sign_in_elsewhere(console)
    with console.expect_navigation():
        console.get_by_role("button", name="Break").click()

    assert console.get_by_role("button", name="Break").get_attribute("aria-pressed") == "true"


def test_the_safety_form_keeps_its_words_without_a_session_and_where_something_is_wrong(
    console, hand, assert_accessible
):
    hand(HEARD.format(contact=re.search("contact=([0-9a-f-]+)", console.url)[1], email=OPERATOR))
    with console.expect_navigation():
        console.keyboard.press("s")
    console.get_by_role("heading", name="Safety of this contact").wait_for()
    save = console.get_by_role("button", name="Save the safety state")
    for name in ("may_call", "may_text", "may_voicemail"):
        console.locator(f"input[name={name}][value=no]").check()
    console.locator("input[name=shared_phone][value=yes]").check()
    console.locator("#id_code_word").fill("lantern")
    console.locator("#id_safe_from").fill("08:00")
    end_session(console)
    save.click()
    console.get_by_text("You are signed out").wait_for()
    assert console.locator("#id_code_word").input_value() == "lantern"
    assert_accessible(console)

    sign_in_elsewhere(console)
    save.click()
    console.get_by_text("Give both times, or none.").first.wait_for()
    assert console.locator("#id_code_word").input_value() == "lantern"
    console.locator("#id_safe_until").fill("10:00")
    save.click()
    console.get_by_text("Set, sealed").wait_for()
    assert "/console/?contact=" in console.url


def test_a_note_typed_without_a_network_says_that_it_is_not_saved_once_the_network_is_back(console):
    console.context.set_offline(True)
    console.locator("#note-form textarea").fill("Asked for a doctor.")
    console.get_by_role("button", name="Save the note").click()
    console.locator("#away").wait_for()
    console.context.set_offline(False)
    console.locator("#away").wait_for(state="hidden")

    assert console.get_by_text(NOT_SAVED).is_visible()
    console.get_by_role("button", name="Save the note").click()
    console.get_by_text(NOT_SAVED).wait_for(state="hidden")
    console.reload()
    assert console.locator("#note-form textarea").input_value() == "Asked for a doctor."


LEAVING = "What you wrote is not saved."
HIDDEN_SIGN = "Left \u202e today."


def refuse_a_note(page):
    """Write a note with a hidden sign: it is refused and stays in its field."""
    page.locator("#note-form textarea").fill(HIDDEN_SIGN)
    page.locator("#note-form textarea").blur()
    page.locator("#note-form .error-text").wait_for()


@pytest.mark.parametrize("key", ["s", "r"])
def test_a_refused_note_is_spoken_of_before_a_key_leaves_the_sheet(console, key, assert_accessible):
    refuse_a_note(console)
    here = console.url

    console.keyboard.press(key)
    console.keyboard.press(key)  # at once: what is pressed later than a moment after the first leaves
    console.locator("#leaving").get_by_text(LEAVING).wait_for()
    console.wait_for_timeout(900)

    assert console.url == here
    assert console.locator("#note-form textarea").input_value() == HIDDEN_SIGN
    assert_accessible(console)
    with console.expect_navigation():
        console.keyboard.press(key)


def test_a_note_that_is_just_being_saved_is_waited_for(console):
    console.locator("#note-form textarea").fill("Will call again on Tuesday.")

    with console.expect_navigation():
        console.locator("#safety-change").click()
    console.go_back()

    assert console.locator("#note-form textarea").input_value() == "Will call again on Tuesday."


def test_a_click_on_the_menu_with_a_refused_note_says_so_in_every_language(console):
    console.goto(console.url.replace("/en/", "/ar/"))
    refuse_a_note(console)

    console.locator(".staff-nav a").first.click()

    assert console.locator("#leaving").is_visible()
    assert "/ar/console/" in console.url
    console.locator("#note-form textarea").fill("")
    assert console.locator("#leaving").is_hidden()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_on_a_telephone_nothing_is_glued_to_the_edge_of_a_bar(sign_in_as, language):
    page = sign_in_as("operator2.mg@example.org", f"/{language}/console/", width=360)

    for bar, inner in ((".top", ".brand"), (".rule-line", ".rule-line span")):
        box, within = page.locator(bar).first.bounding_box(), page.locator(inner).first.bounding_box()
        assert within["y"] - box["y"] >= 7, bar
        assert box["y"] + box["height"] - within["y"] - within["height"] >= 7, bar


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_two_safe_hours_stand_at_one_height(console, language):
    contact = re.search(r"contact=([\w-]+)", console.url)[1]
    console.set_viewport_size({"width": 1280, "height": 900})
    console.goto(f"/{language}/console/{contact}/safety/")
    first, last = (console.locator(f"#id_{name}").bounding_box() for name in ("safe_from", "safe_until"))

    assert first["y"] == last["y"]
    assert first["x"] != last["x"]


def test_a_refused_number_leaves_the_page_where_it_is(sign_in_as, assert_accessible):
    page = sign_in_as(OPERATOR, NO_CASE, width=360)
    address = page.locator("table tbody th a").first.get_attribute("href")
    page.goto(f"/en/console/?contact={address.rstrip('/').split('/')[-1]}&q=age")
    number = page.locator("#answer-number")
    number.fill("250")
    number.evaluate("one => scrollBy(0, one.getBoundingClientRect().top - 300)")
    stood = page.evaluate("scrollY")
    number.press("Enter")

    error = page.locator("#answer-error")
    error.wait_for()
    page.wait_for_timeout(500)  # the browser moves what it holds on to after the answer is shown
    assert stood - 200 < page.evaluate("scrollY") < stood + 200
    assert error.evaluate(
        "one => one.getBoundingClientRect().top >= 0 && one.getBoundingClientRect().bottom < innerHeight"
    )
    page.wait_for_function("() => document.documentElement.style.overflowAnchor === ''")
    assert_accessible(page)
