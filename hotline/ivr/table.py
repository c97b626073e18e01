"""The table of the call flow: which addresses may be answered at which step, what staff see, and the way through it."""

from collections.abc import Callable
from dataclasses import replace

from hotline.ivr import callback as dialogue
from hotline.ivr.callback import on_callback, present_callback
from hotline.ivr.entries import (
    asked,
    choices,
    closed,
    duty,
    goodbye,
    greeting,
    nobody,
    phones,
    silent,
    stay,
    voicemail,
    waiting,
)
from hotline.ivr.moves import (
    on_asked,
    on_choices,
    on_closed,
    on_goodbye,
    on_language,
    on_left,
    on_queue,
    on_silent,
    on_stay,
    on_voicemail,
    on_voicemail_done,
    same_everywhere,
    trouble,
)
from hotline.ivr.values import Call, Line, Turn

STEPS: dict[str, tuple[frozenset[str], Callable[[Call, Line], Turn]]] = {
    "language": (frozenset({"greeting"}), on_language),
    "closed": (frozenset({"closed", "nobody"}), on_closed),
    "nobody": (frozenset({"nobody"}), on_closed),
    "silent": (frozenset({"silent"}), on_silent),
    "choices": (frozenset({"choices"}), on_choices),
    "stay": (frozenset({"stay"}), on_stay),
    "asked": (frozenset({"waiting", "asked"}), on_asked),
    "voicemail-done": (frozenset({"voicemail"}), on_voicemail_done),
    "callback": (frozenset(dialogue.STEPS), on_callback),
    "left": (frozenset({"waiting", "duty", "phones"}), on_left),
    "duty": (frozenset({"duty"}), on_left),
    "phones": (frozenset({"phones"}), on_left),
    "queue": (frozenset({"waiting", "asked"}), on_queue),
    "voicemail": (frozenset({"voicemail"}), on_voicemail),
    "goodbye": (frozenset({"goodbye"}), on_goodbye),
}
# The addresses to which keys come in a menu, where 9 is danger, before a message and while it is recorded; "asked" reads
# its own, since an operator is there.
KEYED = frozenset({
    "language", "closed", "nobody", "silent", "stay", "choices", "callback", "queue", "goodbye", "voicemail", "voicemail-done",
})  # fmt: skip
STATES = dict.fromkeys(dialogue.STEPS, "callback") | {"stay": "silent"}
DUTY_STATES = {
    "trouble": "trouble",
    "nobody": "nobody",
    "danger": "nobody",
    "forward": "closed",
    "after_hours": "closed",
}


def state_of(step: str, reason: str = "") -> str:
    """Return the state that staff see for a step of the flow; `reason` says why the duty phone rings."""
    if step == "duty":
        return DUTY_STATES.get(reason, "nobody")
    if step == "goodbye":
        return "ended"
    return STATES.get(step, step)


def start(call: Call, line: Line) -> Turn:
    """Answer the first request of a call."""
    turn = greeting(call, line)
    return turn.after(("call_started", {}))


def advance(address: str, call: Call, line: Line) -> Turn:
    """Answer the request of a step's address; one that cannot apply now repeats what the call stands at."""
    if address == "trouble" or address not in STEPS:
        return trouble(call, line)
    places, handler = STEPS[address]
    if call.step not in places:
        return present(call, line).after(flags=("not_now",))
    if address in KEYED and (turn := same_everywhere(_lone_key(call), line)):
        return turn
    return handler(call, line)


def _lone_key(call: Call) -> Call:
    """Return the call with the key alone that she ended as a number: no number is a lone 9, so it is danger there too."""
    return replace(call, digits=call.digits.strip("*#")) if call.step == "callback_number" else call


def present(call: Call, line: Line) -> Turn:
    """Say again what the call stands at, changing nothing."""
    if call.step in dialogue.STEPS:
        return present_callback(call, line)
    if call.step == "silent":
        return silent(call, line, call.question)
    if call.step == "asked":
        return asked(call, line)
    if call.step == "duty":
        return duty(call, line, call.question)
    entries = {
        "greeting": greeting, "closed": closed, "nobody": nobody, "waiting": waiting,
        "choices": choices, "stay": stay, "voicemail": voicemail, "goodbye": goodbye, "phones": phones,
    }  # fmt: skip
    entry = entries.get(call.step)
    return entry(call, line) if entry else trouble(call, line)
