"""The call flow: where a call stands and what came in → where it stands next and what the caller hears. Pure.

The table is docs/algorithms/call-flow.md. Keys mean the same in every menu: 9 danger, 5 cannot speak, 0 repeat.
Every step has a timed way out that ends in a human number or a recorded message; a test walks all of them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

TRIES = 3
QUESTIONS = ("danger", "locked_in", "overheard", "hurt", "under_18", "send_police", "may_text")
CALLBACK_KEYS = {"1": "morning", "2": "afternoon", "3": "evening", "4": "any"}
YES_NO = {"1": "no", "2": "yes"}
DIAL_SECONDS = 25
MESSAGE_SECONDS = 120


# What fills a place in a prompt: words, a number that is read digit by digit, or the keys of prompts as pieces.
Value = str | tuple[str, ...]


@dataclass(frozen=True)
class Say:
    """Speak a prompt in a language; values fill its places."""

    prompt: str
    language: str = ""
    values: tuple[tuple[str, Value], ...] = ()


CLOSED = Say("message_mode")


@dataclass(frozen=True)
class Gather:
    """Read keys while and after speaking; the answer goes to `to`, and so does silence."""

    to: str
    says: tuple[Say, ...]
    digits: int = 1
    seconds: int = 6
    finish: str = ""


@dataclass(frozen=True)
class Queue:
    """Wait in the contact's own room until an operator starts it."""

    to: str = "left"


@dataclass(frozen=True)
class Dial:
    """Ring the duty phone."""

    to: str = "left"
    seconds: int = DIAL_SECONDS


@dataclass(frozen=True)
class Record:
    """Record a message of the caller."""

    to: str = "voicemail-done"
    seconds: int = MESSAGE_SECONDS


@dataclass(frozen=True)
class HangUp:
    """End the call."""


Heard = Say | Gather | Queue | Dial | Record | HangUp


@dataclass(frozen=True)
class Line:
    """What the flow needs to know of the called line now.

    `target` judges the roster for a language; `closed` is how the next opening is said in a language.
    """

    languages: tuple[tuple[str, str], ...]
    is_open: bool
    target: Callable[[str], str]
    mode: str = "normal"
    records: bool = False
    other_number: str = ""
    police_number: str = ""
    greeting: str = "greeting"
    closed: Callable[[str], Say] = lambda _language: CLOSED

    @property
    def first(self) -> str:
        """Return the language of the line that is said first."""
        return self.languages[0][1]


@dataclass(frozen=True)
class Call:
    """Where one call stands, and what came in with this request."""

    step: str
    language: str = ""
    tries: int = 0
    question: str = ""
    is_danger: bool = False
    cannot_speak: bool = False
    is_withheld: bool = False
    has_callback_number: bool = False
    was_answered: bool = False
    operator_left: bool = False
    end_asked: bool = False
    waited_too_long: bool = False
    digits: str = ""
    dial_status: str = ""
    recorded: bool = False
    seconds: int = 0
    number_is_valid: bool = False


@dataclass(frozen=True)
class Turn:
    """The answer: the next step, what is heard, columns to change, lines for the timeline, flags to add."""

    step: str
    heard: tuple[Heard, ...]
    changes: dict[str, object] = field(default_factory=dict)
    events: tuple[tuple[str, dict], ...] = ()
    flags: tuple[str, ...] = ()

    def after(self, *events: tuple[str, dict], flags: tuple[str, ...] = (), **changes) -> "Turn":
        """Return the same turn with what led to it put before: events, flags and columns."""
        return replace(self, changes=changes | self.changes, events=events + self.events, flags=flags + self.flags)


def _language(call: Call, line: Line) -> str:
    return call.language or line.first


def _say(prompt: str, call: Call, line: Line, **values: Value) -> Say:
    return Say(prompt, _language(call, line), tuple(values.items()))


# What each step says when it is entered ------------------------------------------------------------------------


