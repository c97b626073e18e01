"""Writes of call flows: a draft, publishing it, and what a change of the line itself makes of its flow."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from accounts import actions as accounts
from hotline.actions.public_numbers import keep_public_numbers
from hotline.choices import FlowState, Mode
from hotline.ivr import Fault, Plan
from hotline.models import FlowVersion, ForwardNumber, Line
from hotline.queries.flows import COLUMNS, digest_of, draft_of, forward_numbers, known_plan, live_flow, plan_now
from hotline.queries.lines import forget_lines
from hotline.queries.plans import plan_faults, unsaid_on_a_live_line


class FlowRefused(ValueError):
    """Raised when a plan must not go live; `faults` says everything that is wrong with it."""

    def __init__(self, faults: Sequence[Fault]):
        super().__init__("; ".join(f"{fault.name}: {fault.code}" for fault in faults))
        self.faults = list(faults)


class OnlyForPractice(ValueError):
    """Raised when a plan of a practice line has prompts that could not be heard on a live one; publish it for practice alone."""


class FlowChangedMeanwhile(ValueError):
    """Raised when somebody else saved the draft, or published, since the page was opened; look, and decide again."""

    def __init__(self, by: str):
        super().__init__("The call flow was changed meanwhile.")
        self.by = by


class NumberRefused(ValueError):
    """Raised when a number cannot be added, confirmed or removed as wished; `code` says why."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def _held(line: Line) -> Line:
    """Return a line that nobody else changes until this is saved."""
    return Line.objects.select_for_update(no_key=True).get(pk=line.pk)


def _next(line: Line) -> int:
    return (FlowVersion.objects.filter(line=line).aggregate(last=Max("number"))["last"] or 0) + 1


@transaction.atomic
def draft_flow(*, line: Line, plan: Plan, by, at: datetime, seen: str = "") -> FlowVersion:
    """Keep a plan as the draft of a line, whatever is still wrong with it; nobody hears it.

    `seen` is the digest of the draft that the person saw, "" where there was none.
    """
    row, draft = _held(line), draft_of(line)
    digest = digest_of(plan)
    if draft is not None and draft.digest == digest:
        return draft
    if (draft.digest if draft else "") != seen:
        raise FlowChangedMeanwhile(draft.made_by if draft else "")
    draft = draft or FlowVersion(line=row, number=_next(row))
    draft.body, draft.digest, draft.made_by, draft.made_at = plan.body, digest, accounts.actor_id(by), at
    draft.save()
    _note(row, "hotline.flow_drafted", by, at, draft)
    return draft


def publish_flow(
    *, draft: FlowVersion, by, at: datetime, seen: str, seen_live: int, for_practice: bool = False
) -> FlowVersion:
    """Let callers hear a draft from their next call on; refuse it with everything that is wrong with it.

    Not `for_practice`, a language with a prompt that could not be heard is refused on a practice line too: OnlyForPractice.

    `seen` is the digest of the draft and `seen_live` the number of the live version that the person saw, 0 for none.
    It is walked before a row is locked: that takes seconds, and is known from then on. What it is judged by, recordings
    and numbers, is read once more under the lock, which whoever takes one of them away needs as well.
    """
    plan_faults(draft.line, known_plan(draft.body, draft.pk))
    return _publish(draft=draft, by=by, at=at, seen=seen, seen_live=seen_live, for_practice=for_practice)


@transaction.atomic
def _publish(*, draft: FlowVersion, by, at: datetime, seen: str, seen_live: int, for_practice: bool) -> FlowVersion:
    line = _held(draft.line)
    row, live = draft_of(line), live_flow(line)
    if row is None or row.pk != draft.pk or row.digest != seen or (live.number if live else 0) != seen_live:
        raise FlowChangedMeanwhile((row or live or draft).made_by)
    forget_lines()
    plan = known_plan(row.body, row.pk)
    if faults := plan_faults(line, plan):
        raise FlowRefused(faults)
    if not for_practice and unsaid_on_a_live_line(line, plan):
        raise OnlyForPractice(line.number)
    for name in COLUMNS:
        setattr(line, name, getattr(plan, name))
    line.language_keys = " ".join(f"{key}:{code}" for key, code in plan.languages)
    line.full_clean()
    line.version, line.changed_by, line.changed_at = line.version + 1, accounts.actor_id(by), at
    line.save()
    _make_live(row, live, by, at)
    _note(line, "hotline.flow_published", by, at, row)
    keep_public_numbers(country=line.country_id, by=by, at=at)
    return row


