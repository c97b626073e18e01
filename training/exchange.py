"""Course folders: the source in TOML, each language in a PO beside it. Pure: files in, values out."""

import tomllib
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from languages.exchange import texts_of
from training import grading, scenarios
from training.choices import SCENARIO_FAULTS, Objective, Track
from training.progress import MOST_ASKED, POST, asked_by_form, lacks

SPACE = uuid.UUID("5f1c1f52-6f0b-5c5e-9c6c-0a6f1d0fa4a1")
FORMS = (1, 2, 3)


class BadCourse(ValueError):
    """Raised when a course folder cannot be read; the message names the file and what to mend."""


@dataclass(frozen=True)
class Translated:
    """One translated string and the source text it was made from."""

    source: str
    text: str


@dataclass(frozen=True)
class CourseFolder:
    """A course as its folder holds it."""

    key: str
    course: dict
    lessons: dict[str, dict]
    items: list[dict]
    languages: dict[str, dict[str, Translated]] = field(default_factory=dict)
    scenario: dict | None = None


def stable_id(*parts: str) -> uuid.UUID:
    """Return the id that a thing of a course folder has on every installation."""
    return uuid.uuid5(SPACE, "/".join(parts))


def read_course(folder: Path) -> CourseFolder:
    """Read a course folder whole, or say what is wrong with it."""
    course = _toml(folder / "course.toml")
    _demand(course, ("key", "slug", "heading", "summary", "curriculum", "modules"), folder / "course.toml")
    keys = [key for module in course["modules"] for key in module["lessons"]]
    lessons = {key: _lesson(folder / f"{key}.toml") for key in keys}
    items, seen = _toml(folder / "quiz.toml").get("items", []), set()
    for item in items:
        _demand(item, ("key", "type", "question"), folder / "quiz.toml")
        if item["key"] in seen:
            raise BadCourse(f"{folder / 'quiz.toml'}: two questions have the key {item['key']!r}.")
        seen.add(item["key"])
        if item["type"] not in grading.KINDS:
            raise BadCourse(f"{folder / 'quiz.toml'}: {item['key']} has the unknown type {item['type']!r}.")
        if item["type"] in grading.PRACTICE_ONLY:
            raise BadCourse(f"{folder / 'quiz.toml'}: {item['key']} is short text, which only lessons ask.")
        if item.setdefault("form", 2) not in FORMS:
            raise BadCourse(f"{folder / 'quiz.toml'}: {item['key']} has the unknown form {item['form']!r}.")
        _demand_distinct(item, item["type"], folder / "quiz.toml")
        _demand_tracks(item, course, folder / "quiz.toml")
    for lesson in lessons.values():
        _demand_tracks(lesson, course, folder / f"{lesson['key']}.toml")
        if unknown := set(lesson.get("objectives", ())) - {*Objective}:
            raise BadCourse(f"{folder / lesson['key']}.toml: unknown objectives: {', '.join(sorted(unknown))}.")
    course["blueprint"] = _blueprint(course, items, folder / "course.toml")
    languages = {path.stem.replace("_", "-").lower(): read_po(path) for path in sorted(folder.glob("*.po"))}
    return CourseFolder(course["key"], course, lessons, items, languages, _scenario(folder / "scenario.toml"))


def _scenario(path: Path) -> dict | None:
    """Return the scenario of a course, where it has one, or say what keeps it from being played."""
    if not path.exists():
        return None
    words = _toml(path)
    _demand(words, ("key", "heading", "intro", "note", "nodes"), path)
    try:
        faults = scenarios.faults_of(scenarios.graph_of_file(words))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadCourse(f"{path}: a scene, an end or a choice cannot be read: {error!r}.") from error
    if faults:
        told = " ".join(str(SCENARIO_FAULTS[one.code]) % vars(one) for one in faults)
        raise BadCourse(f"{path}: {told}")
    return words


def _demand_tracks(entry: dict, course: dict, path: Path) -> None:
    unknown = set(entry.get("tracks", ())) - set(course.get("tracks", ())) | set(course.get("tracks", ())) - {*Track}
    if unknown:
        raise BadCourse(f"{path}: {entry['key']} names a track that the course has not: {', '.join(sorted(unknown))}.")


