"""The questions of a paper in the words that stood beside them when it was drawn, where they say something else today."""

from collections.abc import Mapping
from dataclasses import dataclass

from languages import table
from languages.choices import Freshness
from languages.queries import key_of, live_at
from languages.segments import block_in
from training import grading, progress, rewording
from training.models import Attempt, Question
from training.queries import versions
from training.queries.questions import check_of
from training.queries.worded import blocks_of_versions, heirs


@dataclass(frozen=True)
class Asked:
    """A question as a paper asks it: its words as compiled rows hold them, its key; whether it was marked anew by that."""

    words: dict
    key: grading.Item
    is_anew: bool = False


@dataclass(frozen=True)
class Marks:
    """By what a test that was handed in was marked: its answers, and the keys by which each was marked anew, the last one last."""

    answers: Mapping[str, object]
    keys: Mapping[str, tuple[grading.Item, ...]]


def asked_in(
    attempt: Attempt, language: str, today: Mapping[str, dict], newest: str, marks: Marks | None = None
) -> list[Asked]:
    """Return the questions of a paper; `today` are their words now, `newest` the edition that has them.

    With `marks` each bears the key as it stands, so that a result teaches what holds today.

    No query where nothing was changed since it was drawn. A question that was taken off the bank is left out;
    one that was put in anew in its words is not.
    """
    paper = progress.paper_of(str(attempt.public_id), attempt.paper)
    now = _now(paper, newest)
    items = [item for item in paper.items if _key_today(item, now) in today]
    said = blocks_of_versions(_versions(items, now))
    old = [item for item in items if _says_another_thing(item, now) and item.version in said]
    drawn = _drawn(attempt, [(item, said[item.version]) for item in old], language) if old else {}
    found = []
    for item in items:
        in_use = today[_key_today(item, now)]
        words, key = drawn.get(item.id, in_use), _key_shown(item, now.get(item.id), said, marks)
        if item.id in drawn and progress.key_of(key) != progress.key_of(item):
            words = _explained(words, in_use, item, now.get(item.id), key, said)
        found.append(Asked(words, key, marks is not None and item.id in marks.keys))
    return found


def _key_shown(item: grading.Item, new: grading.Item | None, said: Mapping, marks: Marks | None) -> grading.Item:
    """Return the key as it stands, in the ids of the paper; while an answer waits to be marked by it, the one that counts."""
    if marks is None:
        return item
    marked, response = marks.keys.get(item.id, ()), marks.answers.get(item.id)
    counts = marked[-1] if marked else item
    stands = (progress.as_answered(item, new, said) or item) if new else counts
    if progress.key_of(stands) in map(progress.key_of, (item, *marked)):
        return stands
    is_marked_alike = grading.fits(stands, response) and _points(stands, response) == _points(counts, response)
    return stands if is_marked_alike else counts


def _points(key: grading.Item, response: object) -> int:
    return grading.grade(key, response).points


def key_in(attempt: Attempt, item: str, edition: progress.Version) -> grading.Item:
    """Return the key by which an edition marks a question of a paper, in the ids of the paper."""
    paper = progress.paper_of(str(attempt.public_id), attempt.paper)
    asked = paper.item(item)
    new = _in_edition(paper, edition).get(item, asked)
    return progress.as_answered(asked, new, blocks_of_versions([asked.version, new.version])) or asked


def _now(paper: progress.Paper, newest: str) -> dict[str, grading.Item]:
    """Return what each question of a paper is in the newest edition."""
    edition = versions.values_of([newest]).get(newest) if newest else None
    return _in_edition(paper, edition) if edition else {}


def _in_edition(paper: progress.Paper, edition: progress.Version) -> dict[str, grading.Item]:
    """Return what each question of a paper is in an edition; only where one is gone is the edition of the paper read."""
    by_id = heirs(edition, edition)
    if all(item.id in by_id for item in paper.items):
        return by_id
    return heirs(versions.values_of([paper.version]).get(paper.version, edition), edition)


def _key_today(item: grading.Item, now: Mapping[str, grading.Item]) -> str:
    return now[item.id].id if item.id in now else item.id


def _says_another_thing(item: grading.Item, now: Mapping[str, grading.Item]) -> bool:
    return bool(item.version) and (item.id not in now or now[item.id].version != item.version)


def _versions(items: list[grading.Item], now: Mapping[str, grading.Item]) -> list[str]:
    changed = [item for item in items if _says_another_thing(item, now)]
    return [one.version for item in changed for one in (item, now.get(item.id)) if one is not None]


def _drawn(attempt: Attempt, asked: list[tuple[grading.Item, dict]], language: str) -> dict[str, dict]:
    """Return questions as compiled rows would hold them, in the words of their version and in what was live then."""
    names = {entry["id"]: entry.get("key", "") for entry in progress.read(attempt.paper)["items"]}
    keys = {names[item.id] for item, _block in asked}
    rows = {row.key: row for row in Question.objects.filter(course=attempt.enrolment.course_id, key__in=keys)}
    chain = {language, *table.BY_CODE[language].chain} - {table.SOURCE}
    live = live_at(list(rows.values()), chain, attempt.started_at) if chain and rows else {}
    found = {}
    for item, source in asked:
        row = rows.get(names[item.id])
        block, code = block_in(Question, "body", source, language, live.get(key_of(row), {}) if row else {})
        told = {"id": item.id, "kind": item.kind, "lang": code, "state": {}, "source": None}
        found[item.id] = told | check_of(block, source)
    return found


def _explained(words: dict, today: dict, asked: grading.Item, new, key: grading.Item, said: Mapping) -> dict:
    """Return a question that was marked anew with the feedback that goes with the key: today's, where it is of that key.

    What was said under the earlier key would contradict; so would a translation that is behind.
    """
    told, twins = {}, {}
    if new is not None and new.version in said and today["state"]["stale"] < Freshness.MINOR:
        by_now = progress.as_answered(asked, new, said) or asked
        if progress.key_of(by_now) == progress.key_of(key) and asked.kind == new.kind:
            told = today
            twins = rewording.twins(said[asked.version], said[new.version], rewording.is_repaired)
    feedback = {twins[part["id"]]: part["feedback"] for part in told.get("parts", ()) if part["id"] in twins}
    parts = [part | {"feedback": feedback.get(part["id"], "")} for part in words["parts"]]
    return words | {"parts": parts} | {name: told.get(name, "") for name in ("right_feedback", "wrong_feedback")}
