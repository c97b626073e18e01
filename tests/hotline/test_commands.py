"""Orders to the provider, the sweep, lines and their hours."""

import datetime as dt

import pytest
from django.utils import translation

from hotline import actions, queries, tasks
from hotline.actions import lines
from hotline.models import Command, Contact, Leg, Prompt, PromptRecording, SimulatorCall
from hotline.queries.lines import source_digest
from hotline.telephony.base import CallFacts, ProviderDown, ProviderRefused

pytestmark = pytest.mark.django_db


class Broken:
    """A provider that answers every order with one error."""

    def __init__(self, error):
        self.error = error

    def __getattr__(self, name):
        def order(*_arguments, **_values):
            raise self.error

        return order


@pytest.fixture
def hang_up(network, at):
    network.call()
    actions.order("hang_up", leg=Leg.objects.get(), key="h1", at=at)
    return Command.objects.get()


def test_order_of_one_key_is_given_once(hang_up, at):
    actions.order("hang_up", leg=Leg.objects.get(), key="h1", at=at)

    assert Command.objects.count() == 1


def test_order_is_claimed_by_one_worker_until_the_claim_runs_out(hang_up, at):
    assert actions.claim_command(hang_up.pk, at=at) is not None
    assert actions.claim_command(hang_up.pk, at=at) is None
    assert actions.claim_command(hang_up.pk, at=at + dt.timedelta(seconds=31)) is not None


def test_a_later_order_for_a_telephone_waits_while_the_earlier_one_is_carried_out(hang_up, network, at):
    actions.order("mute", leg=Leg.objects.get(), key="m1", at=at)
    later = Command.objects.get(key="m1")
    earlier = actions.claim_command(hang_up.pk, at=at)

    assert actions.claim_command(later.pk, at=at) is None
    assert list(actions.claim_commands(at=at)) == []
    actions.run_command(earlier, at=at)
    assert actions.claim_command(later.pk, at=at) == later


@pytest.mark.parametrize("error", [ValueError, KeyError, RuntimeError, AssertionError])
def test_an_order_that_meets_what_nobody_foresaw_has_its_tries_and_lets_those_behind_it_pass(
    hang_up, at, monkeypatch, error
):
    actions.order("unmute", leg=Leg.objects.get(), key="u1", at=at)
    fails, works = Broken(error("odd")), Broken(ProviderRefused("21220"))
    first, later = Command.objects.order_by("pk")
    accounts = {first.account: fails, "AC" + "7" * 32: works}
    Command.objects.filter(pk=later.pk).update(account="AC" + "7" * 32)
    monkeypatch.setattr("hotline.actions.commands.provider", accounts.get)

    assert tasks.run_commands(at) == 1

    first.refresh_from_db()
    assert (first.tries, first.fault, first.claimed_until) == (1, error.__name__, None)
    for _turn in range(4):
        at += dt.timedelta(minutes=6)
        assert tasks.run_commands(at) == 0
    first.refresh_from_db()
    assert (first.tries, first.failed_at) == (5, at)


def test_an_order_that_kills_its_worker_is_given_up_after_five(hang_up, at):
    for _turn in range(5):
        assert actions.claim_command(hang_up.pk, at=at) is not None  # and the worker dies
        at += dt.timedelta(seconds=31)

    assert tasks.run_commands(at) == 0

    hang_up.refresh_from_db()
    assert (hang_up.failed_at, hang_up.fault) == (at, "killed")
    assert actions.claim_command(hang_up.pk, at=at + dt.timedelta(hours=1)) is None


def test_a_patient_order_that_kills_its_worker_comes_back_after_growing_pauses(hang_up, at):
    Command.objects.update(kind="delete_call")
    for _turn in range(8):
        assert actions.claim_command(hang_up.pk, at=at) is not None
        at += dt.timedelta(hours=1)

    assert actions.claim_command(hang_up.pk, at=at - dt.timedelta(minutes=1)) is None
    assert actions.claim_command(hang_up.pk, at=at) is not None


def test_slow_provider_is_asked_again_later_and_given_up_after_five(hang_up, at, monkeypatch):
    monkeypatch.setattr("hotline.actions.commands.provider", lambda account: Broken(ProviderDown("slow")))
    for _turn in range(5):
        command = actions.claim_command(hang_up.pk, at=at)
        assert not actions.run_command(command, at=at)
        at += dt.timedelta(minutes=6)

    hang_up.refresh_from_db()
    assert (hang_up.tries, hang_up.fault, hang_up.failed_at is not None) == (5, "slow", True)


