"""What each step says when a call enters it, and the ways that several steps share."""

from hotline.ivr.numbers import danger_words, emergency
from hotline.ivr.plan import QUESTIONS
from hotline.ivr.values import (
    PHONE_SECONDS,
    STAY_SECONDS,
    Call,
    Dial,
    Gather,
    HangUp,
    Line,
    Queue,
    Record,
    Say,
    Turn,
    changed,
    chosen_of,
    language_of,
    say,
)

PAGE_TWO = "page_two"  # stands in place of a question while the second page of languages is said
# The modes in which people of the line answer; in "no_queue" only who is in danger, or cannot speak, is let in.
ANSWERED = frozenset({"normal", "drill", "no_queue"})


# The outcomes of who spoke with a person, left a message, or is called back.
HELPED = frozenset({"answered", "by_phone", "voicemail", "callback"})


def greeting(call: Call, line: Line, *before: str, also: tuple[str, ...] = ()) -> Turn:
    """Say the greeting, then to each language in its own words its key, the danger key and what else is offered.

    The keys work from the first word on. A line of several languages says the danger key in few words, because each
    caller hears it in all of them.
    """
    first = [Say(line.greeting, line.first)] if line.greeting else []
    says = [Say(prompt, line.first) for prompt in before] or first
    is_choice, page = len(line.languages) > 1, page_of(call, line)
    for key, code in page:
        says += [Say("language_name", code, (("key", key),)), Say("danger_key", code)] if is_choice else []
        says += [Say(offer, code) for offer in also]
    if not is_choice:
        says.append(Say("danger_offer", line.first))
    if line.has_more and call.question != PAGE_TWO:
        says += [Say("more_languages", code) for key, code in line.languages if len(key) > 1]
    where = {"question": call.question if call.question == PAGE_TWO else ""} if line.has_more else {}
    return Turn("greeting", (Gather("language", tuple(says)),), {"tries": call.tries} | where)


def page_of(call: Call, line: Line) -> list[tuple[str, str]]:
    """Return the languages of the page of the menu at which a call stands, each with the key that is pressed there."""
    size = 2 if line.has_more and call.question == PAGE_TWO else 1
    return [(key[-1], code) for key, code in line.languages if len(key) == size]


def closed(call: Call, line: Line, *before: str) -> Turn:
    """Say when the line opens, and offer a message, a call back and the duty phone."""
    says = [say(prompt, call, line) for prompt in before]
    says.append(line.closed(language_of(call, line)))
    says += [say(prompt, call, line) for prompt in offers(line, "closed_menu")]
    return Turn("closed", (Gather("closed", tuple(says)),), {"tries": call.tries}, (("closed_heard", {}),))


def offers(line: Line, whole: str, before: str = "") -> tuple[str, ...]:
    """Return the prompts of a menu of a message, a call back and danger: in one where all is offered, else only what is."""
    plan = line.plan
    if plan.takes_messages and plan.calls_back:
        return (whole,)
    some = (("offer_message", plan.takes_messages), ("offer_callback", plan.calls_back))
    told = (before,) if before else ()
    return (*told, *(prompt for prompt, is_offered in some if is_offered), "danger_offer")


def nobody(call: Call, line: Line, *before: str) -> Turn:
    """Say honestly that nobody can answer now, and offer a message or a call back."""
    menu = offers(line, "nobody_menu", "message_mode")
    says = tuple(say(prompt, call, line) for prompt in (*before, *menu))
    event = "blocked_heard" if _is_kept_out(call) else "nobody_heard"
    return Turn("nobody", (Gather("nobody", says),), {"tries": call.tries}, ((event, {}),))


def _is_kept_out(call: Call) -> bool:
    """Tell whether a number is blocked for this call: who is in danger or cannot speak is let in all the same."""
    return call.is_blocked and not (call.is_danger or call.cannot_speak)


