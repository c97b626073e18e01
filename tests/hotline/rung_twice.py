"""A telephone that was rung twice, because the first dial was not answered in time, and its two calls.

The network reports of both, and asks for the steps of both, with signed requests; the product's worker dials, and hangs up.
"""

import datetime as dt
import itertools

import pytest

from hotline import actions, tasks
from hotline.models import Contact, Leg, Line, OperatorState, ThirdCall
from hotline.telephony.base import ProviderDown
from tests.hotline.conftest import Network
from tests.hotline.telephones import NUMBER, verify

A, B = "CA" + "a" * 32, "CA" + "b" * 32
ROLES = ("operator", "interpreter", "agency", "supervisor")


class SlowOnce:
    """A provider whose first answer to a dial never comes: that call rings all the same, and so does the second."""

    def __init__(self):
        self.dialled, self.hung_up, self.deleted, self.meanwhile, self.kept_rooms = 0, [], [], None, []
        self.while_hanging_up = None

    def dial(self, **_asked):
        self.dialled += 1
        if self.dialled == 1:
            raise ProviderDown("ReadTimeout")
        if self.meanwhile:
            self.meanwhile()
        return B

    def hang_up(self, sid):
        if self.while_hanging_up:
            self.while_hanging_up()
        self.hung_up.append(sid)

    def delete_call(self, sid):
        self.deleted.append(sid)

    def set_room_end(self, room_sid, sid, *, ends):
        self.kept_rooms.append((room_sid, sid, ends))

    def announce(self, room_sid, url):
        """Say who joins."""

    def set_coach(self, room_sid, sid, *, coached):
        """Let a supervisor be heard by the operator alone."""


class Rung:
    """A telephone of the staff, or of an agency, that is rung by two calls."""

    def __init__(self, network: Network, slow: SlowOnce, clock, leg: Leg):
        self.network, self.slow, self.clock, self.leg, self.numbers = network, slow, clock, leg, itertools.count(30)
        role = leg.role
        self.first, self.second = ("whisper", "softphone") if role == "operator" else (role, f"{role}-key")

    def work(self, **later):
        tasks.run_commands(self.clock.move(**later) if later else self.clock.now)

    def reports(self, sid, status):
        self.network.rung_status(self.leg.token, sid, status, next(self.numbers), NUMBER)

    def hears(self, sid):
        return self.network.rung(self.first, self.leg.token, sid, NUMBER)

    def presses(self, sid, key="1"):
        return self.network.rung(self.second, self.leg.token, sid, NUMBER, Digits=key)

    def presses_after_hearing(self, sid) -> str:
        self.hears(sid)
        return self.presses(sid).text

    def joins(self, sid, **more):
        return self.network.room("participant-join", next(self.numbers), self.now.contact, sid, self.leg.label, **more)

    def comes(self, sid):
        self.reports(sid, "in-progress")
        assert "Gather" in self.hears(sid).text
        assert "<Conference" in self.presses(sid).text
        self.joins(sid)

    @property
    def now(self) -> Leg:
        return Leg.objects.get(pk=self.leg.pk)

    @property
    def is_waited_for(self) -> bool:
        """Tell whether nobody else is rung or offered this call."""
        if self.leg.role == "operator":
            contact, at = self.now.contact, self.clock.now
            tasks.release_claims(at)
            contact.refresh_from_db()
            return contact.claimed_by_id == self.leg.user_id and contact.claimed_until > at
        return ThirdCall.objects.filter(leg=self.leg, state="ringing").exists()


def _third_leg(role, talk, operator, at, interpret, agency, boss):
    if role == "interpreter":
        interpret("Ada")
        third = actions.ask_interpreter(contact=talk, by=operator, at=at)
    elif role == "agency":
        third = actions.ask_agency(contact=talk, agency=agency, is_cold=False, by=operator, at=at)
    else:
        actions.operator_state(boss, at=at)
        verify(boss, at - dt.timedelta(hours=1))
        third = actions.offer_join(contact=talk, mode="open", reason="new", by=boss, at=at)
        actions.let_in(contact=talk, by=operator, at=at)
    third.refresh_from_db()
    return third.leg


@pytest.fixture(name="rung", params=ROLES)
def telephone_rung_by_two_calls(request, network, operator, person, liberia, clock, monkeypatch):
    """Both calls were dialled, and nothing was reported of either; the answer of the second is stored."""
    slow = SlowOnce()
    if request.param == "operator":
        Line.objects.update(is_practice=False)
        verify(operator, clock.now)
        contact = network.queued()
        actions.take_call(contact=contact, by=operator, at=clock.now)
        network.room("participant-join", 1, contact, sid=network.sid, label="caller")
        leg = contact.legs.get(role="operator")
    else:
        talk, interpret, agency = (request.getfixturevalue(name) for name in ("talk", "interpret", "agency"))
        boss = person("supervisor", country=liberia)
        leg = _third_leg(request.param, talk, operator, clock.now, interpret, agency, boss)
    monkeypatch.setattr("hotline.actions.commands.provider", lambda account: slow)
    rung = Rung(network, slow, clock, leg)
    rung.work()
    assert (slow.dialled, rung.now.call_sid) == (1, None)
    return rung


@pytest.fixture(name="b_stored")
def second_call_stored(rung):
    rung.work(seconds=5)
    assert (rung.slow.dialled, rung.now.call_sid) == (2, B)
    return rung


@pytest.fixture(name="a_rings")
def first_call_rings(rung):
    """The first call was reported as ringing while the second was dialled."""
    rung.slow.meanwhile = lambda: rung.reports(A, "ringing")
    rung.work(seconds=5)
    assert (rung.slow.dialled, rung.now.call_sid) == (2, A)
    return rung


def stands(rung):
    """Return all that a second call could change."""
    contact = Contact.objects.get(pk=rung.leg.contact_id)
    return (
        contact.state, contact.priority, contact.claimed_by_id, contact.claimed_until, contact.connected_at, contact.flags,
        list(Leg.objects.order_by("pk").values()), list(OperatorState.objects.order_by("pk").values("state", "contact")),
        list(ThirdCall.objects.values("state", "leg", "tries", "ended_at")),
    )  # fmt: skip
