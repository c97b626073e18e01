"""The plans of lines: what the live version says, what calls under way began with, what is being drafted."""

import datetime as dt
import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from hotline.choices import FlowState
from hotline.ivr import Plan, PlanFault, plan_from
from hotline.ivr.plan import MORE
from hotline.models import FlowVersion, ForwardNumber, Line

# The parts of a plan that stand in columns of the line: publishing writes both, and the columns are what is heard.
COLUMNS = ("duty_phone", "other_number", "police_number", "says_position", "wait_minutes")
KEPT_FOR = dt.timedelta(hours=12)  # no call lasts longer
DRAFT = "draft"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Version:
    """One version as memory holds it."""

    id: int
    line_id: int
    plan: Plan


@dataclass
class Flows:
    """The versions that calls may need: the live one of each line, those that ended lately, and the drafts to be tried."""

    live: dict[int, Version] = field(default_factory=dict)
    ended: list[Version] = field(default_factory=list)
    drafts: list[Version] = field(default_factory=list)


def read_flows() -> Flows:
    """Return the versions that calls may need now; drafts only where calls are practised."""
    found = Flows()
    wanted = Q(state=FlowState.LIVE) | Q(state=FlowState.RETIRED, retired_at__gt=timezone.now() - KEPT_FOR)
    if settings.SIMULATOR:
        wanted |= Q(state=FlowState.DRAFT)
    for key, line_id, state, body in FlowVersion.objects.filter(wanted).values_list("id", "line_id", "state", "body"):
        version = Version(key, line_id, known_plan(body, key))
        if state == FlowState.LIVE:
            found.live[line_id] = version
        else:
            (found.drafts if state == FlowState.DRAFT else found.ended).append(version)
    return found


def known_plan(body: object, key: int | None = None) -> Plan:
    """Return the plan of a version; one that cannot be read is the usual one: a caller never hears a fault of ours."""
    try:
        return plan_from(body)
    except PlanFault:
        logger.exception("The call flow %s cannot be read", key)
        return Plan()


def plan_of(line: Line, plan: Plan | None = None) -> Plan:
    """Return the plan of a line as it stands: what its columns say, the rest as in its live version."""
    columns = {name: getattr(line, name) for name in COLUMNS}
    return replace(plan or Plan(), languages=tuple(line.languages), **columns)


def plan_now(line: Line) -> Plan:
    """Return the plan that callers of a line hear: what its columns say, the rest as in its live version."""
    live = live_flow(line)
    return plan_of(line, known_plan(live.body, live.pk) if live else None)


def digest_of(plan: Plan) -> str:
    """Return the digest that tells whether two versions say the same."""
    return hashlib.sha256(plan.text.encode()).hexdigest()


def live_flow(line: Line) -> FlowVersion | None:
    """Return the version that callers of a line hear."""
    return FlowVersion.objects.filter(line=line, state=FlowState.LIVE).first()


def special_keys(line: Line) -> set[str]:
    """Return the keys that mean danger and "I cannot speak" in every menu of a line, on both pages of its languages."""
    plan = plan_now(line)
    keys = {plan.danger_key, plan.silent_key} - {""}
    return keys | {f"{MORE}{key}" for key in keys}


def draft_of(line: Line) -> FlowVersion | None:
    """Return the draft of a line, if somebody began one."""
    return FlowVersion.objects.filter(line=line, state=FlowState.DRAFT).first()


def flow_history(line: Line) -> QuerySet[FlowVersion]:
    """Return the versions that callers heard, newest first."""
    return FlowVersion.objects.filter(line=line).exclude(state=FlowState.DRAFT).order_by("-number")


def forward_numbers(line: Line) -> QuerySet[ForwardNumber]:
    """Return the numbers that calls of a line may be forwarded to, with those that wait for a second person."""
    return ForwardNumber.objects.filter(line=line, removed_at=None)


def forward_numbers_of(lines: Iterable[Line]) -> dict[int, list[ForwardNumber]]:
    """Return those numbers of several lines by line, in one statement."""
    found: dict[int, list[ForwardNumber]] = {}
    for row in ForwardNumber.objects.filter(line__in=list(lines), removed_at=None):
        found.setdefault(row.line_id, []).append(row)
    return found


def verified_numbers(line: Line) -> set[str]:
    """Return the numbers to which a second person said yes."""
    return set(forward_numbers(line).exclude(confirmed_at=None).values_list("number", flat=True))


def draft_number(key: int) -> str:
    """Return the number under which a draft is dialled on the on-screen phone."""
    return f"{DRAFT}-{key}"