def blocked(call: Call, line: Line, *before: str) -> Turn:
    """Say the number for who is in danger and offer a message to a number that is kept out of the queue; danger is let in."""
    turn = nobody(changed(call, tries=0), line, *before)
    return changed(turn, heard=(*emergency(call, line), *turn.heard))


def duty(call: Call, line: Line, reason: str, *before: str) -> Turn:
    """Ring the duty phone, or the number that the line is forwarded to for this reason."""
    says = tuple(say(prompt, call, line) for prompt in before)
    number = forward_to(reason, line)
    event = ("forwarded" if number else "duty_dialled", {"reason": reason})
    return Turn("duty", (*says, Dial("duty", number=number)), {"question": reason, "tries": 0}, (event,))


def forward_to(reason: str, line: Line) -> str:
    """Return the number that takes the place of the duty phone for a reason, or ""."""
    if line.is_off:
        return ""
    return {"forward": line.forward_number, "after_hours": line.plan.after_hours_number}.get(reason, "")


def phones(call: Call, line: Line, *before: str) -> Turn:
    """Ring the next telephone of those on shift; when none is left, the duty phone."""
    if call.tries >= line.phones(language_of(call, line)):
        return duty(call, line, "danger" if call.is_danger else "nobody", *before)
    says = tuple(say(prompt, call, line) for prompt in before)
    ring = Dial("phones", seconds=PHONE_SECONDS, nth=call.tries)
    return Turn("phones", (*says, ring), {"question": "", "tries": call.tries}, (("phone_rung", {}),))


def waiting_words(*, is_first: bool, is_danger: bool, cannot_speak: bool) -> tuple[str, ...]:
    """Return what is said in the room, at first and again, and how danger is told here; not to one who has told it.

    The first words promise that a person will speak with her: who cannot speak hears from the start what the others hear again.
    """
    prompt = "wait" if is_first and not cannot_speak else "still_waiting"
    return (prompt,) if is_danger else (prompt, "danger_waiting")


def waiting(call: Call, line: Line, *before: str) -> Turn:
    """Join the room and wait; while something is said before the room, the keys of danger count as they do in it.

    Nobody can be brought into a room while orders are not carried out: then telephones are rung from here.
    """
    if not line.can_ring():
        words = "trouble" if call.is_danger else "nobody"
        return phones(changed(call, tries=0), line, *(word for word in before if word != "kept_place"), words)
    says = tuple(say(prompt, call, line) for prompt in before)
    heard = Gather("queue", says, seconds=1) if says else Queue()
    return Turn("waiting", (heard,), {"question": "", "tries": 0})


def choices(call: Call, line: Line, *before: str) -> Turn:
    """Offer what a waiting caller may do; silence keeps the place."""
    wishes = (f"wish_{who}" for who in line.plan.wishes.values())
    says = tuple(say(prompt, call, line) for prompt in (*before, *_choices(line), *wishes))
    return Turn("choices", (Gather("choices", says),), {"tries": call.tries})


def _choices(line: Line) -> tuple[str, ...]:
    plan, is_choice = line.plan, len(line.languages) > 1
    if plan.takes_messages and plan.calls_back and is_choice:
        return ("choices",)
    some = (
        ("offer_callback", plan.calls_back), ("choice_message", plan.takes_messages), ("choice_language", is_choice),
    )  # fmt: skip
    return ("choice_keep", *(prompt for prompt, is_offered in some if is_offered), "danger_offer")


def questions_of(call: Call, line: Line) -> tuple[str, ...]:
    """Return what is asked by keys: whether we may text, of nobody whose number is withheld, for no text could come."""
    return tuple(one for one in line.plan.questions if not (one == "may_text" and call.is_withheld))


