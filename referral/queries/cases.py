"""Reads of cases: which a person may see, their list, their history in order, who read them."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import AuditEntry, User
from accounts.queries import audit_of, staff_of
from referral.choices import CaseState, ReferralState, RunState
from referral.models import Case, CaseAccess, CaseEvent, Referral, StepRun
from referral.queries.held import ON_LIST
from referral.rules import hidden

HANDLERS = ("operator", "supervisor")
WAITING_STATES = (ReferralState.REQUESTED, ReferralState.ON_HOLD)
LATE_STATES = (RunState.OPEN, RunState.ASKING)  # what waits for somebody to act, and what waits for an answer
JUST_NOW = dt.timedelta(minutes=10)  # a form sent again within it is likely meant for the same person


@dataclass(frozen=True)
class Happening:
    """One event of a case as codes; templates and choices put it into words."""

    number: int
    kind: str
    at: dt.datetime
    by: str
    by_name: str
    run: int | None
    codes: Mapping[str, Any]


def own_cases(user) -> QuerySet[Case]:
    """Return the cases a person owns; those of a country that she left are hers no more."""
    if not user.is_authenticated or not user.has_role(*HANDLERS):
        return Case.objects.none()
    return Case.objects.filter(~hidden(user), owner=user, country_id=user.country_id)


def left_behind(user) -> QuerySet[Case]:
    """Return the open cases of a supervisor's country that nobody has who may: closed accounts, people who moved on."""
    if not user.is_authenticated or not sees_country(user):
        return Case.objects.none()
    return left_in(user.country_id).filter(~hidden(user)).order_by("opened_at", "id")


def left_in(country: str) -> QuerySet[Case]:
    """Return the open cases of a country, by its code, that nobody has who may."""
    cases = Case.objects.filter(country_id=country, state=CaseState.OPEN)
    return cases.exclude(owner__in=staff_of(country, *HANDLERS))


def just_opened(user, *, key: str, at: dt.datetime, **same) -> Case | None:
    """Return the case that a person opened at the desk a few minutes ago with the same answers, by another sending."""
    if Case.objects.filter(key=key).exists():
        return None
    own = cases_visible_to(user).filter(key__startswith=f"desk:{user.public_id}:", opened_at__gt=at - JUST_NOW)
    return own.filter(**same).order_by("-opened_at", "-id").first()


def sees_country(user) -> bool:
    """Tell whether a person sees the codes and states of all cases of her country."""
    return bool(user.has_role("supervisor") and user.country_id)


def cases_visible_to(user) -> QuerySet[Case]:
    """Return the cases whose code and state a person may see; opening one needs `allowed(user, RULES, "view_case")`.

    A case that names her is not there for her.
    """
    if not user.is_authenticated or not user.is_active:
        return Case.objects.none()
    if sees_country(user):
        return Case.objects.filter(~hidden(user), country_id=user.country_id)
    return own_cases(user)


def openable(user, at: dt.datetime) -> ExpressionWrapper:
    """Return what the rule "view_case" says of each case to one of its two roles, for a whole list in one statement."""
    ways = Q(owner=user) if user.has_role(*HANDLERS) else Q(pk__in=[])
    if sees_country(user):
        given = CaseAccess.objects.filter(case=OuterRef("pk"), user=user, ends_at__gt=at)
        ways |= Q(Exists(given))
    return ExpressionWrapper(ways & Q(country_id=user.country_id) & ~hidden(user), BooleanField())


def listed(cases: QuerySet[Case], user, at: dt.datetime) -> QuerySet[Case]:
    """Return cases with what a list shows: open steps, late steps, answers waited for, who may open them.

    Each count asks for itself: joined, visits and referrals multiply each other. No list needs the text of a pathway.
    """
    runs = StepRun.objects.filter(case=OuterRef("pk"))
    is_open = runs.filter(state=RunState.OPEN)
    waiting = Referral.objects.filter(case=OuterRef("pk"), state__in=WAITING_STATES)
    return cases.select_related("owner", "area").annotate(
        open_steps=_count(is_open),
        late_steps=_count(runs.filter(state__in=LATE_STATES, due_at__lt=at)),
        waiting_answers=_count(waiting),
        is_asking=Exists(runs.filter(state=RunState.ASKING)),
        is_blocked=Exists(runs.filter(state=RunState.BLOCKED)),
        may_open=openable(user, at),
    )


def _count(rows: QuerySet) -> Coalesce:
    """Return how many rows of a case there are, counted apart."""
    return Coalesce(Subquery(rows.order_by().values("case").annotate(rows=Count("pk")).values("rows")), 0)


def narrowed(cases: QuerySet[Case], user, *, code="", state="", area=None, waits="") -> QuerySet[Case]:
    """Return listed cases narrowed to what was asked for."""
    if code:
        cases = cases.filter(code__icontains=code.strip())
    if state:
        cases = cases.filter(state=state)
    if area:
        cases = cases.filter(Q(area=area) | Q(area__parent=area))
    wanted = {
        "late": Q(late_steps__gt=0, state=CaseState.OPEN),
        "answer": Q(waiting_answers__gt=0),
        "question": Q(is_asking=True, state=CaseState.OPEN),
        "mine": Q(owner=user),
    }
    return cases.filter(wanted[waits]) if waits in wanted else cases


def referrals_visible_to(user) -> QuerySet[Referral]:
    """Return the referrals a person may see: of own cases, and those open at the own agency (codes only)."""
    if user.is_authenticated and user.has_role("focal_point"):
        open_states = (*WAITING_STATES, ReferralState.ACCEPTED, ReferralState.IN_PROGRESS)
        own = {"organisation__focal_points": user, "organisation__country_id": user.country_id}
        return Referral.objects.filter(Q(state__in=open_states) | ON_LIST, ~hidden(user, "case"), **own).distinct()
    return Referral.objects.filter(case__in=own_cases(user))


def history_of(case: Case) -> list[Happening]:
    """Return what happened in a case, newest first, with the names of the staff who acted."""
    rows = list(CaseEvent.objects.filter(case=case).order_by("-number"))
    names = names_of({row.by for row in rows})
    return [
        Happening(row.number, row.kind, row.at, row.by, names.get(row.by, ""), row.run_number, json.loads(row.body))
        for row in rows
    ]


def numbers_of(case: Case, *kinds: str) -> set[int]:
    """Return the numbers of the events of some kinds in a case."""
    return set(CaseEvent.objects.filter(case=case, kind__in=kinds).values_list("number", flat=True))


def has_given(user, code: str, key: str) -> bool:
    """Tell whether a person gave a case to another owner by this very sending."""
    given = CaseEvent.objects.filter(case__code=code, kind="assigned", key=key, by=str(user.public_id))
    return given.exists()


def names_of(actors: set[str]) -> dict[str, str]:
    """Return the names of the staff among those who acted, by public id."""
    ids = [actor for actor in actors if len(actor) == 36]
    return {str(user.public_id): user.get_short_name() for user in User.objects.filter(public_id__in=ids)}


@dataclass(frozen=True)
class Reading:
    """One act or reading in the audit log of a case, with the actor's name."""

    at: dt.datetime
    verb: str
    name: str


def readers_of(case: Case) -> list[Reading]:
    """Return who opened a case and what was revealed of it, newest first."""
    entries: list[AuditEntry] = list(audit_of(case).order_by("-seq")[:200])
    names = names_of({entry.actor for entry in entries})
    return [
        Reading(dt.datetime.fromisoformat(entry.at), entry.verb, names.get(entry.actor, entry.actor))
        for entry in entries
    ]
