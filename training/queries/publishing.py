"""What publishing an edit will do, before the button: shown from what is saved, nothing is written."""

import datetime as dt
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import Coalesce
from django.utils.html import strip_tags

from accounts.models import Country
from languages import queries as language_queries
from languages import table
from languages.segments import extract
from languages.text import diffs
from languages.text.diffs import Piece
from training import changing, grading, progress
from training.blocks import PLAYED
from training.choices import AROUND_A_LESSON, TEST_MINUTES, ChangeReason, Form, Lacking
from training.models import Compiled, Course, Lesson, Progress, Question, Scenario
from training.queries.course_rows import CourseRow
from training.queries.offers import Gate, gate, with_contacts
from training.queries.proposals import blocks_of, live_of, proposal_for
from training.queries.reading import courses
from training.queries.tree import courses_of


@dataclass(frozen=True)
class TextChange:
    """One text that is added, changed or taken out: what it was, what it will be, each paragraph in pieces."""

    kind: str
    before: list[list[Piece]]
    after: list[list[Piece]]


@dataclass(frozen=True)
class KeyChange:
    """A right answer that changes, in the words of its source: what is right for readers now, what would be."""

    before: str
    after: str


@dataclass(frozen=True)
class Reach:
    """How many officials of a country are in progress, have finished, and would get a refresher."""

    country: str
    under_way: int
    finished: int
    refreshed: int


@dataclass(frozen=True)
class Ageing:
    """A language in which so many of the live texts go out of date."""

    language: str
    texts: int
    of: int


@dataclass(frozen=True)
class Weight:
    """A lesson with what a telephone fetches for it, in bytes."""

    heading: str
    bytes: int


@dataclass(frozen=True)
class Publishing:
    """Everything the page shows before something is published.

    `country` is the one whose officials are counted, where only one is, and `elsewhere` how many more offer the course.
    """

    thing: models.Model
    course: CourseRow | None
    is_new: bool
    proposal: changing.Proposal
    change: str
    reasons: tuple[str, ...]
    changes: tuple[TextChange, ...]
    reach: tuple[Reach, ...]
    minutes: int
    ageing: tuple[Ageing, ...]
    gates: tuple[tuple[str, tuple[Gate, ...]], ...]
    faults: tuple[str, ...]
    weights: tuple[Weight, ...]
    keys: tuple[KeyChange, ...] = ()
    country: str = ""
    elsewhere: int = 0

    @property
    def is_question(self) -> bool:
        """Tell whether it is a question of a test, whose answers can be marked anew afterwards."""
        return isinstance(self.thing, Question)

    @property
    def refreshed(self) -> int:
        """Return how many officials in all would get a refresher."""
        return sum(one.refreshed for one in self.reach)


def publishing(thing: models.Model, *, at: dt.datetime, country: str = "") -> Publishing:
    """Return what publishing the saved draft of a lesson, question, story or course will do; a person of one country is told
    of her country's officials only, and that others offer the course too: how many of theirs it reaches she may not know,
    as in every report. The number of queries does not hang on how many officials there are."""
    draft, live = thing.get_latest_revision_as_object(), live_of(thing)
    course = _course_of(thing)
    row = next(iter(courses(table.SOURCE, page=course.pk)), None) if course else None
    proposed = proposal_for(draft)
    changes = _changes(live, draft)
    change = draft.change or proposed.change  # what was chosen and kept counts, else what is proposed
    own, elsewhere = _scope(row, country)
    aged = {path for path, one in changes if one.kind != "added"} if change != changing.WORDING else set()
    return Publishing(
        thing=draft,
        course=row,
        is_new=live is None,
        proposal=proposed,
        change=change,
        reasons=tuple(str(ChangeReason(code).label) for code in proposed.reasons),
        changes=tuple(one for _path, one in changes),
        reach=_reach(draft, course, change, country) if course else (),
        minutes=draft.minutes if isinstance(draft, Lesson | Scenario) else TEST_MINUTES,
        ageing=_ageing(live, aged) if live else (),
        gates=_gates(row, country, at) if row else (),
        faults=faults_in(draft),
        weights=_weights(row) if row else (),
        keys=tuple(_keys(live, draft)) if live and not isinstance(draft, Course) else (),
        country=own,
        elsewhere=elsewhere,
    )


def _course_of(thing: models.Model) -> Course | None:
    return thing if isinstance(thing, Course) else courses_of(thing).first()


def _changes(live: models.Model | None, draft: models.Model) -> list[tuple[str, TextChange]]:
    before = {line.path: line for line in extract(live)} if live else {}
    after = {line.path: line for line in extract(draft)}
    found = []
    for path in dict.fromkeys([*after, *before]):
        old, new = before.get(path), after.get(path)
        had, gets = old.text if old else "", new.text if new else ""
        if had != gets:
            kind = "changed" if had and gets else "added" if gets else "removed"
            pieces = diffs.beside(old.paragraphs if old else (), new.paragraphs if new else ())
            found.append((path, TextChange(kind, *pieces)))
    return found


def _keys(live: models.Model, draft: models.Model) -> Iterator[KeyChange]:
    """Yield each right answer that changes: what is right for readers now, and what would be."""
    before = {block["id"]: block for block in blocks_of(live) if block["type"] in grading.KINDS}
    for block in blocks_of(draft):
        old = before.get(block["id"])
        if old and progress.key_of(grading.item_of_block(old)) != progress.key_of(grading.item_of_block(block)):
            yield KeyChange(_right_of(old), _right_of(block))


