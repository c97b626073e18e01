"""What becomes of the strings of a thing, and of what is translated, once its source says something else; nothing is written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import models

from languages import table
from languages.choices import Freshness
from languages.models import Segment, Unit
from languages.queries.keys import key_of, place_of
from languages.queries.things import segments_by_thing
from languages.revisions import Change
from languages.segments import Line, extract


@dataclass
class Followed:
    """The strings of a source with their places: those that a segment has already, those that are new, and what went."""

    kept: list[tuple[Segment, int, Line]] = field(default_factory=list)
    born: list[tuple[int, Line]] = field(default_factory=list)
    gone: list[Segment] = field(default_factory=list)


@dataclass(frozen=True)
class Foretold:
    """What publishing does to the live texts of a language: how many there are, go out of date, are up to date again."""

    language: str
    live: int
    ageing: int
    again: int


def followed(thing: models.Model, known: Mapping[str, Segment]) -> Followed:
    """Return what becomes of the segments of a thing, by their paths, once its source is as it is in hand."""
    left, found, new = dict(known), Followed(), []
    for position, line in enumerate(extract(thing)):
        if line.path in left:
            found.kept.append((left.pop(line.path), position, line))
        else:
            new.append((position, line))
    for position, line, moved in _moved(new, left):
        if moved:
            found.kept.append((moved, position, line))
        else:
            found.born.append((position, line))
    found.gone = [segment for segment in left.values() if segment.retired_at is None]
    return found


def _moved(new: Sequence[tuple[int, Line]], left: dict[str, Segment]) -> Iterator[tuple[int, Line, Segment | None]]:
    """Yield new strings of a thing, each with the segment that said the same at a place that is no more, where one did.

    A block that is copied, or taken out and put in anew, bears other ids and the same words: its translations go with them.
    What stood until now comes before what went earlier, in the order of their places; the segment is taken out of `left`.
    """
    known: dict[tuple, list[Segment]] = {}
    for segment in sorted(left.values(), key=lambda one: (one.retired_at is not None, one.position)):
        known.setdefault((segment.path.partition(".")[0], segment.kind, segment.digest), []).append(segment)
    for position, line in new:
        same = known.get((line.path.partition(".")[0], line.kind, line.digest), []) if line.text else []
        yield position, line, left.pop(same.pop(0).path) if same else None


def foretold(thing: models.Model, change: str) -> tuple[tuple[Foretold, ...], int]:
    """Return what publishing a thing as it is in hand does to each language in which some of it is live, in table order,
    and how many of its texts are new; two queries.

    Each translation is judged by the words that it was made from, so an edit that is taken back makes it current again.
    """
    become = followed(thing, segments_by_thing([thing])[key_of(thing)])
    changed = {segment.pk: line.digest for segment, _at, line in become.kept if segment.digest != line.digest}
    counts: dict[str, list[int]] = {}
    units = Unit.objects.filter(**place_of(thing), live_version__gte=1).order_by()
    columns = ("language", "segment", "is_retired", "freshness", "live_digest")
    for code, segment, is_retired, freshness, digest in units.values_list(*columns):
        count = counts.setdefault(code, [0, 0, 0])
        count[0] += not is_retired
        if segment in changed:
            is_stale, is_same = freshness >= Freshness.MINOR, changed[segment] == digest
            count[1] += change != Change.WORDING and not is_stale and not is_same
            count[2] += is_stale and is_same and not is_retired
    return tuple(Foretold(code, *counts[code]) for code in table.CODES if any(counts.get(code, ()))), len(become.born)