def greeting(call: Call, line: Line, *before: str) -> Turn:
    """Say the greeting and the languages, each in its own; the danger key works while it plays."""
    says = [Say(prompt, line.first) for prompt in before] or [Say(line.greeting, line.first)]
    if len(line.languages) > 1:
        says += [Say("language_name", code, (("key", key),)) for key, code in line.languages]
    says.append(Say("danger_offer", line.first))
    return Turn("greeting", (Gather("language", tuple(says)),), {"tries": call.tries})


def notice(call: Call, line: Line) -> Turn:
    """Say that the call is recorded; a key refuses."""
    return Turn("notice", (Gather("notice", (_say("notice", call, line),), seconds=3),))


def closed(call: Call, line: Line, *before: str) -> Turn:
    """Say when the line opens, and offer a message, a call back and the duty phone."""
    says = [_say(prompt, call, line) for prompt in before]
    says.append(line.closed(_language(call, line)))
    says.append(_say("closed_menu", call, line))
    return Turn("closed", (Gather("closed", tuple(says)),), {"tries": call.tries}, (("closed_heard", {}),))


def nobody(call: Call, line: Line, *before: str) -> Turn:
    """Say honestly that nobody can answer now, and offer a message or a call back."""
    says = tuple(_say(prompt, call, line) for prompt in (*before, "nobody_menu"))
    return Turn("nobody", (Gather("closed", says),), {"tries": call.tries}, (("nobody_heard", {}),))


def duty(call: Call, line: Line, reason: str, *before: str) -> Turn:
    """Ring the duty phone."""
    says = tuple(_say(prompt, call, line) for prompt in before)
    return Turn("duty", (*says, Dial()), {"question": reason, "tries": 0}, (("duty_dialled", {"reason": reason}),))


def waiting(call: Call, line: Line, *before: str) -> Turn:
    """Join the room and wait."""
    says = tuple(_say(prompt, call, line) for prompt in before)
    return Turn("waiting", (*says, Queue()), {"tries": 0})


def choices(call: Call, line: Line, *before: str) -> Turn:
    """Offer what a waiting caller may do; silence keeps the place."""
    says = tuple(_say(prompt, call, line) for prompt in (*before, "choices"))
    return Turn("choices", (Gather("choices", says),), {"tries": call.tries})


def silent(call: Call, line: Line, question: str = "", *before: str) -> Turn:
    """Ask one question by keys: 1 is no, 2 is yes."""
    key = question or QUESTIONS[0]
    rule = () if question and not before else ("yes_no_rule",)
    says = tuple(_say(prompt, call, line) for prompt in (*before, *rule, f"question_{key}"))
    return Turn("silent", (Gather("silent", says, seconds=10),), {"question": key, "tries": call.tries})


def voicemail(call: Call, line: Line, *before: str) -> Turn:
    """Record a message; silence records nothing and is kept as a silent contact."""
    says = tuple(_say(prompt, call, line) for prompt in (*before, "voicemail"))
    return Turn("voicemail", (*says, Record()), {"tries": 0}, (("message_asked", {}),))


CALLBACK_PROMPTS = {
    "callback": "callback_consent",
    "callback_number": "callback_number",
    "callback_hours": "callback_hours",
    "callback_shared": "callback_shared",
    "callback_voicemail": "callback_voicemail",
}


def callback(call: Call, line: Line, step: str = "callback", *before: str) -> Turn:
    """Ask one thing about being called back."""
    prompt = "callback_withheld" if step == "callback" and call.is_withheld else CALLBACK_PROMPTS[step]
    says = tuple(_say(name, call, line) for name in (*before, prompt))
    typed = step == "callback_number"
    gather = Gather(
        "callback", says, digits=18 if typed else 1, seconds=10 if typed else 6, finish="#" if typed else ""
    )
    return Turn(step, (gather,), {"tries": call.tries})


def goodbye(call: Call, line: Line, *before: str, outcome: str = "") -> Turn:
    """Name the other number, say goodbye, hang up."""
    says = [_say(prompt, call, line) for prompt in before]
    if outcome != "answered" and line.other_number:
        says.append(_say("other_number", call, line, number=line.other_number))
    says.append(_say("goodbye", call, line))
    changes: dict[str, object] = {"outcome": outcome} if outcome else {}
    return Turn("goodbye", (*says, HangUp()), changes, (("other_number_heard", {}),) if outcome != "answered" else ())


