"""Consent that ends: taken back, refused after a yes, run out. What rests on it is recalled, in one transaction."""

import datetime as dt
from collections.abc import Iterable
from contextlib import suppress

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import actions as accounts
from referral import pathways
from referral.actions import links, runs
from referral.actions.deletions import end_waiting, tell_taken_back
from referral.actions.moves import move
from referral.actions.notes import keep_note
from referral.actions.places import give_place_back, lock_places_of
from referral.actions.unmet import seek_again
from referral.actions.work import tell
from referral.choices import CaseState, ReferralState, RunState
from referral.models import Case, Consent, ConsentLine, Organisation, Referral
from referral.queries.referrals import PLACED_STATES
from referral.queries.sendings import sending_of
from referral.queries.sharing import RECALLED_FROM, lines_for, live_lines, reached, withdrawal_of


class NothingShared(Exception):
    """Raised when consent is taken back, no line is live and no agency has anything."""


@transaction.atomic
def withdraw_consent(
    *,
    case: Case,
    key: str,
    by,
    at: dt.datetime,
    organisation: Organisation | None = None,
    words: str = "",
    seen: int | None = None,
) -> int:
    """Take consent back, from one agency or from all: lines end, links die, referrals are recalled, deletion is asked.

    It goes by what an agency was shown or waits for, not only by live lines, and in a closed case too. Where consent for
    others is left, the steps of what was recalled open again. Returns how many referrals were recalled; a repeat returns
    the same. What was shared on a written ground stays; the screen says so.
    """
    case = runs.locked_case(case.pk)
    if sending_of(case, key, "consent_withdrawn", organisation=str(organisation.public_id) if organisation else ""):
        return withdrawal_of(case, key).recalled
    if seen is not None and seen != case.event_count:
        raise runs.CaseMovedOn("Somebody moved this case meanwhile. Look at the present state and decide again.")
    touched = list(reached(case, organisation))
    if not touched and not _of(live_lines(case, at), organisation).exists():
        raise NothingShared(_("No consent is live that could be taken back."))
    lock_places_of(case)
    _end_lines(case, organisation, at)
    recalled, lists = _recall(touched, by, at)
    is_all = not live_lines(case, at).exists() and not reached(case).exists()
    if is_all:
        _mark_withdrawn(case.consents.all(), by, at)
    _note(case, recalled, lists, organisation, key, by, at)
    keep_note(case=case, key="withdrawal_words", text=words, source="withdrawal", by=by, at=at)
    if is_all:
        _go_without_consent(case, key, by, at)
    elif case.state != CaseState.CLOSED:
        seek_again(case=case, recalled=recalled, key=key, by=by, at=at)
    return len(recalled)


def end_everything(*, case: Case, refusal: Consent, key: str, by, at: dt.datetime, run: int | None) -> None:
    """End all that an earlier yes allowed, since the person says no to everything now; without an earlier yes nothing.

    Where the consent step itself is open the pathway goes its way for a refusal, else its way for a withdrawal.
    """
    touched, before = list(reached(case)), case.consents.exclude(pk=refusal.pk)
    if not touched and not before.filter(lines__is_given=True, lines__ended_at=None, withdrawn_at=None).exists():
        return
    _end_lines(case, None, at)
    _mark_withdrawn(before, by, at)
    recalled, lists = _recall(touched, by, at)
    _note(case, recalled, lists, None, key, by, at)
    if run:
        _end_steps(case, recalled, key, by, at)
    else:
        _go_without_consent(case, key, by, at)


def recall_refused(*, case: Case, refused: Iterable[int], key: str, by, at: dt.datetime) -> None:
    """Recall the requests to agencies that now got a no, where no line is left for what they were asked for."""
    touched = [
        referral
        for referral in reached(case).filter(organisation__in=refused)
        if not lines_for(case, referral.organisation, referral.need, at)
    ]
    if touched:
        recalled, lists = _recall(touched, by, at)
        _note(case, recalled, lists, None, key, by, at)
        seek_again(case=case, recalled=recalled, key=key, by=by, at=at)


@transaction.atomic
def tell_consent_over(*, consent: Consent, at: dt.datetime) -> bool:
    """Tell whoever has the case, once, that a consent has run out; nothing more is shared on it. Tell whether it did."""
    row = Consent.objects.select_for_update(of=("self",), no_key=True).select_related("case", "run").get(pk=consent.pk)
    if row.over_told_at is not None:
        return False
    Consent.objects.filter(pk=row.pk).update(over_told_at=at)
    is_replaced = not row.lines.filter(is_given=True, ended_at=None).exists()
    run = row.run or row.case.runs.order_by("number").first()
    if is_replaced or run is None or row.case.state == CaseState.CLOSED:
        return False
    tell(case=row.case, run=run.number, rule=f"consent_over:{row.pk}", role="hotline", at=at)
    return True


def _of(rows, organisation: Organisation | None):
    return rows.filter(organisation=organisation) if organisation else rows


def _end_lines(case: Case, organisation: Organisation | None, at: dt.datetime) -> None:
    """End every yes that stands, also one that has run out."""
    given = ConsentLine.objects.filter(consent__case=case, is_given=True, ended_at=None)
    _of(given, organisation).update(ended_at=at)


def _mark_withdrawn(consents, by, at: dt.datetime) -> None:
    consents.filter(withdrawn_at=None).update(withdrawn_at=at, withdrawn_by=accounts.actor_id(by))


def _note(
    case: Case, recalled: list[Referral], lists: int, organisation: Organisation | None, key: str, by, at: dt.datetime
) -> None:
    runs.note_event(
        case=case, kind="consent_withdrawn", key=key, by=by, at=at, recalled=len(recalled), lists=lists,
        organisation=str(organisation.public_id) if organisation else "",
    )  # fmt: skip
    accounts.record(
        by=by, verb="referral.consent_withdrawn", thing=case, at=at, country=case.country_id, recalled=len(recalled)
    )


def _recall(touched: list[Referral], by, at: dt.datetime) -> tuple[list[Referral], int]:
    """Recall what rests on consent; where data was shown already, ask for its deletion.

    A place that an agency had taken is free again. Returns what was recalled, and how many waiting lists were ended.
    """
    recalled, lists = [], 0
    for referral in touched:
        links.revoke_links(referral=referral, at=at)
        if referral.state in RECALLED_FROM:
            recalled.append(move(referral=referral, to=ReferralState.RECALLED, by=by, at=at, ended_at=at))
            if referral.state in PLACED_STATES:
                give_place_back(referral.service, at)
        if referral.had_no_place:
            end_waiting(referral=referral, by=by, at=at)
            lists += 1
        else:
            tell_taken_back(referral=referral, by=by, at=at)
    return recalled, lists


def _go_without_consent(case: Case, key: str, by, at: dt.datetime) -> None:
    """Take the pathway's way for `withdrawn`: nothing is left to share."""
    if case.state != CaseState.CLOSED:
        with suppress(pathways.EventRefused):
            runs.withdraw_all(case=case, key=f"{key}:all", by=by, at=at)


def _end_steps(case: Case, recalled: list[Referral], key: str, by, at: dt.datetime) -> None:
    """End the open steps that were touched: the pathway has gone its way for a refusal."""
    for run in case.runs.filter(referrals__in=recalled, state=RunState.OPEN).order_by("number"):
        with suppress(pathways.EventRefused):
            runs.recall_run(case=case, run=run.number, key=f"{key}:{run.number}", by=by, at=at)
