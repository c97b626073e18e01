"""A language that nobody chose: the case that grows from the contact states none, and learns it from the contact later."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hotline.actions.messages import queue_message
from hotline.actions.templates import keep_template
from hotline.models import Contact, Line, Message, OperatorState
from hotline.queries.console import desk as desk_of
from hotline.queries.lines import memory
from hotline.queries.safety import TEXT_BARS
from referral.models import Case
from tests.hotline.console import give, waiting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seed")]
DAY = dt.timedelta(days=1)


@pytest.fixture
def silent(contact):
    """A call that is over, whose caller pressed the danger key before she chose a language."""
    Contact.objects.update(language="", is_danger=True)
    contact.refresh_from_db()
    return contact


def opened(desk, contact):
    give(desk, contact, "consent_case", "yes")
    desk.post(reverse("hotline:open_case", args=[contact.public_id]))
    return Case.objects.get()


def choose(desk, contact, language):
    return desk.post(reverse("hotline:set_language", args=[contact.public_id]), {"language": language})


def page_of(desk, case):
    return desk.get(reverse("referral:case_detail", args=[case.code])).content.decode()


def test_a_case_states_no_language_that_nobody_chose(desk, silent):
    case = opened(desk, silent)

    page = page_of(desk, case)

    assert case.language == ""
    assert "Language of the person: not known" in page
    assert "The person speaks" not in page


def test_the_case_gets_the_language_that_is_kept_later_and_keeps_it(desk, silent):
    case = opened(desk, silent)

    choose(desk, silent, "fr")
    choose(desk, silent, "ar")

    silent.refresh_from_db()
    case.refresh_from_db()
    assert (silent.language, case.language) == ("ar", "fr")
    assert "Language of the person: français" in page_of(desk, case)


def test_a_case_of_another_contact_that_has_a_language_keeps_it(desk, contact):
    case = opened(desk, contact)

    choose(desk, contact, "ar")

    case.refresh_from_db()
    assert case.language == "fr"
    assert not case.events.filter(kind="language_known").exists()


def test_who_joins_a_contact_reads_that_it_is_not_known(desk, silent, line, at, operator):
    case = opened(desk, silent)
    OperatorState.objects.update(contact=None)
    later = waiting(line, at, state="wrap_up", claimed_by=operator)
    give(desk, later, "consent_case", "yes")
    address = reverse("hotline:join_case", args=[later.public_id])

    many, one = desk.get(address).content.decode(), desk.get(address, {"case": case.code}).content.decode()

    assert '<td data-h="Language">not known</td>' in many
    assert "<dt>Language</dt><dd>not known</dd>" in one


def test_who_writes_a_text_has_chosen_no_language_and_is_answered_in_the_first_of_the_line(
    network, line, operator, at, desk
):
    network.text("help me")
    thread = Contact.objects.get()
    Contact.objects.update(may_text="yes", safety_at=at)

    answer = queue_message(contact=thread, text_key="received", key="one", by=operator, at=at)

    log = desk.get(reverse("hotline:contact", args=[thread.public_id])).content.decode()
    assert thread.language == ""
    assert Message.objects.get(direction="in").language == ""
    assert answer.language == memory().by_id[line.pk].first_language
    assert "<dt>Language</dt><dd>not chosen</dd>" in log


def test_more_conversations_by_whatsapp_without_a_language_ask_no_more_queries(line, operator, at):
    Line.objects.update(whatsapp="+2312883")
    asked = []
    for count in (1, 2):
        for _ in range(count):
            row = Contact.objects.create(
                line=line, country=line.country, kind="message", channel="whatsapp", state="ended", is_missed=True,
                started_at=at - 2 * DAY, changed_at=at, may_text="yes", safety_at=at, caller_class="phone",
            )  # fmt: skip
            Message.objects.create(contact=row, line=line, direction="in", made_at=at - 2 * DAY, key=str(row.pk))
        with CaptureQueriesContext(connection) as found:
            texts = desk_of(operator, at=at).texts
        asked.append(sum("hotline_template" in one["sql"] for one in found.captured_queries))
    keep_template(
        line=line, key="call_us", language="en", content_sid="HX" + "a" * 32, approved_at=at, by="test", at=at
    )

    assert [row.bar for row in texts] == [TEXT_BARS["window"]] * 3
    assert asked == [1, 1]
    assert [row.bar for row in desk_of(operator, at=at).texts] == [""] * 3
