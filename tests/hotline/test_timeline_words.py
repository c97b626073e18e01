"""The timeline of a contact speaks in words: every code that the product writes into it has some."""

import ast
import re
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import translation

from hotline import callstate, webhooks
from hotline.actions.screening import STEPS as ON_SHIFT
from hotline.choices import EVENTS, FLAGS, Answer, LegRole
from hotline.ivr.table import DUTY_STATES, STEPS
from hotline.models import ContactEvent, WebhookEvent
from hotline.queries.log import FEWEST, HOOKS, Entry, Run, folded, whole_timeline
from hotline.queries.simulation import STEPS as STEP_WORDS
from hotline.queries.told import ANSWERS, HIDDEN, NUMBERS, TOGETHER, WORDS, reported, told
from tests.hotline.backs import call_back_begun, call_that_nobody_took  # noqa: F401 -- fixtures
from tests.hotline.backs import step as call_back_step

pytestmark = pytest.mark.either

HOTLINE = Path(webhooks.__file__).parent
ROOM = ["conference-start", "conference-end"] + [
    f"participant-{what}" for what in ("join", "leave", "hold", "unhold", "modify")
]
OTHERS = {"language", "question", "refused", "key", "seconds", "consent", "case"}  # `case` is the code of a case


def written():
    """Every line of a timeline that the source writes: its kind and the names of its details."""
    for path in HOTLINE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Tuple) and len(node.elts) == 2 and isinstance(node.elts[1], ast.Dict):
                kind, detail = node.elts
                if isinstance(kind, ast.Constant):
                    yield kind.value, [key.value for key in detail.keys]
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "note" and len(node.args) > 1:
                names = [word.arg for word in node.keywords if word.arg not in ("by", "at", None)]
                kinds = [one.value for one in ast.walk(node.args[1]) if isinstance(one, ast.Constant)]
                yield from ((kind, names) for kind in kinds)


def flags_written():
    """Every mark of the flow and of the doors."""
    for path in HOTLINE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.keyword) and node.arg == "flags" and isinstance(node.value, ast.Tuple):
                yield from (one.value for one in node.value.elts if isinstance(one, ast.Constant))


def test_every_kind_of_event_and_every_detail_has_words():
    found = list(written())

    assert len(found) > 40
    assert {kind for kind, _names in found} <= set(EVENTS)
    assert {name for _kind, names in found for name in names} <= set(WORDS) | HIDDEN | NUMBERS | OTHERS | set(ANSWERS)
    assert set(flags_written()) <= set(FLAGS)


@pytest.mark.parametrize("answer", Answer.values)
def test_what_was_said_to_being_written_down_has_words(answer):
    words, codes = told({"case": "LR-XXXX-XX", "consent": answer, "opening": ""})

    assert any(str(Answer(answer).label) in one for one in words)
    assert codes == ["LR-XXXX-XX"]


def test_every_state_that_the_network_reports_has_words():
    states = [*callstate.CALL_ORDER, *ROOM]

    assert all(reported("status", state) for state in states)
    assert all(reported("status", state, of_recording=True) for state in callstate.RECORDING_ORDER)
    assert all(reported("message-status", state) for state in callstate.MESSAGE_ORDER)


def test_every_step_reason_and_role_has_words():
    rooms = {*webhooks.JOINING, *webhooks.IN_ROOM, *webhooks.NO_CALLER, webhooks.ALONE}
    addresses = {*STEPS, *rooms, *ON_SHIFT, "trouble"}
    doors = re.findall(r'hook_door\("([a-z-]+)"\)', Path(webhooks.__file__).read_text())

    assert addresses <= set(STEP_WORDS)
    assert set(doors) <= set(HOOKS)
    assert set(DUTY_STATES) <= set(WORDS["reason"])
    assert set(LegRole.values) <= set(WORDS["role"])


def page_of(network, browser, language=""):
    place = reverse("hotline:contact", args=[network.contact.public_id])
    if language:
        with translation.override(language):
            place = reverse("hotline:contact", args=[network.contact.public_id])
    return browser.get(place).content.decode()


@pytest.fixture
def reader(supervisor, sign_in):
    """The browser of a supervisor: she is on no shift, so callers find nobody."""
    return sign_in(supervisor)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["", "ar"])
def test_the_timeline_of_a_call_to_the_duty_phone_shows_no_code(network, reader, language):
    contact = network.queued()
    for number, status in enumerate(("initiated", "ringing", "no-answer")):
        duty = {"CallSid": "CA" + "2" * 32, "ParentCallSid": network.sid, "CallStatus": status}
        network.status(status, str(number), **duty)
    network.step("duty", 2, DialCallStatus="no-answer")
    network.room("conference-start", 1, contact)
    network.room("participant-join", 2, contact, sid=network.sid, label="caller")
    network.status("completed", "9")

    page = page_of(network, reader, language)

    codes = ("initiated", "ringing", "no-answer", "in-progress", "participant-join", "conference-start")
    assert [code for code in codes if code in page] == []
    assert re.search(r">[^<]*\b(nobody|completed)\b[^<]*،", page) is None
    assert "<code" not in page


