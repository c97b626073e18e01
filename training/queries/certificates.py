"""Certificates as their holders, managers and those who check a code see them."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import OuterRef, Q, QuerySet, Subquery
from modeltranslation.utils import build_localized_fieldname

from languages import table
from languages.choices import NAMES
from training import credentials, progress
from training.choices import CertificateKind, CertificateState
from training.models import Certificate, Enrolment, NameIndex
from training.queries.completion import countries_visible_to
from training.queries.course_rows import Words
from training.queries.moments import instant, milliseconds
from training.queries.reading import chain_of
from training.queries.renewal import IN_ORDER, opens_at
from training.queries.standing import Files
from training.queries.versions import edition_of, values_of

WORK = ("lesson", "scenario")
LAST_FIRST = tuple(f"-{name}" for name in IN_ORDER)


@dataclass(frozen=True)
class Held:
    """A certificate at an instant: how it stands, and up to which edition of its course its holder is trained.

    `current_to` counts in the chain of the certificate's own edition, whose country it names, wherever its holder is now;
    how it stands is what the course asks in the country where she is, which is another one where `has_moved`: that one is
    not named, since who checks a certificate is not told where its holder lives.
    `replaced_by` is the code of the newest one of its kind for the same course, which counts in its place. It is told to
    her and to who manages her country alone: whoever shows a certificate shows that one only. `is_last`: there is none;
    of those that were withdrawn, the last one is it where none stands.
    `renews`: it ran out or soon will, and a test that she passes now brings a new one.
    `is_anew`: its day is that of a refresher, or of a test passed again; the course was finished before.
    """

    certificate: Certificate
    state: CertificateState
    current_to: int
    until: dt.datetime | None = None
    replaced_by: str = ""
    is_last: bool = True
    renews: bool = False
    has_moved: bool = False
    is_anew: bool = False

    @property
    def is_good(self) -> bool:
        """Tell whether it counts: it is current, or the days for its refresher are not over.

        Reports count as trained who has finished the course; who holds completion alone has not passed its test.
        """
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
    def printed_in(self) -> str:
        """Return, in the reader's language, in which one its paper is printed, now and later: that in which it was written."""
        return str(NAMES[self.certificate.language])

    @property
    def shown_name(self) -> str:
        """Return the holder's name where she allows that it is shown; else nothing."""
        shown = getattr(self.certificate, "shown_name", None)
        return shown.name if shown else ""

    def heading(self, language: str) -> Words:
        """Return what the course was called, in the language that serves a reader best: as on the certificate, or as it is
        called there today where its English name is still the one on the certificate; else in English."""
        one = self.certificate
        known = {one.heading_language: one.heading} | {table.SOURCE: one.heading_source}
        course = one.enrolment.course if one.enrolment.course.heading_en == one.heading_source else None
        for code in chain_of(language):
            text = known.get(code) or (course and getattr(course, build_localized_fieldname("heading", code)))
            if text:
                return Words(text, code, code == language)
        return Words(one.heading_source, table.SOURCE, language == table.SOURCE)


def _whole() -> QuerySet[Certificate]:
    return Certificate.objects.select_related(
        "version", "country", "withdrawal", "shown_name", "learner__user", "enrolment__progress",
        "enrolment__version", "enrolment__learner__user", "enrolment__course",
    ).defer("version__body", "enrolment__version__body")  # fmt: skip


def certificates_of(user) -> QuerySet[Certificate]:
    """Return a person's own certificates, the newest first."""
    return _whole().filter(learner__user=user)


def certificates_visible_to(user) -> QuerySet[Certificate]:
    """Return the certificates that a manager answers for: those of her country, or all when she has none."""
    countries = Q(country__in=countries_visible_to(user))
    return _whole().filter(countries if user.country_id else countries | Q(country=None))


def certificates_matching(
    user, *, course: str = "", code: str = "", named: Sequence[str] = ()
) -> QuerySet[Certificate]:
    """Return what a manager looks for among the certificates she answers for: of a course, by code or holder's name.

    A part of the account's name is enough, unless she moved to another country; the one that is printed is found whole, by
    `named`, its blind indexes.
    """
    rows = certificates_visible_to(user).select_related("indexed_name")
    if course:
        rows = rows.filter(enrolment__course__key=course)
    if code:
        printed = NameIndex.objects.filter(value__in=named).values("pk")
        account = Q(learner__user__name__icontains=code)
        account &= Q(learner__user__country=user.country_id) if user.country_id else Q()
        rows = rows.filter(Q(code=credentials.code_of(code)) | account | Q(pk__in=printed))
    return rows


def standing_beside(certificate: Certificate, user, named: Sequence[str], at: dt.datetime) -> list[Held]:
    """Return what its holder has beside a certificate under one of these blind indexes of a name, and a manager answers for.

    What was withdrawn, has run out or was replaced is left out.
    """
    rows = certificates_visible_to(user).filter(learner=certificate.learner_id, indexed_name__value__in=named)
    past = {CertificateState.WITHDRAWN, CertificateState.EXPIRED, CertificateState.REPLACED}
    return [one for one in held(rows.exclude(pk=certificate.pk), at) if one.state not in past]


def certificate_with(code: str) -> Certificate | None:
    """Return the certificate of a code; None for one that is unknown, mistyped or malformed."""
    found = credentials.code_of(code)
    return _whole().filter(code=found).first() if found else None


def stories_asked(certificate: Certificate) -> int:
    """Return how many stories its holder did for a certificate; of one that was issued when lessons alone were asked, 0."""
    row = certificate.enrolment.progress
    issued, state = milliseconds(certificate.issued_at), progress.read_state(row.state)
    return progress.stories_done(state, edition_of(certificate.version), row.track, issued)