def _blueprint(course: dict, items: list[dict], path: Path) -> list[dict]:
    """Return the plan of the tests, sound in itself and filled by the bank; without one every question of form 2 is asked."""
    plan = course.get("blueprint")
    if not plan:
        there = min(MOST_ASKED, sum(1 for item in items if item["form"] == POST))
        return [{"form": POST, "objective": "", "count": there}] if there else []
    for row in plan:
        _demand(row, ("form", "count"), path)
        if row["form"] not in FORMS or row.setdefault("objective", "") not in {"", *Objective}:
            raise BadCourse(f"{path}: the plan has an unknown form or objective: {row}.")
    rows = [(row["form"], row["objective"], row["count"]) for row in plan]
    if len({row[:2] for row in rows}) < len(rows):
        raise BadCourse(f"{path}: the plan has two rows of one form and objective.")
    if too_many := [form for form, asked in asked_by_form(rows).items() if asked > MOST_ASKED]:
        raise BadCourse(f"{path}: form {too_many[0]} asks more than {MOST_ASKED} questions.")
    bank = [
        {"form": item["form"], "objective": item.get("objective", ""), "tracks": item.get("tracks")} for item in items
    ]
    for lack in lacks(rows, bank, course.get("tracks", ())):
        who = f" for {lack.track}" if lack.track else ""
        raise BadCourse(
            f"{path}: form {lack.form} asks {lack.asked} questions of {lack.objective or 'any objective'}{who}, "
            f"the bank holds {lack.there}."
        )
    return plan


def _toml(path: Path) -> dict:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise BadCourse(f"{path} is missing.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadCourse(f"{path} cannot be read: {error}.") from error


def _demand(entry: dict, names: tuple[str, ...], path: Path) -> None:
    missing = [name for name in names if not entry.get(name)]
    if missing:
        raise BadCourse(f"{path}: {', '.join(missing)} missing.")


def _lesson(path: Path) -> dict:
    lesson = _toml(path)
    _demand(lesson, ("key", "slug", "heading", "aim", "screens"), path)
    seen: set[str] = set()
    for screen in lesson["screens"]:
        _demand(screen, ("key", "kind"), path)
        if screen["key"] in seen:
            raise BadCourse(f"{path}: two screens have the key {screen['key']!r}.")
        seen.add(screen["key"])
        _demand_distinct(screen, screen.get("type", ""), path)
    return lesson


def _demand_distinct(entry: dict, kind: str, path: Path) -> None:
    parts = entry.get(grading.PARTS[kind], ()) if kind in grading.PARTS else ()
    if same := grading.doubled(part[grading.told_apart_by(kind)] for part in parts):
        raise BadCourse(f"{path}: {entry['key']} has {same!r} twice.")


def read_po(path: Path) -> dict[str, Translated]:
    """Return the translated strings of a PO by their context; empty, fuzzy and obsolete entries are left out."""
    text = path.read_text("utf-8")
    if "msgid" not in text:
        raise BadCourse(f"{path} is no PO file.")
    try:
        found = texts_of(text)
    except (OSError, ValueError) as error:
        raise BadCourse(f"{path} cannot be read: {error}.") from error
    return {context: Translated(source, target) for context, (source, target) in found.items() if context}


@dataclass(frozen=True)
class Words:
    """Where the strings of one thing stand: context in the PO, path in the thing, source text."""

    thing: str
    lines: tuple[tuple[str, str, str], ...]

    def in_language(self, translated: dict[str, Translated]) -> dict[str, str]:
        """Return path → text for the strings whose translation was made from the source as it stands."""
        return {
            path: translated[context].text
            for context, path, source in self.lines
            if context in translated and _same(translated[context].source, source)
        }


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()) == " ".join(other.split())


def course_words(folder: CourseFolder) -> Words:
    """Return the strings of the course page."""
    course, key = folder.course, folder.key
    lines = [
        (f"course {name}", name, course.get(name, "")) for name in ("heading", "summary", "audience", "disclaimer")
    ]
    for kind in ("do", "dont"):
        for number, text in enumerate(course.get(f"aide_{kind}", []), 1):
            lines.append((f"course aide_{kind} {number}", f"aide.{stable_id(key, 'aide', kind, str(number))}", text))
    for number, word in enumerate(course.get("glossary", []), 1):
        path = f"glossary.{stable_id(key, 'glossary', str(number))}"
        lines += [(f"glossary {number} {name}", f"{path}.{name}", word[name]) for name in ("term", "meaning")]
    return Words("course", tuple(lines))


def curriculum_words(folder: CourseFolder) -> Words:
    """Return the strings of the curriculum page."""
    course = folder.course
    return Words(
        "curriculum",
        tuple((f"curriculum {name}", name, course.get(f"curriculum_{name}", "")) for name in ("heading", "summary")),
    )


def module_words(module: dict) -> Words:
    """Return the strings of a module page."""
    key = module["key"]
    return Words(
        f"module {key}", tuple((f"module {key} {name}", name, module.get(name, "")) for name in ("heading", "summary"))
    )


def overlay_words(overlay: dict) -> Words:
    """Return the strings of a country entry."""
    context = f"overlay {overlay['country']} {overlay['slot']}"
    return Words(context, tuple((f"{context} {name}", name, overlay[name]) for name in ("text", "source")))


