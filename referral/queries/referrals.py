"""Reads for referrals: who could be asked, with reasons; which agencies consent is asked for; what waits for an answer."""

import datetime as dt
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from django.db.models import CharField, Exists, OuterRef, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from accounts.models import Letter
from accounts.queries.clocks import zone_of
from accounts.queries.letters import given_up
from referral import matching
from referral.choices import DeclineReason, FieldGroup, LinkPurpose, Need, ReferralState, ServiceStatus
from referral.choices.cases import purpose_of
from referral.logic import Truth
from referral.matching import Match, Offer, Person
from referral.models import (
    AgencyLink,
    Area,
    Case,
    CaseEvent,
    Escalation,
    Notice,
    Referral,
    RoleAssignment,
    Service,
    StepRun,
)
from referral.queries.directory import in_force
from referral.queries.needed import needs_of, steps_asking
from referral.queries.questions import known_values
from referral.queries.runs import version_of
from referral.queries.sharing import fields_at_stake, ground_of, live_lines, refused_for
from referral.rules import HIDINGS

LAST = 1000  # behind every service that fills the role
ASKED_FIRST: tuple[Truth, ...] = (True, None, False)
LINK_KEY = "agency_link:"
CONFLICTS = (DeclineReason.SAFETY_CONFLICT, DeclineReason.CONFLICT_OF_INTEREST)
LIVE_STATES = (ReferralState.DRAFT, ReferralState.REQUESTED, ReferralState.ON_HOLD)
ASKED_ANEW = (
    ReferralState.REJECTED, ReferralState.NO_ANSWER, ReferralState.CANCELLED, ReferralState.RECALLED,
    ReferralState.COMPLETED, ReferralState.ENTERED_IN_ERROR,
)  # fmt: skip
PLACED_STATES = (ReferralState.ACCEPTED, ReferralState.IN_PROGRESS, ReferralState.COMPLETED)


@dataclass(frozen=True)
class Candidate:
    """One service that could be asked: why it fits, whether consent covers it or refuses it, whether it was asked."""

    service: Service
    match: Match
    may_share: bool
    was_refused: bool
    was_asked: bool
    has_contact: bool
    said_no: Referral | None = None
    on_list: Referral | None = None

    @property
    def can_be_asked(self) -> bool:
        """Tell whether it may be asked now."""
        return self.may_share and self.is_possible

    @property
    def is_possible(self) -> bool:
        """Tell whether only consent could be missing."""
        return not self.match.is_excluded and not self.was_asked and self.has_contact


def area_chain(area: Area | None) -> tuple[int, ...]:
    """Return the keys of an area and of those around it, the nearest first."""
    chain = []
    while area is not None:
        chain.append(area.pk)
        area = area.parent
    return tuple(chain)


def person_of(case: Case) -> Person:
    """Return what matching may know of the person of a case; what she needs is said with each ranking."""
    facts = known_values(case)
    declined = Referral.objects.filter(case=case, decline_reason__in=CONFLICTS).values_list("organisation", flat=True)
    named = [key for hiding in HIDINGS for key in hiding.agencies(case)]
    return Person(
        term="",
        areas=area_chain(case.area),
        sex=facts.get("sex"),
        age=facts.get("age"),
        is_national=facts.get("national"),
        children_with=facts.get("children_with"),
        forms=frozenset(facts.get("exploitation_type") or ()),
        language=case.language or None,
        conflicts=frozenset([*declined, *named]),
    )


def offer_of(service: Service, position: int = 0) -> Offer:
    """Return a service as matching sees it; needs eligibilities, areas, hours and capacities at hand."""
    capacity = next(iter(service.capacities.all()), None)
    return Offer(
        key=service.pk,
        organisation=service.organisation_id,
        term=service.term,
        is_running=service.status == ServiceStatus.ACTIVE,
        valid_from=service.valid_from,
        valid_until=service.valid_until,
        areas=frozenset(area.pk for area in service.areas.all()),
        minimum_age=service.minimum_age,
        maximum_age=service.maximum_age,
        taken={(row.criterion, row.value): row.is_taken for row in service.eligibilities.all()},
        languages=frozenset(service.languages),
        is_always_open=service.is_round_the_clock,
        hours=tuple((row.weekday, row.opens_at, row.closes_at) for row in service.hours.all()),
        available=capacity.available if capacity else None,
        available_at=capacity.updated_at if capacity else None,
        assured_date=service.assured_date,
        position=position,
    )


