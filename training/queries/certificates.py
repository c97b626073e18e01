"""Certificates as their holders, managers and those who check a code see them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from languages import table
from training import credentials, progress
from training.choices import CertificateKind, CertificateState
from training.models import Certificate, CourseVersion, Enrolment, Progress
from training.queries.completion import countries_visible_to
from training.queries.moments import instant, milliseconds
from training.queries.reading import Words
from training.queries.standing import Files
from training.queries.versions import values_of

GRACE = dt.timedelta(days=progress.GRACE_DAYS)
_ASKS_STORY = r'"kind":"scenario","material":[0-9]+,"minutes":[0-9]+,"required":true'


@dataclass(frozen=True)
class Held:
    """A certificate at an instant: how it stands, and up to which edition of its course its holder is trained.

    `replaced_by` is the code of the newest one of its kind for the same course, which counts in its place.
    """

    certificate: Certificate
    state: CertificateState
    current_to: int
    until: dt.datetime | None = None
    replaced_by: str = ""

    @property
    def is_good(self) -> bool:
        """Tell whether its holder counts as trained."""
        return self.state in {CertificateState.CURRENT, CertificateState.REFRESHER_DUE}

    @property
    def is_withdrawn(self) -> bool:
        """Tell whether it was withdrawn."""
        return self.state == CertificateState.WITHDRAWN

    @property
    def newer(self) -> str:
        """Return the code of the one that counts in its place, in groups, for people."""
        return credentials.grouped(self.replaced_by)

    @property
    def code(self) -> str:
        """Return its code in groups, for people."""
        return credentials.grouped(self.certificate.code)

    @property
    def shown_name(self) -> str:
        """Return the holder's name where she allows that it is shown; else nothing."""
        shown = getattr(self.certificate, "shown_name", None)
        return shown.name if shown else ""

    def heading(self, language: str) -> Words:
        """Return what the course was called: as on the certificate where that is the reader's language, else in English."""
        one = self.certificate
        if one.heading_language == language:
            return Words(one.heading, language, True)
        return Words(one.heading_source, table.SOURCE, language == table.SOURCE)


def _whole() -> QuerySet[Certificate]:
    return Certificate.objects.select_related(
        "version", "country", "withdrawal", "shown_name", "learner__user", "enrolment__progress",
        "enrolment__version", "enrolment__learner__user", "enrolment__course",
    ).defer("version__body", "enrolment__version__body")  # fmt: skip


def _value(version: CourseVersion) -> progress.Version:
    key = str(version.public_id)
    return values_of([key])[key]


def certificates_of(user) -> QuerySet[Certificate]:
    """Return a person's own certificates, the newest first."""
    return _whole().filter(learner__user=user)


def certificates_visible_to(user) -> QuerySet[Certificate]:
    """Return the certificates that a manager answers for: those of her country, or all when she has none."""
    countries = Q(country__in=countries_visible_to(user))
    return _whole().filter(countries if user.country_id else countries | Q(country=None))


def certificates_matching(user, *, course: str = "", code: str = "") -> QuerySet[Certificate]:
    """Return what a manager looks for among the certificates she answers for: of a course, by code or holder's name."""
    rows = certificates_visible_to(user)
    if course:
        rows = rows.filter(enrolment__course__key=course)
    if code:
        rows = rows.filter(Q(code=credentials.code_of(code)) | Q(learner__user__name__icontains=code))
    return rows


def certificate_with(code: str) -> Certificate | None:
    """Return the certificate of a code; None for one that is unknown, mistyped or malformed."""
    found = credentials.code_of(code)
    return _whole().filter(code=found).first() if found else None


def held(certificates: Iterable[Certificate], at: dt.datetime) -> list[Held]:
    """Return how certificates stand at an instant, also one in the past; the same queries however many they are."""
    rows = list(certificates)
    files, newest = Files.of([row.enrolment for row in rows]), _newest_of({row.enrolment_id for row in rows}, at)
    return [_held(row, files, newest.get((row.enrolment_id, row.kind)), at) for row in rows]


def _newest_of(enrolments: set[int], at: dt.datetime) -> dict[tuple[int, str], tuple[int, str]]:
    """Return the certificate that counts, by enrolment and kind: the last that was issued by then and not withdrawn."""
    rows = Certificate.objects.filter(enrolment__in=enrolments, issued_at__lte=at).exclude(withdrawal__at__lte=at)
    rows = rows.order_by("issued_at", "pk").values_list("enrolment", "kind", "pk", "code")
    return {(enrolment, kind): (pk, code) for enrolment, kind, pk, code in rows}


def _held(row: Certificate, files: Files, newest: tuple[int, str] | None, at: dt.datetime) -> Held:
    number, withdrawal = row.version.number, getattr(row, "withdrawal", None)
    if withdrawal and withdrawal.at <= at:
        return Held(row, CertificateState.WITHDRAWN, number, withdrawal.at)
    if row.expires_at and row.expires_at <= at:
        return Held(row, CertificateState.EXPIRED, number, row.expires_at)
    if newest is not None and newest[0] != row.pk:
        return Held(row, CertificateState.REPLACED, number, replaced_by=newest[1])
    risen, current_to = _risen(row, files, at), number
    standing = files.standing(row.enrolment, at)
    if standing.state != progress.UNFINISHED:
        current_to = max(current_to, standing.current_to)
        return Held(row, CertificateState(standing.state), current_to, instant(standing.until))
    if risen is None:
        return Held(row, CertificateState.CURRENT, max(number, _newest(row, files, at)))
    until = instant(risen) + GRACE
    return Held(row, CertificateState.REFRESHER_DUE if at < until else CertificateState.LAPSED, number, until)


