"""A caller's end is told before any of her keys, and again after them: how her call ended, and what she agreed to, stay.

Every key was pressed before the end, however late it comes here. So each walk through menus, questions on a call back, a
message, and telephones that documents ring, ends as the one whose end was told last.
"""

from functools import partial
from itertools import permutations

import pytest
from django.db import transaction

from accounts import actions as accounts
from hotline.actions import flows
from hotline.models import Contact, KeyAnswer, Leg, Recording
from hotline.queries import forget_lines
from tests.hotline.test_duty_phone import over, told
from tests.hotline.test_flow_heard import OTHER, close
from tests.hotline.test_flows import publish
from tests.hotline.test_webhooks_faults import _raise

pytestmark = [pytest.mark.django_db, pytest.mark.either]

TYPED, ANOTHER = "0770000007", "0880000008"
SOUND = {"RecordingSid": "RE" + "5" * 32}
UNHEARD = {"DialCallStatus": "no-answer"}
BACK = [("closed", "2"), ("callback", "1"), ("callback", "2")]
WAY_OUT = [("left", UNHEARD), ("choices", "2")]
# How the line is; what comes in at each turn, a key or other fields; how it ends: outcome, may we call, where.
WALKS = {
    "a number": ("closed", [*BACK, ("callback", TYPED), ("callback", "2")], ("callback", "yes", "+231770000007")),
    "a number read twice, and all that is asked then": (
        "closed",
        [*BACK, ("callback", TYPED), *[("callback", key) for key in "020122"]],
        ("callback", "yes", "+231770000007"),
    ),
    "another number after a slip": (
        "closed",
        [*BACK, ("callback", TYPED), ("callback", "1"), ("callback", ANOTHER), ("callback", "2")],
        ("callback", "yes", "+231880000008"),
    ),
    "another number in place of an answer": (
        "closed",
        [*BACK, ("callback", TYPED), ("callback", ANOTHER), ("callback", "2")],
        ("callback", "yes", "+231880000008"),
    ),
    "a number that is not confirmed": ("closed", [*BACK, ("callback", TYPED)], ("unconfirmed", "no", None)),
    "a number that is wrong": ("closed", [*BACK, ("callback", TYPED), ("callback", "1")], ("after_hours", "no", None)),
    "no number that works": ("closed", [*BACK, *[("callback", "12")] * 2], ("no_number", "no", None)),
    "danger after a yes": (
        "nobody",
        [("duty", UNHEARD), ("nobody", "2"), ("callback", "2"), ("callback", "9"), ("duty", UNHEARD)],
        ("nobody", "yes", None),
    ),
    "out of the queue, back, and out again": (
        "open",
        [*WAY_OUT, ("callback", "2"), ("callback", "9"), *WAY_OUT, ("callback", "1")],
        ("abandoned", "no", None),
    ),
    "a message": (
        "closed",
        [("closed", "1"), ("voicemail-done", SOUND | {"RecordingDuration": "9"})],
        ("voicemail", "not_asked", None),
    ),
    "silence": (
        "closed",
        [("closed", "1"), ("voicemail-done", SOUND | {"RecordingDuration": "1"})],
        ("silent", "not_asked", None),
    ),
}


@pytest.fixture(name="on_line")
def line_as_it_is(request, line, monkeypatch):
    """Make the line closed, without anybody on shift, or open with an operator."""
    monkeypatch.setattr("hotline.queries.lines.KEPT_SECONDS", 3600.0)

    def put(how):
        if how == "open":
            request.getfixturevalue("operator")
        if how == "closed":
            line.hours.all().delete()
        forget_lines()

    return put


def steps(network, walk):
    """Return the requests of a call, each ready to be posted: the first, and one for each turn."""
    asked = [partial(network.call)]
    for turn, (address, what) in enumerate([("language", "1"), *walk], start=1):
        asked.append(partial(network.step, address, turn, **(what if isinstance(what, dict) else {"Digits": what})))
    return asked


def stands(network, at):
    """Return all that is known of a call when everything was told."""
    row = network.contact
    number = accounts.reveal(row, "callback_number", by="worker", at=at, reason="test")
    return (row.outcome, row.may_call, number), (
        row.is_missed, row.due_at is not None, row.state, row.step, row.turn, row.question, row.priority, row.is_danger,
        row.callback_time, row.shared_phone, row.may_voicemail, sorted(row.flag_codes), row.ended_at is not None,
        list(Leg.objects.filter(contact=row).order_by("label").values_list("label", "status")),
        list(Recording.objects.filter(contact=row).values_list("seconds", flat=True)),
        list(KeyAnswer.objects.filter(contact=row).values_list("question", "answer")),
    )  # fmt: skip


def ends(network, at, acts):
    """Let all of it come in, return what stands at the end, and undo it."""
    with transaction.atomic():
        for act in acts:
            assert act().status in (200, 204)
        found = stands(network, at)
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("name", WALKS)
def test_an_end_that_overtakes_keys_takes_nothing_from_what_they_said(network, on_line, at, name):
    how, walk, end = WALKS[name]
    on_line(how)
    asked = steps(network, walk)
    over_it, again = (partial(network.status, "completed", number) for number in ("8", "9"))
    as_it_went = ends(network, at, [*asked, over_it])

    found = [
        ends(network, at, [*asked[:place], over_it, *asked[place:], *((over_it, again) if place % 2 else ())])
        for place in range(1, len(asked))
    ]

    assert as_it_went[0] == end
    assert [one for one in found if one != as_it_went] == []


