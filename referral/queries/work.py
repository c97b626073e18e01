"""Reads of the work list: who fills a role, what they were told, what is late, what waits; the count for the bar."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.choices import Role
from accounts.models import User
from accounts.queries import staff_of
from languages.text import listed
from referral.choices import CaseState, EscalationAction, RunState
from referral.choices.cases import HOUSE_ROLES, LEFT_BEHIND, LEFT_TO_DO_WORDS, NEXT_ASKED, WORK_WORDS, WOULD_OPEN
from referral.models import Case, Escalation, Notice, Referral, RoleAssignment, StepRun
from referral.queries.again import steps_wanted
from referral.queries.cases import HANDLERS, WAITING_STATES, cases_visible_to, left_behind, own_cases
from referral.queries.held import held_words
from referral.queries.passed_on import PassedOn, passed_on
from referral.queries.runs import Words, late_runs, version_of, words
from referral.queries.spoken import isolated
from referral.rules import hidden, is_shown

USUAL_STAFF = {"hotline": "operator", "coordinator": "supervisor", "head": "supervisor", "supervisor": "supervisor"}
LAST_RESORT = "supervisor"
# What concerns an agency that still holds something, or was not reached, is told although the case is closed.
OUTLIVES = ("deletion:", "letter_failed:", "text_failed:", "untold:")


def staff_role_of(country_id: str, role: str, on: dt.date) -> str:
    """Return the role in this house that fills a role of the pathway, or nothing."""
    row = (
        RoleAssignment.objects.filter(country_id=country_id, role=role)
        .exclude(staff_role="")
        .filter(Q(valid_from=None) | Q(valid_from__lte=on), Q(valid_until=None) | Q(valid_until__gte=on))
        .first()
    )
    return row.staff_role if row else USUAL_STAFF.get(role, "")


def people_of(case: Case, staff_role: str) -> list[User]:
    """Return who is told for a role: of operators who has the case, of others all of the country; nobody whom it names."""
    if not staff_role:
        return []
    if staff_role == "operator":
        people = staff_of(case.country_id, *HANDLERS).filter(pk=case.owner_id)
    else:
        people = staff_of(case.country_id, staff_role)
    return [one for one in people if is_shown(one, case)]


@dataclass(frozen=True)
class Told:
    """Who is told about a step: the role in this house, its people, and whether the role asked for had nobody."""

    staff_role: str
    people: tuple[User, ...]
    was_hole: bool


def told_for(case: Case, role: str, on: dt.date) -> Told:
    """Return who is told for a role of the pathway; where nobody fills it, the supervisors, who see the hole."""
    staff_role = staff_role_of(case.country_id, role, on)
    people = people_of(case, staff_role)
    if people:
        return Told(staff_role, tuple(people), was_hole=False)
    return Told(LAST_RESORT, tuple(people_of(case, LAST_RESORT)), was_hole=True)


@dataclass(frozen=True)
class WorkRow:
    """One line of the work list: a visit of a step with all that was told about it, each sentence once.

    Of a case that nobody has who may ("left") it is the whole case, without a step; since when is not known.
    """

    kind: str
    case: Case
    run: StepRun | None
    title: Words | None
    at: dt.datetime | None
    told: tuple[Escalation, ...] = ()
    said: tuple[str, ...] = ()
    calls: tuple[PassedOn, ...] = ()

    @property
    def is_late(self) -> bool:
        """Tell whether the step missed its time."""
        return self.kind == "late" or any(not work_words(told.rule) for told in self.told)

    @property
    def is_asking(self) -> bool:
        """Tell whether the step waits for an answer."""
        return self.run is not None and self.run.state == RunState.ASKING

    @property
    def was_hole(self) -> bool:
        """Tell whether nobody was on duty for a role that should act."""
        return any(told.was_hole for told in self.told)

    @property
    def ended_since(self) -> dt.datetime | None:
        """Return when the step ended, if that was after somebody was told of it."""
        ended = self.run and self.run.ended_at
        return ended if self.told and ended and ended > self.at else None


def is_open_for(told: Escalation) -> bool:
    """Tell whether somebody must still hear of a row: its case is open, or it concerns what an agency still holds."""
    return told.run.case.state == CaseState.OPEN or told.rule.startswith(OUTLIVES)


def told_to(user) -> QuerySet[Escalation]:
    """Return what a person was told and nobody has taken off the list yet."""
    if not user.is_authenticated:
        return Escalation.objects.none()
    roles = [role for role in ("operator", "supervisor") if user.has_role(role)]
    seen_by_role = Q()
    if "operator" in roles:
        seen_by_role |= Q(told_role="operator", run__case__in=own_cases(user))
    if "supervisor" in roles:
        seen_by_role |= Q(~hidden(user, "run__case"), told_role="supervisor", run__case__country_id=user.country_id)
    if not roles:
        return Escalation.objects.none()
    stands = Q(run__case__state=CaseState.OPEN)
    for rule in OUTLIVES:
        stands |= Q(rule__startswith=rule)
    return (
        Escalation.objects.filter(seen_by_role, stands, seen_at=None)
        .exclude(fired_at=None)
        .select_related("run__case__version", "run__case__country", "run__case__owner")
        .order_by("fired_at", "id")
    )


def was_told(user, keys: Iterable[int]) -> bool:
    """Tell whether rows stood on a list of the user's role and country: taken off, settled or given away since."""
    if not user.is_authenticated:
        return False
    roles = [role for role in ("operator", "supervisor") if user.has_role(role)]
    rows = Escalation.objects.filter(~hidden(user, "run__case"), pk__in=keys, told_role__in=roles)
    told = rows.filter(run__case__country_id=user.country_id)
    return told.exclude(fired_at=None).exists()


