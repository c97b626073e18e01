"""What is wrong with a plan, asked of the line's words, recordings, voices and numbers as they are now."""

from collections.abc import Callable
from functools import partial

from hotline.ivr import Fault, Plan
from hotline.ivr.faults import Known, faults_of, heard_in
from hotline.models import Line
from hotline.queries.flows import verified_numbers
from hotline.queries.lines import last_known, memory
from hotline.queries.spoken import GREETINGS, UNUSUAL, can_say, is_needed
from languages import table
from languages.voices import voices_of

# A flow with everything on: what no step of it says is said in the room, or to whom the line rings.
WHOLE = Plan(
    languages=(("1", "en"), ("2", "fr")), expectation="measured", duty_phone="1", other_number="1", police_number="1"
)


def plan_faults(line: Line, plan: Plan) -> list[Fault]:
    """Return everything that keeps a plan of a line from going live."""
    is_said, beside = _speech(line, plan, is_practice=line.is_practice)
    verified = verified_numbers(line)
    return faults_of(plan, Known(is_said, voices_of, source_words, verified, beside, is_practice=line.is_practice))


def unsaid_on_a_live_line(line: Line, plan: Plan) -> list[tuple[str, int]]:
    """Return the languages of a practice line's plan that a live line could not speak, and how many prompts each lacks.

    A practice line shows words where nothing is recorded; who goes live with the same plan must know.
    """
    if not line.is_practice:
        return []
    is_said, beside = _speech(line, plan, is_practice=False)
    heard = heard_in(plan) | beside
    lacking = [(code, sum(not is_said(prompt, code) for prompt in heard)) for code in plan.codes]
    return [(code, count) for code, count in lacking if count]


def _speech(line: Line, plan: Plan, *, is_practice: bool) -> tuple[Callable[[str, str], bool], frozenset[str]]:
    """Return how to ask whether a prompt can be said in a language, and the prompts heard beside the steps of the flow."""
    known = memory()
    sayable = partial(can_say, known, plan=plan, line_id=line.pk or 0, is_practice=is_practice)
    greeting = GREETINGS[line.is_free]
    needed = {key for key in known.words if is_needed(key, line.is_free)} | UNUSUAL

    def is_said(prompt: str, code: str) -> bool:
        key = greeting if prompt in GREETINGS.values() else prompt
        return key not in needed or sayable(key, code)

    return is_said, frozenset(needed) - heard_in(WHOLE) - UNUSUAL


def source_words(prompt: str) -> str:
    """Return the words of the house from which a prompt is translated."""
    return last_known().words.get(prompt, {}).get(table.SOURCE, "")
