"""The call-back dialogue: what each of its steps asks, and what an answer leads to. 1 is no and 2 is yes throughout.

Nothing is agreed without a key. A number that the caller typed is read back digit by digit and counts once she has
said by key that it is right. Asking again takes nothing back, nor does silence; the last answer stands.
"""

from collections.abc import Callable

from hotline.ivr.entries import goodbye, voicemail
from hotline.ivr.values import TRIES, YES_NO, Call, Gather, Line, Turn, changed, say

NUMBER_TRIES = 2
# What is written down of a No, and of a number that was typed and is not, or not yet, said to be right.
REFUSED = {"may_call": "no", "callback_number": None, "callback_time": ""}
# Of the telephone that is called instead of another one nothing was said yet.
UNTOLD = {"shared_phone": "not_asked", "may_voicemail": "not_asked"}
LONGEST_KEYS = 2  # what is longer is a number
TIMES = {"1": "morning", "2": "afternoon", "3": "evening", "4": "any"}
READ_BACK = "callback_check"
# "callback" is the first question as an earlier version asked it, with other keys: whoever stands there is asked anew.
OLD_CONSENT = "callback"
PROMPTS = {
    "callback_agree": ("callback_agree",),
    "callback_other": ("callback_other",),
    "callback_number": ("callback_number",),
    READ_BACK: ("callback_typed", "callback_right"),
    "callback_hours": ("callback_hours",),
    "callback_shared": ("callback_shared",),
    "callback_voicemail": ("callback_voicemail",),
}


def callback(call: Call, line: Line) -> Turn:
    """Ask whether we may call the number that is calling; where it is hidden, ask for another one or a message."""
    return ask(call, line, "callback_other" if call.is_withheld else "callback_agree")


def ask(call: Call, line: Line, step: str, *before: str) -> Turn:
    """Ask one thing about being called back."""
    prompts = _prompts(call, line, step)
    if before == ("not_a_number",):  # it asks for the number itself
        prompts = ()
    values = {"callback_typed": {"number": "".join(sign for sign in call.digits if sign.isdigit())}}
    says = tuple(say(name, call, line, **values.get(name, {})) for name in (*before, *prompts))
    typed = step == "callback_number"
    gather = Gather(
        "callback", says, digits=18 if typed else 1, seconds=10 if typed else 6, finish="#" if typed else ""
    )
    return Turn(step, (gather,), {"tries": call.tries})


def _prompts(call: Call, line: Line, step: str) -> tuple[str, ...]:
    """Return what a step says; without messages the other way than a number is not offered."""
    if step != "callback_other":
        return PROMPTS[step]
    if not line.plan.takes_messages:
        return ("give_number",)
    return ("callback_withheld",) if call.is_withheld else PROMPTS[step]


def is_number(digits: str) -> bool:
    """Tell whether what was typed is a number and not a key: too long for one."""
    return len(digits) > LONGEST_KEYS


def with_number(turn: Turn, number: str) -> Turn:
    """Return the turn of a read-back with the number that is kept: it lies sealed, so the flow does not know it."""
    values = (("number", "".join(sign for sign in number if sign.isdigit())),)
    (gather,) = turn.heard
    says = tuple(changed(one, values=values) if one.prompt == "callback_typed" else one for one in gather.says)
    return changed(turn, heard=(changed(gather, says=says),))


def present_callback(call: Call, line: Line) -> Turn:
    """Say again what the dialogue stands at; a number that is neither in hand nor kept is not read back but asked for."""
    if call.step == OLD_CONSENT:
        return callback(call, line)
    if call.step == READ_BACK and not is_number(call.digits) and not call.number_is_kept:
        return ask(call, line, "callback_number")
    return ask(call, line, call.step)


def on_callback(call: Call, line: Line) -> Turn:
    """Read one answer about being called back."""
    return STEPS[call.step](call, line)


def _again(call: Call, line: Line, *, tries: int = TRIES) -> Turn | None:
    """Ask the same once more after silence or a wrong key; None when that was the last try."""
    if call.tries + 1 >= tries:
        return None
    return ask(changed(call, tries=call.tries + 1), line, call.step, _unread(call))


def _unread(call: Call) -> str:
    """Return what is said of a key that is no choice, or of silence."""
    return "not_a_choice" if call.digits else "nothing_heard"


def _on_old_consent(call: Call, line: Line) -> Turn:
    return callback(changed(call, tries=0), line)


