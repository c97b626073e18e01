"""Texts to agencies: the link leaves once and stands nowhere after; what cannot leave is told."""

import datetime as dt
import uuid

import pytest

from accounts.actions import seal
from hotline import actions
from hotline.actions.notices import queue_due_notices
from hotline.models import Command
from hotline.queries.post import demo_texts, words_for_agency
from hotline.telephony.base import MessageFacts, ProviderDown, ProviderRefused
from referral.models import AgencyContact, Notice, Organisation

ADDRESS = "http://127.0.0.1:8000/en/a/usable-token/"


@pytest.fixture
def notice(liberia, at):
    """A text that takes an agency to its page and is due."""
    body = Organisation.objects.create(
        country=liberia, name="Safe house A (example)", description="Example.", created_at=at, changed_at=at
    )
    contact = AgencyContact(organisation=body, name="Desk")
    seal(contact, "number", "+231770000001")
    contact.save()
    row = Notice(
        key=f"agency_link:{uuid.uuid4()}",
        kind="agency_link",
        country=liberia,
        contact=contact,
        language="en",
        due_at=at,
    )
    seal(row, "link", ADDRESS)
    row.save()
    return row


@pytest.fixture
def carrier(monkeypatch):
    """A carrier that keeps what it is given, or refuses with `carrier.fault`."""

    class Carrier:
        fault = None
        became = "delivered"

        def __init__(self):
            self.sent = []

        def send_message(self, **message):
            if self.fault:
                raise self.fault
            self.sent.append(message)
            return "SM" + "5" * 32

        def messages_since(self, since):
            self.asked = since
            return [MessageFacts("SM" + "5" * 32, "sent", to=one["to"], body=one["body"]) for one in self.sent]

        def message(self, sid):
            return MessageFacts(sid, self.became)

    made = Carrier()
    monkeypatch.setattr("hotline.actions.notices.provider", lambda account: made)
    monkeypatch.setattr("hotline.actions.commands.provider", lambda account: made)
    return made


def test_a_text_to_an_agency_leaves_once_and_its_link_is_gone(line, notice, carrier, at):
    done = [queue_due_notices(at=at), queue_due_notices(at=at)]

    assert done == [1, 0]
    assert [message["to"] for message in carrier.sent] == ["+231770000001"]
    assert ADDRESS in carrier.sent[0]["body"]
    kept = Notice.objects.get()
    assert (kept.link, kept.taken_at, kept.fault) == (None, at, "")


def test_a_slow_carrier_is_asked_again_and_the_link_waits_sealed(line, notice, carrier, at):
    carrier.fault = ProviderDown("slow")

    queue_due_notices(at=at)

    kept = Notice.objects.get()
    assert kept.taken_at is None
    assert kept.link is not None


@pytest.mark.parametrize("error", [ValueError, RuntimeError])
def test_a_text_that_meets_what_nobody_foresaw_stops_no_other_and_is_given_up(
    line, notice, news, carrier, at, monkeypatch, error
):
    def send(**message):
        if ADDRESS in message["body"]:
            raise error("odd")
        return "SM" + "6" * 32

    monkeypatch.setattr(carrier, "send_message", send)

    assert queue_due_notices(at=at) == 1

    news.refresh_from_db()
    assert news.taken_at == at
    for minutes in (31, 62, 93, 124):
        queue_due_notices(at=at + dt.timedelta(minutes=minutes))
    notice.refresh_from_db()
    assert (notice.fault, notice.link, notice.taken_at) == ("unopened", None, at + dt.timedelta(minutes=124))


def test_a_text_that_cannot_even_be_given_up_stops_no_other(line, notice, news, carrier, at, monkeypatch):
    def fail(*, notice, **_told):
        raise RuntimeError(notice.key)

    Notice.objects.filter(pk=notice.pk).update(
        claimed_until=at - dt.timedelta(hours=3), due_at=at - dt.timedelta(hours=3)
    )
    monkeypatch.setattr("hotline.actions.notices.cases.notice_failed", fail)
    carrier.fault = None
    AgencyContact.objects.update(number=None)

    assert queue_due_notices(at=at) == 1

    news.refresh_from_db()
    assert news.taken_at == at


def test_a_text_that_is_refused_or_has_no_line_says_why_and_keeps_no_link(line, notice, carrier, at):
    carrier.fault = ProviderRefused("21610")

    queue_due_notices(at=at)

    kept = Notice.objects.get()
    assert (kept.fault, kept.link, kept.taken_at) == ("refused", None, at)


def test_without_a_line_the_text_says_why(notice, carrier, at):
    queue_due_notices(at=at)

    assert Notice.objects.get().fault == "no_line"
    assert carrier.sent == []


@pytest.mark.parametrize(("became", "fault"), [("undelivered", "refused"), ("failed", "refused"), ("delivered", "")])
def test_a_text_that_does_not_arrive_is_told_later(line, notice, carrier, at, became, fault):
    queue_due_notices(at=at)
    carrier.became = became

    early = list(actions.claim_commands(at=at + dt.timedelta(minutes=14)))
    done = [actions.run_command(one, at=at) for one in actions.claim_commands(at=at + dt.timedelta(minutes=15))]

    assert (early, done) == ([], [True])
    assert Notice.objects.get().fault == fault
    assert [one.kind for one in actions.claim_commands(at=at + dt.timedelta(minutes=15))] == ["delete_message"]


