"""Consent: given line by line, or refused. A no after a yes takes back what the yes allowed."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import actions as accounts
from accounts.chain import canonical
from referral.actions import runs
from referral.actions.places import lock_places_of
from referral.actions.withdrawal import end_everything, recall_refused
from referral.choices import Assent, ConsentGiver
from referral.choices.cases import CHILD_NOT_ASKED, CHILD_SAYS_NO, is_adult
from referral.choices.forms import CONSENT
from referral.models import Case, Consent, ConsentLine, Organisation
from referral.queries.questions import known_values
from referral.queries.sendings import sending_of


class NeedsGuardian(Exception):
    """Raised when a child, or a person whose age is not known, would consent without a guardian or caregiver."""


class CaregiverSuspected(Exception):
    """Raised when a caregiver who may be involved in the harm would consent; only an independent guardian may."""


class ChildNotHeard(Exception):
    """Raised when an adult consents for a child that was not asked, or that says no; its own yes stands beside hers."""


class EndsInThePast(Exception):
    """Raised for a consent that would be over before it is given."""


class UnknownAgency(Exception):
    """Raised for a line about an agency that is not in the directory of the case's country."""


@dataclass(frozen=True)
class Line:
    """Yes or no to one agency, one group of fields, one purpose."""

    organisation: int
    group: str
    purpose: str
    is_given: bool


def wording(language: str) -> str:
    """Return the hash of the words that are read out in a language."""
    with translation.override(language):
        read = [str(CONSENT.intro), *map(str, CONSENT.points), *(str(field.script) for field in CONSENT.fields)]
    return hashlib.sha256(canonical(read).encode()).hexdigest()


@transaction.atomic
def record_consent(
    *,
    case: Case,
    lines: Iterable[Line],
    giver: str,
    language: str,
    key: str,
    by,
    at: dt.datetime,
    run: int | None = None,
    assent: str = "",
    with_interpreter: bool = False,
    ends_at: dt.datetime | None = None,
    facts: Mapping[str, object] | None = None,
    seen: int | None = None,
) -> Consent | None:
    """Write down one act of consent, and move the consent step on: given when a line says yes, else refused.

    A repeat with the same key returns what was written the first time. Lines asked again replace the earlier ones: where
    a no leaves an agency nothing, its request is recalled. An act without any yes is a no to everything: it ends what an
    earlier yes allowed.
    """
    case = runs.locked_case(case.pk)
    if event := sending_of(case, key, "consent_given", "consent_refused"):
        return case.consents.filter(public_id=json.loads(event.body).get("consent")).first()
    lines = list(lines)
    _refuse_moved(case, seen)
    if any(line.is_given for line in lines):
        _refuse_wrong_giver(case, giver, assent, facts or {})
    if ends_at is not None and ends_at <= at:
        raise EndsInThePast(_("This consent would be over already. Choose a later day, or leave it empty."))
    if not lines or not all(line.is_given for line in lines):  # a no may give places back
        lock_places_of(case)
    consent = Consent.objects.create(
        case=case, run=case.runs.filter(number=run).first() if run else None, giver=giver,
        assent=assent, language=language, with_interpreter=with_interpreter, wording=wording(language),
        given_at=at, recorded_by=accounts.actor_id(by), ends_at=ends_at,
    )  # fmt: skip
    _write_lines(case, consent, lines, at)
    _note_consent(consent, lines, run, key, by, at)
    if facts:
        runs.answer(case=case, facts=facts, source="consent", key=f"{key}:facts", by=by, at=at)
    _follow_consent(consent, lines, run, key, by, at)
    return consent


def _note_consent(consent: Consent, lines: list[Line], run: int | None, key: str, by, at: dt.datetime) -> None:
    """Say in the timeline and in the audit that it was given or refused, and to how many agencies."""
    case, told = consent.case, str(consent.public_id)
    agencies = len({line.organisation for line in lines if line.is_given})
    kind = "consent_given" if agencies else "consent_refused"
    runs.note_event(case=case, kind=kind, run=run, key=key, by=by, at=at, consent=told, agencies=agencies)
    accounts.record(by=by, verb=f"referral.{kind}", thing=case, at=at, country=case.country_id, consent=told)


def _follow_consent(consent: Consent, lines: list[Line], run: int | None, key: str, by, at: dt.datetime) -> None:
    """Move the step on, and end what a no ends."""
    case, is_given = consent.case, any(line.is_given for line in lines)
    if run:
        outcome = "given" if is_given else "refused"
        runs.decide(case=case, run=run, outcome=outcome, key=f"{key}:outcome", by=by, at=at)
    if is_given:
        refused = {line.organisation for line in lines if not line.is_given}
        recall_refused(case=case, refused=refused, key=f"{key}:back", by=by, at=at)
    else:
        end_everything(case=case, refusal=consent, key=f"{key}:back", by=by, at=at, run=run)


def _refuse_moved(case: Case, seen: int | None) -> None:
    if case.closed_at is not None:
        raise runs.CaseAlreadyClosed("This case is closed. Reopen it before you change it.")
    if seen is not None and seen != case.event_count:
        raise runs.CaseMovedOn("Somebody moved this case meanwhile. Look at the present state and decide again.")


def _refuse_wrong_giver(case: Case, giver: str, assent: str, told: Mapping[str, object]) -> None:
    known = known_values(case) | dict(told)
    is_child = not is_adult(known.get("age"))
    if giver == ConsentGiver.PERSON and is_child:
        raise NeedsGuardian(
            _("For a child, and where the age is not known, a guardian or caregiver must consent beside the child.")
        )
    if giver == ConsentGiver.CAREGIVER and known.get("caregiver_suspected"):
        raise CaregiverSuspected(
            _("A caregiver may be involved in the harm. Only an independent guardian may consent.")
        )
    if is_child and assent not in (Assent.YES, Assent.TOO_YOUNG):
        raise ChildNotHeard(CHILD_SAYS_NO if assent == Assent.NO else CHILD_NOT_ASKED)


def _write_lines(case: Case, consent: Consent, lines: list[Line], at: dt.datetime) -> None:
    known = set(
        Organisation.objects.filter(country_id=case.country_id, pk__in={line.organisation for line in lines})
        .values_list("pk", flat=True)
    )  # fmt: skip
    if missing := {line.organisation for line in lines} - known:
        raise UnknownAgency(
            _("%(count)s agency of this consent is not in this country's directory.") % {"count": len(missing)}
        )
    told = {(line.organisation, line.group, line.purpose) for line in lines}
    standing = ConsentLine.objects.filter(consent__case=case, organisation__in=known, ended_at=None)
    overtaken = [row.pk for row in standing if (row.organisation_id, row.group, row.purpose) in told]
    ConsentLine.objects.filter(pk__in=overtaken).update(ended_at=at)
    ConsentLine.objects.bulk_create(
        ConsentLine(
            consent=consent, organisation_id=line.organisation, group=line.group, purpose=line.purpose,
            is_given=line.is_given,
        )
        for line in lines
    )  # fmt: skip