def _make_live(row: FlowVersion, live: FlowVersion | None, by, at: datetime) -> None:
    """Put a version in the place of the live one; the one before is kept for the calls that began with it."""
    if live is not None:
        live.state, live.retired_at = FlowState.RETIRED, at
        live.save(update_fields=["state", "retired_at"])
    row.state, row.published_by, row.published_at = FlowState.LIVE, accounts.actor_id(by), at
    row.save()


def follow_line(line: Line, *, by, at: datetime) -> FlowVersion | None:
    """Make what a change of the line itself means for its flow a version of its own; None where it means nothing.

    Called by whatever writes the columns of a line that are a part of its flow, in the same transaction.
    """
    live, plan = live_flow(line), plan_now(line)
    if live is not None and live.digest == digest_of(plan):
        return None
    if live is not None:
        _carry_into_draft(line, known_plan(live.body, live.pk), plan)
    row = FlowVersion(
        line=line,
        number=_next(line),
        body=plan.body,
        digest=digest_of(plan),
        made_by=accounts.actor_id(by),
        made_at=at,
    )
    _make_live(row, live, by, at)
    return row


def _carry_into_draft(line: Line, before: Plan, now: Plan) -> None:
    """Let the draft say what was changed beside it, where it said what callers heard: publishing puts nothing back."""
    draft = draft_of(line)
    if draft is None:
        return
    plan = known_plan(draft.body, draft.pk)
    left_alone = set(now.differing(before)) - set(plan.differing(before))
    plan = replace(plan, **{name: getattr(now, name) for name in left_alone})
    draft.body, draft.digest = plan.body, digest_of(plan)
    draft.save(update_fields=["body", "digest"])


def _note(line: Line, verb: str, by, at: datetime, version: FlowVersion) -> None:
    accounts.record(by=by, verb=verb, thing=line, at=at, country=line.country_id, number=version.number)
    forget_lines()


@transaction.atomic
def add_forward_number(*, line: Line, number: str, name: str, by, at: datetime) -> ForwardNumber:
    """Put a number on the list of those that a line may be forwarded to; it waits for a second person."""
    row = _held(line)
    if forward_numbers(row).filter(number=number).exists():
        raise NumberRefused("there")
    if number.lstrip("+") in {one.lstrip("+") for one in (row.number, *row.numbers.split())}:
        raise NumberRefused("own")
    added = ForwardNumber.objects.create(
        line=row, number=number, name=name, added_by=accounts.actor_id(by), added_at=at
    )
    accounts.record(by=by, verb="hotline.forward_added", thing=row, at=at, country=row.country_id)
    return added


@transaction.atomic
def confirm_forward_number(*, number: ForwardNumber, by, at: datetime) -> None:
    """Say that a number is right: somebody else than who added it has called it and knows who answers."""
    _held(number.line)
    row = forward_numbers(number.line).filter(pk=number.pk).first()
    if row is None:
        raise NumberRefused("gone")
    if row.added_by == accounts.actor_id(by):
        raise NumberRefused("same_person")
    if row.confirmed_at is None:
        row.confirmed_by, row.confirmed_at = accounts.actor_id(by), at
        row.save(update_fields=["confirmed_by", "confirmed_at"])
        accounts.record(by=by, verb="hotline.forward_confirmed", thing=row.line, at=at, country=row.line.country_id)


@transaction.atomic
def remove_forward_number(*, number: ForwardNumber, by, at: datetime) -> None:
    """Take a number off the list; not while calls are forwarded to it, now or after hours."""
    line, row = _held(number.line), forward_numbers(number.line).filter(pk=number.pk).first()
    if row is None:
        return
    plan = plan_now(line)
    is_after_hours = plan.after_hours == "forward" and plan.after_hours_number == row.number
    if is_after_hours or (line.mode == Mode.FORWARD and line.mode_number == row.number):
        raise NumberRefused("in_use")
    row.removed_at = at
    row.save(update_fields=["removed_at"])
    accounts.record(by=by, verb="hotline.forward_removed", thing=line, at=at, country=line.country_id)