def _later(row: Certificate, files: Files, at: dt.datetime) -> list[progress.Edition]:
    """Return the editions of her country that came after the certificate's own."""
    return [
        edition
        for edition in files.chain(row.enrolment)
        if row.version.published_at < instant(edition.at) <= at and edition.version.id != str(row.version.public_id)
    ]


def _newest(row: Certificate, files: Files, at: dt.datetime) -> int:
    return max((edition.number for edition in _later(row, files, at)), default=0)


def _risen(row: Certificate, files: Files, at: dt.datetime) -> int | None:
    """Return when lessons or stories first changed materially after a certificate's edition; for who has not finished the course."""
    old, track = _value(row.version), row.enrolment.progress.track
    return min((one.at for one in _later(row, files, at) if progress.raised(old, one.version, track, ("lesson", "scenario"))), default=None)  # fmt: skip


@dataclass(frozen=True)
class Due:
    """A certificate that is to be issued: kind, the edition it is for, when its holder had done all it says."""

    kind: CertificateKind
    version: str
    attained_at: dt.datetime


def due(enrolment: Enrolment, at: dt.datetime) -> list[Due]:
    """Return what an enrolment has earned and no certificate says yet.

    One of each kind for the edition she finished on; another one once a refresher brought her up to an edition that
    asks more than the last one's, and where it was earned again after the last one was withdrawn.
    """
    earned = attained(enrolment)
    rows = Certificate.objects.filter(enrolment=enrolment, kind__in=earned).select_related("version", "withdrawal")
    last: dict[str, Certificate] = {row.kind: row for row in rows.order_by("version__published_at", "version__number")}
    found = [
        Due(kind, str(enrolment.version.public_id), when)
        for kind, when in earned.items()
        if kind not in last or _was_withdrawn(last[kind], when)
    ]
    standing = {kind: row for kind, row in last.items() if kind not in {one.kind for one in found}}
    return [*found, *_refreshed(enrolment, standing, at)] if standing else found


def _was_withdrawn(row: Certificate, earned_at: dt.datetime) -> bool:
    """Tell whether a certificate was withdrawn before what it says was earned."""
    withdrawal = getattr(row, "withdrawal", None)
    return withdrawal is not None and withdrawal.at < earned_at


def attained(enrolment: Enrolment) -> dict[str, dt.datetime]:
    """Return what an enrolment has earned, with when: all lessons and stories done; the course finished, its test passed."""
    row, found = enrolment.progress, {}
    state = progress.read_state(row.state)
    work = progress.work_done_at(state, _value(enrolment.version), row.track)
    if work is not None:
        found[CertificateKind.COMPLETION] = instant(work)
    if row.completed_at and row.passed_at:
        found[CertificateKind.ACHIEVEMENT] = row.completed_at
    return found


def _refreshed(enrolment: Enrolment, last: dict[str, Certificate], at: dt.datetime) -> list[Due]:
    """Return the kinds whose last certificate is for an edition that asks less than what she is trained on now."""
    files = Files.of([enrolment])
    standing = files.standing(enrolment, at)
    reached = [
        one for one in files.chain(enrolment) if one.number == standing.current_to and one.at <= milliseconds(at)
    ]
    if standing.state != progress.CURRENT or not reached:
        return []
    new, when = reached[-1].version, enrolment.progress.last_at or at
    return [
        Due(CertificateKind(kind), new.id, when)
        for kind, row in last.items()
        if progress.raised(_value(row.version), new, enrolment.progress.track)
    ]  # fmt: skip


def unissued() -> QuerySet[Enrolment]:
    """Return where somebody who has a name finished something for which no certificate was issued."""
    finished = Q(completed_at__isnull=False, passed_at__isnull=False) & ~_has(CertificateKind.ACHIEVEMENT)
    done = Q(of__gt=0, done__gte=F("of")) & ~_lacks_story() & ~_has(CertificateKind.COMPLETION)
    rows = Progress.objects.filter(finished | done, enrolment__learner__user__isnull=False)
    rows = rows.exclude(enrolment__learner__user__name="")
    return Enrolment.objects.filter(pk__in=rows.values("enrolment"))


def _lacks_story() -> Q:
    """Return what is true of a row whose lessons are done and a story is not, so that such rows fill no batch.

    Who has passed and not finished lacks a story; of others it is read from the texts that are kept: the edition asks
    for one, and the state knows of no end and of nothing waived.
    """
    asking = CourseVersion.objects.filter(body__regex=_ASKS_STORY).values("pk")
    untold = Q(enrolment__version__in=asking, state__contains='"waived":{}') & ~Q(state__contains='"ends":')
    return Q(completed_at=None) & (Q(passed_at__isnull=False) | untold)


def _has(kind: CertificateKind) -> Exists:
    return Exists(Certificate.objects.filter(enrolment=OuterRef("enrolment"), kind=kind))
