"""The sweep: each row stands alone, the one asked longest ago comes first, and every row ends some day."""

import datetime as dt

import pytest

from accounts.models import Letter
from hotline import actions, tasks
from hotline.actions import sweeping
from hotline.models import (
    Attachment,
    Command,
    Contact,
    Leg,
    Line,
    Message,
    Opposition,
    Recording,
    SweepMark,
    WebhookEvent,
)
from hotline.queries.sweeping import accounts_without_secret, late_lists, late_rows
from hotline.telephony.base import CallFacts, MessageFacts, ProviderDown, ProviderRefused, RecordingFacts
from hotline.telephony.providers import SIMULATED_ACCOUNT
from hotline.telephony.providers import provider as real_provider

pytestmark = pytest.mark.django_db
HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)
LEFT, OWN, OTHER = ("AC" + digit * 32 for digit in "912")


class Network:
    """Providers by account: what each answers by SID, an error or a word, and what it was asked."""

    def __init__(self):
        self.words, self.calls, self.asked, self.account = {}, {}, [], ""
        self.texts, self.sounds, self.since = {}, {}, {}

    def of(self, account):
        if account == LEFT:
            return real_provider(account)
        self.account = account
        return self

    def _word(self, sid):
        self.asked.append(sid)
        word = self.words.get(sid, self.words.get(self.account, "completed"))
        if isinstance(word, Exception):
            raise word
        return word

    def call(self, sid):
        return CallFacts(sid, self._word(sid))

    def message(self, sid):
        return MessageFacts(sid, self._word(sid))

    def calls_since(self, at):
        self.asked.append(self.account)
        self.since[self.account] = at
        return self.calls.get(self.account, [])

    def messages_since(self, _at):
        return self.texts.get(self.account, [])

    def recordings_since(self, _at):
        if isinstance(found := self.sounds.get(self.account, []), Exception):
            raise found
        return found

    def files_of(self, _sid):
        return ["ME" + "7" * 32]


@pytest.fixture
def net(monkeypatch, settings):
    """Two accounts of a real network, asked by the sweep; a third one was left, and its secret is gone."""
    settings.DEMO = False
    settings.TWILIO_ACCOUNT_SID = f"{OWN} {OTHER} {SIMULATED_ACCOUNT}"
    settings.TWILIO_AUTH_TOKEN = f"{OWN}=one,{OTHER}=two,{SIMULATED_ACCOUNT}=three"
    made = Network()
    for module in ("sweeping", "comparing"):
        monkeypatch.setattr(f"hotline.actions.{module}.provider", made.of)
    return made


@pytest.fixture
def call(line, at):
    """A factory of calls in progress: call(number, account)."""

    def make(number, account=OWN, **values):
        contact = Contact.objects.create(
            line=line,
            country=line.country,
            state="waiting",
            step="waiting",
            started_at=at,
            changed_at=at,
            queued_at=at,
        )
        facts = {"call_sid": f"CA{number:032d}", "status": "in-progress", "made_at": at} | values
        return Leg.objects.create(contact=contact, account=account, **facts)

    return make


@pytest.fixture
def text(line, at):
    """A factory of texts that the carrier accepted: text(number, account)."""

    def make(number, account=OWN):
        contact = Contact.objects.create(
            line=line, country=line.country, kind="message", state="done", started_at=at, changed_at=at, ended_at=at
        )
        return Message.objects.create(
            key=f"t{number}", contact=contact, line=line, account=account, sid=f"SM{number:032d}", direction="out",
            state="accepted", made_by="t", made_at=at, sent_at=at,
        )  # fmt: skip

    return make


def words(rows):
    return list(rows.order_by("pk").values_list("status" if rows.model is Leg else "state", flat=True))


