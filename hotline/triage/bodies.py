"""A country's own form as it is kept: read, written, compared, and judged before anybody works with it.

A body holds all words of its questions in English, and in each language in which somebody gave them; the catalogue
translates what is still the house's English. Kind and answers of a question of the house come from the house.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from django.utils import translation

from hotline.triage.house import FIXED, HOUSE, STEPS
from hotline.triage.values import (
    CHILD,
    MANY,
    NO,
    NUMBER,
    ONE,
    SOURCE,
    UNKNOWN,
    YES,
    YES_NO,
    Earlier,
    Form,
    Question,
    When,
    Words,
)

OWN = "own_"  # how the key of a question begins that a country added
OWN_KINDS = (YES_NO, ONE, MANY)
PARTS = {"label": 60, "ask": 300, "why": 300}  # words of a question, and how many characters they may have
EARLIER = "earlier"  # words that were said for an earlier English, by part and language (hotline.triage.rewording)
MOST_QUESTIONS = 80
CHOICES = {ONE: (2, 7), MANY: (2, 9)}  # each answer has a digit for a key, "not known" and "not asked" too


class BodyFault(ValueError):
    """Raised for a body that cannot be read as a form."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with a form: code, the question, what fills the sentence."""

    code: str
    key: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """What differs between two forms: what happened (`added`, `dropped`, `moved`, `words`, `when`), to which question.

    Of words also which part and language, and as they were and are.
    """

    kind: str
    key: str
    part: str = ""
    language: str = ""
    before: str = ""
    after: str = ""


def body_of(form: Form) -> dict:
    """Return a form of the house as a body, with which a country's own begins."""
    with translation.override(None):
        return {"questions": [_entry(asked) for asked in form.questions]}


def _entry(asked: Question) -> dict:
    words = {part: {SOURCE: str(getattr(asked, part))} for part in PARTS}
    when = {"key": asked.when.key, "answers": list(asked.when.answers)} if asked.when else None
    return {"key": asked.key, "step": asked.step, "kind": asked.kind, "when": when} | words


