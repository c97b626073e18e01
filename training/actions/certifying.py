"""Issuing certificates: once a learner, edition and kind, whoever asks and however often."""

import datetime as dt
import secrets

import structlog
from django.conf import settings
from django.db import transaction

from accounts.actions import first_due, record, seal
from accounts.sealing import NoSealKey, SealError
from languages import table
from training import credentials
from training.actions.indexing import keep_name_index
from training.actions.issuer import key_to_sign, sign_list
from training.actions.places import lock_enrolments
from training.actions.spans import mark_spans
from training.models import AwaitedCertificate, Certificate, CourseVersion, Enrolment, Learner, StatusList
from training.queries import earned
from training.queries.reading import heading_of

FULL = 60_000  # certificates of one list; half of its places stay free, so that a place is found at random
AT_ONCE = 200
ROUNDS = 10  # of one enrolment at once: the first certificate, and as many as may have waited with it
FACTS = ("learner", "enrolment", "version", "kind", "country", "attained_at", "expires_at")
SAID = ("language", "heading", "heading_language", "heading_source")
log = structlog.get_logger(__name__)


@transaction.atomic
def issue_certificates(*, enrolment: Enrolment, at: dt.datetime) -> list[Certificate]:
    """Issue what an enrolment has earned and has no certificate for; asked again, nothing.

    Somebody whose account has no name, or who learns without an account, gets none: a certificate names its holder.
    One that waited is followed by what came after it: what renewed it meanwhile, a refresher that arrived with it.
    """
    if not has_name(enrolment.learner):
        return []
    Enrolment.objects.select_for_update(no_key=True).get(pk=enrolment.pk)
    made: list[Certificate] = []
    for _round in range(ROUNDS):
        due = earned.due(enrolment, at)
        made += [_issue(enrolment, one, at) for one in due]
        if not due:
            break
    return made


def has_name(learner: Learner) -> bool:
    """Tell whether a certificate can name its holder: she has an account, and it has a name."""
    return learner.user is not None and bool(learner.user.name.strip())


def issue_at_once(*, enrolment: Enrolment, at: dt.datetime) -> None:
    """Issue within an act that must stand whatever the keys are like: what cannot be sealed now the worker issues later."""
    row = enrolment.progress
    if not (row.completed_at or (row.of and row.done >= row.of)):
        return
    try:
        issue_certificates(enrolment=enrolment, at=at)
    except (SealError, NoSealKey) as error:
        log.warning("certificate_waits", exception=type(error).__name__)
        AwaitedCertificate.objects.update_or_create(enrolment=enrolment, defaults={"since": at})


def issue_left(*, at: dt.datetime) -> int:
    """Issue what was earned while it could not be issued: the key was away, a name was missing; a batch at a time, the latest first.

    Where it turns out that nothing is due, the row is passed by; a mark that something waits goes.
    """
    rows = earned.unissued().select_related("learner__user", "progress", "version", "course")
    rows = rows.order_by("-progress__last_at", "pk")
    return first_due("certificate_failed", rows, lambda row: _issue_late(row, at), most=AT_ONCE)


@transaction.atomic
def _issue_late(row: Enrolment, at: dt.datetime) -> list[Certificate]:
    made = []
    lock_enrolments([row.pk])
    if earned.due(row, at):
        mark_spans(enrolment=row.pk)
        made = issue_certificates(enrolment=row, at=at)
    AwaitedCertificate.objects.filter(enrolment=row, since__lte=at).delete()
    return made


def _issue(enrolment: Enrolment, due: earned.Due, at: dt.datetime) -> Certificate:
    version = CourseVersion.objects.get(public_id=due.version)
    copy = _next_copy(enrolment.learner_id, version.pk, due.kind)
    return write_certificate(enrolment, version, due.kind, due.attained_at, copy=copy, at=at)


def _next_copy(learner: int, version: int, kind: str) -> int:
    """Return the number of the next certificate of an edition and kind; who asks holds the lock of the enrolment."""
    same = Certificate.objects.filter(learner=learner, version=version, kind=kind)
    return max(same.values_list("copy", flat=True), default=0) + 1


def write_certificate(
    enrolment: Enrolment, version: CourseVersion, kind: str, attained_at: dt.datetime, *, copy: int, at: dt.datetime
) -> Certificate:
    """Write a certificate with its facts as they are now, and record it; part of a larger act.

    Its months count from when it was earned, as reports count them, however long it waited for a key or a name.
    """
    user, course = enrolment.learner.user, enrolment.course
    heading, heading_language, source = _headings(course, user.language)
    made = Certificate(
        learner=enrolment.learner,
        enrolment=enrolment,
        version=version,
        kind=kind,
        copy=copy,
        country_id=version.country_id or user.country_id,
        language=user.language,
        heading=heading,
        heading_language=heading_language,
        heading_source=source,
        attained_at=attained_at,
        expires_at=_months_later(attained_at, course.certificate_months),
    )
    return _written(made, user.name, at)


def write_anew(old: Certificate, *, at: dt.datetime) -> Certificate:
    """Write a certificate once more with the name as it stands in the account; what it stands for, and until when, stays.

    Where her language is another by now it is written in that one, as a new one would be: a name corrected into the
    holder's own script belongs into a sheet of that script.
    """
    user = old.learner.user
    kept = {name: getattr(old, name) for name in (*FACTS, *SAID)}
    if user.language != old.language:
        kept |= dict(zip(SAID, (user.language, *_headings(old.enrolment.course, user.language)), strict=True))
    copy = _next_copy(old.learner_id, old.version_id, old.kind)
    return _written(Certificate(**kept, copy=copy), user.name, at)


def _written(made: Certificate, name: str, at: dt.datetime) -> Certificate:
    """Give a certificate its code, name, signer and place, write it and record it."""
    number, place = _free_place(at)
    made.code = credentials.new_code()
    made.issuer, made.issued_at, made.key = settings.WAGTAIL_SITE_NAME, at, key_to_sign(at=at)
    made.list_number, made.place = number, place
    seal(made, "printed_name", " ".join(name.split()))
    made.save()
    keep_name_index(made, name)
    record(
        by="system",
        verb="training.certificate_issued",
        thing=made,
        at=at,
        country=made.country_id or "",
        kind=made.kind,
    )
    return made


def _headings(course, language: str) -> tuple[str, str, str]:
    """Return what a course is called in a language, the language that this really is, and its English name."""
    heading = heading_of(course.pk, language)
    if heading is None:
        return course.heading_en, table.SOURCE, course.heading_en
    return heading.text, heading.language, course.heading_en


def _free_place(at: dt.datetime) -> tuple[int, int]:
    """Return a place at random in the list that is being filled; a full one, or none yet, begins the next."""
    row = StatusList.objects.order_by("number").last()
    if row is None or Certificate.objects.filter(list_number=row.number).count() >= FULL:
        row = sign_list(row.number + 1 if row else 1, at=at)
    padding, taken = credentials.unpacked(row.padding), Certificate.objects.filter(list_number=row.number)
    while True:
        place = secrets.randbelow(credentials.SIZE)
        if place not in padding and not taken.filter(place=place).exists():
            return row.number, place


def _months_later(at: dt.datetime, months: int | None) -> dt.datetime | None:
    """Return the same day some months later, or that month's last one."""
    if not months:
        return None
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    for day in range(at.day, at.day - 4, -1):
        try:
            return at.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    return None
