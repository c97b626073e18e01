"""A provider that is slow, or does not answer: a real server on this machine stands for it."""

import datetime as dt
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import connection
from pytest_socket import disable_socket, enable_socket

from cms.chores import chores
from hotline import tasks
from hotline.actions import circuit, commands
from hotline.actions.circuit import note_failure
from hotline.actions.voice import flow_line
from hotline.models import Command, Contact, Leg, Line, SweepMark
from hotline.queries.circuit import held_accounts
from hotline.queries.lines import line_by_id
from hotline.queries.post import due_commands, orders_in_turn
from hotline.telephony import twilio
from hotline.telephony.circuit import asked_again_at
from hotline.telephony.providers import SIMULATED_ACCOUNT
from tests.hotline.telephones import REAL

SECOND = dt.timedelta(seconds=1)


class Provider(ThreadingHTTPServer):
    """What the provider's interface answers: when, and with which status."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answer)
        self.status, self.asked, self.answers = 201, [], threading.Event()
        self.answers.set()  # a test that clears it decides when the provider answers


class Answer(BaseHTTPRequestHandler):
    """One answer."""

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append(self.path)
        self.server.answers.wait(120)
        body = json.dumps({"sid": "CA" + "c" * 32, "status": "queued"}).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Say nothing."""


@pytest.fixture
def provider(monkeypatch, settings, line):
    """The provider of a real account, under an address of this machine; the product's own sessions and time-outs."""
    enable_socket()
    server = Provider()
    threading.Thread(target=server.serve_forever, daemon=True).start()

    class There(twilio._Bounded):
        def send(self, request, **kwargs):
            request.url = request.url.replace("https://api.twilio.com", f"http://127.0.0.1:{server.server_port}")
            return super().send(request, **kwargs)

    monkeypatch.setattr(twilio, "_Bounded", There)
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = f"{settings.TWILIO_ACCOUNT_SID},{REAL}", "secret"
    Line.objects.filter(pk=line.pk).update(account=REAL)
    yield server
    server.shutdown()
    server.server_close()
    disable_socket(allow_unix_socket=True)


def orders(line, at, *kinds, account=REAL):
    """Order something of the provider for telephones that ring."""
    contact = Contact.objects.create(line=line, country=line.country, started_at=at, changed_at=at)
    for number, kind in enumerate(kinds, start=Leg.objects.count()):
        facts = {"call_sid": f"CA{number:032d}", "label": f"op-{number}", "status": "ringing", "made_at": at}
        leg = Leg.objects.create(contact=contact, account=account, **facts)
        Command.objects.create(
            key=f"{kind}{Command.objects.count()}", kind=kind, account=account, leg=leg, contact=contact,
            arguments={"step": "left", "turn": contact.turn}, made_at=at, due_at=at,
        )  # fmt: skip


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory lets no two connections at one table")
@pytest.mark.django_db(transaction=True)
def test_no_request_waits_while_the_provider_takes_its_time(provider, network, at, monkeypatch):
    monkeypatch.setattr(twilio, "TIMEOUTS", (3, 120))  # the test decides when it answers, no clock
    orders(Line.objects.get(), at, "hang_up")
    provider.answers.clear()

    def carry_out():
        tasks.run_call_orders(at)
        connection.close()

    worker = threading.Thread(target=carry_out)
    worker.start()
    try:
        while worker.is_alive() and not provider.asked:
            time.sleep(0.01)
        for number in range(2):
            network.sid = f"CA{number:030d}ab"
            answers = [network.call(), network.step("language", 1, Digits="1"), network.status("completed")]
            # Whatever the worker held would be held until the provider answers: such a call has words from memory alone.
            assert [(one.status, "X-Fanal-Degraded" in one.headers) for one in answers] == [
                (200, False), (200, False), (204, False),
            ]  # fmt: skip
        assert Command.objects.get(kind="hang_up").done_at is None
    finally:
        provider.answers.set()
        worker.join(60)
    done = Command.objects.get(kind="hang_up")
    assert (done.done_at is not None, done.tries) == (True, 1), "it was asked all the while, once"


