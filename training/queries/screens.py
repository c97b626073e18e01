"""A lesson as it is for every reader of a language: put together once for each building of its rows.

What depends on who reads (answers, law of her country, numbers, progress) is added in `lessons`.
"""

import datetime as dt
from dataclasses import dataclass, replace
from functools import lru_cache

from django.urls import reverse
from django.utils.translation import get_language

from languages import table
from languages.queries import State
from training.blocks import CHECK_TYPES
from training.choices import MediaKind
from training.queries.compiled import Built, body_of, course_in
from training.queries.course_rows import Behind, CourseRow, Entry, LanguageState, Outline, Story, Words
from training.queries.questions import Question, question_of
from training.queries.reading import Reader, behind_in, date_of


@dataclass(frozen=True)
class Picture:
    """A drawing with its size and its words."""

    url: str
    width: int = 0
    height: int = 0
    alt: str = ""
    caption: str = ""


@dataclass(frozen=True)
class Player:
    """A sound or film: address, true type, bytes, the own name of the language spoken in it; for a film its captions and theirs."""

    url: str
    content_type: str
    size: int
    sha256: str
    ending: str
    is_film: bool
    spoken: str
    captions_url: str = ""
    captions: str = ""
    captions_language: str = ""

    @property
    def captions_name(self) -> str:
        """Return the own name of the language of its captions."""
        return table.BY_CODE[self.captions_language].own


@dataclass(frozen=True)
class File:
    """A file to download: its address, the ending of its name, its bytes."""

    url: str
    ending: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Screen:
    """One screen of a lesson."""

    id: str
    kind: str
    language: str
    direction: str
    is_own: bool
    language_name: str
    heading: str = ""
    text: str = ""
    html: str = ""
    stale: dt.date | None = None
    source_heading: str = ""
    source_text: str = ""
    source_html: str = ""
    slot: str = ""
    optional: bool = False
    entry: Entry | None = None
    source_kind: str = ""
    skip_to: str = ""
    question: Question | None = None
    image: Picture | None = None
    story: Story | None = None
    clip: Player | None = None
    file: File | None = None
    behind: Behind | None = None

    @property
    def is_written_once(self) -> bool:
        """Tell whether what is seen here hangs on these values and the reader's country alone, not on what she did."""
        return self.kind != "check" and self.stale is None and not (self.entry and self.entry.stale)


@dataclass(frozen=True)
class Number:
    """A public number as a lesson shows it."""

    name: str
    hours: str
    number: str
    is_free: bool
    checked_at: dt.date | None
    source_kind: str


@dataclass(frozen=True)
class Around:
    """Where the reader is: her country with its public numbers, and the countries from which she may choose."""

    country: str = ""
    country_name: str = ""
    numbers: tuple[Number, ...] = ()
    offered: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Fixed:
    """What a lesson's page holds for every reader of a language; `entries` are the compiled questions by id."""

    id: str
    course: CourseRow
    heading: Words
    aim: Words
    minutes: int
    state: State
    screens: tuple[Screen, ...]
    entries: dict[str, dict]
    languages: tuple[LanguageState, ...]
    module: str
    outline: tuple[Outline, ...]
    glossary: tuple[tuple[Words, Words], ...]
    behind: Behind | None = None


def fixed_of(row: Built, course_row: Built, language: str) -> Fixed:
    """Return a lesson for readers of a language; two queries when it is not in memory."""
    return _fixed(row, course_row, language, get_language())


@lru_cache(maxsize=128)
def _fixed(row: Built, course_row: Built, language: str, active: str) -> Fixed:
    """Put a lesson together; its addresses are those of the language that is active."""
    reader, body, course = Reader(language), body_of(row), course_in(course_row, language)
    modules = (module for module in course.modules if any(one.id == body["id"] for one in module.lessons))
    own = next(modules, None)  # none where its module is off: a phone that keeps the course leaves it out
    return Fixed(
        id=body["id"],
        course=course,
        heading=reader.words(body["heading"]),
        aim=reader.words(body["aim"]),
        minutes=body["minutes"],
        state=reader.state(body["state"], row.language),
        screens=screens_of(body, reader, row.language, course.stories),
        entries={entry["id"]: entry for entry in body["screens"]},
        languages=_languages(body["languages"], course, language),
        module=str(own.heading) if own else "",
        outline=course.lessons,
        glossary=_glossary(body["screens"], course),
        behind=behind_in(body),
    )


