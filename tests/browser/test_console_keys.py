"""The console by keyboard alone: the questions that are answered in a field, and what somebody else took first."""

import re

import pytest

from tests.browser.test_call import A_MOMENT, WAIT
from tests.browser.test_console import NO_CASE

pytestmark = pytest.mark.browser

OPERATOR, SECOND = "operator.lr@example.org", "operator2.lr@example.org"
IN_WRAP_UP = """
from django.utils import timezone
from accounts.models import User
from hotline.models import Contact, OperatorState
now, operator = timezone.now(), User.objects.get(email="operator.lr@example.org")
contact = Contact.objects.get(public_id="{contact}")
rows = Contact.objects.filter(pk=contact.pk)
rows.update(state="wrap_up", claimed_by=operator, topic="", closed_at=None, ended_at=now, changed_at=now)
OperatorState.objects.filter(user=operator).update(state="wrap_up", contact=contact, seen_at=now, since=now)
"""
NOTHING_ASKED = """
from hotline.models import Contact, Sheet
contact = Contact.objects.get(public_id="{contact}")
Contact.objects.filter(pk=contact.pk).update(is_danger=False, end_asked_at=contact.ended_at, kind="call")
for sheet in Sheet.objects.filter(contact=contact):
    Sheet.objects.filter(pk=sheet.pk).update(answers={{}})
"""
CHANGED = """
from django.utils import timezone
from hotline.models import Contact
Contact.objects.filter(public_id="{contact}").update(changed_at=timezone.now())
"""
ANSWERS_BY_KEYS = """
from django.utils import timezone
from hotline.models import Contact, Line, Message
unread = list(Message.objects.filter(direction="in", read_at=None).values_list("pk", flat=True))
Message.objects.filter(pk__in=unread).update(read_at=timezone.now())  # N would open them
now, line = timezone.now(), Line.objects.filter(country="LR", is_active=True).first()
Contact.objects.create(
    public_id="00000000-0000-4000-8000-00000000000e", line=line, country=line.country, started_at=now, changed_at=now, language="en", state="silent", step="silent",
    is_practice=True, cannot_speak=True,
)
"""
GONE = """
from hotline.models import Contact, Message
Message.objects.filter(pk__in=unread).update(read_at=None)
Contact.objects.filter(public_id="00000000-0000-4000-8000-00000000000e").delete()
"""
JUST_ABOVE = "scrollTo(0, scrollY + document.querySelector('#wrap-up').getBoundingClientRect().top + 20)"
SHOWN = """() => getComputedStyle(document.querySelector("#wrap-up"), "::before").content"""


@pytest.fixture
def console(sign_in_as):
    """The console of Liberia's operator with a contact of the call log opened at the question before the place."""
    page = sign_in_as(OPERATOR, NO_CASE)
    address = page.locator("table tbody th a").first.get_attribute("href")
    page.goto(f"/en/console/?contact={address.rstrip('/').split('/')[-1]}&q=needs_shelter")
    return page


def until_keys_close(page):
    """Wait until keys close a sheet that has just come to be closed: a moment after the page has met it, which may come late."""
    page.locator("#wrap-up").wait_for(timeout=WAIT)
    page.wait_for_load_state()
    page.locator(".htmx-added").first.wait_for(state="detached")
    page.wait_for_timeout(A_MOMENT)


def in_the_list(page):
    """Go into the list of places by its key."""
    page.locator("#answer-place").wait_for()
    page.keyboard.press("1")
    page.locator("#answer-place:focus").wait_for()


def at_the_place(page):
    """Go on to the question on the place by its key, forget the place that is saved, and go into the list."""
    page.keyboard.press("ArrowDown")
    page.locator("#answer-place").wait_for()
    with page.expect_response(lambda answer: answer.url.endswith("/answer/")):
        page.keyboard.press("x")
    page.locator("#answer-place").wait_for(state="detached")
    page.keyboard.press("ArrowUp")
    in_the_list(page)


def test_no_list_takes_the_letters_of_the_call_by_itself(console):
    """G calls for help, M mutes: in a list they would choose Gbarpolu or Montserrado, and nobody would come."""
    console.keyboard.press("ArrowDown")
    console.locator("#answer-place").wait_for()

    assert console.evaluate("document.activeElement === document.body")
    before = console.locator("#answer-place").input_value()
    console.keyboard.press("g")
    assert console.locator("#answer-place").input_value() == before


