"""What the spans of an enrolment are worked out from: its certificates, its facts and the editions of its course."""

import datetime as dt

from training import progress
from training.choices import CertificateKind
from training.models import Certificate, Enrolment
from training.queries.moments import instant, milliseconds
from training.queries.standing import Files

_CHANGING = ("ended", "under", "waived", "submitted", "voided", "tracks")


def spans_of(enrolment: Enrolment) -> list[progress.Span]:
    """Return from when until when somebody's certificate of a course stood how; a fixed number of queries."""
    certificates = _certificates(enrolment)
    if not certificates:
        return []
    files = Files.of([enrolment])
    state = progress.read_state(enrolment.progress.state)
    moments = {when for part in _CHANGING for when in state[part].values()}
    moments |= {edition.at for edition in files.chain(enrolment)}
    return progress.spans_of(
        certificates,
        lambda moment: files.standing(enrolment, instant(moment)),
        moments,
        _whole(files, enrolment),
    )


def _certificates(enrolment: Enrolment) -> list[progress.Paperwork]:
    """Return her certificates of achievement; those of completion only where she has none of the others."""
    rows = list(Certificate.objects.filter(enrolment=enrolment).select_related("withdrawal"))
    best = [row for row in rows if row.kind == CertificateKind.ACHIEVEMENT] or rows
    return [_paperwork(row) for row in best]


def _paperwork(row: Certificate) -> progress.Paperwork:
    withdrawal = getattr(row, "withdrawal", None)
    return progress.Paperwork(
        row.language, milliseconds(row.attained_at), _moment(row.expires_at), _moment(withdrawal and withdrawal.at)
    )


def _moment(when: dt.datetime | None) -> int | None:
    return milliseconds(when) if when else None


def _whole(files: Files, enrolment: Enrolment) -> int:
    """Return how long the course takes her, as its newest edition stands."""
    chain = files.chain(enrolment)
    asked = chain[-1].version.asked(enrolment.progress.track) if chain else ()
    return sum(activity.minutes for activity in asked)
