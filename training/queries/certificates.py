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
from training.queries.course_rows import Words
from training.queries.moments import instant, milliseconds
from training.queries.standing import Files
from training.queries.versions import values_of

GRACE = dt.timedelta(days=progress.GRACE_DAYS)
_WORK = ("lesson", "scenario")
_ASKS_STORY = r'"kind":"scenario","material":[0-9]+,"minutes":[0-9]+,"required":true'


@dataclass(frozen=True)
class Held:
    """A certificate at an instant: how it stands, and up to which edition of its course its holder is trained.

    `replaced_by` is the code of the newest one of its kind for the same course, which counts in its place. It is told to
    her and to who manages her country alone: whoever shows a certificate shows that one only.
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


def stories_asked(certificate: Certificate) -> int:
    """Return how many stories its holder did for a certificate; of one that was issued when lessons alone were asked, 0."""
    row = certificate.enrolment.progress
    issued, state = milliseconds(certificate.issued_at), progress.read_state(row.state)
    return progress.stories_done(state, _value(certificate.version), row.track, issued)


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
    until = max(instant(risen), row.attained_at) + GRACE
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
    return min((one.at for one in _later(row, files, at) if progress.raised(old, one.version, track, _WORK)), default=None)  # fmt: skip


@dataclass(frozen=True)
class Due:
    """A certificate that is to be issued: kind, the edition it is for, when its holder had done all it says."""

    kind: CertificateKind
    version: str
    attained_at: dt.datetime


def due(enrolment: Enrolment, at: dt.datetime) -> list[Due]:
    """Return what an enrolment has earned and no certificate says yet.

    One of each kind for the edition she finished on, or where she moved to that one and has not done again what it asks
    anew, for the last one of which she has done all; another one once a refresher brought her up to an edition that asks
    more than the last one's, and where it was earned again after the last one was withdrawn.
    """
    earned, rows = attained(enrolment), _issued(enrolment)
    if not earned:
        return []
    files, own = Files.of([enrolment]), str(enrolment.version.public_id)
    trained = _trained_on(enrolment, files, at)
    if files.caught_up_at(enrolment, own) is None:
        own = trained.version.id
    first = [Due(kind, own, when) for kind, when in earned.items() if kind not in rows]
    again = {kind: when for kind, when in earned.items() if kind in rows}
    return [*first, *_again(enrolment, again, rows, files, trained)]


def unearned(enrolment: Enrolment) -> list[Certificate]:
    """Return the certificates that stand and say what she has not earned, or has not earned any more.

    One that a refresher brought says that she did what its edition asks anew, so it needs just that; what stands under
    an earlier edition is asked of the first of its kind alone.
    """
    earned, files, found = attained(enrolment), None, []
    for kind, rows in _issued(enrolment).items():
        for place, row in enumerate(rows):
            if not _stands(row):
                continue
            if kind not in earned:
                found.append(row)
            elif any(_asks_more(row, one, enrolment) for one in rows[:place]):
                files = files or Files.of([enrolment])
                if files.caught_up_at(enrolment, str(row.version.public_id)) is None:
                    found.append(row)
    return found


def _issued(enrolment: Enrolment) -> dict[str, list[Certificate]]:
    """Return every certificate of an enrolment by its kind, as they were issued."""
    rows = Certificate.objects.filter(enrolment=enrolment).select_related("version", "withdrawal", "learner__user")
    found: dict[str, list[Certificate]] = {}
    for row in rows.defer("version__body").order_by("issued_at", "pk"):
        found.setdefault(row.kind, []).append(row)
    return found


def _asks_more(row: Certificate, earlier: Certificate, enrolment: Enrolment) -> bool:
    return progress.raised(_value(earlier.version), _value(row.version), enrolment.progress.track)


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


def _again(
    enrolment: Enrolment,
    earned: dict[str, dt.datetime],
    rows: dict[str, list[Certificate]],
    files: Files,
    trained: "_Trained",
) -> list[Due]:
    """Return what is due of the kinds of which she had a certificate before: brought up to date, or earned again.

    While a refresher waits, only a kind of which no certificate stands is issued. What was withdrawn after she had
    earned it stays so: a person decided that.
    """
    version, track = trained.version, enrolment.progress.track
    as_much = {
        kind: [row for row in rows[kind] if not progress.raised(_value(row.version), version, track, trained.kinds)]
        for kind in earned
    }
    wanting = [kind for kind in earned if not any(map(_stands, as_much[kind] if trained.is_current else rows[kind]))]
    reached = instant(files.caught_up_at(enrolment, version.id)) if wanting else None
    since = {kind: max(earned[kind], reached or earned[kind]) for kind in wanting}
    return [
        Due(CertificateKind(kind), version.id, when)
        for kind, when in since.items()
        if all(row.withdrawal.at < when for row in as_much[kind])
    ]


@dataclass(frozen=True)
class _Trained:
    """The edition up to which somebody is trained, whether it is the newest one, and what kinds of work are asked of her."""

    version: progress.Version
    is_current: bool
    kinds: tuple[str, ...]


def _trained_on(enrolment: Enrolment, files: Files, at: dt.datetime) -> _Trained:
    """Return the last edition of the chain of which she has done all; her own where it asks the same, or there is none.

    Of who has not finished the course the test is not asked.
    """
    own, track = _value(enrolment.version), enrolment.progress.track
    kinds = _WORK if enrolment.progress.completed_at is None else (*_WORK, "test")
    chain = [one.version for one in files.chain(enrolment) if one.at <= milliseconds(at)]
    new = next((one for one in reversed(chain) if files.caught_up_at(enrolment, one.id) is not None), None)
    is_current = not chain or new is chain[-1]
    if new is None or not (progress.raised(own, new, track, kinds) or progress.raised(new, own, track, kinds)):
        return _Trained(own, is_current, kinds)
    return _Trained(new, is_current, kinds)


def _stands(row: Certificate) -> bool:
    return getattr(row, "withdrawal", None) is None


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
