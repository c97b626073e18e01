"""Does an item fit the bank: how many answers, how long, which are right. Codes out, no sentences."""

from dataclasses import replace
from decimal import Decimal

from languages import table
from training import grading
from training.question_files.values import Finding, Item, Part, RowRefused, Said, mapped

PARTS = {"single": (2, 8), "multiple": (2, 12), "match": (2, 12), "order": (2, 10), "number": (0, 0), "short": (0, 0)}
LONGEST = {"question": 5000, "text": 250, "match": 120, "feedback": 2000, "unit": 40, "answers": 1000}
DIGITS = 15  # that tell a number
TRUE_FALSE = ((True, {"en": "True"}), (False, {"en": "False"}))
NEAR = 0.5  # per cent; files round a third in several ways


def checked(item: Item) -> tuple[Item, tuple[Finding, ...]]:
    """Return an item that fits the bank and what is to be told of it; raise RowRefused where it does not fit."""
    if not item.question.get(table.SOURCE, "").strip():
        raise RowRefused("no_source" if any(item.question.values()) else "no_question")
    _check_parts(item)
    item, notes = _within_limits(item)
    if item.kind == "number":
        item = replace(item, answer=plain_decimal(item.answer), tolerance=plain_decimal(item.tolerance))
        if item.tolerance.startswith("-"):
            raise RowRefused("negative_tolerance", item.tolerance)
    if item.kind == "short":
        notes += (Finding("practice_only"),)
    missing = _feedback_missing(item)
    return item, (*notes, *([Finding("no_feedback", str(missing))] if missing else []))


def _check_parts(item: Item) -> None:
    least, most = PARTS[item.kind]
    if not least <= len(item.parts) <= most:
        raise RowRefused("too_few_answers" if len(item.parts) < least else "too_many_answers", str(len(item.parts)))
    for part in item.parts:
        needed = [part.text, part.match] if item.kind == "match" else [part.text]
        if not all(words.get(table.SOURCE, "").strip() for words in needed):
            raise RowRefused("empty_answer")
    if same := grading.doubled(part.text[table.SOURCE] for part in item.parts):
        raise RowRefused("double_answer", same)
    right = sum(part.right for part in item.parts)
    if item.kind == "single" and right != 1:
        raise RowRefused("not_one_right", str(right))
    if item.kind == "multiple" and not right:
        raise RowRefused("none_right")
    if item.kind == "short" and not item.answers.get(table.SOURCE, "").strip():
        raise RowRefused("empty_answer")


def _within_limits(item: Item) -> tuple[Item, tuple[Finding, ...]]:
    """Refuse source words that are too long; leave out translations that are, and say so."""
    lost: list[str] = []

    def cut(name: str):
        def of(words: Said) -> Said:
            if len(words.get(table.SOURCE, "")) > LONGEST[name]:
                raise RowRefused("too_long", f"{len(words[table.SOURCE])} > {LONGEST[name]}")
            lost.extend(code for code, text in words.items() if len(text) > LONGEST[name])
            return {code: text for code, text in words.items() if len(text) <= LONGEST[name]}

        return of

    parts = tuple(
        Part(cut("text")(part.text), cut("feedback")(part.feedback), part.right, cut("match")(part.match))
        for part in item.parts
    )
    bounded = {name: cut(name)(getattr(item, name)) for name in ("question", "unit", "answers")}
    bounded |= {name: cut("feedback")(getattr(item, name)) for name in ("right_feedback", "wrong_feedback")}
    notes = tuple(Finding("translation_too_long", code) for code in sorted(set(lost)))
    return replace(item, parts=parts, **bounded), notes


def _feedback_missing(item: Item) -> int:
    told = [part.feedback for part in item.parts] or [item.right_feedback, item.wrong_feedback]
    return sum(not words.get(table.SOURCE, "").strip() for words in told)