def told_in_silence(at: dt.datetime) -> QuerySet[Escalation]:
    """Return the rows of which somebody was told without a letter, once the quiet time is over."""
    return Escalation.objects.exclude(fired_at=None).filter(claimed_until__lte=at).order_by("claimed_until", "id")


def late_for(user, at: dt.datetime) -> QuerySet[StepRun]:
    """Return the late steps of the cases that a person has."""
    return late_runs(at).filter(case__in=own_cases(user)).select_related("case__version", "case__country")


def asking_for(user, at: dt.datetime) -> QuerySet[StepRun]:
    """Return the steps of a person's cases that wait for a fact, and are not late yet."""
    asking = StepRun.objects.filter(case__in=own_cases(user), state=RunState.ASKING, case__state=CaseState.OPEN)
    return asking.filter(Q(due_at=None) | Q(due_at__gte=at)).select_related("case__version", "case__country")


def waiting_for(user) -> QuerySet[Referral]:
    """Return the requests that an agency has not answered: of the own cases, for a supervisor of her whole country."""
    return Referral.objects.filter(
        case__in=cases_visible_to(user), state__in=WAITING_STATES, case__state=CaseState.OPEN
    ).select_related("case__version", "case__owner", "organisation", "run")


def work_list(user, language: str, at: dt.datetime) -> list[WorkRow]:
    """Return what a person has to look at: what nobody has, what is told, what is late, what is asked, in this order."""
    by_run: dict[int, list[Escalation]] = {}
    for told in told_to(user).annotate(was_passed_on=_passed_on_late()):
        by_run.setdefault(told.run_id, []).append(told)
    next_asked = passed_on(chain(*by_run.values()), own_cases(user), at)
    held = held_words(chain(*by_run.values()), own_cases(user), language)
    left = left_behind(user).select_related("owner")
    rows = [WorkRow("left", case, None, None, None, said=(str(LEFT_BEHIND),)) for case in left]
    rows += [_told_row(tuple(told), next_asked, held, language) for told in by_run.values()]
    late = [run for run in late_for(user, at) if run.pk not in by_run]
    rows += [WorkRow("late", run.case, run, _title(run, language), run.due_at) for run in late]
    asking = asking_for(user, at)
    rows += [WorkRow("question", run.case, run, _title(run, language), run.started_at) for run in asking]
    return rows


def _told_row(
    told: tuple[Escalation, ...], next_asked: dict[int, PassedOn], held: dict[int, str], language: str
) -> WorkRow:
    run = told[0].run
    asked = {one.pk: next_asked[one.pk] for one in told if one.pk in next_asked}
    exact = held | {key: one.words(language) for key, one in asked.items()}
    said = [exact.get(one.pk) or work_words(one.rule) or _left_words(one, language) for one in told]
    if any(one.rule.startswith("facts_changed") for one in told):
        said.append(_wanted_words(run.case, language))
    once = tuple(dict.fromkeys(sentence for sentence in said if sentence))
    calls = tuple(one for one in asked.values() if one.is_to_call)
    return WorkRow("told", run.case, run, _title(run, language), told[0].fired_at, told, once, calls)


def _wanted_words(case: Case, language: str) -> str:
    """Return the steps that facts which changed would lead to now, or nothing."""
    titles = [isolated(title.text, language) for title in steps_wanted(case, language)]
    return str(WOULD_OPEN) % {"steps": listed(titles, language)} if titles else ""


def _left_words(told: Escalation, language: str) -> str:
    """Return what was done about a late step, and what is left to the reader, who need not hear that she was told."""
    done = str(NEXT_ASKED) if told.action == EscalationAction.OFFER_NEXT and told.was_passed_on else ""
    return f"{done} {left_to_do(told.run.case, told.to_role, told.action, language)}".strip()


def _passed_on_late() -> Exists:
    """Return whether another agency was asked once a step was late: there may have been none left."""
    return Exists(Referral.objects.filter(run=OuterRef("run"), position__gt=1, requested_at__gte=OuterRef("at")))


def left_to_do(case: Case, role: str, action: str, language: str) -> str:
    """Return what people of this house still have to do about a late step: nobody outside is told by itself."""
    if role in HOUSE_ROLES:
        return ""
    name = version_of(case).roles.get(role, {}).get("name", role)
    return LEFT_TO_DO_WORDS[action] % {"role": isolated(words(name, language).text, language)}


def told_roles_of(case: Case) -> dict[tuple[int, str], str]:
    """Return who in this house was told what of a case, in words: by visit and rule."""
    rows = Escalation.objects.filter(run__case=case).exclude(told_role="")
    return {(run, rule): Role(role).label for run, rule, role in rows.values_list("run__number", "rule", "told_role")}


def work_words(rule: str) -> str:
    """Return the words of a row that does not come from a deadline, or nothing."""
    return str(WORK_WORDS.get(rule.partition(":")[0], ""))


def _title(run: StepRun, language: str) -> Words:
    return words(version_of(run.case).steps[run.step_key]["title"], language)


def work_count(user, at: dt.datetime | None = None) -> int:
    """Return the count for the staff bar, as many as the list has rows."""
    now = at or timezone.now()
    told = told_to(user).order_by().values("run").distinct()
    late = late_for(user, now).exclude(pk__in=told)
    return told.count() + late.count() + asking_for(user, now).count() + left_behind(user).count()


def due_notices(at: dt.datetime) -> QuerySet[Notice]:
    """Return the texts that shall leave now; hotline claims and sends them."""
    return Notice.objects.filter(due_at__lte=at, taken_at=None).filter(Q(claimed_until=None) | Q(claimed_until__lt=at))
