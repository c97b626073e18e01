"""When a certificate that counts no more, or not much longer, was earned anew: by work done since, never by that of before."""

import datetime as dt
from collections.abc import Iterable
from typing import Protocol

from training import progress
from training.choices import CertificateKind, WithdrawalReason
from training.models import Certificate, Enrolment
from training.queries.decisions import causes
from training.queries.moments import instant, milliseconds
from training.queries.standing import Files

# Of one kind the last counts, by when it was earned: one written anew for its name takes the place of the one it follows.
IN_ORDER = ("attained_at", "version__published_at", "copy", "pk")
AHEAD = dt.timedelta(days=90)


class Runs(Protocol):
    """What is known of a certificate that may run out."""

    attained_at: dt.datetime
    expires_at: dt.datetime | None


def opens_at(row: Runs) -> dt.datetime | None:
    """Return from when a certificate can be renewed: in its last ninety days, of a short one in its second half.

    None where it never runs out.
    """
    if row.expires_at is None:
        return None
    return max(row.expires_at - AHEAD, row.attained_at + (row.expires_at - row.attained_at) / 2)


def renewed_after(rows: list[Certificate]) -> dt.datetime | None:
    """Return after when work renews certificates of one kind, the last of them; None where one never runs out."""
    moments = [opens_at(row) for row in rows]
    return None if None in moments else max(moments, default=None)


def run_out(enrolments: Iterable[int], at: dt.datetime) -> dict[int, list[Certificate]]:
    """Return, by enrolment, the certificates that ran out and that nothing of their kind has followed; one query."""
    rows = Certificate.objects.filter(enrolment__in=list(enrolments), withdrawal=None, issued_at__lte=at)
    last = {(row.enrolment_id, row.kind): row for row in rows.order_by(*IN_ORDER)}
    found: dict[int, list[Certificate]] = {}
    for row in last.values():
        if row.expires_at and row.expires_at <= at:
            found.setdefault(row.enrolment_id, []).append(row)
    return found


def anew_at(
    enrolment: Enrolment, files: Files, kind: str, version: progress.Version, after: dt.datetime
) -> dt.datetime | None:
    """Return when she had earned a kind of certificate anew after an instant; None while she has not.

    By a test that she passed after it; completion also where she did every lesson and story of an edition after it.
    """
    state, since = progress.read_state(enrolment.progress.state), milliseconds(after)
    passes = progress.passes_of(state, files.papers(enrolment), (progress.POST,))
    moments = [when for when, _edition in passes if when > since]
    if kind == CertificateKind.COMPLETION:
        moments.append(progress.work_done_again_at(state, version, enrolment.progress.track, since))
    return instant(min((when for when in moments if when is not None), default=None))


def refused_at(rows: list[Certificate], by: dt.datetime | None = None) -> dt.datetime | None:
    """Return when a person last withdrew one of these certificates for good, by an instant; of a wrong name the copy is asked.

    One that fell with a decision about her work fell by itself: what she did before arrives later, too, and it counts.
    """
    withdrawn = [row for row in rows if getattr(row, "withdrawal", None) and not (by and row.withdrawal.at > by)]
    rows = [row for row in withdrawn if row.withdrawal.reason != WithdrawalReason.NAME_WRONG]
    fell = causes(rows)
    return max((row.withdrawal.at for row in rows if row.pk not in fell), default=None)
