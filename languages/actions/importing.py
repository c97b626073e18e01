"""Take a filled-in PO file back: first what it would do, then, confirmed, that and nothing else."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import models, transaction

from languages import exchange, queries
from languages.actions.working import save_target, submit
from languages.choices import Origin
from languages.models import SourceText


class ImportChangedMeanwhile(RuntimeError):
    """Raised when an import would no longer do what was confirmed; look at the new list and confirm again."""

    def __init__(self):
        super().__init__("Somebody worked on these texts meanwhile. Look at the new list and confirm again.")


@dataclass(frozen=True)
class ImportReport:
    """What an import does, line by line; `fingerprint` is what a person confirms."""

    outcomes: tuple[exchange.Outcome, ...]

    @property
    def fingerprint(self) -> str:
        """Return a short name of exactly these outcomes."""
        told = "\n".join(f"{found.code} {found.line.path} {found.line.unit_version}" for found in self.outcomes)
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    @property
    def written(self) -> int:
        """Return how many lines become drafts."""
        return sum(found.is_written for found in self.outcomes)

    def counts(self) -> dict[str, int]:
        """Return how many lines have each outcome."""
        counted: dict[str, int] = {}
        for found in self.outcomes:
            counted[found.code] = counted.get(found.code, 0) + 1
        return counted


@transaction.atomic
def import_lines(
    thing: models.Model,
    language: str,
    content: bytes,
    *,
    confirmed: str,
    by: str,
    at: datetime,
    to_review: bool = False,
) -> ImportReport:
    """Keep the lines of a PO file that fit as drafts; stop when that is not what was confirmed."""
    report = dry_run(thing, language, content)
    if report.fingerprint != confirmed:
        raise ImportChangedMeanwhile
    segments = {segment.path: segment for segment in queries.segments_of(thing)}
    for found in report.outcomes:
        if not found.is_written:
            continue
        segment = segments[found.line.path]
        unit = save_target(
            segment=segment, language=language, text=found.line.target, version=found.line.unit_version, by=by, at=at,
            origin=Origin.IMPORT, source_version=_version_of(segment, found.line.digest),
        )  # fmt: skip
        if to_review:
            submit(unit=unit, by=by, at=at)
    return report


def dry_run(thing: models.Model, language: str, content: bytes) -> ImportReport:
    """Return what an import would do. Writes nothing."""
    file = exchange.read_po(content)
    current = queries.current_lines(thing, language)
    return ImportReport(tuple(exchange.outcomes(file, queries.thing_name(thing), language, current)))


def _version_of(segment, digest: str) -> int:
    """Return the source version that had a digest; the first when nobody knows it any more."""
    if segment.digest.startswith(digest):
        return segment.version
    earlier = SourceText.objects.filter(segment=segment, digest__startswith=digest).order_by("-version").first()
    return earlier.version if earlier else 1
