"""What a reader sees: compiled rows read as values."""

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language

from languages import table
from languages.queries import State
from languages.statements import Prepared
from training import progress
from training.choices import Form
from training.models import Compiled
from training.queries.course_rows import (
    Behind,
    CourseRow,
    CourseTest,
    Entry,
    LanguageState,
    ModuleOutline,
    Outline,
    Story,
    Words,
)


class Reader:
    """Turns the JSON of compiled rows into values for one reader's language."""

    def __init__(self, language: str):
        self.language = language

    def words(self, entry: dict) -> Words:
        """Return a text with its language."""
        return self.text(entry.get("text") or "", entry.get("lang") or "")

    def text(self, text: str, language: str) -> Words:
        """Return a text in a language; what has none is the reader's own."""
        code = language or self.language
        return Words(text, code, code == self.language)

    def state(self, entry: dict, row_language: str) -> State:
        """Return how a thing stands; `row_language` is the language of the compiled row that serves the reader."""
        missing = row_language != self.language
        return State(
            fallback=entry["fallback"] or missing,
            stale=entry["stale"],
            date=date_of(entry["date"]),
            native=entry["native"],
            missing=missing,
            shown_in=row_language if missing else "",
        )

    def course(self, row: Compiled) -> CourseRow:
        """Return a course; what a row says is read once, the same for all readers of a language."""
        return _course(self.language, row.page_id, row.language, row.body, get_language())

    def course_of(self, page: int, row_language: str, body: dict) -> CourseRow:
        """Return a course from what a compiled row says of it."""
        return CourseRow(
            page=page,
            id=body["id"],
            key=body["key"],
            url=url_of(body["path"]),
            tests=_tests(body),
            tracks=tuple(body.get("tracks", ())),
            curriculum=self.words(body["curriculum"]),
            curriculum_url=url_of(body["curriculum"]["path"]),
            **{name: self.words(body[name]) for name in ("heading", "summary", "audience", "disclaimer")},
            countries=tuple(body["countries"]),
            modules=self._modules(body["modules"], row_language),
            aide_do=self._aide(body["aide"], "do", row_language),
            aide_dont=self._aide(body["aide"], "dont", row_language),
            glossary=tuple(
                tuple(self.text(word[name], word["lang"] or row_language) for name in ("term", "meaning"))
                for word in body["glossary"]
            ),
            languages=tuple(_language(entry) for entry in body["languages"]),
            state=self.state(body["state"], row_language),
            kilobytes=body["kilobytes"],
            country_names=body["country_names"],
            versions=body["versions"],
            overlays={
                country: {slot: self._entry(entry) for slot, entry in entries.items()}
                for country, entries in body["overlays"].items()
            },
            stories=tuple(self._story(entry) for entry in body.get("scenarios", ())),
            without_account=body.get("without_account", False),
        )

    def _story(self, entry: dict) -> Story:
        url = reverse("training:scenario", args=[entry["key"]])
        heading = self.words(entry["heading"])
        return Story(entry["id"], entry["pk"], heading, url, entry["minutes"], entry["required"])

    def _aide(self, entries: list[dict], kind: str, row_language: str) -> tuple[Words, ...]:
        return tuple(
            self.text(entry["text"], entry["lang"] or row_language) for entry in entries if entry["kind"] == kind
        )

    def _modules(self, entries: list[dict], row_language: str) -> tuple[ModuleOutline, ...]:
        number, modules = 0, []
        for place, entry in enumerate(entries, 1):
            lessons = []
            for lesson in entry["lessons"]:
                number += 1
                lessons.append(self._outline(lesson, number))
            words = (self.words(entry[name]) for name in ("heading", "summary"))
            state = self.state(entry["state"], row_language) if "state" in entry else None
            modules.append(ModuleOutline(place, *words, tuple(lessons), state))
        return tuple(modules)

    def _outline(self, entry: dict, number: int) -> Outline:
        heading, url = self.words(entry["heading"]), url_of(entry["path"])
        tracks = tuple(entry.get("tracks", ()))
        place = (entry["id"], number, heading, url, entry["minutes"], entry["required"])
        return Outline(*place, tracks, tuple(entry.get("objectives", ())))

    def _entry(self, entry: dict) -> Entry:
        return Entry(
            words=self.words(entry),
            source_kind=entry["source_kind"],
            source=self.text(entry["source"], entry.get("source_lang") or table.SOURCE),
            article=entry["article"],
            checked_at=date_of(entry["checked_at"]),
            review_at=date_of(entry["review_at"]),
            confirmed=entry["confirmed"],
            behind=behind_in(entry),
            stale=date_of(entry.get("stale", "")),
        )