def lesson_words(course: str, lesson: dict) -> Words:
    """Return the strings of a lesson page."""
    key = lesson["key"]
    lines = [(f"{key} {name}", name, lesson[name]) for name in ("heading", "aim")]
    for screen in lesson["screens"]:
        block = str(stable_id(course, key, screen["key"]))
        lines += _block_lines(f"{key} {screen['key']}", f"body.{block}", screen, (course, key, screen["key"]))
    return Words(key, tuple(lines))


def item_words(course: str, item: dict) -> Words:
    """Return the strings of a question of the bank."""
    block = str(stable_id(course, "quiz", item["key"]))
    return Words(item["key"], tuple(_block_lines(item["key"], f"body.{block}", item, (course, "quiz", item["key"]))))


def scenario_words(course: str, scenario: dict) -> Words:
    """Return the strings of a scenario."""
    lines = [(f"scenario {name}", name, scenario[name]) for name in ("heading", "intro", "note")]
    for node in scenario["nodes"]:
        place = (course, "scenario", node["key"])
        context, path = f"scenario {node['key']}", f"nodes.{stable_id(*place)}"
        lines += [
            (f"{context} {name}", f"{path}.{name}", node[name]) for name in ("text", "debrief") if node.get(name)
        ]
        lines += [
            (
                f"{context} choice {one['key']} {name}",
                f"{path}.choices.{stable_id(*place, one['key'])}.{name}",
                one[name],
            )
            for one in node.get("choices", [])
            for name in ("text", "feedback")
        ]
    return Words(f"scenario {scenario['key']}", tuple(lines))


def node_blocks(course: str, scenario: dict) -> list[dict]:
    """Return the raw StreamField blocks of a scenario's scenes and ends, ids included."""
    return [_node_block(node, (course, "scenario", node["key"])) for node in scenario["nodes"]]


def _node_block(node: dict, place: tuple[str, ...]) -> dict:
    if node["kind"] == scenarios.END:
        value = {name: node[name] for name in ("key", "outcome", "text", "debrief")}
    else:
        value = {"key": node["key"], "text": node["text"], "choices": [_way(one, place) for one in node["choices"]]}
    return {"type": node["kind"], "value": value, "id": str(stable_id(*place))}


def _way(choice: dict, place: tuple[str, ...]) -> dict:
    value = {name: choice[name] for name in ("key", "text", "to", "feedback")}
    value |= {name: choice.get(name, 0) for name in scenarios.DIMENSIONS}
    return {"type": "item", "id": str(stable_id(*place, choice["key"])), "value": value}


_PLAIN = ("heading", "html", "text", "question", "unit", "answers", "right_feedback", "wrong_feedback")
_PARTS = {
    "options": ("option", ("text", "feedback")),
    "pairs": ("pair", ("left", "right", "feedback")),
    "steps": ("step", ("text", "feedback")),
}


def _block_lines(context: str, path: str, entry: dict, place: tuple[str, ...]) -> list[tuple[str, str, str]]:
    lines = [(f"{context} {name}", f"{path}.{name}", entry[name]) for name in _PLAIN if entry.get(name)]
    for plural, (word, names) in _PARTS.items():
        for part in entry.get(plural, []):
            item = stable_id(*place, part["key"])
            lines += [
                (f"{context} {word} {part['key']} {name}", f"{path}.{plural}.{item}.{name}", part[name])
                for name in names
                if part.get(name)
            ]
    return lines


def block_of(entry: dict, kind: str, place: tuple[str, ...]) -> dict:
    """Return the raw StreamField block of a screen or question, ids included."""
    if kind == "who":
        return {"type": "who", "value": None, "id": str(stable_id(*place))}
    if kind == "law":
        value = {"slot": entry["slot"], "optional": entry.get("optional", False)}
    elif kind in grading.KINDS:
        value = _check_value(entry, kind, place)
    else:
        value = {name: entry[name] for name in ("heading", "html", "text") if name in entry}
    return {"type": kind, "value": value, "id": str(stable_id(*place))}


def _check_value(entry: dict, kind: str, place: tuple[str, ...]) -> dict:
    value = {"heading": entry.get("heading", ""), "question": entry["question"]}
    for plural in _PARTS:
        if plural in entry:
            value[plural] = [
                {
                    "type": "item",
                    "id": str(stable_id(*place, part["key"])),
                    "value": {name: text for name, text in part.items() if name != "key"},
                }
                for part in entry[plural]
            ]
    if kind == "number":
        value |= {
            "answer": str(entry["answer"]),
            "tolerance": str(entry.get("tolerance", 0)),
            "unit": entry.get("unit", ""),
            "right_feedback": entry["right_feedback"],
            "wrong_feedback": entry["wrong_feedback"],
        }
    if kind == "short":
        value |= {name: entry[name] for name in ("answers", "right_feedback", "wrong_feedback")}
    return value
