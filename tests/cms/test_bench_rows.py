"""Rows made many times over: what the provider asked because of a call, and what it was ordered to do."""

import itertools
from datetime import timedelta

import pytest

from accounts.models import User
from cms import bench_rows
from hotline.models import Command, Contact, Leg, Line, Shift, WebhookEvent
from tests.cms.measuring import AT

pytestmark = pytest.mark.django_db
ACCOUNT = "AC" + "0" * 32


@pytest.fixture
def leg(liberia):
    """The telephone of a caller whose call is over."""
    line = Line.objects.create(
        country=liberia, name="Line", number="2883", numbers="2883", account=ACCOUNT, language_keys="1:en 2:fr",
        duty_phone="+231770001111", other_number="116", is_practice=True,
    )  # fmt: skip
    contact = Contact.objects.create(
        line=line, country=liberia, language="fr", state="ended", started_at=AT, changed_at=AT
    )
    return Leg.objects.create(contact=contact, account=ACCOUNT, role="caller", label="caller", made_at=AT)


def test_orders_that_are_over_grow_with_their_calls_and_those_that_are_due_do_not(leg):
    facts = {"kind": "hang_up", "account": ACCOUNT, "contact": leg.contact, "leg": leg, "made_at": AT, "due_at": AT}
    ends = {"due": {}, "done": {"done_at": AT}, "given up": {"failed_at": AT + timedelta(hours=1)}}
    for key, end in ends.items():
        Command.objects.create(key=key, **facts, **end)

    bench_rows.multiply(3)

    assert Command.objects.count() == 3 + 2 * 2
    assert Command.objects.filter(done_at=None, failed_at=None).count() == 1
    for one in Contact.objects.exclude(pk=leg.contact_id):
        assert list(one.commands.order_by("pk").values_list("leg__contact", "done_at", "failed_at")) == [
            (one.pk, AT, None),
            (one.pk, None, AT + timedelta(hours=1)),
        ]


def test_requests_of_the_provider_grow_with_their_calls_each_under_a_key_of_its_own(leg):
    WebhookEvent.objects.create(
        key="one", kind="status", account=ACCOUNT, contact=leg.contact, leg=leg, received_at=AT, scope="LR", digest="d"
    )

    bench_rows.multiply(3)

    assert len(set(WebhookEvent.objects.values_list("key", "public_id"))) == 3
    legs = WebhookEvent.objects.values_list("leg", "leg__contact", "contact")
    assert sorted(legs) == sorted((one.pk, one.contact_id, one.contact_id) for one in Leg.objects.all())


def test_the_roster_goes_so_many_times_as_far_back_and_no_shift_lies_on_another(leg):
    user = User.objects.create(email="operator@example.org", name="Operator", country_id="LR")
    hours = timedelta(hours=8)
    for day in range(2):
        starts = AT + timedelta(days=day)
        Shift.objects.create(line=leg.contact.line, user=user, starts_at=starts, ends_at=starts + hours)

    bench_rows.lengthen_roster(3)

    times = list(Shift.objects.order_by("starts_at").values_list("starts_at", "ends_at"))
    assert len(times) == 2 * 3
    assert all(ends - starts == hours for starts, ends in times)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(times))
    assert times[-1][1] == AT + timedelta(days=1) + hours
