"""An operator's own words to a person who wrote: sent they are gone from the form, and unsent they are never lost."""

import re

import pytest
from playwright.sync_api import expect

from hotline.forms.console import TextForm
from tests.browser.test_call import WAIT
from tests.browser.test_stop import FREE, OPERATOR, WRITE, let_nothing_in, open_text

pytestmark = pytest.mark.browser

TEXT = "**/console/*/text/"
UNKNOWN = "It is not known whether your text was sent"
BEFORE = "Your words before were sent already"
UNSENT = "This press sent nothing"
OF_A_COLLEAGUE = """
from django.utils import timezone
from hotline.models import Contact
from referral.models import Case
contact = Contact.objects.get(public_id="{contact}")
case = Case.objects.filter(country=contact.country_id).exclude(owner__email="operator.lr@example.org").first()
Contact.objects.filter(pk=contact.pk).update(
    case=case if {is_case} else None, claimed_by=None, claimed_until=None, changed_at=timezone.now()
)
"""


class Dialogs(list):
    """The dialogs that the browser showed; whoever `stays` does not leave the page."""

    stays = False

    def take(self, dialog):
        self.append(dialog.type)
        if self.stays:
            dialog.dismiss()
        else:
            dialog.accept()


@pytest.fixture
def thread(sign_in_as, hand):
    """A conversation by text that is open in the console: its page, and the dialogs that the browser showed."""
    page, dialogs = sign_in_as(OPERATOR, "/en/console/"), Dialogs()
    contact = open_text(page, hand)
    page.on("dialog", dialogs.take)
    yield page, dialogs
    page.close(run_before_unload=False)
    hand(WRITE.format(contact=contact, words="Thank you."))  # it waits for an answer again
    hand(FREE.format(contact=contact))


def send(page, words):
    page.locator("#text-form textarea").fill(words)
    page.locator("#text-send").click()


def test_a_text_that_was_sent_raises_no_dialog_and_unsent_words_do(thread):
    page, dialogs = thread
    with page.expect_navigation():
        send(page, "We can talk at noon.")
    expect(page.locator("#thread-list")).to_contain_text("We can talk at noon.")
    assert (dialogs, page.locator("#text-form textarea").input_value()) == ([], "")

    page.locator("#text-form textarea").fill("Or at one.")
    page.goto("/en/console/")

    assert dialogs == ["beforeunload"]


def test_another_form_still_asks_and_who_stays_finds_the_text_sent_and_its_field_empty(thread):
    page, dialogs = thread
    page.route("**/note/", lambda route: route.abort())
    page.locator("#note-form textarea").fill("Asked for a doctor.")
    dialogs.stays = True

    send(page, "We can talk at two.")
    expect(page.locator("#thread-list")).to_contain_text("We can talk at two.", timeout=WAIT)
    expect(page.locator("#text-form textarea")).to_have_value("", timeout=WAIT)
    assert dialogs == ["beforeunload"]

    page.unroute("**/note/")
    page.locator("#note-save").click()
    page.get_by_text(re.compile(r"Saved \d\d:\d\d")).wait_for()
    with page.expect_navigation():
        send(page, "Or at three.")
    expect(page.locator("#thread-list")).to_contain_text("Or at three.")
    assert dialogs == ["beforeunload"]


def test_other_words_of_a_form_that_was_sent_are_refused_and_kept(thread, assert_accessible):
    page, dialogs = thread
    form = page.locator("#text-form")
    page.evaluate("""async () => {
      const sent = new FormData(document.getElementById("text-form"));
      sent.set("text", "We can talk at five.");
      await fetch(document.getElementById("text-form").action, { method: "POST", body: sent });
    }""")
    before = form.locator("[name=click]").input_value()

    send(page, "We can talk at six.")
    page.get_by_text(BEFORE).wait_for()

    page.locator("#text-refused:focus").wait_for()
    assert form.locator("textarea").input_value() == "We can talk at six."
    assert form.locator("[name=click]").input_value() != before
    assert "We can talk at five." in page.locator("#thread-list").inner_text()
    assert_accessible(page)
    with page.expect_navigation():
        page.locator("#text-send").click()
    expect(page.locator("#thread-list")).to_contain_text("We can talk at six.")
    assert dialogs == []


def cut(route):
    """Let the server have what was sent, and its answer be lost."""
    route.fetch(max_redirects=0)
    route.abort()


def fail(route):
    route.fulfill(status=502)


@pytest.mark.parametrize("answer", [cut, fail])
def test_without_an_answer_the_page_says_that_nobody_knows_and_keeps_the_words(thread, answer, assert_accessible):
    page, _dialogs = thread
    page.route(TEXT, answer)
    words = f"We can talk in the evening, {answer.__name__}."
    send(page, words)
    page.get_by_text(UNKNOWN).wait_for()
    assert page.locator("#text-form textarea").input_value() == words
    assert_accessible(page)

    page.unroute(TEXT)
    with page.expect_navigation():
        page.locator("#text-send").click()

    expect(page.locator("#thread-list li", has_text=words)).to_have_count(1)


