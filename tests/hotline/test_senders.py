"""The sender of a line's texts, where it is a number, belongs to that line: answers, STOP and calls to it arrive there."""

import pytest
from django.urls import reverse

from hotline import actions, queries
from hotline.actions import lines
from hotline.callers import answered_as
from hotline.models import Contact, Line, Opposition
from hotline.queries.contacts import contacts_visible_to
from hotline.queries.safety import text_bar
from tests.hotline.test_views_lines import typed

pytestmark = pytest.mark.django_db

SENDER = "+12025550123"


@pytest.fixture
def sender(line):
    """The line, whose texts come from a number that it does not list among those it answers."""
    line.sender = SENDER
    line.save()
    return line


@pytest.fixture
def other(line, haiti):
    """A line of another country."""
    return Line.objects.create(
        country=haiti, name="Other line", number="8840", numbers="8840 +5098840", account=line.account, sender="+12025550199",
        language_keys="1:fr", duty_phone="+50937009999", is_practice=True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("written", "numbers"),
    [(SENDER, (SENDER,)), ("4455", ("4455", "+4455")), ("Advice", ()), ("2883 Help", ()), ("", ())],
)
def test_a_number_is_answered_and_a_word_is_not(written, numbers):
    assert answered_as(written) == numbers


@pytest.mark.parametrize("called", [SENDER, "12025550123", f"whatsapp:{SENDER}", f"sip:{SENDER}@10.1.2.3"])
def test_an_answer_to_the_sender_reaches_the_people_of_the_line(sender, network, operator, called):
    contact = network.text("please help me", To=called)

    assert (contact.line, contact.country_id, "unknown_number" in contact.flag_codes) == (sender, "LR", False)
    assert contacts_visible_to(operator).get() == contact


@pytest.mark.parametrize("called", ["4455", "+4455", "sip:4455@10.1.2.3"])
def test_a_short_sender_is_found_in_each_form(line, network, called):
    Line.objects.update(sender="4455")

    assert network.text(To=called).line == line


def test_stop_to_the_sender_counts(sender, network, operator, at):
    contact = network.text()
    Contact.objects.update(may_text="yes", safety_at=at)

    network.text("STOP", To=SENDER, MessageSid="SM" + "2" * 32)

    contact.refresh_from_db()
    assert Opposition.objects.get().line == sender
    assert text_bar(contact, at) == "stopped"
    queued = actions.queue_message(contact=contact, text_key="call_us", by=operator, at=at, key="k1")
    assert queued.state == "blocked_by_safety"


def test_a_call_to_the_sender_is_a_call_to_the_line(sender, network):
    network.call(To=SENDER)

    assert network.contact.line == sender


def test_numbers_of_a_line_come_before_the_sender_of_another(line, other):
    """Rows of before the rule: who lists the number answers it."""
    Line.objects.filter(pk=line.pk).update(sender="8840")

    assert queries.line_called("8840").id == other.pk


@pytest.mark.parametrize("taken", ["8840", "+8840", "5098840", "+12025550199", "12025550199"])
def test_a_sender_may_not_be_the_number_or_sender_of_another_line(manager, line, other, taken):
    page = manager.post(reverse("hotline:line", args=[line.public_id]), typed(line, sender=taken))

    line.refresh_from_db()
    assert (page.status_code, line.sender) == (200, "")
    assert f"{taken} belongs to another line" in page.content.decode()
    assert "sender" in page.context["form"].errors


def test_a_line_may_not_answer_the_sender_of_another_line(manager, line, other):
    sent = typed(line, numbers="2883 12025550199")

    page = manager.post(reverse("hotline:line", args=[line.public_id]), sent)

    assert (page.status_code, list(page.context["form"].errors)) == (200, ["numbers"])


def test_a_new_line_may_not_take_the_sender_of_another(line, other, liberia, at):
    with pytest.raises(lines.SenderTaken):
        lines.open_line(
            country=liberia, numbers=["2884"], number="2884", name="New", account=line.account, sender="+12025550199",
            language_keys="1:en", duty_phone="+231770009999", is_practice=True, by="test", at=at,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("written", "kept"),
    [("+1202 5550123", SENDER), ("2883", "2883"), ("+2312883", "+2312883"), ("Advice 1", "Advice 1"), ("", "")],
)
def test_a_sender_is_kept_as_numbers_are_written(manager, line, written, kept):
    manager.post(reverse("hotline:line", args=[line.public_id]), typed(line, sender=written, name="Changed"))

    line.refresh_from_db()
    assert (line.name, line.sender) == ("Changed", kept)


@pytest.mark.parametrize("name", ["duty_phone", "other_number"])
def test_the_sender_is_the_line_itself_so_callers_are_not_led_there(manager, line, name):
    sent = typed(line, sender=SENDER, **{name: SENDER})

    page = manager.post(reverse("hotline:line", args=[line.public_id]), sent)

    assert list(page.context["form"].errors) == [name]