def test_a_call_of_an_account_without_a_secret_stops_nothing_and_is_closed_in_its_time(network, net, call, at):
    network.call()
    WebhookEvent.objects.update(received_at=at - dt.timedelta(days=40))
    Leg.objects.update(status="completed")
    left, own = call(1, LEFT), call(2)
    net.calls[OTHER] = [CallFacts("CA" + "8" * 32, "completed", "2883", "+231770001111", "inbound", at)]

    for turn in range(3):
        now = at + HOUR + 6 * turn * MINUTE
        for job in (*tasks.RECORD_JOBS, *tasks.HOUSE_JOBS):
            job(now)

    assert words(Leg.objects.filter(pk__in=[left.pk, own.pk])) == ["in-progress", "completed"]
    assert Leg.objects.filter(call_sid="CA" + "8" * 32, account=OTHER).exists()
    assert not WebhookEvent.objects.filter(payload__isnull=False, received_at__lt=at - dt.timedelta(days=30)).exists()
    assert accounts_without_secret(now) == [LEFT]

    tasks.sweep(at + 4 * HOUR + MINUTE)

    left.refresh_from_db()
    assert (left.status, left.contact.outcome, left.contact.is_missed) == ("failed", "abandoned", True)
    assert accounts_without_secret(now) == []


def test_a_text_of_an_account_without_a_secret_is_followed_up_in_its_time(net, text, supervisor, at):
    row = text(1, LEFT)

    states = []
    for hours in (1, 19, 21):
        tasks.sweep(at + hours * HOUR)
        row.refresh_from_db()
        states.append((row.state, row.error_code))

    assert states == [("accepted", ""), ("accepted", ""), ("failed", "unheard")]
    assert row.fault == "Nobody can say whether it arrived"
    assert (row.contact.is_missed, Letter.objects.count()) == (True, 1)


def test_texts_that_the_provider_does_not_know_are_asked_for_once_and_hold_up_none(net, text, monkeypatch, at):
    monkeypatch.setattr(sweeping, "BATCH", 2)
    rows = [text(number) for number in range(5)]
    net.words = {row.sid: ProviderRefused("20404") for row in rows[:4]} | {rows[4].sid: "delivered"}

    for turn in range(3):
        tasks.sweep(at + HOUR + turn * dt.timedelta(seconds=1))

    assert words(Message.objects) == ["failed"] * 4 + ["delivered"]
    assert net.asked == [row.sid for row in rows]


def test_calls_that_a_turn_leaves_are_asked_for_at_once(net, call, monkeypatch, at):
    monkeypatch.setattr(sweeping, "BATCH", 2)
    for number in range(5):
        call(number)

    done = [tasks.sweep(at + HOUR + turn * dt.timedelta(seconds=1)) for turn in range(4)]

    assert done == [2, 2, 1, 0]
    assert words(Leg.objects) == ["completed"] * 5


def test_who_was_asked_longest_ago_comes_first(net, call, monkeypatch, at):
    monkeypatch.setattr(sweeping, "BATCH", 1)
    first, second = call(1, asked_at=at + 20 * MINUTE), call(2, asked_at=at + 10 * MINUTE)
    third = call(3, asked_at=at + 400 * 24 * HOUR)
    net.words[OWN] = "in-progress"

    for turn in range(4):
        tasks.sweep(at + HOUR + turn * dt.timedelta(seconds=1))

    assert net.asked == [second.call_sid, first.call_sid, third.call_sid]


@pytest.mark.parametrize("error", [RuntimeError("odd"), ProviderRefused("20003"), ProviderDown("slow")])
def test_a_row_that_meets_an_error_stops_no_other_and_is_asked_again(net, call, at, error):
    bad, good = call(1), call(2)
    net.words[bad.call_sid] = error

    tasks.sweep(at + HOUR)

    assert words(Leg.objects) == ["in-progress", "completed"]
    net.words = {}
    tasks.sweep(at + HOUR + 5 * MINUTE)
    assert words(Leg.objects) == ["completed"] * 2
    assert good.call_sid in net.asked


def test_a_secret_that_is_refused_ends_a_call_only_when_it_must_be_over(net, call, at):
    call(1)
    net.words[OWN] = ProviderRefused("20003")

    tasks.sweep(at + 3 * HOUR)
    early = words(Leg.objects)
    tasks.sweep(at + 5 * HOUR)

    assert (early, words(Leg.objects)) == (["in-progress"], ["failed"])