def form_from(body: object) -> Form:
    """Return the form that a body describes; raise BodyFault where it cannot be read."""
    try:
        return Form(tuple(_question(entry) for entry in body["questions"]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BodyFault(str(error)) from error


def _question(entry: Mapping) -> Question:
    key, house = str(entry["key"]), HOUSE.by_key.get(str(entry["key"]))
    label, ask, why = (Words(entry[part]).shown for part in PARTS)
    told = entry.get("when")
    when = When(str(told["key"]), tuple(told["answers"])) if told else None
    earlier = _earlier(entry)
    if house is not None:
        return Question(
            key, house.step, label, ask, why, house.kind, house.choices, house.fact, house.is_reversed, when, earlier,
            house.promises,
        )  # fmt: skip
    choices = tuple((str(one["code"]), Words(one["label"]).shown) for one in entry.get("choices", ()))
    return Question(key, str(entry["step"]), label, ask, why, str(entry["kind"]), choices, when=when, earlier=earlier)


def _earlier(entry: Mapping) -> dict[str, Earlier]:
    told = entry.get(EARLIER, {}).get("ask", {})
    return {code: Earlier(str(one[SOURCE]), str(one["said"])) for code, one in told.items()}


def answers_to_hang_on(asked: Question) -> tuple[str, ...]:
    """Return the answers of a question on which another one may hang."""
    if asked.kind == YES_NO:
        return (YES, NO, UNKNOWN)
    if asked.kind == NUMBER:
        return (CHILD,) if asked.key == "age" else ()
    return tuple(code for code, _words in asked.choices)


def faults_of(body: object) -> list[Fault]:
    """Return everything that is wrong with a body: nobody works with a form before this is empty."""
    try:
        form = form_from(body)
    except BodyFault:
        return [Fault("unreadable")]
    keys = [asked.key for asked in form.questions]
    found = [Fault("missing", key) for key in HOUSE.by_key if key in FIXED and key not in keys]
    found += [Fault("twice", key) for key in sorted({key for key in keys if keys.count(key) > 1})]
    found += [Fault("too_many", values={"most": str(MOST_QUESTIONS)})] if len(keys) > MOST_QUESTIONS else []
    entries = body["questions"]
    for judge in (_of_words, _of_place, _of_when, _of_choices):
        found += _each(judge, form, entries)
    return found


def _each(judge: Callable, form: Form, entries: list) -> list[Fault]:
    pairs = zip(form.questions, entries, strict=True)
    return [fault for asked, entry in pairs for fault in judge(form, asked, entry)]


def _of_words(form: Form, asked: Question, entry: Mapping):
    if not str(entry["label"].get(SOURCE, "")).strip():
        yield Fault("no_label", asked.key)
    if asked.key != "basis" and not str(entry["ask"].get(SOURCE, "")).strip():
        yield Fault("no_words", asked.key)
    for part, most in PARTS.items():
        for code, words in entry[part].items():
            if len(words) > most:
                yield Fault("too_long", asked.key, {"language": code, "most": str(most)})


def _of_place(form: Form, asked: Question, entry: Mapping):
    order = [step.key for step in STEPS]
    if asked.step not in order:
        yield Fault("no_step", asked.key)
        return
    before = form.questions[: form.places[asked.key]]
    if any(one.step in order and order.index(one.step) > order.index(asked.step) for one in before):
        yield Fault("out_of_place", asked.key)
    if asked.key not in HOUSE.by_key and (asked.kind not in OWN_KINDS or not asked.key.startswith(OWN)):
        yield Fault("no_kind", asked.key)


def _of_when(form: Form, asked: Question, entry: Mapping):
    if asked.when is None:
        return
    if asked.key in FIXED:
        yield Fault("always", asked.key)
    opener = form.by_key.get(asked.when.key)
    if opener is None:
        yield Fault("hangs_on_nothing", asked.key)
    elif form.places[opener.key] >= form.places[asked.key]:
        yield Fault("hangs_on_later", asked.key)
    elif not asked.when.answers or not set(asked.when.answers) <= set(answers_to_hang_on(opener)):
        yield Fault("hangs_on_no_answer", asked.key)


def _of_choices(form: Form, asked: Question, entry: Mapping):
    if asked.key in HOUSE.by_key or asked.kind not in CHOICES:
        return
    least, most = CHOICES[asked.kind]
    if not least <= len(asked.choices) <= most:
        yield Fault("choices", asked.key, {"least": str(least), "most": str(most)})
    if len(asked.codes) < len(asked.choices):
        yield Fault("choice_twice", asked.key)
    if any(not str(one["label"].get(SOURCE, "")).strip() for one in entry.get("choices", ())):
        yield Fault("no_choice_words", asked.key)


def changes(before: Mapping, after: Mapping) -> list[Change]:
    """Return what differs between two bodies, in the order of the second; what was taken off comes last."""
    old, new = ({entry["key"]: entry for entry in body["questions"]} for body in (before, after))
    both = [key for key in new if key in old]
    was = [key for key in old if key in new]
    kept = SequenceMatcher(None, was, both, autojunk=False).get_matching_blocks()
    moved = set(both) - {key for block in kept for key in was[block.a : block.a + block.size]}
    found: list[Change] = []
    for key, entry in new.items():
        if key not in old:
            found.append(Change("added", key, after=entry["label"].get(SOURCE, "")))
            continue
        found += [Change("moved", key)] if key in moved else []
        found += [Change("when", key)] if (entry.get("when") or None) != (old[key].get("when") or None) else []
        found += [one for part in PARTS for one in _of_part(key, part, old[key][part], entry[part])]
        found += [Change("choices", key)] if entry.get("choices") != old[key].get("choices") else []
    return found + [Change("dropped", key, before=old[key]["label"].get(SOURCE, "")) for key in old if key not in new]


def _of_part(key: str, part: str, before: Mapping, after: Mapping) -> list[Change]:
    codes = sorted({*before, *after}, key=lambda code: (code != SOURCE, code))
    told = [(code, before.get(code, ""), after.get(code, "")) for code in codes]
    return [Change("words", key, part, code, old, new) for code, old, new in told if old != new]
