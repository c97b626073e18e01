"""The call flow: where a call stands and what came in → where it stands next and what the caller hears. Pure.

The table is docs/algorithms/call-flow.md. Keys mean the same in every menu: 9 danger, 5 cannot speak, 0 repeat.
Every step has a timed way out that ends in a human number or a recorded message; a test walks all of them.

`values` are what goes in and comes out, `entries` what each step says, `numbers` which number is named in need, `moves`
what comes in at each step, `table` which address may be answered where; `callback` holds both sides of the call-back
dialogue.
"""

from hotline.ivr.callback import READ_BACK, is_number
from hotline.ivr.entries import duty, waiting_words
from hotline.ivr.moves import trouble
from hotline.ivr.numbers import danger_words
from hotline.ivr.plan import QUESTIONS, Fault, Plan, PlanFault, plan_from
from hotline.ivr.table import advance, present, start, state_of
from hotline.ivr.values import Call, Dial, Gather, HangUp, Heard, Line, Queue, Record, Say, Turn, Value

__all__ = [
    "Call",
    "Dial",
    "Fault",
    "Gather",
    "HangUp",
    "Heard",
    "Line",
    "Plan",
    "PlanFault",
    "QUESTIONS",
    "Queue",
    "READ_BACK",
    "Record",
    "Say",
    "Turn",
    "Value",
    "advance",
    "danger_words",
    "duty",
    "is_number",
    "plan_from",
    "present",
    "start",
    "state_of",
    "trouble",
    "waiting_words",
]
