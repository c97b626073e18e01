"""The ground of a stage: the simulated provider, the product's real webhooks, the worker, and a clock of their own.

Requests are signed and go through the verified doors in this process.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404
from django.test import RequestFactory
from django.urls import resolve

from hotline import actions
from hotline.actions import simulation
from hotline.actions.sending import claim_message
from hotline.choices import ActKind
from hotline.models import Command, Contact, Message, SimulatorAct
from hotline.queries.contacts import lapsed_claims
from hotline.queries.heartbeat import heard_here
from hotline.queries.post import due_commands, due_messages
from hotline.queries.thirds import ringing_thirds
from hotline.telephony.providers import SIMULATED_ACCOUNT, webhook_secrets
from hotline.telephony.simulated import Asked, Behaviour, Heard, Simulator


@dataclass(frozen=True)
class Since:
    """The newest rows that were there before a stage: what is newer is the stage's own. Zeros: everything is."""

    contact: int = 0
    command: int = 0
    message: int = 0
    act: int = 0

    @classmethod
    def now(cls) -> "Since":
        """Return the rows as they stand."""
        newest = (rows.objects.order_by("-pk").values_list("pk", flat=True).first() for rows in (
            Contact, Command, Message, SimulatorAct))  # fmt: skip
        return cls(*(key or 0 for key in newest))


MOMENT = dt.timedelta(milliseconds=1)  # no two requests come at one instant: the timeline keeps their order


class Ground:
    """One network and one clock. Where others use the lines meanwhile, `since` keeps to what is newer than it."""

    def __init__(
        self, *, at: dt.datetime, seed: object = 0, since: Since | None = None,
        observer: Callable[[Heard | Asked], None] | None = None,
    ):  # fmt: skip
        self.at, self.observer = at, observer
        self.is_alone, self.since = since is None, since or Since()
        self.factory = RequestFactory()
        self.heard: list[Heard] = []
        self.is_stirred = True
        self.network = Simulator(
            self._transport, account=SIMULATED_ACCOUNT, token=webhook_secrets().tokens[SIMULATED_ACCOUNT][0],
            base_url=settings.PUBLIC_URL, clock=lambda: self.at, observer=self._observe, seed=seed,
            behaviours=self._behaviour,
        )  # fmt: skip

    def _behaviour(self, to: str) -> Behaviour:
        return Behaviour(answers=to.startswith("client:"), after=1.0)

    def _observe(self, what: Heard | Asked) -> None:
        if isinstance(what, Heard):
            self.heard.append(what)
        if self.observer is not None:
            self.observer(what)

    def _transport(self, method: str, url: str, headers: dict[str, str], body: bytes) -> tuple[int, dict, str]:
        parts = urlsplit(url)
        wired = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        request = self.factory.generic(method, target, body, headers.get("Content-Type", ""), **wired)
        request.META["fanal.clock"] = self.at
        self.at += MOMENT
        self.is_stirred = True
        match = resolve(parts.path)
        try:
            answer = match.func(request, *match.args, **match.kwargs)
        except Http404:
            return 404, {}, ""
        body = b"".join(answer) if answer.streaming else answer.content
        return answer.status_code, dict(answer.headers), body.decode(errors="replace")

    # The worker and the clock -----------------------------------------------------------------------------------

    def work(self) -> None:
        """Do what the worker would do at this instant: orders, messages, lapsed claims; then carry the orders out."""
        commands = due_commands(self.at).filter(pk__gt=self.since.command).order_by("due_at", "id")
        for key in (orders := list(commands.values_list("pk", flat=True))):
            if command := actions.claim_command(key, at=self.at):
                actions.run_command(command, at=self.at)
        messages = due_messages(self.at).filter(pk__gt=self.since.message)
        for key in (texts := list(messages.values_list("pk", flat=True))):
            if message := claim_message(key, at=self.at):
                actions.send_message(message, at=self.at)
        if self.is_alone and lapsed_claims(self.at).exists():
            actions.release_lapsed_claims(at=self.at)
        for key in list(ringing_thirds().values_list("pk", flat=True)) if self.is_alone else ():
            self.is_stirred |= actions.settle_third(key=key, at=self.at)
        if orders or texts:
            self._carry_out()

    def _carry_out(self) -> None:
        """Let the network do what was ordered of it; nobody else orders anything."""
        for act in SimulatorAct.objects.filter(pk__gt=self.since.act, kind=ActKind.REST, done_at__isnull=True):
            SimulatorAct.objects.filter(pk=act.pk).update(done_at=self.at)
            self.network.order(act.payload)

    def settle(self) -> None:
        """Let the network and the worker do what is due now, until nothing new was asked for."""
        heard_here(self.at)
        self.network.tick()
        while self.is_stirred:
            self.is_stirred = False
            self.work()
            self.network.tick()

    def wait(self, seconds: float) -> None:
        """Let time pass: from one due thing to the next, the worker following each."""
        until = self.at + dt.timedelta(seconds=seconds)
        self.is_stirred = True
        self.settle()
        while self.at < until:
            due = self.network.next_due()
            self.at = min(until, max(due or until, self.at + MOMENT))
            self.is_stirred |= self.at == until  # what was ordered for later is due by then, perhaps
            self.settle()

    def sweep(self) -> None:
        """Let the worker ask the network for each telephone of whose end nobody told it."""
        for call in self.network.calls.values():
            simulation.know_call(sid=call.sid, status=call.status)
        actions.sweep_open_rows(at=self.at)
        self.is_stirred = True
        self.settle()
