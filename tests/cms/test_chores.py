"""What /readyz calls late and doctor counts: lost messages, orders given up, rows of which nothing came."""

import datetime as dt

import pytest
from django.utils import timezone

from cms import health
from hotline.models import Command, Contact, Recording
from referral.models import Case, Escalation, Organisation, Pathway, PathwayVersion, Service, StepRun

pytestmark = pytest.mark.django_db
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)


def told():
    """Return the codes of what is late, each with its words."""
    return {fault.code: fault.words for fault in health.chores()}


def order(kind="delete_call", **values):
    """An order to the provider that was due a minute ago."""
    now = timezone.now()
    return Command.objects.create(
        **{"key": f"{kind}:{Command.objects.count()}", "kind": kind, "account": "", "made_at": now, "due_at": now}
        | values
    )


def test_orders_that_were_given_up_lately_are_counted_where_their_loss_matters():
    now = timezone.now()
    order(failed_at=now - DAY)
    order("fetch_message", failed_at=now - 2 * DAY)
    order(failed_at=now - 4 * DAY)
    order("hang_up", failed_at=now - DAY)
    order("delete_recording", failed_at=now - DAY, fault="no_copy")
    order(done_at=now)

    assert told()["given_up"].startswith("2 orders to the provider were given up in the last 3 days")


def test_a_lost_message_is_late_until_its_follow_up_is_closed(liberia):
    now = timezone.now()
    contact = Contact.objects.create(country=liberia, started_at=now, changed_at=now, ended_at=now, is_missed=True)
    for number, lost_at in enumerate((now, None)):
        Recording.objects.create(contact=contact, sid=f"RE{number}", made_at=now, lost_at=lost_at)

    assert told()["lost"].startswith("1 recorded messages could not be fetched")
    Contact.objects.update(closed_at=now, closing="no_need")
    assert told() == {}


@pytest.mark.parametrize("kind", ["delete_call", "dial", "of_another_version"])
def test_an_order_of_which_nothing_came_for_a_quarter_of_an_hour_is_late(kind):
    now = timezone.now()
    order(kind, due_at=now - 14 * MINUTE)
    order(kind, due_at=now - 16 * MINUTE, done_at=now)
    assert told() == {}

    order(kind, due_at=now - 16 * MINUTE, claimed_until=now + MINUTE)

    assert "1 orders to the provider." in told()["behind"]


@pytest.fixture
def run(liberia):
    """A step of a case."""
    now = timezone.now()
    version = PathwayVersion.objects.create(
        pathway=Pathway.objects.create(key="p", country=liberia, title="P"), country=liberia, number=1, text="{}",
        digest="d", shape_digest="s", published_at=now, published_by="test",
    )  # fmt: skip
    case = Case.objects.create(
        code="LR-TEST-01", key="k", country=liberia, version=version, language="en", source="hotline", opened_at=now,
        opened_by="test", changed_at=now,
    )  # fmt: skip
    return StepRun.objects.create(
        case=case, number=1, step_key="a", kind="wait", token=1, state="waiting", started_at=now
    )


def test_escalations_and_waits_of_which_nothing_came_are_late(run):
    now = timezone.now()
    for minutes in (14, 16):
        at = now - minutes * MINUTE
        Escalation.objects.create(run=run, rule=f"r{minutes}", to_role="head", action="notify", at=at)
    StepRun.objects.update(not_before=now - 14 * MINUTE)
    assert "nothing came of them: 1 escalations." in told()["behind"]

    StepRun.objects.update(not_before=now - 16 * MINUTE)

    assert "nothing came of them: 1 escalations, 1 waiting times." in told()["behind"]


def test_an_offer_that_nobody_ended_is_late(run):
    at = timezone.now() - 16 * MINUTE
    house = Organisation.objects.create(
        country=run.case.country, name="House (example)", description="Example.", created_at=at, changed_at=at
    )
    service = Service.objects.create(organisation=house, name="Beds", term="shelter", changed_at=at)
    run.case.referrals.create(
        run=run, organisation=house, service=service, need="shelter", state="requested", created_at=at, changed_at=at,
        created_by="test", requested_at=at, due_at=at,
    )  # fmt: skip

    assert "1 offers." in told()["behind"]