@lru_cache(maxsize=128)
def _course(language: str, page: int, row_language: str, body: str, active: str) -> CourseRow:
    """Read a course; its addresses are those of the language that is active."""
    return Reader(language).course_of(page, row_language, progress.read(body))


def _tests(body: dict) -> tuple[CourseTest, ...]:
    """Return the tests of a compiled course; a row from before there were forms tells of the one after the course."""
    if "tests" in body:
        return tuple(CourseTest(**entry) for entry in body["tests"])
    one = CourseTest(Form.POST, body["test"], body["draw"], body["minimum"], body["critical"])
    return (one,) if body["draw"] else ()


def _language(entry: dict) -> LanguageState:
    row = table.BY_CODE[entry["code"]]
    return LanguageState(row.code, row.own, row.direction, entry["whole"], entry["stale"], entry["awaiting"])


def date_of(text: str) -> dt.date | None:
    """Return a date from compiled JSON."""
    return dt.date.fromisoformat(text) if text else None


def behind_in(entry: dict) -> Behind | None:
    """Return what the source says now, where a compiled text is behind it."""
    said = entry.get("behind")
    return Behind(**said | {"date": date_of(said["date"]), "parts": tuple(said.get("parts", ()))}) if said else None


def url_of(path: str) -> str:
    """Return the address of a page in the active language."""
    return reverse("wagtail_serve", args=[path])


def chain_of(language: str) -> list[str]:
    """Return the languages whose rows may serve a reader, best first."""
    return list(dict.fromkeys([language, *table.BY_CODE[language].chain, table.SOURCE]))


def best(rows: Iterable[Compiled], language: str) -> dict[tuple[int, str], Compiled]:
    """Return, by page and part, the row that serves a reader best."""
    order = chain_of(language)
    found: dict[tuple[int, str], Compiled] = {}
    for row in sorted(rows, key=lambda row: order.index(row.language)):
        found.setdefault((row.page_id, row.part), row)
    return found


def courses(language: str, **which) -> list[CourseRow]:
    """Return live courses as a reader of a language sees them, in tree order; one query."""
    reader, rows = Reader(language), _course_rows(language, **which)
    served = best(rows, language)
    pages = dict.fromkeys(row.page_id for row in rows)
    return [reader.course(served[(page, "")]) for page in pages]


def heading_of(page: int, language: str) -> Words | None:
    """Return what a course is called for a reader of a language, also one that was taken off; one query."""
    rows = Compiled.objects.filter(page=page, part="", language__in=chain_of(language))
    served = best(rows, language)
    row = served.get((page, ""))
    return Reader(language).words(progress.read(row.body)["heading"]) if row else None


def _course_rows(language: str, **which) -> list[Compiled]:
    chain, pages = chain_of(language), (which["page"],) if "page" in which else tuple(set(which.get("page__in", ())))
    if which.keys() - {"page", "page__in"}:
        return list(_rows(*chain).filter(**which))
    return _statement(len(chain), len(pages) if which else None).objects(*chain, *pages) if pages or not which else []


def _rows(*chain: str) -> QuerySet[Compiled]:
    is_shown = {"part": "", "page__live": True, "page__course__isnull": False}
    return Compiled.objects.filter(language__in=chain, **is_shown).order_by("page__path")


@lru_cache(maxsize=64)
def _statement(languages: int, pages: int | None) -> Prepared:
    """Return the statement for so many languages and pages; None: all courses."""

    def make(*marks):
        rows = _rows(*marks[:languages])
        return rows if pages is None else rows.filter(page__in=marks[languages:])

    return Prepared(make, *(f"language {n}" for n in range(languages)), *(-1 - n for n in range(pages or 0)))