def decimal(text: str) -> Decimal:
    """Return the number of a file, its mark a point or a comma, or refuse what is none or far too large."""
    value = grading.decimal(text.strip().replace(",", "."), grading.SIZE)
    if value is None or len(value.as_tuple().digits) > DIGITS:
        raise RowRefused("not_a_number", text.strip()[:40])
    return value


def plain_decimal(text: str) -> str:
    """Return a number of a file in its plainest writing."""
    plain = format(decimal(text).normalize(), "f")
    return "0" if plain == "-0" else plain


def choice(
    texts: list[tuple[float, Said, Said]], *, is_single: bool
) -> tuple[str, tuple[Part, ...], tuple[Finding, ...]]:
    """Return kind, answers and notes from (per cent, words, feedback); weights that the bank cannot keep are refused.

    The bank gives the whole point for the one right answer, or the same share for each of several right ones and the
    same share back for each wrong one.
    """
    rights = [weight for weight, _text, _feedback in texts if weight > 0]
    parts = tuple(Part(text, feedback, weight > 0) for weight, text, feedback in texts)
    if is_single:
        if any(weight < 100 - NEAR for weight in rights):
            raise RowRefused("partial_weights")
        told = [Finding("minus_left_out")] if any(weight < 0 for weight, _text, _feedback in texts) else []
        return "single", parts, tuple(told)
    share = 100 / len(rights) if rights else 0
    if any(abs(weight - share) > NEAR for weight in rights):
        raise RowRefused("partial_weights")
    wrong = [weight for weight, _text, _feedback in texts if weight <= 0]
    told = [Finding("wrong_costs_a_share")] if any(abs(weight + share) > NEAR for weight in wrong) else []
    return "multiple", parts, tuple(told)


def short(question: Said, texts: list[tuple[float, Said, Said]]) -> Item:
    """Return a short text from (per cent, accepted, feedback); a star alone stands for every other answer."""
    accepted: dict[str, list[str]] = {}
    right: dict[str, list[str]] = {}
    wrong: Said = {}
    for weight, text, feedback in texts:
        if weight <= 0 and set(text.values()) == {"*"}:
            wrong = feedback
        elif weight < 100 - NEAR:
            raise RowRefused("partial_weights")
        else:
            if any("*" in words for words in text.values()):
                raise RowRefused("wildcard")
            for code, words in text.items():
                accepted.setdefault(code, []).extend(line for line in words.split("\n") if line.strip())
            for code, words in feedback.items():
                right.setdefault(code, []).append(words)
    return Item(
        "short",
        question,
        answers={code: "\n".join(dict.fromkeys(lines)) for code, lines in accepted.items()},
        right_feedback={code: "\n".join(dict.fromkeys(lines)) for code, lines in right.items()},
        wrong_feedback=wrong,
    )


def interval(value: str) -> tuple[str, str]:
    """Return answer and tolerance of `3`, `3:0.5` or `2.5..3.5`."""
    # The colon of a tolerance is not escaped.
    if ".." in value:
        low, _dots, high = value.partition("..")
        first, last = decimal(low), decimal(high)
        return str((first + last) / 2), str(abs(last - first) / 2)
    answer, _colon, tolerance = value.partition(":")
    return answer.strip(), tolerance.strip() or "0"


def with_general(item: Item, general: Said) -> tuple[Item, tuple[Finding, ...]]:
    """Return an item whose missing feedback is the general one; where nothing is missing that one is left out, and told."""
    if not any(general.values()):
        return item, ()
    if item.parts:
        parts = tuple(part if part.feedback else replace(part, feedback=general) for part in item.parts)
        filled = replace(item, parts=parts)
    else:
        filled = replace(
            item,
            right_feedback=item.right_feedback or general,
            wrong_feedback=item.wrong_feedback or general,
        )
    return filled, () if filled != item else (Finding("general_left_out"),)


def tidy(item: Item) -> Item:
    """Return an item without empty words."""
    return mapped(item, lambda words: {code: text for code, text in words.items() if text.strip()})
