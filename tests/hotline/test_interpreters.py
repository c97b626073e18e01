"""An interpreter on duty: the room of a call in a language that its operator does not speak says how to reach them."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from hotline.models import Contact, OperatorState, Shift
from tests.hotline.console import waiting

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
HOW = "Interpreters cannot be brought into the call yet. Call them on another telephone"


@pytest.fixture
def call(line, operator):
    """An Arabic call that this operator of English and French has in hand."""
    at = timezone.now()
    row = waiting(
        line, at, language="ar", state="connected", step="waiting", connected_at=at, claimed_by=operator,
        operator_count=1,
    )  # fmt: skip
    OperatorState.objects.filter(user=operator).update(state="on_call", since=at, contact=row)
    return row


@pytest.fixture
def interpret(person, liberia, line):
    """Put somebody on duty as interpreter; from when on, in hours from now, and in which language."""

    def put(name, spoken="ar", begins=-1):
        user = person("interpreter", country=liberia, name=name, spoken=spoken)
        at = timezone.now() + begins * HOUR
        Shift.objects.create(line=line, user=user, duty="interpreter", starts_at=at, ends_at=at + 2 * HOUR)

    return put


def console(sign_in, operator):
    return sign_in(operator).get(reverse("hotline:console")).content.decode()


def test_the_room_names_the_interpreters_on_duty_and_says_how_to_reach_them(sign_in, operator, call, interpret):
    for name, *more in (("Zoe",), ("Ada",), ("Swahili speaker", "sw"), ("Later", "ar", 3)):
        interpret(name, *more)

    page = console(sign_in, operator)

    assert "<bdi>Ada</bdi> · <bdi>Zoe</bdi></strong>" in page
    assert HOW in page


@pytest.mark.parametrize("changed", [
    {"language": "fr"}, {"language": ""}, {"state": "ended", "ended_at": timezone.now()},
])  # fmt: skip
def test_nothing_is_said_in_a_language_of_hers_without_one_or_after_the_call(
    sign_in, operator, call, interpret, changed
):
    interpret("Ada", "ar fr")
    Contact.objects.filter(pk=call.pk).update(**changed)

    assert HOW not in console(sign_in, operator)


def test_nothing_is_said_where_no_interpreter_is_on_duty(sign_in, operator, call):
    assert HOW not in console(sign_in, operator)
