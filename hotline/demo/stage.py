"""A stage on which scripted calls are played: one caller or several, operators, faults by seed, and what is expected."""

import datetime as dt
from collections.abc import Callable, Sequence

from accounts.models import User
from hotline import actions
from hotline.actions.follow_up import StillOnTheLine, wrap_up
from hotline.actions.meanwhile import SavedMeanwhile
from hotline.callers import called_number
from hotline.callstate import CALL_FINAL
from hotline.choices import Closing, Presence, Topic
from hotline.demo.ground import Ground, Since
from hotline.models import Contact, OperatorState
from hotline.queries.lines import line_called
from hotline.queries.way_out import way_out
from hotline.telephony import scripts
from hotline.telephony.simulated import Asked, Faults, Heard, SimCall


class ExpectationFailed(AssertionError):
    """Raised when a script expected something that was not so; says the line and what was heard instead."""


class Stage(Ground):
    """A ground with the call under the script's hand, or with several, each under a caller's name."""

    def __init__(
        self, *, at: dt.datetime, seed: object = 0, operator: User | None = None, others: Sequence[User] = (),
        observer: Callable[[Heard | Asked], None] | None = None, since: Since | None = None,
        topic: str = Topic.INFORMATION,
    ):  # fmt: skip
        super().__init__(at=at, seed=seed, since=since, observer=observer)
        self.operator, self.others, self.topic = operator, list(others), topic
        self.call: SimCall | None = None
        self.caller = self.who = ""
        self.calls: dict[str, SimCall] = {}

    def play(self, text: str) -> None:
        """Play a script from its first line to its last."""
        for step in scripts.parse(text):
            self.act(step)

    def act(self, step: scripts.Step) -> None:
        """Do one step of a script, in the name of its caller."""
        if step.who:
            self.who, self.call = step.who, self.calls.get(step.who)
        getattr(self, f"_{step.word}")(step)
        if step.word != "wait":  # which lets everything settle by itself
            self.is_stirred = True
            self.settle()

    def _call(self, step: scripts.Step) -> None:
        self.caller = step.values.get("number", "anonymous")
        if not step.who:
            self.heard.clear()
        if (line := line_called(called_number(step.values["to"]))) is not None:
            self.network.fallback = way_out(line)
        self.call = self.calls[step.who] = self.network.dial(self.caller, step.values["to"])

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

    def _faults(self, step: scripts.Step) -> None:
        words = step.values.get("faults", "").split()
        self.network.go_wrong(
            Faults(**{name: int(value) for name, value in zip(words[::2], words[1::2], strict=True)})
        )

    def _sweep(self, step: scripts.Step) -> None:
        self.sweep()

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
        told = [one for one in self.heard if not step.who or one.call_sid in (self._sid(), self.call.from_)]
        found = [
            one for one in told
            if one.kind in {"say", "text"} and words in one.text and (not language or _speaks(one.language, language))
        ]  # fmt: skip
        if bool(found) == ("not" in step.values):
            last = " / ".join(one.text for one in told if one.kind in {"say", "text"})[-300:]
            raise ExpectationFailed(f"Line {step.number}: {step.line} — heard: {last or 'nothing'}")

    def _operator(self, step: scripts.Step) -> None:
        try:
            _OPERATOR[step.values["act"]](self)
        except tuple(_NOT_POSSIBLE) as error:
            raise ExpectationFailed(f"Line {step.number}: {step.line} — {_NOT_POSSIBLE[type(error)]}") from error

    def person(self) -> User:
        """Return who takes the call under the script's hand: whoever has it, else somebody of the stage who is ready."""
        if self.others and self.call is not None:
            if (holder := self.contact.claimed_by) is not None:
                return holder
            ready = OperatorState.objects.filter(user__in=[self.operator, *self.others], state=Presence.READY)
            if (state := ready.select_related("user").order_by("since", "pk").first()) is not None:
                return state.user
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

    def interpret(self) -> None:
        """Let the operator ask an interpreter into the call."""
        actions.ask_interpreter(contact=self.contact, by=self.person(), at=self.at)

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
        """Let every caller hang up who still is on the line, and let everything come to its end."""
        for call in {id(one): one for one in (self.call, *self.calls.values()) if one is not None}.values():
            if call.is_live:
                self.network.hang_up(call.sid)
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
    "asks an interpreter": Stage.interpret,
}
_NOT_POSSIBLE: dict[type[Exception], str] = {
    actions.NotReady: "the operator became busy meanwhile: play the script again.",
    actions.AlreadyTaken: "somebody else has taken the call, or nobody waits: let the caller wait first.",
    actions.NoTelephone: "the operator has no verified telephone: give the line one who has.",
    actions.NotInRoom: "the operator is not in conversation: let her take the call first.",
    actions.NobodyToRing: "no interpreter of the caller's language is on duty: add a shift with a verified telephone.",
    StillOnTheLine: "the caller is still on the line: end the call first.",
    SavedMeanwhile: "the sheet was closed before: take the line out of the script.",
}
