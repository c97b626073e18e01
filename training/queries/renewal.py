"""When a certificate that counts no more was earned anew: by work done since, never by what was done before."""

import datetime as dt

from training import progress
from training.choices import CertificateKind, WithdrawalReason
from training.models import Certificate, Enrolment
from training.queries.decisions import causes
from training.queries.moments import instant, milliseconds
from training.queries.standing import Files


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