def _right_of(block: dict) -> str:
    """Return what is right in a question, in the words of its source."""
    value = block["value"]
    if block["type"] == "number":
        return f"{value['answer']} ± {value['tolerance']}"
    if block["type"] == "match":
        return "; ".join(f"{part['value']['left']} → {part['value']['right']}" for part in value["pairs"])
    if block["type"] == "order":
        return "; ".join(part["value"]["text"] for part in value["steps"])
    return "; ".join(part["value"]["text"] for part in value["options"] if part["value"].get("right"))


def _reach(draft: models.Model, course: Course, change: str, country: str) -> tuple[Reach, ...]:
    """Return the officials by country; those who finished get a refresher where the change is material for them."""
    hers = Q(completed_at__isnull=False)
    tracks = getattr(draft, "tracks", []) if not isinstance(draft, Course) else []
    if tracks:
        hers &= Q(track__in=["", *tracks])
    rows = Progress.objects.filter(enrolment__course=course.pk)
    rows = rows.annotate(home=Coalesce("enrolment__learner__user__country", "enrolment__learner__country"))
    if country:
        rows = rows.filter(home=country)
    is_material = change == changing.MATERIAL and _asks_anew(draft)
    found = rows.values("home").annotate(
        under_way=Count("pk", filter=Q(completed_at=None)),
        finished=Count("pk", filter=Q(completed_at__isnull=False)),
        refreshed=Count("pk", filter=hers),
    )
    names = {one.pk: one.name for one in Country.objects.all()}
    return tuple(
        Reach(
            names.get(one["home"], ""),
            one["under_way"],
            one["finished"],
            one["refreshed"] if is_material else 0,
        )
        for one in found.order_by("home")
    )


def _scope(row: CourseRow | None, country: str) -> tuple[str, int]:
    """Return the name of the country whose officials alone are counted, "" for all, and how many others offer the course."""
    if not country or row is None:
        return "", 0
    others = Country.objects.filter(is_active=True, pk__in=row.countries).exclude(pk=country)
    return Country.objects.get(pk=country).name, others.count()


def _asks_anew(draft: models.Model) -> bool:
    """Tell whether a material change of this thing asks people anew: an optional lesson or story, or another paper, does not."""
    if isinstance(draft, Lesson | Scenario):
        return draft.required
    return not isinstance(draft, Question) or draft.form == Form.POST


def _ageing(live: models.Model, paths: set[str]) -> tuple[Ageing, ...]:
    units = language_queries.live_units_of(live).values_list("language", "segment__path")
    all_of, stale = Counter(), Counter()
    for language, path in units:
        all_of[language] += 1
        stale[language] += path in paths
    return tuple(Ageing(table.BY_CODE[code].own, stale[code], all_of[code]) for code in table.CODES if all_of[code])


def _gates(row: CourseRow, country: str, at: dt.datetime) -> tuple[tuple[str, tuple[Gate, ...]], ...]:
    places = Country.objects.filter(is_active=True, pk__in=row.countries)
    if country:
        places = places.filter(pk=country)
    places, contacts = with_contacts(places)
    return tuple((place.name, tuple(gate(row, place, contacts[place.pk], at))) for place in places)


def _weights(row: CourseRow) -> tuple[Weight, ...]:
    """Return what each lesson weighs in the source language: its compiled words, compressed, and the page around them."""
    headings = {one.id: str(one.heading) for one in row.lessons}
    path = models.QuerySet(Course).values_list("path", flat=True).get(pk=row.page)
    found = Compiled.objects.filter(language=table.SOURCE, part="", page__path__startswith=path)
    bodies = {progress.read(body)["id"]: body for body in found.values_list("body", flat=True)}
    return tuple(
        Weight(heading, AROUND_A_LESSON + len(zlib.compress(bodies[key].encode())))
        for key, heading in headings.items()
        if key in bodies
    )


def faults_in(draft: models.Model) -> tuple[str, ...]:
    """Return what is missing in a lesson or question, in words, each once."""
    body = [] if isinstance(draft, Course) else blocks_of(draft)
    found = [Lacking.FEEDBACK for block in body if _lacks_feedback(block["value"] or {})]
    found += [Lacking.ALT for block in body if block["type"] == "image" and _lacks_alt(block["value"])]
    found += [Lacking.TRANSCRIPT for block in body if block["type"] in PLAYED and not _said(block["value"])]
    found += [Lacking.CAPTIONS for block in body if block["type"] == "video" and not block["value"].get("captions")]
    if isinstance(draft, Lesson):
        kinds = {block["type"] for block in body}
        found += [] if kinds & grading.KINDS else [Lacking.CHECK]
        found += [code for kind, code in (("takeaway", Lacking.TAKEAWAY), ("who", Lacking.WHO)) if kind not in kinds]
        found += [] if 10 <= draft.minutes <= 15 else [Lacking.MINUTES]
    return tuple(str(code.label) for code in dict.fromkeys(found))


def _lacks_feedback(value: dict) -> bool:
    parts = [part for name in ("options", "pairs", "steps") for part in value.get(name) or ()]
    return any(not (part["value"].get("feedback") or "").strip() for part in parts)


def _said(value: dict) -> str:
    return strip_tags(value.get("transcript") or "").strip()


def _lacks_alt(value: dict) -> bool:
    return not value.get("decorative") and not (value.get("alt") or "").strip()
