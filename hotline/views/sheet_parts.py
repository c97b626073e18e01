"""What the sheet of a contact is made of: its steps, its rows, the answers of the open question."""

from dataclasses import dataclass

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from hotline import triage
from hotline.queries import sheets
from languages.text import beside

SHAPES = {triage.YES: "tick", triage.NO: "x", triage.UNKNOWN: "half", triage.NOT_ASKED: "ring"}
DIGITS = 9
STEP_SHAPES = {"done": "tick", "part": "half", "open": "ring"}


@dataclass(frozen=True)
class StepLink:
    """One step in the row of steps: title, first question, shape, whether it is open now."""

    title: str
    question: str
    state: str
    shape: str
    is_here: bool


@dataclass(frozen=True)
class AnswerRow:
    """One question of the open step, with its answer in words and shape."""

    key: str
    label: str
    words: str
    shape: str
    is_here: bool
    is_open: bool


@dataclass(frozen=True)
class Button:
    """One answer that can be given with one key."""

    value: str
    words: str
    key: str
    is_pressed: bool


def branch_of(form: triage.Form, asked: triage.Question, answers: dict, places: dict) -> str:
    """Return the answer that opened the branch of a question, in words; "" for one that is always asked."""
    if asked.when is None:
        return ""
    opener = form.by_key[asked.when.key]
    if opener.key == "age" and not triage.is_asked(answers, "age") and triage.is_open(form, asked, answers):
        return beside(opener.label, _("under 18, as said by key"), get_language())
    words = sheets.answer_words(opener, triage.answer_of(answers, opener.key), places)
    return beside(opener.label, words, get_language())


def filled_by(key: str) -> str:
    """Return which question of the sheet asks the same as one by key, or ""."""
    return triage.SHOWN_AT.get(key, "")


def step_links(
    rows: list[triage.Question], form: triage.Form, answers: dict, asked: triage.Question
) -> list[StepLink]:
    """Return the row of steps, of which one is open now."""
    links = []
    for step in triage.STEPS:
        first = next((one.key for one in rows if one.step == step.key), "")
        if not first:
            continue  # a country may ask nothing in it
        state = triage.step_state(form, answers, step.key)
        here = step.key == asked.step
        links.append(StepLink(step.title, first, state, "full" if here else STEP_SHAPES[state], here))
    return links


def answer_row(question: triage.Question, answers: dict, places: dict, asked: triage.Question) -> AnswerRow:
    """Return one question of the open step with its answer in words."""
    value = triage.answer_of(answers, question.key)
    here = question.key == asked.key
    is_open = value == triage.NOT_ASKED
    words = _("Asking now") if here and is_open else sheets.answer_words(question, value, places)
    shape = SHAPES.get(value, "tick") if isinstance(value, str) else "tick"
    return AnswerRow(question.key, question.label, words, "full" if here and is_open else shape, here, is_open)


def buttons_of(asked: triage.Question, value: object) -> list[Button]:
    """Return the answers of a question that are given with one key each; none of one that is typed or listed."""
    shared = [
        (triage.UNKNOWN, pgettext("answer", "Not known")),
        (triage.NOT_ASKED, pgettext("answer", "Not asked")),
    ]
    if asked.kind == triage.YES_NO:
        listed = [(triage.YES, pgettext("answer", "Yes")), (triage.NO, pgettext("answer", "No")), *shared]
    elif asked.kind == triage.ONE:
        listed = [*asked.choices, *shared]
    else:
        listed = []
    given = value if value != triage.NOT_ASKED else None
    return [Button(code, words, str(place), given == code) for place, (code, words) in enumerate(listed, start=1)]


def choices_of(asked: triage.Question, value: object, places: dict) -> list[dict]:
    """Return what a list offers; the boxes of a list have digits for keys while there are digits for all of them."""
    is_many = asked.kind == triage.MANY
    is_listed = is_many or asked.kind == triage.LONG
    listed = list(places.items()) if asked.kind == triage.PLACE else asked.choices if is_listed else []
    chosen = set(value) if isinstance(value, list) else {value}
    has_keys = is_many and len(listed) <= DIGITS
    return [
        {"value": code, "words": words, "is_chosen": code in chosen, "key": str(place) if has_keys else ""}
        for place, (code, words) in enumerate(listed, start=1)
    ]


def both_values(conflict: dict, asked: triage.Question, places: dict) -> dict:
    """Return both values of an answer that somebody else changed, in words and as they are sent."""
    mine, theirs = conflict["mine"], conflict["theirs"]
    return {
        "mine": sheets.answer_words(asked, mine, places),
        "theirs": sheets.answer_words(asked, theirs, places),
        "mine_values": mine if isinstance(mine, list) else [mine],
        "by": conflict["by"],
    }
