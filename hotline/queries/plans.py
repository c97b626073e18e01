"""What is wrong with a plan, asked of the line's words, recordings, voices and numbers as they are now."""

from collections.abc import Callable
from functools import partial

from hotline.ivr import Fault, Plan
from hotline.ivr.faults import Known, faults_of
from hotline.models import Line, Prompt
from hotline.queries.flows import verified_numbers
from hotline.queries.lines import last_known, memory, reachable
from hotline.queries.spoken import GREETINGS, SENT, UNUSUAL, beside, callers_hear, can_say, is_needed, unheard
from languages import table
from languages.queries import unread_in
from languages.voices import voices_of


def plan_faults(line: Line, plan: Plan) -> list[Fault]:
    """Return everything that keeps a plan of a line from going live."""
    is_said, more = _speech(line, plan)
    verified = verified_numbers(line)
    return faults_of(plan, Known(is_said, voices_of, source_words, verified, more, is_practice=line.is_practice))


def unsaid_on_a_live_line(line: Line, plan: Plan) -> list[tuple[str, list[str]]]:
    """Return the languages of a practice line's plan that a live line could not speak, and the prompts that each lacks.

    A practice line that no telephone reaches shows words where nothing is recorded; who publishes the plan must know. Words
    that are sent and missing stand against publishing already; here is told what the page of the prompts tells.
    """
    if reachable(line) or not plan.languages:
        return []
    gaps = unheard(plan.codes, is_reachable=True, is_free=line.is_free, line_id=line.pk or 0, plan=plan)
    lacking = [
        (code, [prompt for prompt, of in gaps if of == code and not prompt.startswith(SENT)]) for code in plan.codes
    ]
    return [(code, prompts) for code, prompts in lacking if prompts]


def unread_on(line: Line, plan: Plan) -> list[tuple[str, int]]:
    """Return the languages of a plan with how many words that callers hear no native reader has read; none with all read.

    Words of the line's own are not among them: whoever wrote them answers for them.
    """
    unread, keys = unread_in(Prompt, plan.codes), dict(Prompt.objects.values_list("pk", "key"))
    found = []
    for code in plan.codes:
        heard = callers_hear(plan, code, line.is_free)
        drafts = [keys[pk] for pk in unread[code] if keys.get(pk) in heard and (keys[pk], code) not in plan.own_words]
        found.append((code, len(drafts)))
    return [(code, count) for code, count in found if count]


def _speech(line: Line, plan: Plan) -> tuple[Callable[[str, str], bool], frozenset[str]]:
    """Return how to ask whether a prompt can be said in a language, and the prompts heard beside the steps of the flow."""
    known = memory()
    sayable = partial(can_say, known, plan=plan, line_id=line.pk or 0, is_reachable=reachable(line))
    greeting = GREETINGS[line.is_free]
    needed = frozenset(key for key in known.words if is_needed(key, line.is_free))

    def is_said(prompt: str, code: str) -> bool:
        key = greeting if prompt in GREETINGS.values() else prompt
        return key not in needed | UNUSUAL or sayable(key, code)

    return is_said, beside(needed)


def source_words(prompt: str) -> str:
    """Return the words of the house from which a prompt is translated."""
    return last_known().words.get(prompt, {}).get(table.SOURCE, "")