def services_matched(case: Case, needs: Collection[str]) -> QuerySet[Service]:
    """Return the services of the case's country that give what is needed, with all that matching reads."""
    return (
        Service.objects.filter(organisation__country_id=case.country_id, term__in=needs)
        .select_related("organisation")
        .prefetch_related(
            "areas", "eligibilities", "hours", "capacities",
            Prefetch("organisation__contacts", to_attr="enrolled"),
        )
    )  # fmt: skip


class Ranking:
    """Ranks the services of a case's country for several needs; what all of them share is read once.

    `asked` are the needs with the role that fills each, which may be empty.
    """

    def __init__(self, case: Case, at: dt.datetime, asked: Collection[tuple[str, str]]):
        self.local = at.astimezone(zone_of(case.country_id))
        self.person = person_of(case)
        self.services: dict[str, dict[int, Service]] = {}
        for service in services_matched(case, {need for need, _role in asked}):
            self.services.setdefault(service.term, {})[service.pk] = service
        self.positions = _positions(case, {role for _need, role in asked}, self.local.date())

    def of(self, need: str, role: str = "") -> list[tuple[Service, Match]]:
        """Return the services for a need with their reasons, the best first."""
        services, positions = self.services.get(need, {}), self.positions.get(role, {})
        offers = [offer_of(service, positions.get(service.pk, LAST)) for service in services.values()]
        ranked = matching.rank(offers, replace(self.person, term=need), self.local)
        return [(services[match.key], match) for match in ranked]


def ranked(case: Case, need: str, at: dt.datetime, role: str = "") -> list[tuple[Service, Match]]:
    """Return the services for one need with their reasons, the best first."""
    return Ranking(case, at, [(need, role)]).of(need, role)


def _positions(case: Case, roles: Collection[str], on: dt.date) -> dict[str, dict[int, int]]:
    """Return, by role, the order of services that fill it on a day in the case's region; of several the best counts."""
    rows = RoleAssignment.objects.filter(in_force(on), country_id=case.country_id, role__in=roles)
    here = rows.filter(Q(area=None) | Q(area__in=area_chain(case.area)))
    found: dict[str, dict[int, int]] = {}
    for row in here.order_by("-position", "pk"):
        found.setdefault(row.role, {})[row.service_id] = row.position
    return found


def _last_asked(case: Case, step: str) -> dict[int, Referral]:
    """Return the newest request of a step to each service, by the key of the service."""
    rows = Referral.objects.filter(case=case, run__step_key=step).order_by("pk")
    return {row.service_id: row for row in rows}


def candidates(run: StepRun, at: dt.datetime, *, is_anew: bool = False) -> list[Candidate]:
    """Return whom a referral step could ask, the best first; those ruled out stay in the list with their reasons.

    Nobody is asked twice in one visit of a step. A later visit may ask again whoever said no or nothing: beds come
    free, and only people know it; what was said stands beside. `is_anew` looks at a step that is over as it would be
    if it were opened again.
    """
    case = run.case
    step = version_of(case).steps[run.step_key]
    need, ground = step["service"], ground_of(case, run.step_key)
    asked = _last_asked(case, run.step_key)
    counts = {
        key for key, row in asked.items() if row.state not in ASKED_ANEW or (row.run_id == run.pk and not is_anew)
    }
    lines = live_lines(case, at).filter(group=FieldGroup.BASICS, purpose=purpose_of(need))
    consented, refused = set(lines.values_list("organisation_id", flat=True)), refused_for(case, need)
    return [
        Candidate(
            service=service,
            match=match,
            may_share=bool(ground) or service.organisation_id in consented,
            was_refused=service.organisation_id in refused,
            was_asked=service.pk in counts,
            has_contact=bool(service.organisation.enrolled),
            said_no=_no_of(asked.get(service.pk)),
            on_list=_list_of(asked.get(service.pk)),
        )
        for service, match in ranked(case, need, at, run.role)
    ]


def _no_of(row: Referral | None) -> Referral | None:
    return row if row is not None and row.state == ReferralState.REJECTED else None


def _list_of(row: Referral | None) -> Referral | None:
    return row if row is not None and row.had_no_place else None


@dataclass(frozen=True)
class AgencyAsked:
    """One agency for which consent is asked: for which purpose, and the groups with the fields it would be shown."""

    service: Service
    purpose: str
    groups: Mapping[str, tuple[str, ...]]


def agencies_to_name(case: Case, at: dt.datetime, most: int = 3) -> list[AgencyAsked]:
    """Return the agencies that the person is asked about, the best of each referral step that needs consent: first for
    the help that the case needs, then where that is not known, then the others.
    """
    found: dict[tuple[int, str], Service] = {}
    needs, steps = needs_of(case), list(steps_asking(version_of(case)))
    ranking = Ranking(case, at, [(step["service"], step.get("role", "")) for step in steps])
    for step in sorted(steps, key=lambda step: ASKED_FIRST.index(needs[step["service"]])):
        offered = ranking.of(step["service"], step.get("role", ""))
        fitting = [pair for pair in offered if not pair[1].is_excluded]
        for service, _match in fitting[:most]:
            found.setdefault((service.organisation_id, purpose_of(step["service"])), service)
    shown = fields_at_stake(case, {organisation for organisation, _purpose in found})
    return [AgencyAsked(service, place[1], shown[place]) for place, service in found.items()]


