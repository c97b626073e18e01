"""A whole call with its rows, in whatever order and how often its events come: one end.

Two operators one after the other, hold, a recorded message, an interpreter, a supervisor who coaches, and a service to which the call is to be left.
And a call that nobody answered: the caller pressed the star while an operator's browser was on its way, waited again, and
hung up before that of the next came; or a third operator missed it, and the line's limit led the caller out.
What people do (a key, a claim, a wish) stands where it must, and what they can only do once it is told is told before, also
the other way round; what the network tells is shuffled over the whole call. Whose
sheet it is at the end and what everybody of the staff is doing then are compared as well; the last reports of a plain call
stand in each of their orders in tests/hotline/test_ends_of_a_call.py.
The lattice alone is proved by tests/hotline/test_callstate_order.py, with two thousand orders.
"""

import itertools

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotline import actions
from hotline.actions.thirds import PERSONS
from hotline.models import Contact, Leg, OperatorState, Recording, ThirdCall
from tests.hotline.thirds import a_service_in_the_directory, interpreter_on_duty, newest, picks_up  # noqa: F401 -- fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.either]
SIDS = {"op-1": "CA" + "a" * 32, "op-2": "CA" + "b" * 32, "int-1": "CA" + "c" * 32, "agency-1": "CA" + "d" * 32,
        "sup-1": "CA" + "e" * 32}  # fmt: skip
ROOM = "CF" + "1" * 32
CALL = "/hotline/twilio/status/"


class Telling:
    """What the network tells of one call: its own words, ready to be told in any order."""

    def __init__(self, network, contact):
        self.network, self.contact, self.sids = network, contact, SIDS | {"caller": network.sid}

    def room(self, event, number, label="", **more):
        """Return what the room reports of a telephone, or of itself."""
        fields = {
            "ConferenceSid": ROOM, "FriendlyName": self.contact.room_name, "StatusCallbackEvent": event,
            "SequenceNumber": str(number), "CallSid": self.sids.get(label, ""), "ParticipantLabel": label,
            "Timestamp": f"Wed, 25 Nov 2026 10:01:{number:02} +0000",
        }  # fmt: skip
        return CALL, fields | more

    def status(self, label, status, number):
        """Return what a telephone reports."""
        fields = {"From": "+2312883", "To": "client:x", "Direction": "outbound-api"} if label != "caller" else {}
        return CALL, self.network.fields(
            CallSid=self.sids[label], CallStatus=status, SequenceNumber=str(number)
        ) | fields

    def second(self, label, *statuses):
        """Return what is reported of a second call to a telephone, of which the network knows by our address alone."""
        leg = self.contact.legs.get(label=label)
        sid = "CA" + f"{leg.token:032x}"[-32:]
        fields = {"From": "+2312883", "To": "client:x", "Direction": "outbound-api", "CallSid": sid}
        return [
            (f"{CALL}?t={leg.token}", self.network.fields(CallStatus=status, SequenceNumber=str(number)) | fields)
            for number, status in enumerate(statuses)
        ]

    def before_the_key(self):
        """What may come before anybody presses a key: the first request, and what is told of the caller's leg."""
        first = "/hotline/twilio/voice/", self.network.fields(CallStatus="ringing")
        return [
            first, self.status("caller", "ringing", 0), self.status("caller", "in-progress", 1),
            (first[0], first[1] | {"CallStatus": "in-progress"}),
        ]  # fmt: skip

    def first_of_all(self):
        """What must be told before a second operator can take the call: that the first came to the caller, and is gone."""
        return [
            self.room("participant-join", 1, "caller"), self.room("participant-join", 2, "op-1"),
            self.room("participant-leave", 4, "op-1"),
        ]  # fmt: skip

    def whole(self):
        """Everything that is told of the whole call, of the telephones of four people, and of a recorded message."""
        recorded = {"CallSid": self.network.sid, "RecordingSid": "RE" + "1" * 32, "RecordingStatus": "completed"}
        return [
            *self.before_the_key(), (CALL, recorded | {"RecordingDuration": "9"}),
            *self.first_of_all(), self.room("conference-start", 3), self.status("op-1", "in-progress", 1), self.status("op-1", "completed", 2),
            self.room("participant-join", 5, "op-2"), self.status("op-2", "in-progress", 1),
            self.room("participant-join", 6, "agency-1"), self.status("agency-1", "in-progress", 1),
            self.room("participant-join", 7, "int-1"), self.status("int-1", "in-progress", 1),
            self.room("participant-join", 16, "sup-1"), self.status("sup-1", "in-progress", 1),
            self.room("participant-leave", 17, "sup-1"), self.status("sup-1", "completed", 2),
            self.room("participant-hold", 8, "caller"), self.room("participant-unhold", 9, "caller"),
            self.room("participant-modify", 10, "op-2", EndConferenceOnExit="false"),
            self.room("participant-leave", 11, "int-1"), self.status("int-1", "completed", 2),
            self.room("participant-leave", 12, "agency-1"), self.status("agency-1", "completed", 2),
            self.room("participant-leave", 13, "op-2"), self.room("participant-leave", 14, "caller"),
            self.room("conference-end", 15), self.status("op-2", "completed", 2),
            self.status("caller", "completed", 9), *self.second("op-1", "ringing", "completed"),
            *self.second("op-2", "ringing", "busy"), *self.second("int-1", "no-answer"),
            *self.second("agency-1", "ringing", "busy"), *self.second("sup-1", "failed"),
        ]  # fmt: skip

    def unanswered(self, *, is_led_out):
        """Everything that is told of the call that nobody answered: each operator was in the room without the caller."""
        last = [] if is_led_out else [
            self.room("participant-leave", 8, "caller"), self.room("participant-join", 9, "op-2"),
            self.room("participant-leave", 10, "op-2"), self.status("op-2", "in-progress", 1),
            self.status("op-2", "completed", 2),
        ]  # fmt: skip
        led_out = [self.room("participant-leave", 12, "caller"), self.status("op-2", "no-answer", 1)]
        return [
            *self.before_the_key(), self.room("participant-join", 1, "caller"), self.room("conference-start", 2),
            self.room("participant-leave", 3, "caller"), self.room("participant-join", 4, "op-1"),
            self.status("op-1", "in-progress", 1), self.room("participant-leave", 5, "op-1"),
            self.status("op-1", "completed", 2), self.room("participant-join", 7, "caller"), *(led_out if is_led_out else last),
            self.room("conference-end", 15), self.status("caller", "completed", 9),
            *self.second("op-1", "ringing", "busy"), *self.second("op-2", "ringing", "no-answer"),
        ]  # fmt: skip

    def tell(self, events):
        for path, fields in events:
            assert self.network.post(path, fields).status in {200, 204}


