"""A scenario as one reader plays it: her language, the path behind her, what she did before."""

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import get_language

from training import scenarios
from training.choices import DIMENSIONS, Effect
from training.models import Compiled, Scenario
from training.queries.compiled import Built, body_of, course_in
from training.queries.course_rows import CourseRow, LanguageState
from training.queries.lessons import Place, around, closed_of, place_of, read_before
from training.queries.offers import Closed
from training.queries.reading import Reader, chain_of, date_of
from training.queries.screens import Around
from training.queries.story_rows import Done, Effected, Newer, NewerWay, Story, Told, Way

SEPARATOR = "."


@dataclass(frozen=True)
class PlayView:
    """Everything on a scenario's page; `here` is None before it is begun.

    `is_risen`: its law, procedure or a right way has changed since she played it to an end.
    """

    story: Story
    course: CourseRow
    version: str
    path: tuple[str, ...]
    steps: tuple[Done, ...]
    here: Told | None
    is_cut: bool
    country: str
    place: Place
    kept: tuple[tuple[str, tuple[str, ...]], ...]
    closed: Closed | None
    around: Around | None
    is_risen: bool = False

    @property
    def last(self) -> Done | None:
        """Return the choice that led here."""
        return self.steps[-1] if self.steps else None

    @property
    def address(self) -> str:
        """Return the path as an address carries it."""
        return SEPARATOR.join(self.path)

    @property
    def is_long(self) -> bool:
        """Tell whether the path is as long as one may be; then only an earlier scene is taken up again."""
        return len(self.path) >= scenarios.MOST_STEPS

    @property
    def resume(self) -> str:
        """Return where she stopped when she last played, as an address; nothing where she never did."""
        return SEPARATOR.join(scenarios.furthest_part(self.story.graph, self.kept[0][1])) if self.kept else ""

    @property
    def is_kept(self) -> bool:
        """Tell whether the path behind the reader is in her record."""
        return any(path[: len(self.path)] == self.path for _play, path in self.kept)

    @property
    def play(self) -> str:
        """Return the play that goes on here; nothing where another one would begin."""
        return next((play for play, path in self.kept if path == self.path and path), "")

    def is_same_play(self, play: str, path: Sequence[str]) -> bool:
        """Tell whether a path goes on with a play, or repeats a part of it; else it leaves it and is another one."""
        before = dict(self.kept).get(play, ())
        shorter = min(len(before), len(path))
        return before[:shorter] == tuple(path[:shorter])

    @property
    def is_done(self) -> bool:
        """Tell whether the reader has reached an end of it before."""
        return self.story.id in self.place.done


def part_of_scenario(scenario: Scenario) -> str:
    """Return under which part of its course's compiled rows a scenario stands."""
    return f"s{scenario.pk}"


def path_in(address: str) -> tuple[str, ...]:
    """Return the path that an address carries; the walk tells what of it there is."""
    return tuple(part for part in address.split(SEPARATOR)[: scenarios.MOST_STEPS] if part)


def play_view(
    key: str,
    *,
    path: Sequence[str] | None,
    language: str,
    user,
    country: str,
    at: dt.datetime,
    also_off: bool = False,
) -> PlayView | None:
    """Return a scenario for a reader at the end of a path, or before its beginning; None where there is none.

    Three queries for a learner, two for a visitor; two more for a person who has not begun the course, and one for the
    numbers to call at an end. `also_off`: of a course that was taken off as well, since what is sent of it counts.
    """
    found = _built_for(key, language, also_off=also_off)
    if found is None:
        return None
    (row, course_row), course_path = found
    story, course = built_story(row, course_row, language, get_language()), course_in(course_row, language)
    place = place_of(user, course_path)
    walked = scenarios.furthest_part(story.graph, path or ())
    walk = scenarios.walk(story.graph, walked)
    here, version = None if path is None else story.told[walk.here.key], course.version_for(country)
    return PlayView(
        story=story,
        course=course,
        version=version,
        path=walked,
        steps=_steps(story, walk, walked),
        here=here,
        is_cut=len(walked) < len(path or ()),
        country=country,
        place=place,
        kept=_kept(place, story),
        closed=closed_of(course, place, user, at),
        around=around(course, country) if here and here.is_end else None,
        is_risen=bool(read_before(story.id, version, place)),
    )


def story_view(key: str, language: str) -> Story | None:
    """Return a scenario for everybody who reads a language, or None where there is none; two queries."""
    found = _built_for(key, language)
    return built_story(*found[0], language, get_language()) if found else None


