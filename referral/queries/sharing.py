"""What an agency may be shown: register and sharing profile and consent (or a written ground). Nothing else, ever."""

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.chain import canonical
from languages import table
from referral.choices import FIELDS, ConsentGiver, Field, FieldGroup, ReferralState
from referral.choices.cases import AgeBand, age_band, purpose_of
from referral.choices.fields import ALWAYS
from referral.models import (
    Area,
    Case,
    CaseEvent,
    Consent,
    ConsentLine,
    Disclosure,
    FactValue,
    Organisation,
    Referral,
    Service,
)
from referral.queries.held import ON_LIST
from referral.queries.needed import steps_asking
from referral.queries.questions import known_values, words_of
from referral.queries.runs import facts_of, version_of

RECALLED_FROM = (
    ReferralState.REQUESTED, ReferralState.ON_HOLD, ReferralState.ACCEPTED, ReferralState.IN_PROGRESS,
)  # fmt: skip
SECOND_STAGE = 2


@dataclass(frozen=True)
class SharedLine:
    """One line that an agency is shown: plain words, or the row whose sealed value is opened when it is shown."""

    field: Field
    words: str
    sealed: FactValue | None = None

    @property
    def fingerprint(self) -> str:
        """Return what stands for the value in a digest."""
        return f"sealed:{self.sealed.public_id}" if self.sealed else self.words


def allowed_fields(profile: Iterable[str], groups: Collection[str], stage: int) -> tuple[Field, ...]:
    """Return the fields that may be shown: in the register, in the profile, in a group consented to, by this stage."""
    wanted = {*profile, *ALWAYS}
    return tuple(
        field for key, field in FIELDS.items() if key in wanted and field.group in groups and field.stage <= stage
    )


def live_lines(case: Case, at: dt.datetime) -> QuerySet[ConsentLine]:
    """Return the lines of a case that say yes and have neither ended nor been taken back."""
    return ConsentLine.objects.filter(
        Q(consent__ends_at=None) | Q(consent__ends_at__gt=at),
        consent__case=case, consent__withdrawn_at=None, is_given=True, ended_at=None,
    ).select_related("consent", "organisation")  # fmt: skip


def reached(case: Case, organisation: Organisation | None = None) -> QuerySet[Referral]:
    """Return the requests of a case that a withdrawal reaches: an agency waits or helps, has a waiting list, or holds what it saw.

    `holds` tells whether the agency accepted or was shown anything, and was not asked to delete it.
    What was shared on a written ground is none of them.
    """
    rows = _with_holds().filter(Q(state__in=RECALLED_FROM) | Q(holds=True) | ON_LIST)
    rows = rows.filter(case=case, without_consent_basis="").order_by("pk")
    rows = rows.filter(organisation=organisation) if organisation else rows
    return rows.select_related("organisation", "service", "run", "case__country")


def _with_holds() -> QuerySet[Referral]:
    seen = Exists(Disclosure.objects.filter(referral=OuterRef("pk")))
    accepted = Q(answered_at__isnull=False, decline_reason="") | Q(seen)
    holds = ExpressionWrapper(accepted & Q(deletion_asked_at=None), output_field=BooleanField())
    return Referral.objects.annotate(holds=holds)


def holds_what_it_saw(referral: Referral) -> bool:
    """Tell whether an agency still holds, on consent, something that it was shown."""
    return _with_holds().filter(pk=referral.pk, without_consent_basis="", holds=True).exists()


def agencies_reached(case: Case, at: dt.datetime) -> QuerySet[Organisation]:
    """Return the agencies from which consent can be taken back: they may see something, wait, or hold what they saw."""
    lines, requests = live_lines(case, at).values("organisation"), reached(case).values("organisation")
    return Organisation.objects.filter(Q(pk__in=lines) | Q(pk__in=requests)).order_by("name", "pk")


@dataclass(frozen=True)
class Withdrawal:
    """What one taking back of consent ended: the requests that were recalled, and the waiting lists."""

    recalled: int = 0
    lists: int = 0


def withdrawal_of(case: Case, key: str) -> Withdrawal | None:
    """Return what the withdrawal with a key ended; None when there was none."""
    event = CaseEvent.objects.filter(case=case, key=key, kind="consent_withdrawn").first()
    told = {} if event is None else json.loads(event.body)
    return None if event is None else Withdrawal(told.get("recalled", 0), told.get("lists", 0))


def consents_over(at: dt.datetime) -> QuerySet[Consent]:
    """Return the consents that have run out, and of which nobody was told."""
    return Consent.objects.filter(ends_at__lte=at, withdrawn_at=None, over_told_at=None).order_by("ends_at", "id")


def refused_for(case: Case, need: str) -> set[int]:
    """Return the agencies that may not be told of a need, since the person said no: to them, or last of all to everything."""
    lines = ConsentLine.objects.filter(
        consent__case=case,
        consent__withdrawn_at=None,
        ended_at=None,
        group=FieldGroup.BASICS,
        purpose=purpose_of(need),
    )
    last = Consent.objects.filter(case=case).order_by("-given_at", "-id").first()
    if last is not None and not last.lines.filter(is_given=True).exists():
        given = lines.filter(is_given=True).values("organisation")
        everybody = Organisation.objects.filter(country_id=case.country_id).exclude(pk__in=given)
        return set(everybody.values_list("pk", flat=True))
    return set(lines.filter(is_given=False).values_list("organisation", flat=True))