def takes(network, contact, operator, label, at):
    """Let an operator take the call, and her telephone come into the room."""
    actions.take_call(contact=Contact.objects.get(pk=contact.pk), by=operator, at=at)
    leg = contact.legs.get(label=label)
    reply = network.post(f"/hotline/twilio/voice/softphone/?t={leg.token}", {
        "CallSid": SIDS[label], "From": "+2312883", "To": f"client:{operator.operator_state.token}",
        "CallStatus": "in-progress", "Direction": "outbound-api",
    })  # fmt: skip
    assert "<Conference" in reply.text


def comes(network, third, label):
    """Let the telephone of a third person press 1."""
    Leg.objects.filter(pk=third.leg_id).update(call_sid=SIDS[label])
    step, called = newest(third).role, {}
    if step in PERSONS:  # whom the practice network rings as it rings an operator
        called = {"To": f"client:{third.person.operator_state.token}"}
    for name, digits in ((step, ""), (f"{step}-key", "1")):
        reply = picks_up(network, newest(third), name, Digits=digits, **called)
    assert "<Conference" in reply.text


def lost(network, operator, at):
    """Let the browser of an operator come to a caller; what the network tells of both is to come."""
    contact = network.queued()
    takes(network, contact, operator, "op-1", at)
    return Telling(network, contact)


@pytest.fixture(params=["in order", "the other way round"])
def telling(request, network, operator, person, liberia, interpret, agency, at, monkeypatch):
    """A call in which all has been done that people do: what the network tells of it is to come, partly once more."""
    monkeypatch.setattr("hotline.queries.lines.KEPT_SECONDS", 3600.0)
    interpret("Ada")
    second = person("operator", country=liberia, name="Second, Liberia")
    actions.set_presence(user=second, state="ready", by=second, at=at)
    telling = lost(network, operator, at)
    contact, first = telling.contact, telling.first_of_all()
    telling.tell(first if request.param == "in order" else reversed(first))
    assert network.contact.state == "returned"
    takes(network, contact, second, "op-2", at)
    telling.tell([telling.room("participant-join", 5, "op-2")])
    service = actions.ask_agency(contact=contact, agency=agency, is_cold=False, by=second, at=at)
    comes(network, service, "agency-1")
    telling.tell([telling.room("participant-join", 6, "agency-1")])
    comes(network, actions.ask_interpreter(contact=contact, by=second, at=at), "int-1")
    boss = person("supervisor", country=liberia)
    third = actions.offer_join(contact=contact, mode="coach", reason="new", by=boss, at=at)
    actions.let_in(contact=contact, by=second, at=at)
    third.refresh_from_db()
    comes(network, third, "sup-1")
    actions.hand_over(contact=contact, by=second, at=at)
    assert network.contact.state == "consult"
    return telling


