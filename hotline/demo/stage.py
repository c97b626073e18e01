"""A stage on which scripted calls are played: the simulated provider, the product's real webhooks, operators, worker.

Requests are signed and go through the verified doors in this process; the clock is the stage's own.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.test import RequestFactory
from django.urls import resolve

from accounts.models import User
from hotline import actions
from hotline.actions.follow_up import StillOnTheLine, wrap_up
from hotline.actions.meanwhile import SavedMeanwhile
from hotline.actions.sending import claim_message
from hotline.callstate import CALL_FINAL
from hotline.choices import ActKind, Closing, Topic
from hotline.models import Command, Contact, Message, SimulatorAct
from hotline.queries.contacts import lapsed_claims
from hotline.queries.heartbeat import heard_here
from hotline.queries.post import due_commands, due_messages
from hotline.queries.thirds import ringing_thirds
from hotline.telephony import scripts
from hotline.telephony.providers import SIMULATED_ACCOUNT, webhook_secrets
from hotline.telephony.simulated import Asked, Behaviour, Heard, SimCall, Simulator


class ExpectationFailed(AssertionError):
    """Raised when a script expected something that was not so; says the line and what was heard instead."""


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


class Stage:
    """One network, one clock, one call at a time under the script's hand.

    Where others use the lines meanwhile, `since` keeps the stage from their calls: its clock runs ahead of theirs.
    """

    def __init__(
        self, *, at: dt.datetime, seed: object = 0, operator: User | None = None,
        observer: Callable[[Heard | Asked], None] | None = None, since: Since | None = None,
        topic: str = Topic.INFORMATION,
    ):  # fmt: skip
        self.at, self.operator, self.observer, self.topic = at, operator, observer, topic
        self.is_alone, self.since = since is None, since or Since()
        self.factory = RequestFactory()
        self.heard: list[Heard] = []
        self.call: SimCall | None = None
        self.caller = ""
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
        request = self.factory.generic(method, target, body, content_type=headers["Content-Type"], **wired)
        request.META["fanal.clock"] = self.at
        self.at += MOMENT
        self.is_stirred = True
        match = resolve(parts.path)
        answer = match.func(request, *match.args, **match.kwargs)
        return answer.status_code, dict(answer.headers), answer.content.decode()

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

    # The script -------------------------------------------------------------------------------------------------

    def play(self, text: str) -> None:
        """Play a script from its first line to its last."""
        for step in scripts.parse(text):
            self.act(step)

    def act(self, step: scripts.Step) -> None:
        """Do one step of a script."""
        getattr(self, f"_{step.word}")(step)
        if step.word != "wait":  # which lets everything settle by itself
            self.is_stirred = True
            self.settle()

    def _call(self, step: scripts.Step) -> None:
        self.caller = step.values.get("number", "anonymous")
        self.heard.clear()
        self.call = self.network.dial(self.caller, step.values["to"])

    def _press(self, step: scripts.Step) -> None:
        self.network.press(self._live_sid(), step.values["keys"])

    def _wait(self, step: scripts.Step) -> None:
        self.wait(float(step.values["seconds"]))

    def _say(self, step: scripts.Step) -> None:
        self.network.say(self._live_sid(), step.values["words"])

    def _hang(self, step: scripts.Step) -> None:
        self.network.hang_up(self._live_sid())

    def _cut(self, step: scripts.Step) -> None:
        self.network.cut(self._live_sid())

    def _twice(self, step: scripts.Step) -> None:
        self.network.twice = True

    def _text(self, step: scripts.Step) -> None:
        self.network.text(step.values.get("number", self.caller), step.values["to"], step.values["words"])

    def _sid(self) -> str:
        if self.call is None:
            raise ExpectationFailed("Nobody called yet: begin with “call 2883 from +231770001111”.")
        return self.call.sid

    def _live_sid(self) -> str:
        sid = self._sid()
        if not self.call.is_live:
            raise ExpectationFailed("The caller's telephone has hung up already: nothing more can be done on it.")
        return sid

    @property
    def contact(self) -> Contact:
        """Return the contact of the call under the script's hand."""
        return Contact.objects.get(legs__call_sid=self._sid())

    def _expect(self, step: scripts.Step) -> None:
        wanted = step.values
        if "words" in wanted:
            self._expect_heard(step)
            return
        contact = self.contact
        for name, found in (("state", contact.state), ("outcome", contact.outcome)):
            if name in wanted and wanted[name] != found:
                raise ExpectationFailed(
                    f"Line {step.number}: expected {name} {wanted[name]}, found {found or 'none'}."
                )
        if "flag" in wanted and wanted["flag"] not in contact.flag_codes:
            raise ExpectationFailed(
                f"Line {step.number}: expected flag {wanted['flag']}, found {contact.flags or 'none'}."
            )

    def _expect_heard(self, step: scripts.Step) -> None:
        words, language = step.values["words"], step.values.get("language", "")
        found = [
            one for one in self.heard
            if one.kind in {"say", "text"} and words in one.text and (not language or _speaks(one.language, language))
        ]  # fmt: skip
        if bool(found) == ("not" in step.values):
            last = " / ".join(one.text for one in self.heard if one.kind in {"say", "text"})[-300:]
            raise ExpectationFailed(f"Line {step.number}: {step.line} — heard: {last or 'nothing'}")

    def _operator(self, step: scripts.Step) -> None:
        try:
            _OPERATOR[step.values["act"]](self)
        except tuple(_NOT_POSSIBLE) as error:
            raise ExpectationFailed(f"Line {step.number}: {step.line} — {_NOT_POSSIBLE[type(error)]}") from error

    def person(self) -> User:
        """Return who takes calls on this stage."""
        if self.operator is None:
            raise ExpectationFailed(
                "Nobody of this line is free to take the call: end a call or close a sheet in the console, or add a shift,"
                " then play the script again."
            )
        return self.operator

    def take(self) -> None:
        """Let the operator take the waiting call and the telephone join."""
        actions.take_call(contact=self.contact, by=self.person(), at=self.at)
        self.wait(2)

    def hold(self) -> None:
        """Let the operator put the caller on hold."""
        actions.hold(contact=self.contact, by=self.person(), at=self.at)

    def take_back(self) -> None:
        """Let the operator take the caller back."""
        actions.unhold(contact=self.contact, by=self.person(), at=self.at)

    def end(self) -> None:
        """Let the operator end the call."""
        actions.end_call(contact=self.contact, by=self.person(), at=self.at)
        self.wait(4)

    def drop(self) -> None:
        """Lose the operator's telephone."""
        leg = self.contact.legs.filter(role="operator").order_by("-id").first()
        if leg is None or leg.status in CALL_FINAL:
            raise actions.NotInRoom
        self.network.cut(leg.call_sid)

    def finish(self) -> None:
        """Let the operator wrap up with what the call was about, and be ready again."""
        wrap_up(contact=self.contact, topic=self.topic, by=self.person(), at=self.at, after=Closing.REACHED)

    def clear(self) -> None:
        """Let the caller hang up, if she still is on the line, and let everything come to its end."""
        if self.call is not None and self.call.is_live:
            self.network.hang_up(self.call.sid)
        self.wait(2)


def _speaks(locale: str, language: str) -> bool:
    """Tell whether a voice's locale or a written language is this language."""
    known = {"arb": "ar"}.get(locale, locale).lower()
    return known == language or known.split("-")[0] == language.split("-")[0]


_OPERATOR = {
    "takes": Stage.take,
    "holds": Stage.hold,
    "takes back": Stage.take_back,
    "ends": Stage.end,
    "drops": Stage.drop,
    "wraps up": Stage.finish,
}
_NOT_POSSIBLE: dict[type[Exception], str] = {
    actions.NotReady: "the operator became busy meanwhile: play the script again.",
    actions.AlreadyTaken: "somebody else has taken the call, or nobody waits: let the caller wait first.",
    actions.NoTelephone: "the operator has no verified telephone: give the line one who has.",
    actions.NotInRoom: "the operator is not in conversation: let her take the call first.",
    StillOnTheLine: "the caller is still on the line: end the call first.",
    SavedMeanwhile: "the sheet was closed before: take the line out of the script.",
}