def test_an_account_that_does_not_answer_holds_up_no_other_and_is_left_for_the_pause(net, call, at):
    for number in range(5):
        call(number)
    own = call(9, OTHER)
    net.words[OWN] = ProviderDown("slow")

    tasks.sweep(at + HOUR)
    tasks.sweep(at + HOUR + MINUTE)

    own.refresh_from_db()
    assert own.status == "completed"
    asked = len(net.asked)
    assert tasks.sweep(at + HOUR + 2 * MINUTE) == 0
    assert len(net.asked) == asked <= 1 + 2 * sweeping.ENOUGH


def test_one_list_ends_all_the_calls_that_it_says_are_over(net, call, at):
    legs = [call(number) for number in range(3)]
    net.calls[OWN] = [CallFacts(leg.call_sid, "completed", direction="inbound") for leg in legs[:2]]

    assert tasks.compare_lists(at + HOUR) == 2

    assert words(Leg.objects) == ["completed", "completed", "in-progress"]
    assert net.asked == [OWN, OTHER]
    assert tasks.compare_lists(at + HOUR + MINUTE) == 0


def test_a_listed_call_that_cannot_be_written_down_stops_no_other_and_comes_again(net, line, at):
    good = CallFacts("CA" + "8" * 32, "completed", "2883", "+231770001111", "inbound", at)
    net.calls[OWN] = [CallFacts(None, "completed", "2883", "", "inbound", at), good]

    assert actions.sweep_account(account=OWN, at=at) == 1

    assert not SweepMark.objects.filter(account=OWN, kind="calls").exists()
    net.calls[OWN] = [good]
    assert actions.sweep_account(account=OWN, at=at) == 0
    assert SweepMark.objects.get(account=OWN, kind="calls").mark_at == at


def test_what_was_not_asked_for_in_time_is_counted_as_late(net, call, text, at):
    call(1), text(2), call(3, asked_at=at + 50 * MINUTE), call(4, status="completed")

    assert (late_rows(at + 24 * MINUTE), late_rows(at + HOUR), late_rows(at + 2 * HOUR)) == (0, 2, 3)


def test_a_list_that_cannot_be_read_for_a_quarter_of_an_hour_is_late(net, monkeypatch, at):
    assert late_lists(at) == []
    tasks.compare_lists(at)
    assert late_lists(at + 14 * MINUTE) == []

    monkeypatch.setattr(net, "calls_since", lambda _at: net._word(net.account))
    net.words = {OWN: ProviderDown("slow"), OTHER: ProviderRefused("20003")}
    tasks.compare_lists(at + 6 * MINUTE)

    assert late_lists(at + 16 * MINUTE) == [OWN, OTHER]


def test_a_key_of_the_interface_is_no_secret_of_an_account_that_was_left(net, call, settings, at):
    settings.TWILIO_API_KEY, settings.TWILIO_API_SECRET = "SK1", "secret"
    call(1, LEFT), call(2)

    assert accounts_without_secret(at + MINUTE) == [LEFT]


def test_the_simulated_account_needs_no_secret_and_has_no_list(net, call, settings, at):
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = SIMULATED_ACCOUNT, "token"
    call(1, SIMULATED_ACCOUNT)
    tasks.compare_lists(at)

    assert (accounts_without_secret(at + MINUTE), late_lists(at + HOUR), net.asked) == ([], [], [])


def test_texts_and_recordings_of_which_nothing_ever_came_are_written_down_once(network, net, at):
    network.call()
    leg, before = Leg.objects.get(), at - 20 * MINUTE
    Leg.objects.update(account=OWN)
    Line.objects.update(account=OWN)
    facts = {"to": "2883", "from_": "+231770000077", "direction": "inbound", "made_at": before}
    sent = [
        MessageFacts("SM" + "a" * 32, "received", body="help me", **facts),
        MessageFacts("SM" + "b" * 32, "received", body="", files=1, **facts),
        MessageFacts("SM" + "c" * 32, "delivered", to="+231770000077", direction="outbound-api", made_at=before),
    ]
    net.texts[OWN] = sent
    net.sounds[OWN] = [
        RecordingFacts("RE" + "a" * 32, leg.call_sid, "completed", 9, before),
        RecordingFacts("RE" + "b" * 32, leg.call_sid, "processing", 0, before),
    ]

    found = [actions.sweep_account(account=OWN, at=at + turn * 5 * MINUTE) for turn in range(3)]

    assert found == [3, 0, 0]
    conversation = Contact.objects.get(kind="message")
    assert conversation.started_at == before
    assert set(Contact.objects.values_list("changed_at", flat=True)) == {at}  # open pages and figures see it as new
    assert sorted(conversation.messages.values_list("sid", flat=True)) == [one.sid for one in sent[:2]]
    assert Attachment.objects.get().sid == "ME" + "7" * 32
    assert (Recording.objects.get().contact_id, Recording.objects.get().seconds) == (leg.contact_id, 9)
    kinds = set(Command.objects.values_list("kind", flat=True))
    assert {"fetch_recording", "fetch_attachment", "delete_message"} <= kinds
    # A text that comes after all, late, is the one that was found.
    network.post(
        "/hotline/twilio/message/",
        {"MessageSid": sent[0].sid, "From": facts["from_"], "To": "2883", "Body": "help me", "NumMedia": "0"},
        account=OWN,
    )
    assert conversation.messages.count() == 2


