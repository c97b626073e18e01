"""A body with one thing changed: a question in other words, added, moved within its step, taken off, asked on an answer."""

from collections.abc import Iterable, Mapping

from hotline.triage.bodies import OWN, PARTS
from hotline.triage.house import FIXED, STEPS


def entry_of(body: Mapping, key: str) -> dict | None:
    """Return a question of a body, or None."""
    return next((entry for entry in body["questions"] if entry["key"] == key), None)


def with_entry(body: Mapping, entry: Mapping) -> dict:
    """Return a body with a question in its new form, or with a new question at the end of its step."""
    rows = list(body["questions"])
    keys = [row["key"] for row in rows]
    if entry["key"] in keys:
        place = keys.index(entry["key"])
        return {"questions": [*rows[:place], dict(entry), *rows[place + 1 :]]}
    order = [step.key for step in STEPS]
    rank = order.index(entry["step"])
    place = sum(order.index(row["step"]) <= rank for row in rows)
    return {"questions": [*rows[:place], dict(entry), *rows[place:]]}


def without(body: Mapping, key: str) -> dict:
    """Return a body without a question; one that the code depends on stays."""
    return {"questions": [row for row in body["questions"] if row["key"] != key or key in FIXED]}


def moved(body: Mapping, key: str, *, up: bool) -> dict:
    """Return a body with a question one place further up or down among those of its step."""
    rows = list(body["questions"])
    place = next((at for at, row in enumerate(rows) if row["key"] == key), None)
    if place is None:
        return {"questions": rows}
    other = place - 1 if up else place + 1
    if 0 <= other < len(rows) and rows[other]["step"] == rows[place]["step"]:
        rows[place], rows[other] = rows[other], rows[place]
    return {"questions": rows}


def new_entry(bodies: Iterable[Mapping], step: str, kind: str) -> dict:
    """Return a question of a country's own, without words yet, under a key that none of its versions had."""
    taken = [row["key"] for body in bodies for row in body["questions"] if row["key"].startswith(OWN)]
    last = max((int(key.removeprefix(OWN)) for key in taken if key.removeprefix(OWN).isdecimal()), default=0)
    return {"key": f"{OWN}{last + 1}", "step": step, "kind": kind, "when": None, "choices": []} | {
        part: {} for part in PARTS
    }


def with_choices(old: list[Mapping], labels: Mapping[str, list[str]]) -> list[dict]:
    """Return the answers of a list, one for each English line; an answer whose English stands keeps its code.

    `labels` are the lines by language; of a language with other lines than English nothing is taken.
    """
    english = labels.get("en", [])
    codes = {str(one["label"].get("en")): str(one["code"]) for one in old}
    taken = [int(code[1:]) for code in codes.values() if code[1:].isdecimal()]
    fresh = iter(range(max(taken, default=0) + 1, max(taken, default=0) + len(english) + 1))
    told = {code: lines for code, lines in labels.items() if len(lines) == len(english)}
    rows = []
    for place, words in enumerate(english):
        label = {code: lines[place] for code, lines in told.items() if lines[place]}
        rows.append({"code": codes.get(words) or f"c{next(fresh)}", "label": label})
    return rows