def test_what_was_ticked_is_kept_when_the_next_question_is_opened_by_its_key(console):
    console.goto(re.sub("q=.*", "q=needs", console.url))
    with console.expect_response(lambda answer: answer.url.endswith("/answer/")):
        console.keyboard.press("x")
    console.locator("#need-shelter, .needs").first.wait_for(state="detached")
    console.keyboard.press("ArrowUp")
    console.locator(".needs").wait_for()
    ticked = [console.locator(f".needs [data-key='{key}']").get_attribute("id") for key in "12"]

    console.keyboard.press("1")
    console.keyboard.press("2")
    console.keyboard.press("ArrowDown")
    console.locator(".needs").wait_for(state="detached")
    console.keyboard.press("ArrowUp")
    console.locator(".needs").wait_for()
    assert [console.locator(f"#{one}").is_checked() for one in ticked] == [True, True]

    console.keyboard.press("3")
    third = console.locator(".needs [data-key='3']").get_attribute("id")
    console.keyboard.press("ArrowUp")
    console.locator(".needs").wait_for(state="detached")
    console.keyboard.press("ArrowDown")
    console.locator(".needs").wait_for()
    assert console.locator(f"#{third}").is_checked()


def test_a_number_that_was_typed_is_kept_when_another_question_is_opened(console):
    console.goto(re.sub("q=.*", "q=age", console.url))
    console.keyboard.type("34")
    console.keyboard.press("Escape")
    console.locator("#step-needs, .steps a").last.click()
    console.locator("#answer-number").wait_for(state="detached")

    console.goto(re.sub("q=.*", "q=age", console.url))
    assert console.locator("#answer-number").input_value() == "34"


def test_a_place_is_typed_and_saved_by_enter(console, assert_accessible):
    at_the_place(console)
    assert_accessible(console)
    console.keyboard.type("Mont")
    with console.expect_response(lambda answer: answer.url.endswith("/answer/")):
        console.keyboard.press("Enter")

    console.locator("#answer-place").wait_for(state="detached")
    assert "Montserrado" in console.locator("#facts").inner_text()


def test_enter_without_a_place_asks_to_choose_one_and_stays(console, assert_accessible):
    at_the_place(console)
    console.keyboard.press("Enter")

    console.locator("#answer-error").wait_for()
    console.locator("#answer-place:focus").wait_for()
    assert "Choose one of the answers shown." in console.locator("#answer-error").inner_text()
    assert_accessible(console)


def test_the_list_of_places_is_left_by_escape_and_reached_by_its_key(console):
    at_the_place(console)
    assert console.locator("label[for=answer-place] kbd").inner_text() == "1"
    console.keyboard.press("Escape")
    assert console.evaluate("document.activeElement === document.body")
    console.keyboard.press("1")
    console.locator("#answer-place:focus").wait_for()


def test_a_live_update_does_not_fetch_the_keyboard_into_the_list(console):
    at_the_place(console)
    console.keyboard.press("Escape")
    console.evaluate("document.getElementById('sheet-mark').value += 'older'")

    with console.expect_response(
        lambda answer: "/console/live/" in answer.url and 'id="answer-place"' in answer.text()
    ):
        console.evaluate("document.querySelector('#live-mark input, input#live-mark').value = 'older'")
    console.wait_for_timeout(300)

    assert console.evaluate("document.activeElement === document.body")


@pytest.mark.parametrize("question", ["age", "children_with"])
def test_the_next_number_is_written_over_the_one_that_was_refused(console, question):
    console.goto(re.sub("q=.*", f"q={question}", console.url))
    console.locator("#answer-number").fill("abc")
    console.locator("#answer-number").press("Enter")
    console.locator("#answer-error").wait_for()
    console.locator("#answer-number:focus").wait_for()

    console.keyboard.type("21")
    assert console.locator("#answer-number").input_value() == "21"


def test_the_letters_of_another_keyboard_are_read_by_their_place(console):
    console.goto(re.sub("/en/(.*)q=.*", r"/ar/\1q=age", console.url))
    console.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'ص', code: 'KeyW', bubbles: true}))"
    )
    assert console.locator("#why").get_attribute("open") is not None


def test_who_comes_too_late_reads_it_where_she_pressed_and_hears_it(visit, sign_in_as):
    phone = visit(360)
    phone.goto("/en/demo/phone/")
    phone.locator("#phone-dial").click()
    phone.get_by_text("For English, press 1.").wait_for(timeout=WAIT)
    phone.locator('form.pad button[data-key="1"]').click()
    first, late = sign_in_as(SECOND, "/en/console/"), sign_in_as("operator3.lr@example.org", "/en/console/", 360)
    for page in (first, late):
        with page.expect_navigation():
            page.locator("#shift-ready").click()
    late.locator('#queue button[id^="take-"]').last.wait_for(timeout=WAIT)
    name = late.locator('#queue button[id^="take-"]').last.get_attribute("id")
    with late.expect_event("requestfailed", lambda request: "/console/live/" in request.url):  # none is on its way now
        late.route("**/console/live/**", lambda route: route.abort())
    first.locator(f"#{name}").click(timeout=WAIT)
    first.locator("#act-end").wait_for(timeout=WAIT)
    late.locator(f"#{name}").click()

    told = late.get_by_role("status").filter(has_text="has taken this call").first
    told.wait_for()
    late.wait_for_load_state()  # a box measured before the stylesheet came is another one
    box = told.bounding_box()
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 800
    assert box["y"] < late.locator("#queue").bounding_box()["y"]
    late.locator("#say-politely").filter(has_text="has taken this call").wait_for(state="attached")
    phone.locator("#phone-hang-up").click()
    until_keys_close(first)
    first.evaluate(JUST_ABOVE)
    assert first.locator("#wrap-up").bounding_box()["y"] < 0
    first.keyboard.press("i")
    assert first.locator("#wrap-up.asks").bounding_box()["y"] >= 0
    first.keyboard.press("i")
    first.locator("#wrap-up").wait_for(state="detached")


