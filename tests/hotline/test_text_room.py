"""The counter of an operator's own words counts what is judged when they are sent: parts by text message, letters by WhatsApp."""

import pytest
from bs4 import BeautifulSoup

from hotline.forms.console import TextForm
from hotline.models import Contact, Line, Message
from hotline.queries.answering import conversation_version
from tests.hotline.texting import door, shown, thread  # noqa: F401

pytestmark = pytest.mark.django_db
LATIN, ARABIC, BENGALI = "Noon is good ", "نتحدث غدا ", "কাল কথা হবে "


def written(letters, length):
    """Return words of a script that are so long, with no blank at their end."""
    return (letters * length)[: length - 1] + letters[0]


def counter(page):
    """Return what the counter of a page says, and whether it says that it is too long."""
    found = BeautifulSoup(page, "html.parser").find(id="text-count")
    return found.text, "error-text" in found.get("class", [])


def send(desk, thread, words):  # noqa: F811
    sent = {"ready": "", "text": words, "seen": conversation_version(thread)}
    return desk.post(door("send_text", thread), sent)


@pytest.mark.parametrize(
    ("letters", "length", "told"),
    [
        (LATIN, 160, "Text messages: 1 of 2. Letters left: 146."),
        (LATIN, 306, "Text messages: 2 of 2. Letters left: 0."),
        (LATIN, 307, "Too long by 1 characters."),
        ("€", 153, "Too long by 2 characters."),  # no part holds half of it
        ("€", 152, "Text messages: 2 of 2. Letters left: 1."),
        (ARABIC, 70, "Text messages: 1 of 2. Letters left: 64."),
        (ARABIC, 134, "Text messages: 2 of 2. Letters left: 0."),
        (ARABIC, 135, "Too long by 1 characters."),
        (BENGALI, 134, "Text messages: 2 of 2. Letters left: 0."),
        (BENGALI, 135, "Too long by 1 characters."),
    ],
)
def test_the_counter_says_that_a_text_is_too_long_where_it_is_refused(desk, thread, at, letters, length, told):  # noqa: F811
    words = written(letters, length)
    form = TextForm({"ready": "", "text": words}, line=thread.line, contact=thread, at=at)

    answer = send(desk, thread, words)

    assert form.room_words == told
    if told.startswith("Too"):
        page = answer.content.decode()
        assert counter(page) == (told, True)
        assert "This is longer than two text messages. Make it shorter." in page
        assert words in page
    assert Message.objects.filter(direction="out").exists() == (not told.startswith("Too"))


def test_a_field_that_is_empty_has_room_for_two_messages(desk, thread):  # noqa: F811
    assert counter(shown(desk, thread)) == ("Text messages: 0 of 2. Letters left: 306.", False)


def test_the_end_of_a_line_counts_once_and_leaves_as_one_sign(desk, thread, operator, at):  # noqa: F811
    words = "Noon.\r\n" * 51
    form = TextForm({"ready": "", "text": words}, line=thread.line, contact=thread, at=at)

    assert form.is_valid()
    assert form.room_words == "Text messages: 2 of 2. Letters left: 1."
    assert form.cleaned_data["text"] == ("Noon.\n" * 51).strip()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("", "0 / 1600"),
        (written(ARABIC, 1600), "1600 / 1600"),
        (written(LATIN, 1601), "Too long by 1 characters."),
        ("😀" * 801, "Too long by 2 characters."),
    ],
)
def test_by_whatsapp_it_is_so_many_letters_of_any_script(desk, thread, at, words, told):  # noqa: F811
    Line.objects.update(whatsapp="+2312883")
    Contact.objects.filter(pk=thread.pk).update(channel="whatsapp")
    thread.refresh_from_db()
    form = TextForm({"ready": "", "text": words}, line=thread.line, contact=thread, at=at)

    answer = send(desk, thread, words)

    assert form.room_words == told
    assert Message.objects.filter(direction="out").exists() == (told == "1600 / 1600")
    if told.startswith("Too"):
        assert counter(answer.content.decode()) == (told, True)
