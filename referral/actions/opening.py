"""Opening a case: on the newest version of its country, once for each key."""

import datetime as dt
import secrets
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts import actions as accounts
from accounts.models import Country, User
from referral.actions.runs import advance, note_event
from referral.models import Area, Case, CaseEvent, PathwayVersion
from referral.queries import runs as queries
from referral.queries.sendings import SentOtherwise, twins

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


class NoPathwayForCountry(Exception):
    """Raised when no published pathway of the country takes new cases; a manager must publish one."""


@transaction.atomic
def open_case(
    *,
    country: Country,
    facts: Mapping[str, Any],
    language: str,
    source: str,
    key: str,
    by: User | str,
    at: dt.datetime,
    area: Area | None = None,
    owner: User | None = None,
    sources: Mapping[str, str] | None = None,
) -> Case:
    """Open a case on the newest version of its country; a repeat with the same key returns the same case.

    `facts` may hold None: asked, and not known. `sources`: of facts that were told in another way than `source` says.
    `language` is empty where nobody knows which one the person speaks.
    """
    Country.objects.select_for_update(no_key=True).get(pk=country.pk)  # twins of one click wait here for each other
    known = Case.objects.filter(key=key).first()
    if known is not None:
        return known
    if twins(Case.objects.all(), key).exists():
        raise SentOtherwise
    version = _version_for(country)
    case = Case.objects.create(
        key=key, code=_new_code(country), country=country, area=area, version=version, language=language,
        source=source, owner=owner or (by if isinstance(by, User) else None), opened_at=at,
        opened_by=accounts.actor_id(by), changed_at=at,
    )  # fmt: skip
    accounts.record(
        by=by, verb="referral.case_opened", thing=case, at=at, country=country.code, version=version.number
    )
    advance(case=case, kind="opened", facts=facts, source=source, sources=sources, key=f"open:{key}", by=by, at=at)
    case.refresh_from_db()
    return case


@transaction.atomic
def note_writing(*, case: Case, said: str, reason: str, by: User | str, at: dt.datetime) -> None:
    """Keep what the person said to being written down, and why the case was opened without a yes; once for each case.

    It is no consent: nothing is shared by it.
    """
    if not CaseEvent.objects.filter(case=case, key="writing").exists():
        note_event(case=case, kind=f"writing_{said}", key="writing", by=by, at=at, reason=reason)


def _version_for(country: Country) -> PathwayVersion:
    version = queries.versions_for_new_cases(country).first()
    if version is None:
        raise NoPathwayForCountry("No published pathway takes new cases in this country. A manager must publish one.")
    queries.compiled(version)
    return version


def _new_code(country: Country) -> str:
    """Return a case code without meaning, such as LR-7F3K-20, that is not taken."""
    while True:
        letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(6))
        code = f"{country.code}-{letters[:4]}-{letters[4:]}"
        if not Case.objects.filter(code=code).exists():
            return code