# Ways that several steps share ---------------------------------------------------------------------------------


def danger(call: Call, line: Line) -> Turn:
    """Put the caller before all others; outside hours or with nobody there, ring the duty phone."""
    marked = replace(call, is_danger=True, language=_language(call, line))
    says = [_say("danger", marked, line)]
    if line.police_number:
        says.append(_say("police_number", marked, line, number=line.police_number))
    can_queue = line.mode in {"normal", "drill"} and line.is_open and line.target(marked.language) != "nobody"
    turn = waiting(marked, line) if can_queue else duty(marked, line, "danger")
    turn = replace(turn, heard=(*says, *turn.heard))
    return turn.after(("danger_key", {}), is_danger=True, priority=0, language=marked.language)


def enter(call: Call, line: Line, *before: str) -> Turn:
    """Go on after the language is known: queue, closed menu, or nobody."""
    if line.mode == "forward":
        return duty(call, line, "forward", *before)
    if not line.is_open or line.mode == "message":
        return duty(call, line, "danger", *before) if call.cannot_speak else closed(call, line, *before)
    target = line.target(_language(call, line))
    if target == "nobody":
        return duty(call, line, "nobody", *before, "nobody").after(("nobody_heard", {}))
    if target in {"interpreter", "other"}:
        return waiting(call, line, *before, "other_operator", "wait")
    return waiting(call, line, *before, "wait")


def after_language(call: Call, line: Line, *before: str) -> Turn:
    """Go on once the language is chosen: questions by key, the recording notice, or the queue."""
    if call.cannot_speak:
        return silent(replace(call, tries=0), line)
    if line.records:
        return notice(call, line)
    return enter(call, line, *before)


# What comes in at each step ------------------------------------------------------------------------------------


def _common(call: Call, line: Line) -> Turn | None:
    """Return the turn of the keys that mean the same everywhere."""
    return danger(call, line) if call.digits == "9" else None


def on_language(call: Call, line: Line) -> Turn:
    """Read the language key."""
    codes = dict(line.languages)
    if call.digits in codes:
        chosen = replace(call, language=codes[call.digits], tries=0)
        event = ("language_chosen", {"language": chosen.language})
        return after_language(chosen, line).after(event, language=chosen.language, tries=0)
    if call.digits == "5":
        return _cannot_speak(call, line)
    if call.digits == "0":
        return greeting(call, line)
    tries = call.tries + 1
    limit = TRIES if len(line.languages) > 1 or call.digits else 1
    event = ("not_a_choice", {"key": call.digits[:1]}) if call.digits else ("nothing_pressed", {})
    if tries >= limit:
        first = replace(call, language=line.first, tries=0)
        chosen = ("language_chosen", {"language": line.first, "by": "line"})
        return after_language(first, line).after(event, chosen, language=line.first, tries=0)
    before = ("not_a_choice",) if call.digits else ("nothing_heard", "cannot_speak_offer")
    return greeting(replace(call, tries=tries), line, *before).after(event)


def _cannot_speak(call: Call, line: Line) -> Turn:
    """Mark that the caller answers by keys; ask for the language once if the line has several."""
    marked = replace(call, cannot_speak=True, tries=TRIES - 2)
    event = ("cannot_speak", {})
    facts = {"cannot_speak": True, "priority": 0 if call.is_danger else 1}
    if len(line.languages) > 1 and not call.cannot_speak:
        return greeting(marked, line, "silent_language").after(event, **facts)
    return silent(replace(marked, tries=0), line).after(event, **facts)


def on_notice(call: Call, line: Line) -> Turn:
    """Go on after the recording notice; any key but 9 refuses recording."""
    flags = ("recording_refused",) if call.digits else ()
    return enter(call, line).after(("notice_heard", {"refused": bool(call.digits)}), flags=flags)