def lines_for(case: Case, organisation: Organisation, need: str, at: dt.datetime) -> dict[str, ConsentLine]:
    """Return the live lines that cover one agency and the purpose of one need, by group."""
    lines = live_lines(case, at).filter(organisation=organisation, purpose=purpose_of(need)).order_by("id")
    return {line.group: line for line in lines}


def givers_of(referral: Referral, at: dt.datetime) -> list[str]:
    """Return in words who gave the consent to show an agency something, where it was not the person alone."""
    lines = lines_for(referral.case, referral.organisation, referral.need, at).values()
    givers = {line.consent.giver for line in lines}
    return [giver.label for giver in ConsentGiver if giver in givers] if givers - {ConsentGiver.PERSON} else []


def profile_of(case: Case, step_key: str) -> tuple[str, ...]:
    """Return the field keys of the sharing profile of a step."""
    pathway = version_of(case)
    profile = pathway.steps[step_key].get("sharing_profile", "")
    return tuple(pathway.body.get("sharing_profiles", {}).get(profile, ()))


def fields_at_stake(case: Case, organisations: Collection[int]) -> dict[tuple[int, str], dict[str, tuple[str, ...]]]:
    """Return what agencies would be shown on a yes, the keys of the fields by group, by agency and purpose.

    A yes holds for each step that asks the agency for a help of this purpose, so it is asked for what they all share.
    """
    steps = steps_asking(version_of(case))
    given = Service.objects.filter(organisation__in=organisations).values_list("organisation_id", "term")
    profiles: dict[tuple[int, str], set[str]] = {}
    for organisation, term in given:
        for step in steps:
            if step["service"] == term:
                profiles.setdefault((organisation, purpose_of(term)), set()).update(profile_of(case, step["key"]))
    return {place: _by_group(profile) for place, profile in profiles.items()}


def _by_group(profile: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found = allowed_fields(profile, FieldGroup.values, SECOND_STAGE)
    grouped = {group: tuple(field.key for field in found if field.group == group) for group in FieldGroup.values}
    return {group: keys for group, keys in grouped.items() if keys}


def agencies_told_for(case: Case, purpose: str, at: dt.datetime) -> frozenset[int]:
    """Return the agencies that may be told something for a purpose, on a yes that stands."""
    return frozenset(live_lines(case, at).filter(purpose=purpose).values_list("organisation_id", flat=True))


def ground_of(case: Case, step_key: str) -> str:
    """Return the written legal ground of a step that needs no consent, or nothing."""
    return version_of(case).steps[step_key].get("without_consent_basis", "")


def shared_lines(referral: Referral, stage: int, at: dt.datetime) -> list[SharedLine]:
    """Return the lines that the agency of a referral may be shown at a stage, in register order."""
    case, step = referral.case, referral.run.step_key
    groups = (
        FieldGroup.values
        if referral.without_consent_basis
        else lines_for(case, referral.organisation, referral.need, at).keys()
    )
    rows, plain = facts_of(case), known_values(case)
    found = []
    for field in allowed_fields(profile_of(case, step), groups, stage):
        if line := _line(field, referral, rows, plain):
            found.append(line)
    return found


def _line(field: Field, referral: Referral, rows: dict[str, FactValue], plain: dict) -> SharedLine | None:
    case = referral.case
    said = {
        "service": lambda: referral.get_need_display(),
        "area": lambda: district_of(case.area),
        "urgency": lambda: referral.get_urgency_display(),
        "language": lambda: table.BY_CODE[case.language].own if case.language else _("Not known"),
        "case_code": lambda: case.code,
        "age_band": lambda: _band(plain.get("age")),
    }
    if field.key in said:
        words = str(said[field.key]())
        return SharedLine(field, words) if words else None
    row = rows.get(field.source)
    if row is None or not row.is_known or plain.get(field.source) == []:
        return None  # a list of which nothing holds tells an agency nothing without the list
    if not row.value:
        return SharedLine(field, "", sealed=row) if field.stage > 1 else None
    return SharedLine(field, words_of(field.source, plain[field.source], version_of(case)))


def _band(age: int | None) -> str:
    band = age_band(age)
    return AgeBand(band).label if band else ""


def district_of(area: Area | None) -> str:
    """Return the name of the second level at most: never finer than a district."""
    if area is None:
        return ""
    levels = [area]
    while levels[-1].parent_id:
        levels.append(levels[-1].parent)
    return levels[max(len(levels) - 2, 0)].name


def fingerprint(lines: Iterable[SharedLine]) -> str:
    """Return the digest of what was shown, without keeping it."""
    shown = canonical({line.field.key: line.fingerprint for line in lines})
    return hashlib.sha256(shown.encode()).hexdigest()