def rests_on_waiver(certificate: Certificate) -> bool:
    """Tell whether a lesson or story counted as done when a certificate was issued that its holder had not done herself.

    What she had done counts as its edition asks it. No query where nothing was waived, else two.
    """
    enrolment = certificate.enrolment
    if not progress.waived(progress.read_state(enrolment.progress.state)):
        return False
    files = Files.of([enrolment])
    return files.rests_on_waiver(enrolment, str(certificate.version.public_id), certificate.issued_at)


def held(certificates: Iterable[Certificate], at: dt.datetime) -> list[Held]:
    """Return how certificates stand at an instant, also one in the past; the same queries however many they are."""
    rows = list(certificates)
    files, issued = Files.of([row.enrolment for row in rows]), _issued_to({row.enrolment_id for row in rows}, at)
    return [_of_those(row, issued.get((row.enrolment_id, row.kind), []), files, at) for row in rows]


def _of_those(row: Certificate, issued: list[tuple], files: Files, at: dt.datetime) -> Held:
    """Return how a certificate stands among those of its kind that were issued by then.

    The last one counts of those not withdrawn; where all of them were, the last one.
    """
    standing = [one for one in issued if one[-1] is None or one[-1] > at]
    newest = (standing or issued)[-1][1:3] if issued else None
    return replace(_held(row, files, newest, at), is_anew=any(one[0] < row.attained_at for one in issued))


def counting_again(certificate: Certificate, at: dt.datetime) -> Held | None:
    """Return the earlier certificate that counts again once this one is withdrawn, as it stands then; None where none does."""
    rows = _whole().filter(enrolment=certificate.enrolment_id, kind=certificate.kind, issued_at__lte=at)
    newest, earlier = (*rows.exclude(withdrawal__at__lte=at).order_by(*LAST_FIRST)[:2], None, None)[:2]
    if earlier is None or newest.pk != certificate.pk:
        return None
    one = _held(earlier, Files.of([earlier.enrolment]), (earlier.pk, earlier.code), at)
    return one if one.is_good else None


def completion_of(enrolment: Enrolment, at: dt.datetime) -> Certificate | None:
    """Return the certificate of completion that counted at an instant, also one that was withdrawn since; one query."""
    rows = Certificate.objects.filter(enrolment=enrolment, kind=CertificateKind.COMPLETION, issued_at__lte=at)
    rows = rows.exclude(withdrawal__at__lte=at).filter(Q(expires_at=None) | Q(expires_at__gt=at))
    return rows.select_related("version").defer("version__body").order_by(*IN_ORDER).last()


def with_completion(enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Return enrolments with what `completed_work` takes of the certificate of completion that counts now, in one query."""
    rows = Certificate.objects.filter(
        enrolment=OuterRef("pk"), kind=CertificateKind.COMPLETION, withdrawal=None
    ).order_by(*LAST_FIRST)
    told = {"certified": "version__public_id", "certified_at": "attained_at", "certified_until": "expires_at"}
    return enrolments.annotate(**{name: Subquery(rows.values(field)[:1]) for name, field in told.items()})


def completed_work(enrolment: Enrolment, files: Files, at: dt.datetime) -> progress.Standing | None:
    """Return how somebody stands by lessons and stories alone who has her completion and has not passed; else None."""
    until = enrolment.certified_until
    if enrolment.progress.completed_at or enrolment.certified is None or (until and until <= at):
        return None
    key = str(enrolment.certified)
    return files.standing_of_work(enrolment, values_of([key])[key], enrolment.certified_at, at)


def _issued_to(enrolments: set[int], at: dt.datetime) -> dict[tuple[int, str], list[tuple]]:
    """Return what was issued by an instant, by enrolment and kind in its order: the day, the key, the code, when withdrawn."""
    rows = Certificate.objects.filter(enrolment__in=enrolments, issued_at__lte=at).order_by(*IN_ORDER)
    found: dict[tuple[int, str], list[tuple]] = {}
    for row in rows.values_list("enrolment", "kind", "attained_at", "pk", "code", "withdrawal__at"):
        found.setdefault(row[:2], []).append(row[2:])
    return found


def _held(row: Certificate, files: Files, newest: tuple[int, str] | None, at: dt.datetime) -> Held:
    number, withdrawal = row.version.number, getattr(row, "withdrawal", None)
    is_last = newest is None or newest[0] == row.pk
    if withdrawal and withdrawal.at <= at:
        return Held(row, CertificateState.WITHDRAWN, number, withdrawal.at, is_last=is_last)
    if row.expires_at and row.expires_at <= at:
        newer = "" if is_last else newest[1]
        return Held(row, CertificateState.EXPIRED, number, row.expires_at, newer, is_last, renews=is_last)
    if not is_last:
        return Held(row, CertificateState.REPLACED, number, replaced_by=newest[1], is_last=False)
    standing, own = _standing(row, files, at), str(row.version.public_id)
    has_moved, opens = files.is_elsewhere(row.enrolment, own), opens_at(row)
    there = _standing(row, files, at, own) if has_moved else standing
    return Held(
        row, CertificateState(standing.state), max(number, there.current_to), instant(standing.until),
        renews=opens is not None and opens <= at, has_moved=has_moved,
    )  # fmt: skip


def _standing(row: Certificate, files: Files, at: dt.datetime, beside: str = "") -> progress.Standing:
    standing = files.standing(row.enrolment, at, beside)
    if standing.state != progress.UNFINISHED:
        return standing
    return files.standing_of_work(row.enrolment, edition_of(row.version), row.attained_at, at, beside)