def on_closed(call: Call, line: Line) -> Turn:
    """Read the menu of a closed line, or of a line on which nobody is free."""
    again = nobody if call.step == "nobody" else closed
    if call.digits == "1":
        return voicemail(call, line)
    if call.digits == "2":
        return callback(replace(call, tries=0), line).after(("callback_asked", {}))
    if call.digits == "0":
        return again(call, line)
    tries = call.tries + 1
    if call.digits and tries < TRIES:
        return again(replace(call, tries=tries), line, "not_a_choice").after(
            ("not_a_choice", {"key": call.digits[:1]})
        )
    if not call.digits and tries < 2 and call.step == "closed":
        return again(replace(call, tries=tries), line, "nothing_heard").after(("nothing_pressed", {}))
    if call.step == "nobody":
        return voicemail(call, line).after(("nothing_pressed", {}))
    return goodbye(call, line).after(("nothing_pressed", {}))


def on_choices(call: Call, line: Line) -> Turn:
    """Read what a waiting caller wants; silence and wrong keys keep the place."""
    if call.digits == "2":
        return callback(replace(call, tries=0), line).after(("callback_asked", {}))
    if call.digits == "3":
        return voicemail(call, line)
    if call.digits == "4" and len(line.languages) > 1:
        return greeting(replace(call, language="", tries=0), line, "choose_language")
    if call.digits == "0":
        return choices(call, line)
    if call.digits and call.digits != "1" and call.tries + 1 < TRIES:
        event = ("not_a_choice", {"key": call.digits[:1]})
        return choices(replace(call, tries=call.tries + 1), line, "not_a_choice").after(event)
    return waiting(call, line, "kept_place").after(("kept_waiting", {}))


def on_silent(call: Call, line: Line) -> Turn:
    """Store the answer to a question by key and ask the next; after the last, go on to a person."""
    if call.digits == "0":
        return silent(call, line, call.question)
    answer = YES_NO.get(call.digits[:1])
    if answer is None and call.tries == 0:
        return silent(replace(call, tries=1), line, call.question, "yes_no_again")
    event = ("question_answered", {"question": call.question, "answer": answer or "unknown"})
    at = QUESTIONS.index(call.question) if call.question in QUESTIONS else -1
    calm = replace(call, tries=0)
    is_danger = call.is_danger or (call.question == "danger" and answer == "yes")
    changes = {"is_danger": True, "priority": 0} if is_danger else {}
    if at + 1 < len(QUESTIONS):
        return silent(calm, line, QUESTIONS[at + 1]).after(event, **changes)
    return enter(replace(calm, is_danger=is_danger), line, "silent_thanks").after(event, **changes)


def on_voicemail_done(call: Call, line: Line) -> Turn:
    """Thank for the message; a very short one is kept as a silent contact."""
    if not call.recorded or call.seconds < 2:
        flags = ("short_message",) if call.recorded else ()
        return goodbye(call, line, outcome="silent").after(flags=flags)
    event = ("message_left", {"seconds": call.seconds})
    return goodbye(call, line, "saved", outcome="voicemail").after(event)


def on_callback(call: Call, line: Line) -> Turn:
    """Read one answer about being called back."""
    return _CALLBACK[call.step](call, line)


def _on_consent(call: Call, line: Line) -> Turn:
    if call.digits == "1" and not call.is_withheld:
        return callback(replace(call, tries=0), line, "callback_hours").after(("callback_agreed", {}), may_call="yes")
    if call.digits == "2":
        return callback(replace(call, tries=0), line, "callback_number")
    if call.digits == "3":
        return voicemail(call, line)
    if call.digits == "0":
        return callback(call, line)
    if call.tries + 1 < TRIES:
        before = "not_a_choice" if call.digits else "nothing_heard"
        return callback(replace(call, tries=call.tries + 1), line, "callback", before)
    return goodbye(call, line)


def _on_number(call: Call, line: Line) -> Turn:
    if call.number_is_valid:
        events = (("callback_number", {}), ("callback_agreed", {}))
        return callback(replace(call, tries=0), line, "callback_hours").after(*events, may_call="yes")
    if call.tries + 1 < 2:
        return callback(replace(call, tries=call.tries + 1), line, "callback_number", "not_a_number")
    return goodbye(call, line, outcome="callback").after(flags=("no_number",))