def _built_for(key: str, language: str, *, also_off: bool = False) -> tuple[tuple[Built, Built], str] | None:
    """Return the rows of a scenario and of its course that serve a reader best, and the course's path; two queries."""
    stands = {} if also_off else {"course__live": True}
    scenario = Scenario.objects.filter(key=key, live=True, **stands).values("pk", "course_id").first()
    if scenario is None:
        return None
    chain, part = chain_of(language), f"s{scenario['pk']}"
    rows = Compiled.objects.filter(page=scenario["course_id"], part__in=("", part), language__in=chain).values_list(
        "part", "pk", "page_id", "language", "built_at", "page__path"
    )
    found: dict[str, Built] = {}
    paths = set()
    for name, *built, course_path in sorted(rows, key=lambda row: chain.index(row[3])):
        found.setdefault(name, Built(*built))
        paths.add(course_path)
    return ((found[part], found[""]), paths.pop()) if {part, ""} <= found.keys() else None


@lru_cache(maxsize=64)
def built_story(row: Built, course_row: Built, language: str, active: str) -> Story:
    """Put a scenario together for readers of a language."""
    return story_of(body_of(row), row.language, language, course_in(course_row, language).languages)


def story_of(body: dict, served: str, language: str, languages: Sequence[LanguageState] = ()) -> Story:
    """Return a story from what its row in the language `served` holds, for readers of a language."""
    reader, entries = Reader(language), body["nodes"]
    known = {one.code: one for one in languages}
    return Story(
        id=body["id"],
        key=body["key"],
        **{name: reader.words(body[name]) for name in ("heading", "intro", "note")},
        minutes=body["minutes"],
        required=body["required"],
        graph=scenarios.graph_of_file(body),
        graph_id=body["graph"],
        state=reader.state(body["state"], served),
        told={
            entry["key"]: _told(entry, number, reader, served)
            for entry, number in zip(entries, _numbers(entries, body["start"]), strict=True)
        },
        languages=tuple(known[code] for code in body["languages"] if code in known),
    )


def _numbers(entries: list[dict], start: str) -> list[int]:
    """Return the numbers of the cards: the first scene is card 1, the others follow as they were written."""
    later = itertools.count(2)
    return [1 if entry["key"] == start else next(later) for entry in entries]


def _told(entry: dict, number: int, reader: Reader, row_language: str) -> Told:
    language, newer = entry["lang"] or row_language, _newer(entry.get("behind"))
    return Told(
        key=entry["key"],
        number=number,
        words=reader.text(entry["text"], language),
        debrief=reader.text(entry.get("debrief", ""), language),
        outcome=entry.get("outcome", ""),
        stale=date_of(entry.get("stale", "")),
        choices={one["key"]: _way(one, reader, language, newer) for one in entry["choices"]},
        newer=newer,
    )


def _newer(entry: dict | None) -> Newer | None:
    if entry is None:
        return None
    ways = {way["key"]: NewerWay(way["text"], way["feedback"]) for way in entry["choices"]}
    return Newer(dt.date.fromisoformat(entry["date"]), entry["text"], entry["debrief"], ways)


def _way(entry: dict, reader: Reader, language: str, newer: Newer | None) -> Way:
    return Way(
        key=entry["key"],
        to=entry["to"],
        words=reader.text(entry["text"], language),
        feedback=reader.text(entry["feedback"], language),
        effects=tuple(_effect(name, int(entry.get(name) or 0)) for name in DIMENSIONS),
        newer=newer.ways[entry["key"]].feedback if newer else "",
    )


def _effect(name: str, mark: int) -> Effected:
    kind, shape = ("ok", "tick") if mark > 0 else ("wait", "tri") if mark < 0 else ("", "ring")
    return Effected(str(DIMENSIONS[name]), str(Effect(mark).label), kind, shape)


def _steps(story: Story, walk: scenarios.Walk, path: tuple[str, ...]) -> tuple[Done, ...]:
    return tuple(
        Done(
            story.told[step.scene.key],
            story.told[step.scene.key].choices[step.choice.key],
            SEPARATOR.join(path[:position]),
        )
        for position, step in enumerate(walk.steps)
    )


def _kept(place: Place, story: Story) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return what she played of a scenario, the latest first: each play with its path."""
    plays = place.state.get("plays", {}) if place.state else {}
    mine = [(entry, key.partition("/")[2]) for key, entry in plays.items() if key.startswith(f"{story.id}/")]
    latest_first = sorted(mine, key=lambda one: (one[0][1], one[0][0], one[0][2]), reverse=True)
    return tuple((play, tuple(entry[3])) for entry, play in latest_first)
