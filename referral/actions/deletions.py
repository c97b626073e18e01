"""A request that was taken back: its agency is told and asked to delete what it was shown; its word is written down."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import actions as accounts
from referral.actions import links, runs
from referral.actions.moves import move
from referral.actions.work import tell
from referral.choices import LinkPurpose
from referral.models import Case, Escalation, Referral
from referral.queries.referrals import live_links
from referral.queries.sendings import sending_of
from referral.queries.sharing import holds_what_it_saw


class NoDeletionAwaited(Exception):
    """Raised when a deletion is written down that nobody asked for, or that was confirmed already."""


def take_back(*, referral: Referral, to: str, by, at: dt.datetime) -> Referral:
    """Move a request to a state in which it is over for its agency: its links die; an agency that was asked is told."""
    moved = move(referral=referral, to=to, by=by, at=at, ended_at=at)
    links.revoke_links(referral=moved, at=at)
    if moved.requested_at:
        tell_taken_back(referral=moved, by=by, at=at)
    return moved


def end_waiting(*, referral: Referral, by, at: dt.datetime) -> None:
    """Tell an agency that had no place in time that nobody waits on its list any more; the history says whether it could be."""
    Referral.objects.filter(pk=referral.pk).update(ended_at=at, changed_at=at)
    is_told = tell_taken_back(referral=referral, by=by, at=at)
    runs.note_event(
        case=referral.case, kind="waiting_ended" if is_told else "waiting_ended_untold", run=referral.run.number,
        key=f"waiting_ended:{referral.public_id}", by=by, at=at, referral=str(referral.public_id),
    )  # fmt: skip


def tell_taken_back(*, referral: Referral, by, at: dt.datetime) -> bool:
    """Tell an agency that its request was taken back, and to delete what it was shown; return whether it could be told.

    One that cannot be written to stops nothing: whoever has the case is asked to tell it.
    """
    is_told = _is_told(referral, by, at)
    if not is_told:
        tell(case=referral.case, run=referral.run.number, rule=f"untold:{referral.pk}", role="hotline", at=at)
    return is_told


def _is_told(referral: Referral, by, at: dt.datetime) -> bool:
    """Write to an agency; return whether it could be. While the key of its address is away, CannotOpen goes through."""
    must_delete = holds_what_it_saw(referral)
    if must_delete:
        Referral.objects.filter(pk=referral.pk).update(deletion_asked_at=at)
    try:
        if not must_delete:
            return links.send_recall_notice(referral=referral, at=at)
        links.send_link(referral=referral, purpose=LinkPurpose.DELETION, by=by, at=at)
    except links.NoContactEnrolled:
        return False
    except accounts.CannotOpen as error:
        if accounts.is_key_away(error):
            raise
        accounts.record_unopened(error, by=by, at=at)
        return False
    return True


@transaction.atomic
def codes_to_speak(*, case: Case, asked_at: dt.datetime, by, at: dt.datetime) -> list[links.Sent]:
    """Make the six digits for each deletion that was asked at one moment, to be spoken now.

    Of one act several agencies may have to delete; each link gets its digits here, when there is a page to show them.
    """
    waiting = live_links(case, at)
    rows = Referral.objects.filter(case=case, deletion_asked_at=asked_at, deletion_confirmed_at=None, pk__in=waiting)
    return [
        links.Sent(row, links.fresh_code(link=waiting[row.pk], by=by, at=at))
        for row in rows.select_related("organisation").order_by("pk")
    ]


@transaction.atomic
def confirm_by_phone(*, referral: Referral, key: str, by, at: dt.datetime) -> None:
    """Write down that an agency said by phone that it deleted what it was shown; its link dies. A repeat is nothing new."""
    case = runs.locked_case(referral.case_id)
    if sending_of(case, key, "deletion_told", referral=str(referral.public_id)):
        return
    referral = Referral.objects.select_related("case", "run").get(pk=referral.pk)
    if not referral.awaits_deletion:
        raise NoDeletionAwaited(_("This agency owes no word about a deletion. Look at the case."))
    links.revoke_links(referral=referral, at=at, purpose=LinkPurpose.DELETION)
    write_confirmed(referral=referral, kind="deletion_told", key=key, by=by, at=at)


@transaction.atomic
def write_confirmed(*, referral: Referral, kind: str, key: str, by, at: dt.datetime) -> None:
    """Write down that what an agency was shown is deleted, once, and take what was told about it off the work list."""
    unconfirmed = Referral.objects.filter(pk=referral.pk, deletion_confirmed_at=None)
    if not unconfirmed.update(deletion_confirmed_at=at, changed_at=at):
        return
    case = referral.case
    runs.note_event(
        case=case, kind=kind, run=referral.run.number, key=key, by=by, at=at, referral=str(referral.public_id)
    )
    accounts.record(by=by, verb=f"referral.{kind}", thing=referral, at=at, country=case.country_id)
    told = Escalation.objects.filter(rule__in=[f"deletion:{referral.pk}", f"untold:{referral.pk}"], seen_at=None)
    told.filter(fired_at=None).delete()
    told.update(seen_at=at, seen_by=accounts.actor_id(by))
