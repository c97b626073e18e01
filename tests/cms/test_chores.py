"""What /readyz calls late and doctor counts: lost messages, orders given up, rows of which nothing came."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts import actions
from accounts.models import Letter
from accounts.tasks import send_letters
from cms import chores
from hotline.models import Command, Contact, Message, Recording
from referral.models import Case, Escalation, Organisation, Pathway, PathwayVersion, Service, StepRun

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)


def told():
    """Return the codes of what is late, each with its words."""
    return {fault.code: fault.words for fault in chores.chores()}


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


def letter(key, **values):
    """A letter of the outbox that was written four hours ago."""
    at = timezone.now() - 4 * HOUR
    actions.queue_letter(key=key, to="a@office.example", language="en", subject="S", text="T", at=at)
    Letter.objects.filter(key=key).update(**values)


def test_letters_that_no_mail_server_takes_are_told_to_who_runs_the_machine(settings, django_assert_num_queries):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    letter("young", queued_at=timezone.now())
    letter("unhurried")
    send_letters(timezone.now())
    Letter.objects.filter(key="unhurried").update(fault="")
    assert told() == {}

    for key in ("first", "second"):
        letter(key)
    send_letters(timezone.now())
    words = told()["mail"]
    assert words.startswith("2 letters were refused and have waited for half an hour and more, 0 were given up")
    assert "(ConnectionRefusedError): look at FANAL_EMAIL_HOST" in words

    for later in (1, 2, 3, 9):
        send_letters(timezone.now() + later * HOUR)
    Letter.objects.update(failed_at=timezone.now())
    assert told()["mail"].startswith(
        "0 letters were refused and have waited for half an hour and more, 4 were given up"
    )
    with django_assert_num_queries(2):
        chores._mail()

    Letter.objects.update(failed_at=timezone.now() - 4 * DAY)
    assert told() == {}


def test_a_letter_that_was_given_up_is_told_until_somebody_saw_to_it_and_another_left():
    now = timezone.now()
    letter("lost", failed_at=now, fault="SMTPSenderRefused")
    letter("link", failed_at=now, settled_at=now, fault="SMTPSenderRefused")
    assert "2 were given up in the last 3 days (SMTPSenderRefused)" in told()["mail"]

    letter("sent", sent_at=now + MINUTE)
    assert "1 were given up" in told()["mail"]
    Letter.objects.filter(key="lost").update(settled_at=now)

    assert told() == {}


def test_an_address_that_alone_is_refused_is_no_fault_of_the_mail_server():
    now = timezone.now()
    letter("waits", fault="SMTPRecipientsRefused")
    letter("lost", fault="SMTPRecipientsRefused", failed_at=now)
    assert told()["mail"].startswith(
        "1 letters were refused and have waited for half an hour and more, 1 were given up"
    )

    letter("sent", sent_at=now - HOUR)

    assert told() == {}


def test_texts_that_could_not_be_handed_over_are_told_and_not_those_of_a_wrong_number(liberia):
    now = timezone.now()
    contact = Contact.objects.create(country=liberia, started_at=now, changed_at=now, ended_at=now)
    facts = {"contact": contact, "direction": "out", "state": "failed", "made_by": "test"}
    for number, values in enumerate(
        (
            {"error_code": "20003"},
            {"error_code": "unopened", "made_at": now - 2 * DAY},
            {"error_code": "20003", "made_at": now - 4 * DAY},
            {"error_code": "21211"},
            {"error_code": "21610"},
            {"error_code": "30003", "sid": "SM1"},
            {"error_code": "20003", "state": "blocked_by_safety"},
        )
    ):
        Message.objects.create(**{"key": f"m{number}", "made_at": now} | facts | values)

    assert told()["texts"].startswith("2 texts of the last 3 days could not be handed to the provider")


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
