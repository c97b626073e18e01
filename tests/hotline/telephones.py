"""What tests of an operator's own telephone begin with: a number entered, called, verified."""

import pytest

from accounts import actions as accounts
from hotline import actions, tasks
from hotline.models import OperatorState, PhoneCheck

NUMBER, OTHER = "+231770123456", "+231880123457"
CHECK_SID = "CA" + "c" * 32
REAL = "AC" + "9" * 32


def state_of(user):
    return OperatorState.objects.get(user=user)


@pytest.fixture(name="entered")
def entered_number(operator, network, at):
    """The operator entered her number, and the worker had it called."""
    actions.set_telephone(user=operator, number=NUMBER, by=operator, at=at)
    tasks.run_commands(at)
    return PhoneCheck.objects.get()


def answers(network, check, step="own-phone", sid=CHECK_SID, **more):
    return network.rung(step, check.token, sid, NUMBER, **more)


def reports(network, check, status, sequence=0, sid=CHECK_SID):
    return network.rung_status(check.token, sid, status, sequence, NUMBER)


@pytest.fixture(name="called")
def called_number(network, entered):
    """The call reached her telephone: the network knows it by the SID that these tests use."""
    PhoneCheck.objects.update(call_sid=CHECK_SID)
    entered.refresh_from_db()
    return entered


@pytest.fixture(name="verified")
def verified_number(network, called, operator, at):
    """The operator's telephone, verified."""
    answers(network, called)
    answers(network, called, "own-phone-key", Digits="1")
    tasks.settle_telephones(at)
    return state_of(operator)


def verify(user, at, number=NUMBER):
    state = state_of(user)
    accounts.seal(state, "phone", number)
    state.phone_verified_at, state.uses_phone, state.seen_at = at, True, at
    state.save()