def silent(call: Call, line: Line, question: str = "", *before: str) -> Turn:
    """Ask one question by keys: 1 is no, 2 is yes."""
    key = question or next(iter(questions_of(call, line)), QUESTIONS[0])
    rule = () if question and not before else ("yes_no_rule",)
    says = tuple(say(prompt, call, line) for prompt in (*before, *rule, f"question_{key}"))
    return Turn("silent", (Gather("silent", says, seconds=10),), {"question": key, "tries": call.tries})


def stay(call: Call, line: Line) -> Turn:
    """Say once a minute that the line is still there: silence of somebody who cannot speak is never cut first.

    A key leads back to the question that stands open, else to people; silence leads there too as soon as somebody is there.
    """
    return Turn(
        "stay", (Gather("stay", (say("silent_here", call, line),), seconds=STAY_SECONDS),),
        {"question": call.question, "tries": call.tries},
    )  # fmt: skip


def room(call: Call, line: Line, *before: str) -> Turn:
    """Go straight back into the room, where an operator is."""
    says = tuple(say(prompt, call, line) for prompt in before)
    return Turn("waiting", (*says, Queue()), {"question": "", "tries": 0})


def asked(call: Call, line: Line, *before: str) -> Turn:
    """Ask the question that the operator chose, by keys: the caller was led out of the room for it."""
    rule = before or ("yes_no_rule",)
    says = tuple(say(prompt, call, line) for prompt in (*rule, f"question_{call.question}"))
    return Turn("asked", (Gather("asked", says, seconds=10),), {"question": call.question, "tries": call.tries})


def voicemail(call: Call, line: Line, *before: str) -> Turn:
    """Record a message; silence records nothing and is kept as a silent contact. A line that takes none says goodbye.

    Keys count while the words before the tone are said, as in every menu.
    """
    if not line.plan.takes_messages:
        return goodbye(call, line, *before)
    says = tuple(say(prompt, call, line) for prompt in (*before, "voicemail"))
    words, turn = Gather("voicemail", says, seconds=1, goes_on=True), tone(call, line)
    return changed(turn, heard=(words, *turn.heard), events=(("message_asked", {}),))


def tone(call: Call, line: Line) -> Turn:
    """Record a message at once, for who did not wait for the words before the tone."""
    return Turn("voicemail", (Record(line.plan.danger_key),), {"tries": 0})


def goodbye(call: Call, line: Line, *before: str, outcome: str = "", times: int = 1) -> Turn:
    """Name the other number where the line has one, `times` over, say goodbye, hang up.

    Of a line without one, who got nowhere hears the number of the police.
    """
    says = [say(prompt, call, line) for prompt in before]
    is_named = bool(outcome != "answered" and line.other_number)
    if is_named:
        says += [say("other_number", call, line, number=line.other_number)] * times
    elif outcome not in HELPED:
        says += emergency(call, line)
    says.append(say("goodbye", call, line))
    changes: dict[str, object] = {"outcome": outcome} if outcome else {}
    return Turn("goodbye", (*says, HangUp()), changes, (("other_number_heard", {}),) if is_named else ())


def no_message(call: Call, line: Line, *before: str) -> Turn:
    """Name a number to who recorded nothing; where the line has no other, that of the police, and how danger is told."""
    if line.other_number:
        return goodbye(call, line, *before, outcome="silent")
    says = [*(say(prompt, call, line) for prompt in before), *emergency(call, line), say("danger_offer", call, line)]
    return Turn("goodbye", (Gather("goodbye", tuple(says)),), {"tries": call.tries, "outcome": "silent"})


def danger(call: Call, line: Line) -> Turn:
    """Put the caller before all others; outside hours or with nobody there, ring the duty phone.

    Who has chosen no language of several hears the words in one, and no language is written down: the line's first, before
    a telephone rings that of the page on which she stands. The room says the others, or the menu after a telephone that
    was not answered: nobody waits through fourteen languages first.
    """
    marked = changed(call, is_danger=True, language=chosen_of(call, line))
    if is_anybody_there(marked, line):
        turn = waiting(marked, line) if line.can_ring() else phones(changed(marked, tries=0), line)
    else:
        turn = duty(marked, line, "danger")
    is_rung = isinstance(turn.heard[-1], Dial) and not marked.language
    code = _first_of_page(call, line) if is_rung else language_of(marked, line)
    turn = changed(turn, heard=(*danger_words([code], line), *turn.heard))
    return turn.after(("danger_key", {}), is_danger=True, priority=0, language=marked.language)