def test_refused_order_is_not_tried_again_and_one_for_a_call_that_is_over_is_done(hang_up, at, monkeypatch):
    monkeypatch.setattr("hotline.actions.commands.provider", lambda account: Broken(ProviderRefused("21220")))
    assert actions.run_command(actions.claim_command(hang_up.pk, at=at), at=at)
    actions.order("hang_up", leg=Leg.objects.get(), key="h2", at=at)
    monkeypatch.setattr("hotline.actions.commands.provider", lambda account: Broken(ProviderRefused("21205")))

    refused = next(actions.claim_commands(at=at))

    assert not actions.run_command(refused, at=at)
    assert Command.objects.get(key="h2").fault == "21205"


def test_sweep_ends_what_never_reported_its_end(network, operator, at, clock):
    network.call()
    network.step("language", 1, Digits="1")
    SimulatorCall.objects.create(sid=network.sid, status="completed")

    assert tasks.sweep(at + dt.timedelta(minutes=11)) == 1

    assert (network.contact.state, network.contact.outcome) == ("ended", "abandoned")
    assert tasks.sweep(at + dt.timedelta(minutes=12)) == 0


def test_sweep_writes_down_calls_that_were_never_heard_of(network, at, monkeypatch):
    class Lists:
        def calls_since(self, since):
            return [CallFacts("CA" + "8" * 32, "completed", "2883", "+231770001111", "inbound", at)]

        def messages_since(self, since):
            return []

        recordings_since = messages_since

    monkeypatch.setattr("hotline.actions.comparing.provider", lambda account: Lists())

    found = [actions.sweep_account(account="AC" + "0" * 32, at=at) for _turn in range(2)]

    assert found == [1, 0]
    assert Contact.objects.get().flag_codes == ["simulated", "unknown_call"]


def test_sweep_mark_stays_when_the_provider_is_down(network, at, monkeypatch):
    monkeypatch.setattr("hotline.actions.comparing.provider", lambda account: Broken(ProviderDown("down")))

    assert actions.sweep_account(account="AC" + "0" * 32, at=at) == 0


def test_worker_does_nothing_where_nothing_is_due(line, at):
    assert [job(at) for job in tasks.JOBS] == [0] * len(tasks.JOBS)


def test_hours_of_a_line_are_told_in_the_readers_words(line, at):
    lines.set_hours(line=line, week={day: [(dt.time(8), dt.time(16))] for day in range(5)}, by="test", at=at)

    public = queries.line_of("LR", at)

    assert public.hours_text == "Monday to Friday 08:00 to 16:00"
    assert public.is_open
    assert public.until.hour == 16
    with translation.override("fr"):
        assert "lundi" in queries.line_of("LR", at).hours_text


def test_hours_that_overlap_or_are_empty_are_refused(line, at):
    eight, nine = dt.time(8), dt.time(9)
    for spans in ([(nine, eight)], [(eight, eight)], [(eight, dt.time(12)), (nine, dt.time(16))]):
        with pytest.raises(lines.HoursOverlap):
            lines.set_hours(line=line, week={0: spans}, by="test", at=at)


def test_number_of_one_line_is_refused_to_another(line, liberia, at):
    with pytest.raises(lines.NumberTaken):
        lines.open_line(country=liberia, numbers=["2883"], name="Second", by="test", at=at)


def test_closed_day_sends_callers_to_the_closed_menu(network, line, operator, at):
    lines.set_exception(line=line, day=at.date(), spans=[], note="Holiday", by="test", at=at)
    network.call()

    reply = network.step("language", 1, Digits="1")

    assert network.contact.state == "closed"
    assert "To leave a message, press 1." in reply.said()


def test_cell_without_recording_or_voice_is_a_gap_but_on_a_practice_line(line):
    gaps = queries.unheard(["en", "ht"], is_reachable=True)

    assert queries.unheard(["en", "fr", "ar"], is_reachable=False) == []
    assert {code for _key, code in gaps} == {"ht"}


def test_recording_is_played_and_served_with_its_own_type(network, line, at):
    prompt = Prompt.objects.get(key="greeting")
    PromptRecording.objects.create(
        prompt=prompt, language="en", content_hash="abc123", content_type="audio/wav", audio=b"RIFF", seconds=2,
        source_digest=source_digest(prompt.text_en), recorded_by="test", recorded_at=at, heard_by="test", heard_at=at,
    )  # fmt: skip
    reply = network.call()

    address = reply.document.find(".//Play").text
    answer = network.client.get(address.partition("8000")[2])

    assert (answer.status_code, answer.headers["Content-Type"], answer.content) == (200, "audio/wav", b"RIFF")
    assert network.client.get("/hotline/audio/en/nothing/zzz/").status_code == 404


def test_prompts_come_with_the_product_and_keep_what_people_wrote(at, db):
    count = actions.load_prompts(by="test", at=at)
    Prompt.objects.filter(key="greeting").update(text_en="Ours")

    assert actions.load_prompts(by="test", at=at) == count
    assert Prompt.objects.get(key="greeting").text_en == "Ours"
    assert Prompt.objects.get(key="wait").text_fr