def test_a_start_that_is_found_late_undoes_no_stop_that_was_written_after_it(network, net, at):
    Line.objects.update(account=OWN)
    facts = {"to": "2883", "from_": "+231770000077", "direction": "inbound"}
    found = [MessageFacts("SM" + mark * 32, "received", body=words, made_at=at - minutes * MINUTE, **facts)
             for mark, words, minutes in (("a", "STOP", 30), ("b", "START", 10), ("c", "STOP", 5), ("d", "START", 1))]  # fmt: skip
    for one in (found[0], found[2]):
        net.texts[OWN] = [one]
        actions.sweep_account(account=OWN, at=at)
    assert Opposition.objects.get().at == found[2].made_at
    net.texts[OWN] = [found[1]]
    actions.sweep_account(account=OWN, at=at)
    assert Opposition.objects.get().at == found[2].made_at
    net.texts[OWN] = [found[3]]
    actions.sweep_account(account=OWN, at=at)
    assert not Opposition.objects.exists()


def test_a_start_that_is_found_undoes_a_stop_from_seconds_before_as_both_times_of_sending_are_known(net, line, at):
    Line.objects.update(account=OWN)
    facts = {"to": "2883", "from_": "+231770000077", "direction": "inbound"}
    for mark, words, seconds in (("a", "STOP", 100), ("b", "START", 95)):
        net.texts[OWN] = [
            MessageFacts("SM" + mark * 32, "received", body=words, made_at=at - dt.timedelta(seconds=seconds), **facts)
        ]
        actions.sweep_account(account=OWN, at=at)
        assert Opposition.objects.exists() == (words == "STOP")


def test_a_stop_that_is_found_after_a_later_start_opposes_until_the_next(network, net, at):
    Line.objects.update(account=OWN)

    def write(words, mark):
        told = {"MessageSid": "SM" + mark * 32, "From": "+231770000077", "To": "2883", "Body": words, "NumMedia": "0"}
        network.post("/hotline/twilio/message/", told, account=OWN)

    write("START", "a")
    sent = at - 5 * MINUTE
    facts = {"to": "2883", "from_": "+231770000077", "direction": "inbound", "made_at": sent}
    net.texts[OWN] = [MessageFacts("SM" + "b" * 32, "received", body="STOP", **facts)]
    actions.sweep_account(account=OWN, at=at)
    assert Opposition.objects.get().at == sent
    write("START", "c")
    assert not Opposition.objects.exists()


def test_once_a_day_two_days_are_compared_whole_and_each_list_has_its_own_mark(net, at):
    tasks.compare_lists(at)
    for hours in (1, 23, 25):
        tasks.compare_lists(at + hours * HOUR)
        assert (at + hours * HOUR - net.since[OWN] >= 48 * HOUR) == (hours == 25), hours
    net.sounds[OWN] = ProviderDown("slow")
    tasks.compare_lists(at + 26 * HOUR)

    marks = dict(SweepMark.objects.filter(account=OWN).values_list("kind", "mark_at"))
    assert (marks["calls"], marks["messages"]) == (at + 26 * HOUR,) * 2
    assert (marks["sounds"], marks["whole"]) == (at + 25 * HOUR,) * 2
    assert late_lists(at + 26 * HOUR) == [OWN]
