"""What certificates are due: what an enrolment has earned, for which edition, and which of those that stand it has not earned."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from training import progress
from training.choices import CertificateKind
from training.models import Certificate, CourseVersion, Enrolment, Progress, Scenario
from training.queries.moments import instant
from training.queries.named import Trained, finished_on, places_of, trained_on
from training.queries.renewal import IN_ORDER, anew_at, refused_at, renewed_after
from training.queries.standing import Files
from training.queries.versions import edition_of

# In the text of an edition, and in that of a state: an end that was reached, or a waiver, each with its time.
_ASKS_STORY = (
    r'"id":"%s","items":\[\],"key":"[^"]*","kind":"scenario","material":[0-9]+,"minutes":[0-9]+,"required":true'
)
_HAS_STORY = r'"%s/[^"]+":[0-9]'


@dataclass(frozen=True)
class Due:
    """A certificate that is to be issued: kind, the edition it is for, when its holder had done all it says."""

    kind: CertificateKind
    version: str
    attained_at: dt.datetime


def due(enrolment: Enrolment, at: dt.datetime) -> list[Due]:
    """Return what an enrolment has earned and no certificate says yet.

    One of each kind for the edition she finished on, or for the last one of which she has done all: where she moved to
    hers and has not done again what it asks anew, and where she had done by then what a newer one asks; another one
    once a refresher brought her up to an edition that asks more than the last one's, and where it was earned again after
    the last one was withdrawn. An edition is of the country where she did the last of what it asks: who moves has one of
    the new country's once she has done there what is asked of her, wherever her account is by the time it is issued.
    """
    earned, rows = attained(enrolment), _issued(enrolment)
    if not earned:
        return []
    files = Files.of([enrolment])
    found = [
        Due(CertificateKind(kind), finished_on(enrolment, files, kind, when, at).id, when)
        for kind, when in earned.items()
        if kind not in rows
    ]
    again = {kind: when for kind, when in earned.items() if kind in rows}
    for trained in trained_on(enrolment, files, at) if again else ():
        found += _again(enrolment, again, rows, files, trained)
    return found


def unearned(enrolment: Enrolment) -> list[Certificate]:
    """Return the certificates that stand and say what she has not earned, or has not earned any more.

    One that a refresher brought says that she did what its edition asks anew, so it needs just that, one of completion
    without the test; what stands under an earlier edition is asked of the first of its kind alone. One that was earned
    anew after a withdrawal, or after it ran out, needs work of after that.
    """
    earned, files = attained(enrolment), Files.of([enrolment])
    return [
        row
        for kind, rows in _issued(enrolment).items()
        for place, row in enumerate(rows)
        if _stands(row) and (kind not in earned or _lacks(row, rows[:place], enrolment, files))
    ]


def _lacks(row: Certificate, earlier: list[Certificate], enrolment: Enrolment, files: Files) -> bool:
    """Tell whether she has not done, or not any more, what a certificate says beyond those that were issued before it."""
    own = str(row.version.public_id)
    if any(files.asks_more(enrolment, own, one) for one in earlier):
        with_test = row.kind != CertificateKind.COMPLETION
        if files.caught_up_at(enrolment, own, with_test=with_test) is None:
            return True
    stood = [one for one in earlier if _stands(one) or one.withdrawal.at > row.issued_at]
    as_much = [one for one in stood if not files.asks_more(enrolment, own, one)]
    ended = renewed_after(as_much) if as_much else _after_end(stood, row.attained_at)
    asked = [one for one in (refused_at(earlier, row.issued_at), ended) if one is not None]
    return bool(asked) and anew_at(enrolment, files, row.kind, edition_of(row.version), max(asked)) is None


def _issued(enrolment: Enrolment) -> dict[str, list[Certificate]]:
    """Return every certificate of an enrolment by its kind, as they were earned."""
    rows = Certificate.objects.filter(enrolment=enrolment).select_related("version", "withdrawal", "learner__user")
    found: dict[str, list[Certificate]] = {}
    for row in rows.defer("version__body").order_by(*IN_ORDER):
        found.setdefault(row.kind, []).append(row)
    return found


def attained(enrolment: Enrolment) -> dict[str, dt.datetime]:
    """Return what an enrolment has earned, with when: all lessons and stories done; the course finished, its test passed."""
    row, found = enrolment.progress, {}
    state = progress.read_state(row.state)
    work = progress.work_done_at(state, edition_of(enrolment.version), row.track)
    if work is not None:
        found[CertificateKind.COMPLETION] = instant(work)
    if row.completed_at and row.passed_at:
        found[CertificateKind.ACHIEVEMENT] = row.completed_at
    return found


def _again(
    enrolment: Enrolment,
    earned: dict[str, dt.datetime],
    rows: dict[str, list[Certificate]],
    files: Files,
    trained: Trained,
) -> list[Due]:
    """Return what is due of the kinds of which she had a certificate before: brought up to date, or earned again.

    While a refresher waits, only a kind of which no certificate stands is issued. After a person withdrew one,
    whatever edition it was for, another one asks for work of after that; one that runs out asks for work of its last
    ninety days or later. What was done in another country's edition brings none of this chain.
    """
    version, kinds = trained.version, trained.kinds
    as_much = {
        kind: [row for row in rows[kind] if not files.asks_more(enrolment, version.id, row, kinds)] for kind in earned
    }
    asking = {kind: _asked_anew(rows[kind], as_much[kind], trained) for kind in earned}
    wanting = [kind for kind in earned if asking[kind] is not None]
    reached = instant(files.caught_up_at(enrolment, version.id)) if wanting else None
    found = []
    for kind in wanting:
        when, standing = max(earned[kind], reached or earned[kind]), [row for row in rows[kind] if _stands(row)]
        asked = [*asking[kind], refused_at(rows[kind]), _after_end(standing, when)]
        after = max((one for one in asked if one is not None), default=None)
        anew = anew_at(enrolment, files, kind, version, after) if after else when
        if anew is not None and trained.country in places_of(enrolment, files, max(when, anew)):
            before = [row.attained_at for row in standing]
            found.append(Due(CertificateKind(kind), version.id, max(when, anew, *before)))
    return found


def _asked_anew(
    rows: list[Certificate], as_much: list[Certificate], trained: Trained
) -> tuple[dt.datetime, ...] | None:
    """Return after when work is asked for another certificate of a kind, nothing where any will do; None: it needs none."""
    standing = [row for row in (as_much if trained.is_current else rows) if _stands(row)]
    if not standing:
        return ()
    opens = renewed_after(standing) if trained.is_current else None
    return None if opens is None else (opens,)


def _after_end(standing: list[Certificate], when: dt.datetime) -> dt.datetime | None:
    """Return after when work renews certificates that had all run out at an instant: a refresher alone does not."""
    has_ended = standing and all(row.expires_at and row.expires_at <= when for row in standing)
    return renewed_after(standing) if has_ended else None


def _stands(row: Certificate) -> bool:
    return getattr(row, "withdrawal", None) is None


def unissued() -> QuerySet[Enrolment]:
    """Return where somebody who has a name finished something for which no certificate was issued, or one waits.

    Of a kind of which she had one before, it is not told from the rows whether another is due: the mark says it.
    """
    finished = Q(completed_at__isnull=False, passed_at__isnull=False) & ~_has(CertificateKind.ACHIEVEMENT)
    done = Q(of__gt=0, done__gte=F("of")) & ~_lacks_story() & ~_has(CertificateKind.COMPLETION)
    waits = Q(enrolment__awaited_certificate__isnull=False)
    rows = Progress.objects.filter(finished | done | waits, enrolment__learner__user__isnull=False)
    rows = rows.exclude(enrolment__learner__user__name__regex=r"^\s*$")
    return Enrolment.objects.filter(pk__in=rows.values("enrolment"))


def _lacks_story() -> Q:
    """Return what is true of a row whose lessons are done and a story is not, so that such rows fill no batch.

    Who has passed and not finished lacks a story; of others it is read from the texts that are kept: the edition asks
    for one, and the state knows of no end of it and of no waiver. An earlier fold kept less: it is looked at as it is.
    """
    untold = Q(pk__in=())
    for story in Scenario.objects.values_list("activity", flat=True):
        asking = CourseVersion.objects.filter(body__regex=_ASKS_STORY % story).values("pk")
        untold |= Q(enrolment__version__in=asking) & ~Q(state__regex=_HAS_STORY % story)
    return Q(completed_at=None) & (Q(passed_at__isnull=False) | Q(untold, fold=progress.FOLD))


def _has(kind: CertificateKind) -> Exists:
    return Exists(Certificate.objects.filter(enrolment=OuterRef("enrolment"), kind=kind))
