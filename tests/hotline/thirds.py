"""What tests of third persons in a call begin with: who is on duty or ready, a call in hand, what the network reports."""

import datetime as dt

import pytest
from django.test import Client

from accounts.models import Office, User
from hotline import actions, tasks
from hotline.actions.shielding import shield_contact
from hotline.demo.stage import Stage
from hotline.models import Contact, InterpreterProfile, Leg, Shift, SimulatorAct, ThirdCall
from referral import actions as referral
from referral.models import Organisation
from tests.hotline.conftest import OPERATOR_SID
from tests.hotline.telephones import verify

NUMBERS = "+23177012340{}"


@pytest.fixture(name="interpret")
def interpreter_on_duty(person, liberia, line, at):
    """Put somebody on duty as interpreter of English, signed off, with a verified telephone; they ring by their names."""
    made = []

    def put(name, spoken="en", number=None):
        user = person("interpreter", country=liberia, name=name, spoken=spoken)
        hour = dt.timedelta(hours=1)
        Shift.objects.create(line=line, user=user, duty="interpreter", starts_at=at - hour, ends_at=at + 5 * hour)
        actions.operator_state(user, at=at)
        made.append(user)
        InterpreterProfile.objects.create(user=user, signed_until=at.date(), changed_at=at)
        verify(user, at - hour, number or NUMBERS.format(len(made)))
        return user

    return put


@pytest.fixture(name="talk")
def conversation_with_an_operator(network, operator, clock):
    """A call that the operator has in hand: both are in the room."""
    contact = network.taken(operator, clock.now)
    network.room("participant-join", 1, contact, network.sid, "caller")
    network.room("participant-join", 2, contact, OPERATOR_SID, "op-1")
    tasks.run_commands(clock.now)
    return network.contact


@pytest.fixture(name="agency")
def a_service_in_the_directory(liberia, at):
    """A service whose number has stood in the directory for four days."""
    body = Organisation.objects.create(country=liberia, name="Shelter", created_at=at, changed_at=at)
    enrolled = at - dt.timedelta(days=4)
    return referral.enrol_contact(organisation=body, name="Desk", number="+231770000301", by="test", at=enrolled)


@pytest.fixture(name="second")
def colleague_who_is_ready(person, liberia, at):
    """A second operator who is ready, her console open."""
    user = person("operator", country=liberia, name="Second, Liberia")
    actions.set_presence(user=user, state="ready", by=user, at=at)
    return user


@pytest.fixture(name="stage")
def call_on_stage(line, operator, second, at):
    """A call that the operator has in hand, on the practice network, while a colleague is ready."""
    return taken_on_stage(operator, at)


@pytest.fixture(name="third")
def interpreter_who_is_asked(talk, interpret, operator, clock):
    """An interpreter was asked into the call, and her telephone rings."""
    interpret("Ada")
    actions.ask_interpreter(contact=talk, by=operator, at=clock.now)
    tasks.run_commands(clock.now)
    return ThirdCall.objects.get()


def taken_on_stage(operator, at) -> Stage:
    """Play a call up to where the operator has it in hand, on the practice network."""
    played = Stage(at=at, operator=operator)
    played.play("call 2883 from +231770000001\nwait 8\npress 1\nwait 5\noperator takes")
    return played


@pytest.fixture(name="move")
def who_moves_into_a_named_office(liberia, supervisor, at):
    """Let a contact name an office, and then move somebody into it: nothing that is under way was ended for her."""

    def moved(contact, user):
        office = Office.objects.create(country=liberia, name="Court of Careysburg", kind="court")
        shield_contact(contact=Contact.objects.get(pk=contact.pk), by=supervisor, at=at, office=office)
        User.objects.filter(pk=user.pk).update(office=office)
        user.refresh_from_db()

    return moved


def browser_of(user) -> Client:
    """Return a browser of its own for one more person, signed in with the second factor."""
    client = Client()
    client.force_login(user, backend="accounts.sessions.AuthenticationBackend")
    session = client.session
    session["demo_second_factor"] = True
    session.save()
    return client


def members(stage) -> set[str]:
    """Return the labels of who is in the rooms of the practice network."""
    return {label for room in stage.network.rooms.values() for label in room.members}


def newest(third) -> Leg:
    third.refresh_from_db()
    return third.leg


def picks_up(network, leg, step="interpreter", **more):
    """Let the telephone of a leg ask for a step: the first, or the one that brings the key."""
    leg.refresh_from_db()
    fields = {"CallSid": leg.call_sid, "From": "+2312883", "To": "+231770123401", "CallStatus": "in-progress",
              "Direction": "outbound-api"}  # fmt: skip
    return network.post(f"/hotline/twilio/voice/{step}/?t={leg.token}", fields | more)


def reports(network, leg, status, sequence=1):
    leg.refresh_from_db()
    fields = {"CallSid": leg.call_sid or "", "CallStatus": status, "SequenceNumber": str(sequence)}
    return network.post(f"/hotline/twilio/status/?t={leg.token}", fields)


def comes(network, third):
    """Let the interpreter press 1 and come into the room."""
    leg = newest(third)
    picks_up(network, leg)
    picks_up(network, leg, "interpreter-key", Digits="1")
    network.room("participant-join", 11, third.contact, leg.call_sid, leg.label)
    return newest(third)


def plain(answer) -> str:
    """Return a page without the tags that keep a name's direction apart from its sentence."""
    return answer.content.decode().replace("<bdi>", "").replace("</bdi>", "")


def orders(kind) -> list[dict]:
    rows = SimulatorAct.objects.order_by("pk").values_list("payload", flat=True)
    return [one for one in rows if one["order"] == kind]


def bring(stage, agency, operator, *, is_cold=False):
    """Let a service be asked into the call, and come."""
    actions.ask_agency(contact=stage.contact, agency=agency, is_cold=is_cold, by=operator, at=stage.at)
    stage.wait(20)


def interpret_in(stage, interpret, operator):
    """Let an interpreter be asked into the call, and come."""
    interpret("Ada")
    actions.ask_interpreter(contact=stage.contact, by=operator, at=stage.at)
    stage.wait(20)


def hand_over(stage, operator):
    """Let the operator ask whether she may leave the caller with who else is there, and the network confirm it."""
    actions.hand_over(contact=stage.contact, by=operator, at=stage.at)
    stage.wait(5)


def leave_to(stage, colleague, *, by):
    """Let the operator bring a colleague into the call and leave it to her; the order to hang up is not carried out yet."""
    actions.ask_colleague(contact=stage.contact, person=colleague, by=by, at=stage.at)
    actions.take_over(contact=stage.contact, by=colleague, at=stage.at)
    stage.wait(6)
    actions.hand_over(contact=stage.contact, by=by, at=stage.at)
    stage.wait(2)
    actions.leave_call(contact=stage.contact, by=by, at=stage.at)


def lose(stage, seconds=3):
    """Cut the operator's telephone off, and let the network tell."""
    stage.drop()
    stage.wait(seconds)


def hangs_up(stage, role):
    """Let who is in the call in this role hang up."""
    stage.network.hang_up(ThirdCall.objects.get(role=role).leg.call_sid)
    stage.wait(5)


def there(stage) -> set[str]:
    """Return the telephones in the rooms."""
    return {call.to for room in stage.network.rooms.values() for call in room.members.values()}


def said_to_caller(stage) -> list[str]:
    """Return what the caller's telephone was told, in its order."""
    return [one.text for one in stage.heard if one.call_sid == stage.call.sid and one.kind == "say"]
