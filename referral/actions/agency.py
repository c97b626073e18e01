"""What an agency does through its one-time link: look, answer, confirm a deletion."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from accounts import actions as accounts
from referral.actions import links, referrals
from referral.actions.deletions import write_confirmed
from referral.actions.work import tell
from referral.choices import LinkPurpose, ReferralState
from referral.choices.cases import ACCEPT, HOLD
from referral.models import AgencyLink, ConsentLine, Disclosure, Referral
from referral.queries.sharing import SharedLine, fingerprint, lines_for, shared_lines

SECOND_STAGE = (ReferralState.ACCEPTED, ReferralState.IN_PROGRESS)


@dataclass(frozen=True)
class Shown:
    """One line as shown to an agency: what it is, and the words."""

    key: str
    label: str
    words: str


def stage_of(referral: Referral) -> int:
    """Return what an agency may see now: 1 before it accepts, 2 after."""
    return 2 if referral.state in SECOND_STAGE else 1


@transaction.atomic
def show(*, link: AgencyLink, at: dt.datetime) -> list[Shown]:
    """Return what the agency may see now, and keep that it was shown: one disclosure for each group and content.

    Sealed values are opened here, each reading recorded; without the record nothing is shown.
    """
    referral, by = link.referral, links.actor_of(link)
    links.lock_case(referral)
    referral.refresh_from_db(fields=["state"])  # staff may have moved it while this waited
    stage = stage_of(referral)
    lines = shared_lines(referral, stage, at)
    _disclose(referral, lines, stage, by, at)
    accounts.record(
        by=by, verb="referral.shown", thing=referral, at=at, country=link.country_id, stage=stage,
        fields=[line.field.key for line in lines],
    )  # fmt: skip
    return [Shown(line.field.key, line.field.agency_label, _opened(line, by, at)) for line in lines]


def _opened(line: SharedLine, by: str, at: dt.datetime) -> str:
    if line.sealed is None:
        return line.words
    return accounts.reveal(line.sealed, "sealed", by=by, at=at, reason="referral_accepted") or ""


def _disclose(referral: Referral, lines: list[SharedLine], stage: int, by: str, at: dt.datetime) -> None:
    """Write a disclosure row for each group that is shown anew, on its live line or the written ground."""
    consented: dict[str, ConsentLine] = {}
    if not referral.without_consent_basis:
        consented = lines_for(referral.case, referral.organisation, referral.need, at)
    for group in dict.fromkeys(line.field.group for line in lines):
        shown = [line for line in lines if line.field.group == group]
        digest = fingerprint(shown)
        known = Disclosure.objects.filter(referral=referral, group=group, stage=stage, payload_digest=digest)
        if known.exists():
            continue
        Disclosure.objects.create(
            case=referral.case, referral=referral, organisation=referral.organisation, line=consented.get(group),
            ground=referral.without_consent_basis, group=group, stage=stage, payload_digest=digest,
            field_keys=" ".join(line.field.key for line in shown), at=at, by=by,
        )  # fmt: skip


@transaction.atomic
def answer(
    *,
    link: AgencyLink,
    choice: str,
    at: dt.datetime,
    reason: str = "",
    note: str = "",
    free_from: dt.date | None = None,
) -> Referral:
    """Write down the agency's answer and use the link up. The same answer again changes nothing.

    A waiting list asks nobody else, so whoever has the case is told; after a no the next agency is asked, and that tells.
    """
    by, key = links.actor_of(link), f"answer:{link.public_id}"
    if choice == ACCEPT:
        referral = referrals.accept(referral=link.referral, key=key, by=by, at=at)
    elif choice == HOLD:
        referral = referrals.hold(referral=link.referral, key=key, by=by, at=at)
        rule = f"held:{referral.position}"
        tell(case=referral.case, run=referral.run.number, rule=rule, role="hotline", at=at)
    else:
        referral = referrals.decline(
            referral=link.referral, reason=reason, note=note, free_from=free_from, key=key, by=by, at=at
        )
    AgencyLink.objects.filter(pk=link.pk, used_at=None).update(used_at=at)
    return referral


@transaction.atomic
def confirm_deletion(*, link: AgencyLink, at: dt.datetime) -> None:
    """Write down that an agency deleted what it was shown."""
    if link.purpose != LinkPurpose.DELETION:
        raise links.DeadLink
    links.lock_case(link.referral)
    AgencyLink.objects.filter(pk=link.pk, used_at=None).update(used_at=at)
    by, key = links.actor_of(link), f"deleted:{link.public_id}"
    write_confirmed(referral=link.referral, kind="deletion_confirmed", key=key, by=by, at=at)