def screens_of(body: dict, reader: Reader, row_language: str, stories: tuple[Story, ...]) -> tuple[Screen, ...]:
    """Return the screens of a compiled lesson; addresses are those of the language that is active."""
    return _with_skips([_screen(entry, reader, row_language, stories, body["id"]) for entry in body["screens"]])


def _languages(entries: list[dict], course: CourseRow, language: str) -> tuple[LanguageState, ...]:
    known = {one.code: one for one in course.languages}
    others = (entry for entry in entries if entry["code"] != language and entry["code"] in known)
    return tuple(replace(known[entry["code"]], state=entry["state"]) for entry in others)


def _glossary(entries: list[dict], course: CourseRow) -> tuple[tuple[Words, Words], ...]:
    """Return the words of the course that this lesson uses."""
    folded = " ".join(f"{entry.get('html', '')} {entry.get('question', '')}" for entry in entries).casefold()
    return tuple(pair for pair in course.glossary if pair[0].text.casefold() in folded)[:4]


def _screen(entry: dict, reader: Reader, row_language: str, stories: tuple[Story, ...], lesson: str) -> Screen:
    words, kind = reader.text("", entry["lang"] or row_language), entry["kind"]
    return Screen(
        id=entry["id"],
        kind="check" if kind in CHECK_TYPES else kind,
        language=words.language,
        direction=words.direction,
        is_own=words.is_own or kind in {"law", "who", "scenario"},
        language_name=words.language_name,
        heading=entry.get("heading", ""),
        text=entry.get("text", ""),
        html=entry.get("html", ""),
        stale=date_of(entry.get("stale", "")),
        **{f"source_{name}": text for name, text in entry.get("source", {}).items()},
        slot=entry["slot"] if kind == "law" else "",
        optional=kind == "law" and entry["optional"],
        image=_picture(entry) if kind == "image" else None,
        question=question_of(entry) if kind in CHECK_TYPES else None,
        story=next((one for one in stories if one.pk == entry.get("scenario")), None),
        clip=_player(entry, lesson, words.language) if entry.get("clip") else None,
        file=File(**entry["file"]) if entry.get("file") else None,
        behind=behind_in(entry),
    )


def _player(entry: dict, lesson: str, language: str) -> Player:
    """Return the player of a screen whose words are in a language; captions that do not fit are those of the source."""
    clip, film = entry["clip"], {}
    if captions := entry.get("captions", ""):
        film = {
            "captions": captions,
            "captions_url": reverse("training:captions", args=[lesson, entry["id"]]),
            "captions_language": table.SOURCE if entry["captions_source"] else language,
        }
    return Player(
        url=reverse("training_plain:clip", args=[clip["id"], clip["ending"]]),
        is_film=clip["kind"] == MediaKind.VIDEO,
        spoken=table.BY_CODE[clip["language"]].own if clip["language"] else "",
        **{name: clip[name] for name in ("content_type", "size", "sha256", "ending")},
        **film,
    )


def _picture(entry: dict) -> Picture:
    return Picture(**{name: entry[name] for name in ("url", "width", "height", "alt", "caption") if name in entry})


def _with_skips(screens: list[Screen]) -> tuple[Screen, ...]:
    """Return the screens; each content note with the screen that follows what it warns of, if any.

    It warns of the screen below it and of the text that goes on from there: sound, a file, the law of a country and a
    question stand by themselves.
    """
    shown = []
    for place, screen in enumerate(screens):
        after = next((one.id for one in screens[place + 2 :] if one.kind not in GOES_ON), "")
        shown.append(replace(screen, skip_to=after) if screen.kind == "note" and after else screen)
    return tuple(shown)


GOES_ON = frozenset({"text", "image"})