def _on_hours(call: Call, line: Line) -> Turn:
    chosen = CALLBACK_KEYS.get(call.digits)
    if chosen is None and call.tries + 1 < TRIES:
        return callback(replace(call, tries=call.tries + 1), line, "callback_hours", "not_a_choice")
    return callback(replace(call, tries=0), line, "callback_shared").after(callback_time=chosen or "any")


def _on_shared(call: Call, line: Line) -> Turn:
    answer = YES_NO.get(call.digits, "unknown")
    return callback(replace(call, tries=0), line, "callback_voicemail").after(shared_phone=answer)


def _on_voicemail_allowed(call: Call, line: Line) -> Turn:
    answer = YES_NO.get(call.digits, "unknown")
    return goodbye(call, line, "callback_saved", outcome="callback").after(may_voicemail=answer)


_CALLBACK = {
    "callback": _on_consent,
    "callback_number": _on_number,
    "callback_hours": _on_hours,
    "callback_shared": _on_shared,
    "callback_voicemail": _on_voicemail_allowed,
}


def on_left(call: Call, line: Line) -> Turn:
    """Go on when a Dial is over: the room, or the duty phone."""
    if call.step == "duty":
        return _after_duty(call, line)
    if call.end_asked:
        return goodbye(call, line, outcome="answered")
    if call.was_answered:
        if call.operator_left:
            return waiting(call, line, "cut_off")
        return waiting(call, line)
    if call.waited_too_long:
        return duty(call, line, "nobody", "nobody").after(("nobody_heard", {}))
    return choices(replace(call, tries=0), line).after(("choices_heard", {}))


def _after_duty(call: Call, line: Line) -> Turn:
    if call.dial_status in {"completed", "answered"}:
        return goodbye(call, line, outcome="by_phone").after(("duty_answered", {}))
    event = ("duty_unanswered", {})
    if call.question == "trouble":
        return goodbye(call, line).after(event)
    return nobody(replace(call, tries=0), line).after(event)


def trouble(call: Call, line: Line) -> Turn:
    """Say "stay on the line" and ring the duty phone: the way out of every fault."""
    return duty(call, line, "trouble", "trouble").after(("trouble", {}), flags=("trouble",))


# Which steps' addresses may be answered when the call stands where ----------------------------------------------

STEPS: dict[str, tuple[frozenset[str], Callable[[Call, Line], Turn]]] = {
    "language": (frozenset({"greeting"}), on_language),
    "notice": (frozenset({"notice"}), on_notice),
    "closed": (frozenset({"closed", "nobody"}), on_closed),
    "silent": (frozenset({"silent"}), on_silent),
    "choices": (frozenset({"choices"}), on_choices),
    "voicemail-done": (frozenset({"voicemail"}), on_voicemail_done),
    "callback": (frozenset(_CALLBACK), on_callback),
    "left": (frozenset({"waiting", "duty"}), on_left),
    "queue": (frozenset({"waiting"}), waiting),
    "voicemail": (frozenset({"voicemail"}), voicemail),
    "goodbye": (frozenset({"goodbye"}), goodbye),
}
STATES = {
    "callback_number": "callback",
    "callback_hours": "callback",
    "callback_shared": "callback",
    "callback_voicemail": "callback",
}
DUTY_STATES = {"trouble": "trouble", "nobody": "nobody", "danger": "nobody", "forward": "closed"}


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
    keyed = (
        address in {"language", "notice", "closed", "silent", "choices", "callback"} and call.step != "callback_number"
    )
    return (keyed and _common(call, line)) or handler(call, line)


def present(call: Call, line: Line) -> Turn:
    """Say again what the call stands at, changing nothing."""
    if call.step in CALLBACK_PROMPTS:
        return callback(call, line, call.step)
    if call.step == "silent":
        return silent(call, line, call.question)
    if call.step == "duty":
        return duty(call, line, call.question)
    entries = {
        "greeting": greeting, "notice": notice, "closed": closed, "nobody": nobody, "waiting": waiting,
        "choices": choices, "voicemail": voicemail, "goodbye": goodbye,
    }  # fmt: skip
    entry = entries.get(call.step)
    return entry(call, line) if entry else trouble(call, line)