@pytest.mark.parametrize("error", [ProviderDown("down"), ProviderRefused("20003")])
def test_a_text_of_which_nobody_can_ask_is_asked_for_during_days_then_told_and_its_copy_goes(
    line, notice, carrier, at, monkeypatch, error
):
    def fail(sid):
        raise error

    queue_due_notices(at=at)
    monkeypatch.setattr(carrier, "message", fail)
    tries = {}
    for hours in range(1, 24 * 10):
        for one in actions.claim_commands(at=at + dt.timedelta(hours=hours), kinds=["fetch_message"]):
            actions.run_command(one, at=at + dt.timedelta(hours=hours))
        tries[hours] = Notice.objects.get().fault

    assert (tries[24 * 7], tries[24 * 9]) == ("", "refused")
    assert Command.objects.get(kind="delete_message").arguments["sid"] == "SM" + "5" * 32


@pytest.mark.parametrize(("hours", "fault"), [(0.5, ""), (1.5, "refused")])
def test_a_text_that_the_carrier_knows_no_more_is_told(line, notice, carrier, at, monkeypatch, hours, fault):
    def fail(sid):
        raise ProviderRefused("20404")

    queue_due_notices(at=at)
    monkeypatch.setattr(carrier, "message", fail)
    later = at + dt.timedelta(hours=hours)

    done = [actions.run_command(one, at=later) for one in actions.claim_commands(at=later)]

    assert done == [False]
    assert Notice.objects.get().fault == fault
    assert Command.objects.filter(kind="delete_message").count() == bool(fault)


def test_a_text_that_left_before_the_worker_died_is_not_sent_again(line, notice, carrier, at, monkeypatch):
    with monkeypatch.context() as died:
        died.setattr("hotline.actions.notices.cases.notice_left", _die)
        with pytest.raises(KeyboardInterrupt):
            queue_due_notices(at=at)
    assert Notice.objects.get().taken_at is None

    later = at + dt.timedelta(minutes=2)
    done = queue_due_notices(at=later)

    assert (done, len(carrier.sent)) == (1, 1)
    assert (Notice.objects.get().taken_at, carrier.asked) == (later, notice.due_at - dt.timedelta(minutes=5))
    assert Command.objects.get(kind="fetch_message").arguments["sid"] == "SM" + "5" * 32


def _die(**_values):
    raise KeyboardInterrupt


def test_a_text_that_did_not_leave_before_is_sent_at_the_next_try(line, notice, carrier, at):
    carrier.fault = ProviderDown("slow")
    queue_due_notices(at=at)
    carrier.fault = None

    queue_due_notices(at=at + dt.timedelta(minutes=2))

    assert len(carrier.sent) == 1


def test_a_carrier_that_is_down_too_long_is_told(line, notice, carrier, at):
    carrier.fault = ProviderDown("down")
    for minutes in (0, 60, 118):
        queue_due_notices(at=at + dt.timedelta(minutes=minutes))
    assert Notice.objects.get().taken_at is None

    queue_due_notices(at=at + dt.timedelta(hours=2))

    kept = Notice.objects.get()
    assert (kept.fault, kept.link, kept.taken_at) == ("refused", None, at + dt.timedelta(hours=2))


def test_a_text_whose_link_is_dead_is_told_and_not_sent(line, notice, carrier, at, monkeypatch):
    monkeypatch.setattr("hotline.actions.notices.cases.notice_ends", lambda notice: at)

    queue_due_notices(at=at + dt.timedelta(minutes=1))

    assert (carrier.sent, Notice.objects.get().fault) == ([], "refused")


@pytest.fixture
def news(notice, at):
    """A text that tells the number of then of a change of its agency's address, in French."""
    row = Notice(
        key="contact_change:1", kind="contact_change", country=notice.country, contact=notice.contact, language="fr",
        due_at=at,
    )  # fmt: skip
    seal(row, "to", "+231770000002")
    row.save()
    return row


@pytest.mark.parametrize("kind", ["contact_change", "contact_changed"])
def test_what_is_told_of_an_agencys_address_goes_to_the_number_of_then(line, news, carrier, at, kind):
    Notice.objects.filter(pk=news.pk).update(kind=kind)

    queue_due_notices(at=at)

    sent = {message["to"]: message["body"] for message in carrier.sent}
    assert set(sent) == {"+231770000001", "+231770000002"}
    assert ADDRESS in sent["+231770000001"]
    assert "http" not in sent["+231770000002"]
    assert sent["+231770000002"] == words_for_agency(kind, "fr", "")
    news.refresh_from_db()
    assert (news.to, news.taken_at, news.fault) == (None, at, "")


def test_another_text_to_the_same_number_is_not_taken_for_what_is_told_of_its_address(line, news, notice, carrier, at):
    seal(news, "to", "+231770000001")
    news.save()
    carrier.fault = ProviderDown("slow")
    queue_due_notices(at=at)
    carrier.fault = None
    carrier.send_message(to="+231770000001", body=f"A request waits for your answer: {ADDRESS}")

    for minutes in (2, 4):
        queue_due_notices(at=at + dt.timedelta(minutes=minutes))

    assert [message["body"] for message in carrier.sent[1:]] == [words_for_agency("contact_change", "fr", "")]


def test_the_demo_shows_what_is_told_of_an_agencys_address(news, settings):
    settings.DEMO = True

    shown = {text.to: text.words for text in demo_texts()}

    assert shown["+231770000002"] == words_for_agency("contact_change", "fr", "")
    assert ADDRESS in shown["+231770000001"]
