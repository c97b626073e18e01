"""What is wrong with a plan, asked of the line's words, recordings, voices and numbers as they are now."""

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
    known = memory()
    sayable = partial(can_say, known, plan=plan, line_id=line.pk or 0, is_practice=line.is_practice)
    greeting = GREETINGS[line.is_free]
    needed = {key for key in known.words if is_needed(key, line.is_free)} | UNUSUAL

    def is_said(prompt: str, code: str) -> bool:
        key = greeting if prompt in GREETINGS.values() else prompt
        return key not in needed or sayable(key, code)

    beside = frozenset(needed) - heard_in(WHOLE) - UNUSUAL
    verified = verified_numbers(line)
    return faults_of(plan, Known(is_said, voices_of, source_words, verified, beside, is_practice=line.is_practice))


def source_words(prompt: str) -> str:
    """Return the words of the house from which a prompt is translated."""
    return last_known().words.get(prompt, {}).get(table.SOURCE, "")