@pytest.fixture(name="forwarded")
def line_that_forwards(line, person, liberia, at, monkeypatch):
    """Forward the line, which is closed, to the number of somebody else."""
    by = person("manager", country=liberia)
    row = flows.add_forward_number(line=line, number=OTHER, name="Night service", by=by, at=at)
    flows.confirm_forward_number(number=row, by=person("supervisor", country=liberia), at=at)
    close(line, by, at)
    publish(line, by, at, after_hours="forward", after_hours_number=OTHER)
    monkeypatch.setattr("hotline.queries.lines.KEPT_SECONDS", 3600.0)


@pytest.mark.parametrize(("seconds", "end"), [("3", ("after_hours", True)), ("40", ("by_phone", False))])
@pytest.mark.parametrize("dial", ["with its length", "without", "never"])
def test_no_order_makes_a_moment_at_a_forwarded_number_a_talk_or_a_talk_a_moment(
    network, forwarded, at, seconds, end, dial
):
    tells = [
        partial(told, network, "in-progress", 2, To=OTHER),
        partial(told, network, "completed", 3, To=OTHER, CallDuration=seconds),
        partial(network.status, "completed", "9"),
    ]
    if dial != "never":
        tells.append(partial(over, network, 2, **({} if dial == "without" else {"DialCallDuration": seconds})))
    before = steps(network, [])

    found = [ends(network, at, [*before, *order]) for order in permutations(tells)]

    assert {(outcome, rest[0]) for (outcome, *_said), rest in found} == {end}
    assert [one for one in found if one != found[0]] == []


def test_a_talk_that_a_late_report_tells_of_is_work_for_nobody(network, forwarded, at):
    """The end, before the dial's, found nobody; the dial's says that a person was spoken to."""
    for act in [*steps(network, []), partial(network.status, "completed", "9")]:
        act()
    before = network.contact
    over(network, 2, DialCallDuration="40")

    after = network.contact
    assert (before.outcome, before.is_missed, before.due_at is None) == ("after_hours", True, False)
    assert (after.outcome, after.is_missed, after.due_at) == ("by_phone", False, None)


def test_what_was_typed_is_forgotten_at_once_with_an_end_and_comes_back_with_a_yes_alone(network, on_line, at):
    on_line("closed")
    for act in steps(network, [*BACK, ("callback", TYPED)]):
        act()
    network.status("completed", "9")
    forgotten = network.contact.callback_number
    for turn, key in ((6, "0"), (7, "0")):
        network.step("callback", turn, Digits=key)
        assert (network.contact.step, network.contact.callback_number) == ("callback_check", None)
    network.step("callback", 8, Digits="1")
    wrong = network.contact

    assert forgotten is None
    assert (wrong.step, wrong.callback_number, wrong.may_call) == ("callback_number", None, "no")


def test_a_key_that_comes_after_the_contact_was_erased_brings_no_number_back(network, on_line, at):
    on_line("closed")
    for act in steps(network, [*BACK, ("callback", TYPED)]):
        act()
    network.status("completed", "9")
    Contact.objects.filter(pk=network.contact.pk).update(erased_at=at)

    assert network.step("callback", 6, Digits="2").status == 200
    assert (network.contact.callback_number, network.contact.may_call) == (None, "no")


def test_of_two_numbers_in_one_turn_the_one_that_was_read_back_is_found_again(network, on_line, at):
    """A second request of a turn is kept without effect: its number was never read to her."""
    on_line("closed")
    for act in steps(network, [*BACK, ("callback", TYPED)]):
        act()
    network.step("callback", 5, Digits=ANOTHER)
    network.status("completed", "9")
    network.step("callback", 6, Digits="2")

    assert stands(network, at)[0] == ("callback", "yes", "+231770000007")


def test_a_number_in_a_request_that_a_fault_stopped_ahead_of_the_call_is_not_found(network, on_line, at, monkeypatch):
    """It moved the call to the duty phone, and was read to nobody; she came to the question by the danger key."""
    on_line("nobody")
    network.call()
    with monkeypatch.context() as patch:
        patch.setattr("hotline.webhooks.actions.advance_call", _raise(ValueError("broken")))
        network.step("callback", 19, Digits=ANOTHER)
    walk = [("duty", UNHEARD), ("goodbye", "9"), ("duty", UNHEARD), ("nobody", "2"), *BACK[1:], ("callback", TYPED)]
    for turn, (address, what) in enumerate(walk, start=2):
        network.step(address, turn, **(what if isinstance(what, dict) else {"Digits": what}))
    assert network.contact.step == "callback_check"
    network.status("completed", "9")
    network.step("callback", network.contact.turn, Digits="2")

    assert stands(network, at)[0] == ("callback", "yes", "+231770000007")


def test_a_message_that_the_recording_alone_tells_of_counts_wherever_that_is_told(network, on_line, at):
    """What the step took for silence is heard; before she hung up she asked for a call back, and named no number."""
    on_line("closed")
    silence = ("voicemail-done", SOUND | {"RecordingDuration": "1"})
    walk = [("closed", "1"), silence, ("goodbye", "9"), ("duty", UNHEARD), ("nobody", "2"), *[("callback", "")] * 3]
    asked, over_it = steps(network, walk), partial(network.status, "completed", "9")
    heard = partial(
        network.post, "/hotline/twilio/status/",
        {"CallSid": network.sid, "RecordingStatus": "completed", "RecordingDuration": "9"} | SOUND,
    )  # fmt: skip
    places = range(3, len(asked) + 1)
    assert ends(network, at, [*asked, over_it])[0] == ("no_number", "not_asked", None)

    found = [ends(network, at, [*asked[:place], heard, *asked[place:], over_it])[0] for place in places]
    found.append(ends(network, at, [*asked, over_it, heard])[0])
    found.append(ends(network, at, [*asked, over_it, heard, over_it])[0])

    assert found == [("voicemail", "not_asked", None)] * len(found)
