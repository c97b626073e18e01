"""What the holder of a certificate decides and gets: whether its page says her name, her name for print, her badge."""

import datetime as dt

from django.db import transaction

from accounts.actions import record, reveal
from training import credentials
from training.actions.issuer import key_to_sign, signed
from training.choices import CertificateKind
from training.models import Certificate, ShownName
from training.queries import issuers
from training.queries.certificates import rests_on_waiver, stories_asked

# Credentials are read by programs and by people of any language: English, as the standard's own words are. By kind, and by
# whether a story is asked for: what a certificate stands for, and what it asks for.
_SAID = {
    (CertificateKind.COMPLETION, False): (
        "All lessons of the course, read to their end.",
        "Read every lesson of the course to its end.",
    ),
    (CertificateKind.COMPLETION, True): (
        "All lessons of the course, read to their end, and its branching story played.",
        "Read every lesson of the course to its end, and play every branching story of it to one of its ends.",
    ),
    (CertificateKind.ACHIEVEMENT, False): (
        "All lessons of the course, and its test passed.",
        "Read every lesson of the course to its end and pass its test, every critical question right.",
    ),
    (CertificateKind.ACHIEVEMENT, True): (
        "All lessons of the course, its branching story played, and its test passed.",
        "Read every lesson of the course to its end, play every branching story of it to one of its ends, and pass its"
        " test, every critical question right.",
    ),
}
# Of one that rests on a waiver it is not said that its holder has read or played it all.
_WAIVED = {
    CertificateKind.COMPLETION: "What the course asks but its test; the programme let a part of it count as done.",
    CertificateKind.ACHIEVEMENT: (
        "What the course asks, and its test passed; the programme let a part of it count as done."
    ),
}
_MAY_WAIVE = "The programme may let a lesson or a story count as done, and did so here."


@transaction.atomic
def show_name(*, certificate: Certificate, by, at: dt.datetime) -> None:
    """Let the page of a certificate, and its badge, say the holder's name; allowed twice is allowed once."""
    _hold(certificate)
    if ShownName.objects.filter(certificate=certificate).exists():
        return
    name = reveal(certificate, "printed_name", by=by, at=at, reason="shown_by_holder")
    ShownName.objects.create(certificate=certificate, name=name, since=at)
    record(by=by, verb="training.name_shown", thing=certificate, at=at, country=certificate.country_id or "")


@transaction.atomic
def hide_name(*, certificate: Certificate, by, at: dt.datetime) -> None:
    """Take back that the page says the name; badges that went out before keep it, and the screen says so."""
    _hold(certificate)
    gone, _kinds = ShownName.objects.filter(certificate=certificate).delete()
    if gone:
        record(by=by, verb="training.name_hidden", thing=certificate, at=at, country=certificate.country_id or "")


def _hold(certificate: Certificate) -> None:
    """Lock a certificate before what it shows and before the audit log, as a withdrawal does."""
    Certificate.objects.select_for_update(no_key=True).get(pk=certificate.pk)


def printed_name(*, certificate: Certificate, by, at: dt.datetime) -> str:
    """Return the name that stands on a certificate, for its holder's own sheet; the reading is recorded."""
    return reveal(certificate, "printed_name", by=by, at=at, reason="certificate")


@transaction.atomic
def badge_of(*, certificate: Certificate, by, at: dt.datetime) -> str:
    """Return a certificate as a signed Open Badge 3.0, with the name only where its holder allows it."""
    key = key_to_sign(at=at)
    description, criteria = _said(certificate)
    shown = ShownName.objects.filter(certificate=certificate).first()
    badge = credentials.Badge(
        code=certificate.code,
        learner=str(certificate.learner.public_id),
        course=certificate.enrolment.course.key,
        country=certificate.country_id or "",
        version=certificate.version.number,
        kind=certificate.kind,
        heading=certificate.heading_source,
        description=description,
        criteria=criteria,
        issued_at=certificate.issued_at,
        expires_at=certificate.expires_at,
        list_number=certificate.list_number,
        index=certificate.place,
        name=shown.name if shown else "",
    )
    return signed(credentials.badge_payload(badge, issuers.issuer_of(key)), key, by=by, at=at, reason="badge")


def _said(certificate: Certificate) -> tuple[str, str]:
    """Return what a badge stands for and what it asks for, true of its holder."""
    kind = CertificateKind(certificate.kind)
    description, criteria = _SAID[kind, stories_asked(certificate) > 0]
    if rests_on_waiver(certificate):
        return _WAIVED[kind], f"{criteria} {_MAY_WAIVE}"
    return description, criteria
