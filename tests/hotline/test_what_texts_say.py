"""What a text to a person says: ready-made words with the hours of a line that closes, own words that betray nothing."""

import datetime as dt

import pytest
from modeltranslation.utils import build_localized_fieldname

from accounts import actions as accounts
from accounts.models import Country
from hotline import actions
from hotline.actions.messages import MAX_PARTS, TextRefused, words_of
from hotline.actions.prompts import FOLDER
from hotline.actions.sending import claim_message
from hotline.actions.templates import keep_template
from hotline.choices import TEXTS
from hotline.models import Contact, Line, Prompt
from hotline.queries.hours import hours_sentence
from hotline.queries.lines import forget_lines, line_called
from languages import table
from languages.exchange import texts_of
from languages.text import sms_parts
from referral.models import Area, Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread(network):
    """A conversation by text of which nothing is known but that the person wrote."""
    return network.text(Body="Hello")


def allow(contact, at, **values):
    """Keep that we may text the person, and what else was said."""
    Contact.objects.filter(pk=contact.pk).update(may_text="yes", safety_at=at, **values)
    contact.refresh_from_db()


def send(message, at):
    return actions.send_message(claim_message(message.pk, at=at), at=at)


CALL_US = {"en": "You may call us again at any time on {number}."} | {
    row.code: texts_of((FOLDER / f"{row.folder}.po").read_text(encoding="utf-8"))["text call_us"][1]
    for row in table.TABLE
    if row.code != "en"
}


NIGHTS_OFF = "Opening hours: Monday to Friday 08:00 to 16:00."
AT_NIGHT_TOO = "You may call us again at any time on 2883."


def close_at_night(line):
    """Let a line be open on weekdays from eight to four."""
    line.hours.filter(weekday__gte=5).delete()
    line.hours.update(opens=dt.time(8), closes=dt.time(16))
    forget_lines()


def test_the_words_any_time_are_followed_by_the_hours_of_a_line_that_closes(thread, line, operator, at):
    allow(thread, at, may_call="yes")
    open_always = actions.queue_message(contact=thread, text_key="call_us", by=operator, at=at, key="k1")
    close_at_night(line)

    queued = [actions.queue_message(contact=thread, text_key=key, by=operator, at=at, key=key) for key in TEXTS]

    said = [accounts.reveal(row, "body", by=operator, at=at, reason="test") for row in (open_always, *queued)]
    assert said[:2] == [AT_NIGHT_TOO, f"{AT_NIGHT_TOO} {NIGHTS_OFF}"]
    assert not any("Opening" in words for words in said[2:])


def test_words_that_whatsapp_approved_leave_as_they_were_approved(thread, line, operator, at):
    close_at_night(line)
    allow(thread, at, channel="whatsapp", language="en")
    Line.objects.update(whatsapp="+2312883")
    thread.messages.update(made_at=at - dt.timedelta(days=2))
    keep_template(
        line=line, key="call_us", language="en", content_sid="HX" + "a" * 32, approved_at=at, by="test", at=at
    )

    queued = actions.queue_message(contact=thread, text_key="call_us", by=operator, at=at, key="k1")

    assert accounts.reveal(queued, "body", by=operator, at=at, reason="test") == AT_NIGHT_TOO


@pytest.mark.parametrize("code", table.CODES)
def test_the_hours_are_told_in_every_language_and_fit_into_a_text(line, code):
    close_at_night(line)
    line_of = line_called("2883")
    Prompt.objects.filter(key="text_call_us").update(**{build_localized_fieldname("text", code): CALL_US[code]})
    forget_lines()

    told = words_of("call_us", code, line_called("2883"))

    start, hours = CALL_US[code].replace("{number}", "2883"), hours_sentence(line_of.hours, code)
    assert told.startswith(start)
    assert told.endswith(hours)
    assert ("16:00" in hours, "Opening hours" in hours) == (True, code == "en")
    assert sms_parts(told).parts <= MAX_PARTS


@pytest.fixture
def directory(liberia):
    """A body and a place of the line's country."""
    now = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
    Organisation.objects.create(country=liberia, name="Harbour House (example)", created_at=now, changed_at=now)
    Area.objects.create(country=liberia, name="Gbarnga")


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Go to harbour house", "names"),
        ("We meet in Gbarnga", "names"),
        ("Fanal here", "names"),
        ("Look at www.example.org", "names"),
        ("Call ٠٧٧٠١٢٣٤٥٦", "number"),
        ("La police est là", "subject"),
        ("الشرطة هنا", "subject"),
    ],
)
def test_an_answer_by_either_channel_names_no_body_no_place_and_not_the_matter(
    thread, line, directory, operator, at, channel, text, code
):
    Line.objects.update(whatsapp="+2312883")
    allow(thread, at, channel=channel)

    with pytest.raises(TextRefused) as refused:
        actions.queue_message(contact=thread, text=text, by=operator, at=at, key="k1")

    assert refused.value.code == code
    assert actions.queue_message(contact=thread, text="We can talk at noon.", by=operator, at=at, key="k2")


def test_the_line_s_own_name_is_not_told_and_another_country_s_places_are_words_like_others(
    thread, line, directory, operator, at
):
    Area.objects.update(country=Country.objects.create(code="SL", name="Sierra Leone", time_zone="Africa/Freetown"))
    allow(thread, at)

    assert actions.queue_message(contact=thread, text="We meet in Gbarnga", by=operator, at=at, key="k1")
    with pytest.raises(TextRefused, match="names"):
        actions.queue_message(contact=thread, text=f"Here is {line.name.upper()}!", by=operator, at=at, key="k2")


@pytest.mark.parametrize(
    ("said", "is_let"),
    [
        ({}, True),
        ({"shared_phone": "no", "who_may_answer": "only_me"}, True),
        ({"who_may_answer": "trusted"}, True),
        ({"shared_phone": "yes"}, False),
        ({"shared_phone": "no", "cover": "course"}, True),
        ({"shared_phone": "yes", "who_may_answer": "anybody"}, False),
        ({"shared_phone": "unknown", "cover": "course"}, False),
        ({"cover": "course"}, False),
        ({"who_may_answer": "only_me"}, False),
    ],
)
def test_own_words_go_only_to_a_phone_that_nobody_else_reads(thread, operator, at, said, is_let):
    allow(thread, at, **said)

    assert actions.queue_message(contact=thread, text_key="call_us", by=operator, at=at, key="k1").state == "outbox"
    if is_let:
        assert actions.queue_message(contact=thread, text="At noon.", by=operator, at=at, key="k2").state == "outbox"
        return
    with pytest.raises(TextRefused, match="read_by_others"):
        actions.queue_message(contact=thread, text="At noon.", by=operator, at=at, key="k2")


def test_own_words_that_wait_stay_where_the_phone_is_told_to_be_shared_meanwhile(thread, operator, at):
    allow(thread, at)
    own = actions.queue_message(contact=thread, text="At noon.", by=operator, at=at, key="k1")
    ready = actions.queue_message(contact=thread, text_key="call_us", by=operator, at=at, key="k2")
    Contact.objects.filter(pk=thread.pk).update(shared_phone="yes")

    assert (send(own, at), send(ready, at)) == (False, True)

    own.refresh_from_db()
    assert own.state == "blocked_by_safety"