def _first_of_page(call: Call, line: Line) -> str:
    page = page_of(call, line) if call.question == PAGE_TWO else []
    return page[0][1] if page else line.first


def is_anybody_there(call: Call, line: Line) -> bool:
    """Tell whether somebody who is let in at any time finds people of the line now."""
    return line.mode in ANSWERED and line.is_open and not line.is_off and not _is_nobody(call, line)


def _is_nobody(call: Call, line: Line) -> bool:
    """Tell whether neither an operator can be brought to this caller nor a telephone of those on shift be rung."""
    language = language_of(call, line)
    return line.target(language) == "nobody" and (line.can_ring() or not line.phones(language))


def switched_off(call: Call, line: Line, *before: str) -> Turn:
    """Say that nobody answers here and, twice, which number to call instead: nobody answers who could be asked again.

    Who cannot speak cannot call elsewhere, and a practice line may name no number: then the duty phone rings.
    """
    if call.cannot_speak:
        return duty(call, line, "danger", *before)
    if not line.other_number:
        return duty(call, line, "forward", *before, "message_mode")
    return goodbye(call, line, *before, "message_mode", times=2)


def enter(call: Call, line: Line, *before: str) -> Turn:
    """Go on after the language is known: queue, closed menu, or nobody.

    That nobody here speaks the language is not said where an interpreter of it can be rung: the operator asks her in.
    """
    if line.is_off:
        return switched_off(call, line, *before)
    if _is_kept_out(call):
        return blocked(call, line, *before)
    if line.mode == "forward":
        return duty(call, line, "danger" if _is_for_ours(call) else "forward", *before, "trouble")
    if not line.is_open or line.mode == "message":
        return _out_of_hours(call, line, *before)
    is_let_in = line.mode != "no_queue" or _is_for_ours(call)
    if _is_nobody(call, line) or not is_let_in:
        return nobody_there(call, line, *before)
    if line.target(language_of(call, line)) == "other":
        before = (*before, "other_operator")
    return waiting(call, line, *before)


def _is_for_ours(call: Call) -> bool:
    """Tell whether the duty phone alone may be rung: who is elsewhere knows nothing of danger, nor of who cannot speak."""
    return call.is_urgent or call.cannot_speak


def _out_of_hours(call: Call, line: Line, *before: str) -> Turn:
    """Ring the duty phone in danger and for who cannot speak; else where the line forwards to, or the menu of a closed line."""
    if _is_for_ours(call):
        return duty(call, line, "danger", *before)
    if line.plan.after_hours == "forward" and line.mode != "message":
        return duty(call, line, "after_hours", *before, "trouble")
    return closed(call, line, *before)


def nobody_there(call: Call, line: Line, *before: str) -> Turn:
    """Ring the duty phone when nobody is free, or offer a message at once where the line is set so; never to danger."""
    if line.plan.nobody == "menu" and not _is_for_ours(call):
        return nobody(changed(call, tries=0), line, *before)
    return duty(call, line, "nobody", *before, "nobody").after(("nobody_heard", {}))


def after_language(call: Call, line: Line, *before: str) -> Turn:
    """Go on once the language is chosen: questions by key, or the queue.

    Danger and a need of now wait for nobody's questions.
    """
    if line.is_off:
        return switched_off(call, line, *before)
    if call.cannot_speak and not (call.is_urgent and is_anybody_there(call, line)):
        return silent(changed(call, tries=0), line)
    return enter(call, line, *before)