def _on_agree(call: Call, line: Line) -> Turn:
    """Note whether the number that is calling may be called; either answer empties another one given before."""
    answer = YES_NO.get(call.digits)
    if answer == "yes" and not call.is_withheld:
        changes = {"callback_number": None, "callback_time": "", **UNTOLD} if call.number_is_kept else {}
        turn = ask(changed(call, tries=0), line, "callback_hours")
        return turn.after(("callback_agreed", {}), may_call="yes", **changes)
    if answer == "no":
        return ask(changed(call, tries=0), line, "callback_other").after(("callback_refused", {}), **REFUSED)
    if call.digits == "0":
        return ask(call, line, call.step)
    return _again(call, line) or _nothing_said(call, line)


def _on_other(call: Call, line: Line) -> Turn:
    if call.digits == "2":
        return ask(changed(call, tries=0), line, "callback_number")
    if call.digits == "3" and line.plan.takes_messages:
        return voicemail(call, line)
    if call.digits == "0":
        return ask(call, line, call.step)
    return _again(call, line) or _nothing_said(call, line)


def _nothing_said(call: Call, line: Line) -> Turn:
    """Say goodbye to who gave no answer: what she said before stands, and silence is no No.

    Where she agreed to nothing, say plainly that nobody can call; staff see that she asked for it.
    """
    if call.is_agreed:
        return goodbye(call, line)
    return goodbye(call, line, "callback_none", outcome="no_number")


def _on_number(call: Call, line: Line) -> Turn:
    """Read a typed number back before it counts; whatever was typed takes the place of what was agreed before."""
    if call.number_is_valid:
        return _read_back(call, line)
    if call.digits:
        return _type_again(call, line, "not_a_number").after(**REFUSED)
    return _type_again(call, line, "nothing_heard")


def _read_back(call: Call, line: Line) -> Turn:
    return ask(call, line, READ_BACK).after(("callback_typed", {}), **REFUSED)


def _on_check(call: Call, line: Line) -> Turn:
    """Keep the number that was read back if it is right; after anything but that yes, or 0, it is forgotten.

    A number comes here from who was asked for it anew, because there was none to read back.
    """
    if call.digits == "2" and call.number_is_kept:
        events = (("callback_number", {}), ("callback_agreed", {}))
        return ask(changed(call, tries=0), line, "callback_hours").after(*events, may_call="yes", **UNTOLD)
    if call.digits == "0" and call.number_is_kept:
        return ask(call, line, READ_BACK)
    if is_number(call.digits):
        return _read_back(call, line)
    before = () if call.digits in YES_NO else (_unread(call),)
    return _type_again(call, line, *before).after(**REFUSED)


def _type_again(call: Call, line: Line, *before: str) -> Turn:
    """Ask for the number once more; after the last try say plainly that nobody can call, and take a message instead.

    Who agreed before and types nothing now has a goodbye: what she agreed to stands.
    """
    if call.tries + 1 < NUMBER_TRIES:
        return ask(changed(call, tries=call.tries + 1), line, "callback_number", *before)
    if call.is_agreed and not call.digits:
        return _nothing_said(call, line)
    turn = voicemail(call, line, "callback_none")
    return turn.after(flags=("no_number",), question="no_number")


def _on_hours(call: Call, line: Line) -> Turn:
    """Note when she may be called; who chooses no time has none written down, and hears so."""
    if call.digits == "0":
        return ask(call, line, call.step)
    if chosen := TIMES.get(call.digits):
        return ask(changed(call, tries=0), line, "callback_shared").after(callback_time=chosen)
    if again := _again(call, line):
        return again
    turn = ask(changed(call, tries=0), line, "callback_shared", "callback_no_time")
    return turn.after(("callback_no_time", {}), callback_time="")


def _on_shared(call: Call, line: Line) -> Turn:
    if call.digits == "0":
        return ask(call, line, call.step)
    answer = YES_NO.get(call.digits, "unknown")
    return ask(changed(call, tries=0), line, "callback_voicemail").after(shared_phone=answer)


def _on_voicemail_allowed(call: Call, line: Line) -> Turn:
    if call.digits == "0":
        return ask(call, line, call.step)
    answer = YES_NO.get(call.digits, "unknown")
    return goodbye(call, line, "callback_saved", outcome="callback").after(may_voicemail=answer)


STEPS: dict[str, Callable[[Call, Line], Turn]] = {
    OLD_CONSENT: _on_old_consent,
    "callback_agree": _on_agree,
    "callback_other": _on_other,
    "callback_number": _on_number,
    READ_BACK: _on_check,
    "callback_hours": _on_hours,
    "callback_shared": _on_shared,
    "callback_voicemail": _on_voicemail_allowed,
}
