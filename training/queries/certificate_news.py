"""What a learner is told of her certificates beside a course: which was withdrawn, ran out, or soon will."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Case, OuterRef, QuerySet, Subquery, When

from training.choices import CertificateKind, CertificateState
from training.models import Certificate, Enrolment
from training.queries.certificates import LAST_FIRST
from training.queries.renewal import opens_at

FACTS = {"attained_at": "attained_at", "expires_at": "expires_at", "withdrawn_at": "withdrawal__at"}
SOON = "soon"


@dataclass(frozen=True)
class Last:
    """The certificate of a kind that counts: the last one that stands, else the last one that was withdrawn."""

    kind: CertificateKind
    attained_at: dt.datetime
    expires_at: dt.datetime | None
    withdrawn_at: dt.datetime | None


@dataclass(frozen=True)
class Told:
    """What is told of one certificate: its kind, and on which day it happened or will."""

    kind: str
    on: dt.datetime


@dataclass(frozen=True)
class CertificateNews:
    """Certificates of one course of which the same is to be told: withdrawn, expired, or soon."""

    state: str
    told: tuple[Told, ...]


def with_last(enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Return enrolments with the certificate of each kind that counts, in one query."""
    return enrolments.annotate(
        **{_name(kind, fact): _last(kind, field) for kind in CertificateKind for fact, field in FACTS.items()}
    )


def news_of(enrolment: Enrolment, at: dt.datetime) -> tuple[CertificateNews, ...]:
    """Return what is to be told of the certificates of an enrolment that was read by `with_last`; no query."""
    found: dict[str, list[Told]] = {}
    for kind in CertificateKind:
        last = Last(kind, *(getattr(enrolment, _name(kind, fact)) for fact in FACTS))
        state, on = _state(last, at)
        if state:
            found.setdefault(state, []).append(Told(str(kind.label), on))
    return tuple(CertificateNews(state, tuple(told)) for state, told in found.items())


def _state(last: Last, at: dt.datetime) -> tuple[str, dt.datetime | None]:
    if last.withdrawn_at:
        return CertificateState.WITHDRAWN.value, last.withdrawn_at
    if last.expires_at and last.expires_at <= at:
        return CertificateState.EXPIRED.value, last.expires_at
    if last.expires_at and opens_at(last) <= at:
        return SOON, last.expires_at
    return "", None


def _last(kind: CertificateKind, field: str) -> Subquery:
    stands_first = Case(When(withdrawal=None, then=0), default=1)
    rows = Certificate.objects.filter(enrolment=OuterRef("pk"), kind=kind).order_by(stands_first, *LAST_FIRST)
    return Subquery(rows.values(field)[:1])


def _name(kind: CertificateKind, fact: str) -> str:
    return f"{kind.value}_{fact}"
