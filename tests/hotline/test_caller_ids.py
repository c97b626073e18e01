"""What a telephone is shown that a document rings: a number of the line that was called, never the caller's."""

import re

import pytest
from defusedxml.ElementTree import fromstring
from django.conf import settings as site
from django.db import OperationalError

from hotline import ivr
from hotline.models import Line
from hotline.queries.caller_ids import caller_id
from hotline.queries.fallback import PROXY, fallback_of
from hotline.queries.lines import Memory, forget_lines, memory
from hotline.telephony import twiml
from tests.hotline.test_builder import PLACE, turns, written

pytestmark = pytest.mark.django_db

CALLERS = ["+231770000001", "anonymous", "sip:anonymous@anonymous.invalid", "sip:+231770000001@10.1.2.3"]
SHOWN = "+2312883"


def shown(text):
    """Return what each telephone is shown that a document rings."""
    return [dial.get("callerId") for dial in fromstring(text).iter("Dial") if dial.find("Number") is not None]


@pytest.fixture
def real(line):
    """The line with callers."""
    Line.objects.update(is_practice=False, account="AC" + "1" * 32)
    return line


def away(**_values):
    raise OperationalError("away")


def broken(**_values):
    raise ValueError("broken")


@pytest.mark.parametrize("caller", CALLERS)
def test_the_duty_phone_is_shown_the_line(network, caller):
    network.call(From=caller)

    reply = network.step("language", 1, Digits="1", From=caller)

    assert reply.document.find(".//Number").text == "+231770009999"
    assert shown(reply.text) == [SHOWN]


def test_a_number_to_which_a_line_is_forwarded_is_shown_the_line(network):
    Line.objects.update(mode="forward", mode_number="+231770007777")
    network.call()

    reply = network.step("language", 1, Digits="1")

    assert (reply.document.find(".//Number").text, shown(reply.text)) == ("+231770007777", [SHOWN])


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("fault", [away, broken])
@pytest.mark.parametrize("called", ["2883", "sip:2883@10.1.2.3", "+4799999999"])
def test_it_is_with_a_fault_and_with_the_database_away(network, monkeypatch, caller, fault, called):
    network.call()
    network.sid = "CA" + "7" * 32
    monkeypatch.setattr("hotline.webhooks.actions.receive_call", fault)

    assert shown(network.call(From=caller, To=called).text) == [SHOWN]


@pytest.mark.parametrize("caller", CALLERS)
def test_the_phone_rung_for_a_number_of_no_line_is_shown_a_line(network, caller):
    assert shown(network.call(From=caller, To="+4799999999").text) == [SHOWN]


@pytest.mark.parametrize(("direction", "number"), [("inbound", "+4799999999"), ("outbound-api", "+231770005555")])
def test_with_no_line_in_memory_it_is_the_number_called_and_never_who_was_rung(
    network, monkeypatch, settings, direction, number
):
    settings.DUTY_PHONE = "+231770005555"
    monkeypatch.setattr("hotline.webhooks.actions.receive_call", away)
    monkeypatch.setattr("hotline.queries.lines._read", Memory)

    assert shown(network.call(To="+4799999999", Direction=direction).text) == [number]


@pytest.mark.parametrize(
    ("numbers", "sender", "number"),
    [
        ("2883 +2312883", "+231999", SHOWN),
        ("2883", "+231999", "+231999"),
        ("2883", "FANAL", "2883"),
        ("2883", "", "2883"),
    ],
)
def test_which_number_of_a_line_is_shown(line, numbers, sender, number):
    Line.objects.update(numbers=numbers, sender=sender)
    forget_lines()

    assert caller_id(memory().by_id[line.pk]) == number


def test_without_a_line_it_is_one_of_the_same_account_before_others(line, real):
    account = "AC" + "2" * 32
    Line.objects.create(
        country=line.country, name="Z", number="+2319", numbers="+2319", account=account, language_keys="1:en",
        duty_phone="+231770009999", other_number="116",
    )  # fmt: skip
    forget_lines()
    memory()

    assert [caller_id(None, account=one) for one in (account, real.account, "")] == ["+2319", SHOWN, SHOWN]
    assert caller_id(None, called="2883", account=account) == SHOWN


@pytest.mark.parametrize("language", ["en", "ar", "ht"])
def test_every_document_of_the_flow_that_rings_a_telephone_shows_a_number(language):
    heard = {turn.heard for turn in turns(language) if any(isinstance(item, ivr.Dial) for item in turn.heard)}
    numbers = [number for told in heard for number in shown(twiml.render(told, PLACE, written))]

    assert len(numbers) >= 3
    assert set(numbers) == {SHOWN}


def test_what_is_exported_and_what_the_proxy_says_show_a_number(real, settings):
    settings.DUTY_PHONE = "+231770005555"

    made = fallback_of()

    assert {name: shown(text) for name, text in made.documents.items() if name != PROXY} == {
        "2883.xml": [SHOWN], "any-other-number.xml": [SHOWN],
    }  # fmt: skip
    proxy = (site.BASE_DIR / "deploy" / "nginx.conf.example").read_text("utf-8")
    documents = re.findall(r"'(<\?xml.*?)'", proxy)
    assert [number for text in documents for number in shown(text)] == ["+000000000001"]


def test_every_dial_of_ours_with_a_number_is_written_where_its_caller_id_is():
    """The two functions that write one; whatever writes another must be tried above."""
    files = {
        path.relative_to(site.BASE_DIR).as_posix(): path.read_text("utf-8").count("<Dial")
        for path in (site.BASE_DIR / "hotline").rglob("*.py")
        if {"<Number", "<Dial"} <= set(re.findall(r"<\w+", path.read_text("utf-8")))
    }

    assert set(files) == {"hotline/telephony/twiml.py"}