@pytest.mark.django_db
def test_what_has_no_words_stays_a_code_and_is_written_from_the_left(network, reader, at):
    contact = network.queued()
    ContactEvent.objects.create(contact=contact, kind="new_kind", at=at, by="line", detail={"reason": "new_reason"})
    WebhookEvent.objects.filter(contact=contact).update(flags="new_mark")

    page = page_of(network, reader)

    for code in ("new_kind", "new_reason", "new_mark"):
        assert f'<code dir="ltr">{code}</code>' in page


@pytest.mark.django_db
def test_the_nobody_menu_is_not_called_closed_hours(network, line, reader):
    network.queued()
    menu = network.step("duty", 2, DialCallStatus="no-answer")
    path = menu.address("Gather")
    network.step("nobody", 3, Digits="1")

    page = page_of(network, reader)

    assert "/nobody/?t=3" in path
    assert str(STEP_WORDS["nobody"]) in page.replace("&quot;", '"')
    assert str(STEP_WORDS["duty"]) in page
    assert str(STEP_WORDS["closed"]) not in page
    assert str(STEP_WORDS["left"]) not in page


@pytest.mark.django_db
def test_an_earlier_address_of_a_call_that_goes_on_is_still_answered(network, line):
    network.queued()
    network.step("left", 2, DialCallStatus="no-answer")
    network.step("closed", 3, Digits="1")

    assert network.contact.step == "voicemail"


def test_details_are_told_one_by_one():
    words, codes = told({"reason": "danger", "refused": False, "seconds": 1, "key": "7", "may_call": Answer.NO})

    assert [str(word) for word in words] == ["May call: No", "Key 7", "danger", "1 second"]
    assert codes == []


@pytest.mark.both
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "detail", "words"),
    [
        ("question_answered", {"question": "under_18", "answer": "yes"}, ["Are you under 18? Yes"]),
        (
            "safety_changed",
            {"may_call": "no", "may_text": "yes", "may_voicemail": "no", "shared_phone": "yes"},
            ["May call: No", "May text: Yes", "May leave voicemail: No", "Phone is shared: Yes"],
        ),
    ],
)
@pytest.mark.parametrize("turn", [list, reversed])
def test_details_are_told_in_one_order_however_they_are_kept(contact, at, kind, detail, words, turn):
    kept = dict(turn(detail.items()))
    ContactEvent.objects.create(contact=contact, kind=kind, at=at, by="line", detail=kept)

    entry = next(one for one in whole_timeline(contact) if one.source == "event" and one.details)

    assert [str(one) for one in entry.details] == words


def test_every_two_details_of_one_line_have_a_place():
    beside = {name for _kind, names in written() if len(set(names) - HIDDEN) > 1 for name in names}

    assert beside - HIDDEN <= set(TOGETHER)


@pytest.mark.both
def test_the_same_request_again_and_again_is_one_line_that_opens(network, desk):
    contact = network.queued()
    for _number in range(FEWEST):
        row = contact.inbox.order_by("id").last()
        row.pk, row.public_id, row.key = None, uuid.uuid4(), uuid.uuid4().hex
        row.kind, row.step, row.received_at = "voice", "wait", row.received_at + timedelta(seconds=20)
        row.save(force_insert=True)

    whole = whole_timeline(contact)
    lines = folded(whole)
    page = page_of(network, desk)

    assert [len(one.entries) for one in lines if isinstance(one, Run)] == [FEWEST]
    assert [entry for one in lines for entry in getattr(one, "entries", [one])] == whole
    run = next(one for one in lines if isinstance(one, Run))
    assert f"{FEWEST} times" in page
    assert all(f"{one.at:%H:%M:%S}" in page for one in run.entries)
    assert run.first.at < run.last.at


def test_what_staff_did_again_is_not_folded():
    entry = Entry(datetime(2026, 11, 25, tzinfo=UTC), "event", "Note")

    assert folded([entry] * 5) == [entry] * 5


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["", "ar"])
def test_the_timeline_of_a_call_back_shows_no_code(network, reader, begun, language):
    for name in ("back", "back-key", "back-person", "back-cover"):
        call_back_step(network, begun, name, "CA" + "a" * 32)

    page = page_of(network, reader, language)

    assert WebhookEvent.objects.filter(step__startswith="back").count() == 4
    assert "<code" not in page
