"""The worker's job for telephones: one that fails is logged, and those behind it do not wait for it."""

import pytest
from structlog.testing import capture_logs

from accounts import actions as accounts
from hotline import actions, tasks
from hotline.actions.telephones import tell
from hotline.models import PhoneCheck
from tests.hotline.telephones import NUMBER, OTHER, state_of

pytestmark = pytest.mark.django_db


class Damaged(Exception):
    """What nobody foresaw."""


@pytest.fixture
def second(person, liberia):
    """Another operator of the country."""
    return person("operator", country=liberia, name="Second operator, Liberia")


@pytest.fixture(autouse=True)
def entered(operator, second, network, at):
    """Both entered a telephone; the first one's row comes first."""
    for user, number in ((operator, NUMBER), (second, OTHER)):
        actions.set_telephone(user=user, number=number, by=user, at=at)


@pytest.fixture(params=["checks", "telephones"])
def job(request, operator, second, person, at):
    """What is due for both: the result of a call to verify, or wiping after the account was closed."""
    if request.param == "checks":
        PhoneCheck.objects.update(answer="one")
    else:
        for user in (operator, second):
            accounts.deactivate(person=user, by=person("administrator"), at=at)
    return request.param


def is_done(job, user):
    return state_of(user).has_telephone if job == "checks" else state_of(user).phone is None


def test_one_that_fails_is_logged_and_stops_no_other(job, operator, second, at, monkeypatch):
    def tell_all_but_the_first(what, state, **more):
        if state.user == operator:
            raise Damaged
        tell(what, state, **more)

    with monkeypatch.context() as while_damaged, capture_logs() as said:
        while_damaged.setattr(f"hotline.actions.{job}.tell", tell_all_but_the_first)
        done = tasks.settle_telephones(at)

    assert (done, is_done(job, operator), is_done(job, second)) == (1, False, True)
    subject = PhoneCheck.objects.get(operator__user=operator).pk if job == "checks" else state_of(operator).pk
    event = "check_not_settled" if job == "checks" else "telephone_not_wiped"
    assert said == [{"event": event, "subject": subject, "exc_info": True, "log_level": "error"}]
    assert (tasks.settle_telephones(at), is_done(job, operator)) == (1, True)