def test_words_changed_after_a_cut_answer_are_refused_and_kept(thread):
    page, _dialogs = thread
    page.route(TEXT, cut)
    send(page, "We can talk at seven.")
    page.get_by_text(UNKNOWN).wait_for()
    page.unroute(TEXT)

    send(page, "We can talk at eight.")
    page.get_by_text(BEFORE).wait_for()

    assert page.locator("#text-form textarea").input_value() == "We can talk at eight."
    assert "We can talk at seven." in page.locator("#thread-list").inner_text()
    assert page.get_by_text(UNKNOWN).is_hidden()


def test_an_answer_that_refuses_the_press_says_that_nothing_was_sent_and_keeps_the_words(thread, assert_accessible):
    page, _dialogs = thread
    page.route(TEXT, lambda route: route.fulfill(status=404))

    send(page, "We can talk at nine.")
    page.get_by_text(UNSENT).wait_for()

    assert page.locator("#text-form textarea").input_value() == "We can talk at nine."
    assert page.get_by_text(UNKNOWN).is_hidden()
    assert_accessible(page)


@pytest.fixture
def lost(thread, hand):
    """An answered conversation that stands open in the console: its page, and how it becomes a colleague's case."""
    page, _dialogs = thread
    contact = re.search("contact=([0-9a-f-]+)", page.url)[1]
    with page.expect_navigation():
        send(page, "We are here.")
    page.locator("#text-form textarea").fill("Can you talk at ten?")
    yield page, lambda: hand(OF_A_COLLEAGUE.format(contact=contact, is_case=True))
    hand(OF_A_COLLEAGUE.format(contact=contact, is_case=False))


def test_words_begun_before_it_became_a_colleagues_case_can_be_copied_and_not_sent(lost, assert_accessible):
    page, become = lost
    field = page.locator("#text-form textarea")

    become()
    page.locator("#answering[data-gone]").wait_for()
    page.locator("#text-send[disabled]").wait_for()

    assert (field.input_value(), field.is_enabled(), field.is_editable()) == ("Can you talk at ten?", True, False)
    assert page.locator("#take-over").count() == 0
    assert_accessible(page)


def test_words_sent_after_it_became_a_colleagues_case_are_given_back(lost, assert_accessible):
    page, become = lost
    let_nothing_in(page)

    become()
    page.locator("#text-send").click()
    page.get_by_text("Nothing was written.").wait_for()

    assert "Can you talk at ten?" in page.locator("#main").inner_text()
    assert_accessible(page)


def test_who_reads_the_conversation_by_keyboard_stays_in_it_when_a_text_comes(thread, hand):
    page, _dialogs = thread
    texts = page.locator("#thread-list .heard")
    texts.focus()

    hand(WRITE.format(contact=page.url.partition("contact=")[2], words="I am at the market."))
    expect(texts).to_contain_text("I am at the market.", timeout=WAIT)

    expect(texts).to_be_focused()


def test_a_text_that_is_too_long_is_counted_refused_and_kept_whole(thread, assert_accessible):
    page, _dialogs = thread
    words = "Noon. " * 59 + "Noon."
    count = page.locator("#text-count")
    expect(count).to_have_text("Text messages: 0 of 2. Letters left: 306.")

    send(page, words)

    page.locator("#text-form[data-refused]").wait_for()
    assert page.locator("#text-form textarea").input_value() == words
    refused = page.locator("#text-form .error-text").first
    assert "This is longer than two text messages. Make it shorter." in refused.inner_text()
    expect(count).to_have_text("Too long by 53 characters.")
    assert_accessible(page)


def test_the_script_counts_as_the_server_judges_in_every_alphabet(thread):
    page, _dialogs = thread
    field, count = page.locator("#text-form textarea"), page.locator("#text-count")

    for words in (
        "x" * 160, "x" * 306, "x" * 307, "€" * 152, "€" * 153, "x" * 152 + "€" + "x" * 152, "Noon\n" * 61 + "x",
        "س" * 70, "س" * 71, "س" * 134, "س" * 135, "ক" * 134, "ক" * 135, "  ç" + "x" * 133 + " ", "😀" * 66, "😀" * 67,
        "e\u0301" * 306, "[" * 153,
    ):  # fmt: skip
        field.fill(words)
        expect(count).to_have_text(TextForm({"text": words.replace("\n", "\r\n")}).room_words)

    by_whatsapp = {"most": "1600", "over": "Too long by %(what)s characters."}
    told = "([data, value]) => window.roomLeft({ value, dataset: data }).words"
    assert page.evaluate(told, [by_whatsapp, "س" * 1600]) == "1600 / 1600"
    assert page.evaluate(told, [by_whatsapp, "😀" * 801]) == "Too long by 2 characters."