def is_helped(case: Case) -> bool:
    """Tell whether an agency took the person on and did not give up: help was found, whatever steps are open."""
    return Referral.objects.filter(case=case, state__in=PLACED_STATES).exists()


def referral_sent_by(event: CaseEvent) -> Referral:
    """Return the request that an event tells of."""
    return Referral.objects.get(case=event.case_id, public_id=json.loads(event.body)["referral"])


def urgency_of(run: StepRun) -> str:
    """Return how urgently the next agency of a step is asked: as the last one was; the first, urgently when the person
    is in danger now and the step asks for help against it.
    """
    last = Referral.objects.filter(run=run).order_by("-position").values_list("urgency", flat=True).first()
    return last or ("urgent" if _is_emergency(run) else "normal")


def _is_emergency(run: StepRun) -> bool:
    need = version_of(run.case).steps[run.step_key].get("service")
    return need == Need.EMERGENCY_POLICE and known_values(run.case).get("immediate_danger") is True


def expired_offers(at: dt.datetime) -> QuerySet[Referral]:
    """Return the offers whose time for an answer has passed."""
    return Referral.objects.filter(
        state__in=[ReferralState.REQUESTED, ReferralState.ON_HOLD], due_at__lte=at
    ).order_by("due_at", "id")


def deletions_overdue(at: dt.datetime) -> QuerySet[Referral]:
    """Return the referrals whose agency did not confirm a deletion within three days, and of which nobody was told.

    The worker asks each second: the open ones are an index of their own, and each told row is found by its key.
    """
    overdue = Referral.objects.filter(deletion_asked_at__lte=at - dt.timedelta(hours=72), deletion_confirmed_at=None)
    rule = Concat(Value("deletion:"), Cast("pk", CharField()))
    told = Escalation.objects.filter(run=OuterRef("run"), rule=OuterRef("told_rule"))
    rows = overdue.alias(told_rule=rule).filter(~Exists(told)).select_related("case", "run")
    return rows.order_by("deletion_asked_at", "id")


def live_links(case: Case, at: dt.datetime) -> dict[int, AgencyLink]:
    """Return the links of a case that still wait for their code, by referral; the newest counts.

    Links for an answer have died where a deletion is asked.
    """
    links = AgencyLink.objects.filter(
        referral__case=case, used_at=None, revoked_at=None, redeemed_at=None,
        expires_at__gt=at, tries__lt=5,
    )  # fmt: skip
    return {link.referral_id: link for link in links.order_by("made_at")}


def text_faults(links: dict[int, AgencyLink]) -> dict[int, str]:
    """Return why the text with a link could not leave, in words, by referral."""
    by_key = {f"{LINK_KEY}{link.public_id}": referral for referral, link in links.items()}
    failed = Notice.objects.filter(key__in=by_key).exclude(fault="")
    return {by_key[notice.key]: notice.get_fault_display() for notice in failed}


def lost_letters(links: dict[int, AgencyLink]) -> set[int]:
    """Return the referrals whose letter with the link was given up."""
    by_key = {f"{LINK_KEY}{link.public_id}": referral for referral, link in links.items()}
    given_up = Letter.objects.filter(key__in=by_key, failed_at__isnull=False)
    return {by_key[key] for key in given_up.values_list("key", flat=True)}


def letters_given_up() -> QuerySet[Letter]:
    """Return the letters to agencies that were given up and that nobody has seen to, oldest first."""
    return given_up(LINK_KEY)


def awaited_link(letter: Letter) -> AgencyLink | None:
    """Return the link in a letter to an agency; None where nobody waits for its answer any more."""
    waits = Q(purpose=LinkPurpose.DELETION) | Q(referral__state__in=[ReferralState.REQUESTED, ReferralState.ON_HOLD])
    links = AgencyLink.objects.filter(waits, revoked_at=None, redeemed_at=None)
    of_letter = links.filter(public_id=letter.key.removeprefix(LINK_KEY))
    return of_letter.select_related("referral__case", "referral__run").first()


def live_link(referral: Referral, at: dt.datetime) -> AgencyLink | None:
    """Return the link of a referral that still waits for its code, if there is one."""
    return live_links(referral.case, at).get(referral.pk)