@pytest.fixture
def only_caller(hand):
    """The only one who waits answers questions by keys; who waited before waits again afterwards."""
    hand(ANSWERS_BY_KEYS)
    yield
    hand(GONE)


@pytest.mark.usefixtures("only_caller")
def test_n_says_that_nobody_waits_while_the_only_caller_answers_questions_by_keys(sign_in_as):
    page = sign_in_as("operator3.lr@example.org", "/en/console/")
    with page.expect_navigation():
        page.locator("#shift-ready").click()
    page.locator("#queue .danger-word").filter(has_text="Cannot speak").first.wait_for(timeout=WAIT)
    page.locator("#no-next[data-ask]").wait_for(state="attached")

    page.keyboard.press("n")
    page.locator("#no-next.asks").wait_for()
    assert page.locator("#say-at-once").inner_text() == "Nobody waits to be taken now."
    page.locator("#no-next.asks").wait_for(state="hidden", timeout=WAIT)


def test_what_a_key_asks_stands_five_seconds_over_live_updates_and_each_question_for_itself(console, hand):
    contact = re.search("contact=([0-9a-f-]+)", console.url)[1]
    hand(IN_WRAP_UP.format(contact=contact))
    console.reload()
    console.locator("#wrap-up").wait_for()
    console.wait_for_timeout(A_MOMENT)
    asked, words = console.locator("#wrap-up.asks"), "Press {} once more to close with this answer"

    console.keyboard.press("o")
    console.wait_for_timeout(3000)
    console.keyboard.press("t")
    since = console.evaluate("Date.now()")
    console.evaluate("document.querySelector('#wrap-up').dataset.old = 'yes'")
    hand(CHANGED.format(contact=contact))
    console.locator("#wrap-up:not([data-old])").wait_for()
    console.locator(".htmx-added").first.wait_for(state="detached")
    console.wait_for_function("(since) => Date.now() > since + 2200", arg=since)  # those of the first are over

    assert asked.get_attribute("data-words").startswith(words.format("T"))
    assert words.format("T") in console.evaluate(SHOWN)
    assert console.locator("#say-at-once").inner_text().startswith(words.format("T"))
    asked.wait_for(state="detached", timeout=WAIT)
    assert console.locator("#say-at-once").inner_text() == ""
    console.keyboard.press("t")
    asked.wait_for()
    console.keyboard.press("t")
    console.locator("#wrap-up").wait_for(state="detached", timeout=WAIT)


def test_what_was_no_talk_closes_by_one_key_and_no_key_of_the_call_before_does(console, hand):
    contact = re.search("contact=([0-9a-f-]+)", console.url)[1]
    console.locator("#sheet").wait_for()
    hand(IN_WRAP_UP.format(contact=contact))
    hand(NOTHING_ASKED.format(contact=contact))
    console.locator("#wrap-up").wait_for(timeout=WAIT)
    for key in ("g", "g", "e", "e", "t", "t"):
        console.keyboard.press(key)
    console.wait_for_timeout(500)
    assert console.locator("#wrap-up:not(.asks)").count() == 1

    console.wait_for_timeout(3_000)
    for key, words in (("g", "Hung up"), ("j", "Hoax"), ("v", "Blank call")):
        console.keyboard.press(key)
        told = f"Press {key.upper()} once more to close with this answer: {words}."
        assert console.locator("#wrap-up.asks").get_attribute("data-words") == told
    console.keyboard.press("Escape")
    console.keyboard.press("z")
    console.locator("#wrap-up").wait_for(state="detached", timeout=WAIT)
    hand(
        f'from hotline.models import Contact; assert Contact.objects.get(public_id="{contact}").topic == "wrong_number"'
    )


def test_a_while_after_a_call_its_letters_close_by_one_key(console, hand):
    contact = re.search("contact=([0-9a-f-]+)", console.url)[1]
    console.locator("#sheet").wait_for()
    hand(IN_WRAP_UP.format(contact=contact))
    hand(NOTHING_ASKED.format(contact=contact))
    until_keys_close(console)
    console.wait_for_timeout(9_000)

    console.keyboard.press("g")

    console.locator("#wrap-up").wait_for(state="detached", timeout=WAIT)
    hand(f'from hotline.models import Contact; assert Contact.objects.get(public_id="{contact}").topic == "hang_up"')