@pytest.fixture(params=["gives up", "is led out"])
def unanswered(request, network, operator, person, liberia, clock, monkeypatch):
    """A call in which all was done that people did, and that nobody answered: what the network tells of it is to come."""
    monkeypatch.setattr("hotline.queries.lines.KEPT_SECONDS", 3600.0)
    second = person("operator", country=liberia, name="Second, Liberia")
    actions.set_presence(user=second, state="ready", by=second, at=clock.now)
    contact = network.queued()
    takes(network, contact, operator, "op-1", clock.now)
    network.step("left", 2, DialCallStatus="answered")
    network.step("choices", 3, Digits="1")
    assert network.contact.state == "waiting"
    telling = Telling(network, contact)
    telling.is_led_out = request.param == "is led out"
    if telling.is_led_out:
        actions.take_call(contact=network.contact, by=second, at=clock.now)
        Leg.objects.filter(label="op-2").update(call_sid=SIDS["op-2"])
        actions.release_lapsed_claims(at=clock.move(minutes=11))
        network.step("wait", 4001)
        network.step("left", 4)
        network.step("left", 5, DialCallStatus="no-answer")
        assert network.contact.step == "nobody"
    else:
        takes(network, contact, second, "op-2", clock.now)
    return telling


def summary(key):
    contact, legs = Contact.objects.get(pk=key), Leg.objects.filter(contact_id=key).order_by("label")
    return (
        contact.state, contact.outcome, contact.is_missed, contact.ended_at is not None, contact.operator_count,
        contact.claimed_by_id, contact.priority,
        list(OperatorState.objects.order_by("user").values_list("user", "state", "contact")),
        [(one.label, one.status, one.joined_at, one.left_at, one.is_held, one.hold_mark) for one in legs],
        list(ThirdCall.objects.filter(contact_id=key).order_by("role").values_list("role", "state", "tries")),
        list(Recording.objects.filter(contact_id=key).values_list("status", "seconds")),
    )  # fmt: skip


def ends(telling, events):
    """Tell the events, return what stands at the end, and undo it."""
    with transaction.atomic():
        telling.tell(events)
        found = summary(telling.contact.pk)
        transaction.set_rollback(True)
    return found


def test_the_first_request_among_what_is_told_of_it_in_any_order_ends_in_the_same_state(
    network, operator, monkeypatch
):
    monkeypatch.setattr("hotline.queries.lines.KEPT_SECONDS", 3600.0)
    found = []
    for order in itertools.permutations(Telling(network, None).before_the_key()):
        with transaction.atomic():
            Telling(network, None).tell([*order, order[0]])
            network.step("language", 1, Digits="1")
            found.append(summary(network.contact.pk)[:-1] + (network.contact.step, network.contact.turn))
            transaction.set_rollback(True)

    assert len(found) == 24
    assert [one for one in found if one != found[0]] == []


def test_an_operator_who_came_and_is_gone_leaves_the_call_to_the_next_in_whatever_order_it_is_told(
    network, operator, liberia, clock, monkeypatch
):
    """Where her end is told before that she came, the caller waits for nobody who is gone."""
    monkeypatch.setattr("hotline.queries.lines.KEPT_SECONDS", 3600.0)
    telling = lost(network, operator, clock.now)
    found = []
    for order in itertools.permutations(telling.first_of_all()):
        with transaction.atomic():
            telling.tell([*order, order[0]])
            found.append((network.contact.claimed_until, *summary(telling.contact.pk)))
            transaction.set_rollback(True)

    assert found[0][:2] == (None, "returned")
    assert found[0][6:8] == (None, 2)
    assert [one for one in found if one != found[0]] == []


def proved(telling, data):
    """Draw an order with repetitions; the end is that of the call as it went."""
    events = telling.whole()
    if not hasattr(telling, "expected"):
        telling.expected = ends(telling, events)
        assert telling.expected[:5] == ("wrap_up", "answered", False, True, 2)
        assert [state for _role, state, _tries in telling.expected[-2]] == ["over", "over", "over"]
    in_any_order(telling, events, data)


def proved_unanswered(telling, data):
    """The same of a call that nobody answered: it stays missed, and no operator has it."""
    events = telling.unanswered(is_led_out=telling.is_led_out)
    if not hasattr(telling, "expected"):
        telling.expected = ends(telling, events)
        outcome = "unanswered" if telling.is_led_out else "abandoned"
        assert telling.expected[:7] == ("ended", outcome, True, True, 2, None, 5)
        assert {(state, contact) for _user, state, contact in telling.expected[7]} == {("ready", None)}
    in_any_order(telling, events, data)


def in_any_order(telling, events, data):
    again = data.draw(st.lists(st.sampled_from(range(len(events))), max_size=8))
    order = data.draw(st.permutations([*range(len(events)), *again]))

    assert ends(telling, [events[number] for number in order]) == telling.expected


@pytest.mark.both
@settings(max_examples=13, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_order_and_repetition_of_a_whole_call_ends_in_the_same_state(telling, data):
    proved(telling, data)


@pytest.mark.both
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_order_and_repetition_of_a_call_that_nobody_answered_leaves_it_missed(unanswered, data):
    proved_unanswered(unanswered, data)


@pytest.mark.long
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_many_orders_of_a_call_that_nobody_answered_leave_it_missed(unanswered, data):
    proved_unanswered(unanswered, data)


@pytest.mark.long
@settings(max_examples=75, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_many_orders_of_a_whole_call_end_in_the_same_state(telling, data):
    proved(telling, data)
