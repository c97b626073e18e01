"""A body with one thing changed: a question in other words, added, moved within its step, taken off, asked on an answer."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import count

from hotline.triage.bodies import EARLIER, OWN, PARTS
from hotline.triage.house import FIXED, STEPS
from hotline.triage.rewording import Catalogue, settled


def entry_of(body: Mapping, key: str) -> dict | None:
    """Return a question of a body, or None."""
    return next((entry for entry in body["questions"] if entry["key"] == key), None)


def kept_entry(bodies: Iterable[Mapping], key: str) -> dict | None:
    """Return a question as the first of some bodies has it, None where none has."""
    return next((entry for body in bodies if (entry := entry_of(body, key)) is not None), None)


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


def with_choices(
    old: list[Mapping],
    labels: Mapping[str, list[str]],
    codes: Iterable[str] = (),
    catalogue: Catalogue = lambda *_: "",
) -> list[dict]:
    """Return the answers of a list, one for each English line; an answer whose English stands keeps its code.

    `labels` are the lines by language. The lines of a language that stand as they were follow their answers, wherever
    these stand now; others are taken in the order of English. Of a language with other lines than English
    (`uneven_in`) nothing is taken. What was said for English that is another now is set aside (`rewording`).
    """
    english = labels.get("en", [])
    before = {str(one["label"].get("en")): one for one in old}
    fresh, gone = _fresh(old), [one for one in old if one["label"].get("en") not in english]
    rows = []
    for place, words in enumerate(english):
        was = before.get(words) or (_reworded(old, gone, place, len(english)) if gone else None)
        label = {code: _label(old, was, code, lines, place, len(english)) for code, lines in labels.items()}
        label = {name: said for name, said in label.items() if said}
        code, earlier = str(before[words]["code"]) if words in before else f"c{next(fresh)}", {}
        if was is not None:
            label, earlier = settled(was["label"], label, was.get(EARLIER, {}), codes, catalogue)
        rows.append({"code": code, "label": label} | ({EARLIER: earlier} if earlier else {}))
    return rows


def _fresh(old: list[Mapping]) -> Iterator[int]:
    """Return numbers for new answers that none had."""
    taken = [int(str(one["code"])[1:]) for one in old if str(one["code"])[1:].isdecimal()]
    return count(max(taken, default=0) + 1)


def _reworded(old: list[Mapping], gone: list[Mapping], place: int, lines: int) -> Mapping:
    """Return which of the answers that are gone a new line says in other words: the one of its place, else the next."""
    was = old[place] if len(old) == lines and old[place] in gone else gone[0]
    gone.remove(was)
    return was


def uneven_in(old: list[Mapping], labels: Mapping[str, list[str]]) -> list[str]:
    """Return the languages whose lines were changed and are other lines than English has: which is which is not known."""
    many = len(labels.get("en", []))
    return [code for code, lines in labels.items() if lines and len(lines) != many and not _stands(old, code, lines)]


def _stands(old: list[Mapping], code: str, lines: list[str]) -> bool:
    return code != "en" and lines == [said for one in old if (said := one["label"].get(code))]


def _label(old: list[Mapping], was: Mapping | None, code: str, lines: list[str], place: int, many: int) -> str:
    if _stands(old, code, lines):
        return was["label"].get(code, "") if was else ""
    return lines[place] if len(lines) == many else ""