def test_after_five_failures_only_probes_and_hang_ups_go_out_and_one_answer_ends_it(provider, line, network, now, at):
    provider.status = 503
    orders(line, at, *["redirect"] * 7)
    assert tasks.run_call_orders(at) == 0
    mark = SweepMark.objects.get(kind="circuit")
    held = Command.objects.order_by("pk")[5:]

    assert (mark.failures, len(provider.asked)) == (5, 5)
    assert {(one.tries, one.due_at - at) for one in held} == {(0, 5 * SECOND)}, "what was not asked is no try"
    assert flow_line(line_by_id(line.pk), at).can_ring() is False, "telephones are rung by documents meanwhile"
    assert [fault.code for fault in chores() if fault.code == "circuit"] == ["circuit"]
    provider.status = 201
    orders(line, at, "hang_up")
    Command.objects.filter(kind="redirect").update(due_at=at + 600 * SECOND)
    SweepMark.objects.filter(kind="circuit").update(failures=9)
    assert tasks.run_call_orders(at) == 1, "a hang-up is never held back"

    assert SweepMark.objects.get(kind="circuit").failures == 0
    assert flow_line(line_by_id(line.pk), at).can_ring() is True


def test_to_come_more_slowly_is_an_answer_and_urgent_orders_probe(provider, line, at, now):
    provider.status = 429
    orders(line, at, *["redirect"] * 6)
    tasks.run_call_orders(at)
    assert len(provider.asked) == 6
    assert not SweepMark.objects.filter(kind="circuit", failures__gt=0).exists()
    pause = commands._pause(Command.objects.first())
    assert {at + pause <= one.due_at <= at + 2 * pause for one in Command.objects.all()} == {True}
    assert [(asked_again_at(n, at) - at).seconds for n in (0, 4, 5, 6, 9, 50)] == [0, 0, 10, 20, 120, 120]
    assert [(asked_again_at(n, at, is_urgent=True) - at).seconds for n in (4, 5, 50)] == [0, 5, 5]


def test_who_hears_a_supervisor_is_settled_by_the_next_probe(provider, line, at, now):
    for _ in range(6):
        note_failure(REAL, at=at)
    now.move_to(at + 6 * SECOND)
    assert held_accounts([REAL], at + 6 * SECOND) == {REAL}

    circuit.provider(REAL).set_coach("CF" + "1" * 32, "CA" + "1" * 32, coached="")

    assert len(provider.asked) == 1


@pytest.mark.parametrize("status", [503, None], ids=["does not answer", "has no secret"])
def test_orders_of_an_account_that_is_not_served_let_those_of_another_pass_in_the_same_turn(
    provider, line, at, settings, status
):
    provider.status = status
    if status is None:
        settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = settings.TWILIO_ACCOUNT_SID.split(",")[0], "secret"
    orders(line, at - 60 * SECOND, *["hang_up"] * (tasks.BATCH + 5))
    orders(line, at, "hang_up", account=SIMULATED_ACCOUNT)

    assert tasks.run_call_orders(at) == 1

    assert Command.objects.get(account=SIMULATED_ACCOUNT).done_at == at


def test_an_account_that_does_not_answer_is_asked_first_no_more_and_by_one_thread_at_a_time(provider, line, at):
    orders(line, at - 60 * SECOND, "hang_up", "hang_up")
    orders(line, at, "hang_up", "hang_up", account=SIMULATED_ACCOUNT)
    first, second, *served = Command.objects.order_by("pk")
    turn = [command.account for command in orders_in_turn(due_commands(at))]
    assert turn == [REAL, SIMULATED_ACCOUNT] * 2
    note_failure(REAL, at=at)

    assert [command.account for command in orders_in_turn(due_commands(at))] == [SIMULATED_ACCOUNT] * 2 + [REAL] * 2
    assert commands.claim_command(first.pk, at=at) == first
    assert commands.claim_command(second.pk, at=at) is None
    assert [commands.claim_command(one.pk, at=at) for one in served] == served, (
        "of whoever answers both are carried out"
    )
    assert commands.claim_command(second.pk, at=at + commands.CLAIM + SECOND) == second
