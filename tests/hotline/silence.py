"""What tests of a silent worker begin with: its last sign of life, callers, a colleague, and the telephones that ring."""

import datetime as dt

import pytest

from hotline import actions
from hotline.models import Line, Shift, SweepMark
from hotline.queries import heartbeat
from tests.hotline.conftest import Network
from tests.hotline.telephones import NUMBER, REAL

DUTY = "+231770009999"
PHONE_SID = "CA" + "d" * 32


def last_heard(at):
    """Let the last sign of whoever carries out orders be of then."""
    SweepMark.objects.filter(kind=heartbeat.KIND).update(mark_at=at)
    heartbeat.forget_heartbeat()


@pytest.fixture(name="silent")
def silent_worker(line, at):
    """A worker that was last heard 31 seconds ago."""
    last_heard(at - dt.timedelta(seconds=31))


@pytest.fixture(name="caller", params=["practice", "live"])
def practice_or_live_caller(request, network, line, settings, monkeypatch):
    """A caller of the practice line, then of a line on a real account."""
    if request.param == "live":
        settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = f"{settings.TWILIO_ACCOUNT_SID},{REAL}", "secret"
        Line.objects.update(account=REAL, is_practice=False)
        monkeypatch.setattr(
            network, "post", lambda path, fields, **more: Network.post(network, path, fields, account=REAL, **more)
        )
    return network


@pytest.fixture(name="colleague")
def second_operator(person, liberia, line, at):
    """A second operator on shift and ready, who speaks English too."""
    user = person("operator", country=liberia, name="Second, Liberia")
    Shift.objects.create(
        line=line, user=user, starts_at=at - dt.timedelta(hours=1), ends_at=at + dt.timedelta(hours=1)
    )
    actions.set_presence(user=user, state="ready", by=user, at=at)
    return user


def rung(reply):
    """Return the number that a document rings, and whether whoever picks up must press a key."""
    number = reply.document.find(".//Number")
    return number.text, number.get("url") is not None


def picked_up(network, reply, step="phone", **more):
    """Let the telephone that a document rings be picked up, or press a key there."""
    path = reply.document.find(".//Number").get("url").partition("#")[0].partition("://")[2]
    path = "/" + path.partition("/")[2].replace("/phone/", f"/{step}/")
    return network.post(path, {
        "CallSid": PHONE_SID, "ParentCallSid": network.sid, "From": "+2312883", "To": NUMBER,
        "CallStatus": "in-progress", "Direction": "outbound-dial",
    } | more)  # fmt: skip


def ended(network, reply, status):
    """Let the network report the end of the telephone that a document rang."""
    path = reply.document.find(".//Number").get("statusCallback").partition("#")[0].partition("://")[2]
    return network.post("/" + path.partition("/")[2], {
        "CallSid": PHONE_SID, "ParentCallSid": network.sid, "CallStatus": status, "SequenceNumber": "3",
    })  # fmt: skip
