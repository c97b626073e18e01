"""What is due in this room: late steps, offers without answer, waiting times that are over, deletions not confirmed,
consents that have run out, countries whose cases nobody sees.

Each job is safe with two workers and after kill -9: the row is the truth, and acting again finds nothing to do.
"""

import datetime as dt

from accounts.actions import first_due, one_by_one
from accounts.models import Letter
from referral import actions
from referral.models import Escalation, Referral
from referral.queries import referrals, runs, sharing, work
from referral.queries.unserved import unserved

AT_ONCE = 50


def fire_escalations(at: dt.datetime) -> int:
    """Tell the people of a role about each escalation that is due; return how many fired."""
    claimed = actions.claim_escalations(at=at, limit=AT_ONCE)
    return one_by_one("escalation_not_fired", claimed, lambda row: actions.fire_escalation(escalation=row, at=at))


def end_silences(at: dt.datetime) -> int:
    """Write to those who were told of something in a quiet time; return how many rows that were."""
    told = work.told_in_silence(at)
    return first_due("reminder_not_sent", told, lambda row: actions.remind(escalation=row, at=at), most=AT_ONCE)


def expire_offers(at: dt.datetime) -> int:
    """Write down "no answer" for each offer whose time is over, and ask the next agency; return how many."""
    expired = referrals.expired_offers(at)
    return first_due("offer_not_ended", expired, lambda row: actions.mark_no_answer(referral=row, at=at), most=AT_ONCE)


def end_waits(at: dt.datetime) -> int:
    """End the waiting times that are over; return how many."""
    over = runs.waits_over(at).select_related("case")
    return first_due("wait_not_ended", over, lambda run: actions.elapse(case=run.case, at=at), most=AT_ONCE)


def ask_for_deletions(at: dt.datetime) -> int:
    """Tell the supervisor, once, about each agency that has not confirmed a deletion in three days."""

    def ask(row: Referral) -> Escalation:
        rule = f"deletion:{row.pk}"
        return actions.tell(case=row.case, run=row.run.number, rule=rule, role="coordinator", at=at)

    return first_due("deletion_not_asked", referrals.deletions_overdue(at), ask, most=AT_ONCE)


def tell_of_letters(at: dt.datetime) -> int:
    """Tell about each letter to an agency that was given up, where a text that failed is told; return how many."""
    told: list[bool] = []

    def settle(letter: Letter) -> bool:
        link = referrals.awaited_link(letter)
        told.append(actions.letter_given_up(letter=letter, link=link, at=at))
        return True

    first_due("lost_letter_not_told", referrals.letters_given_up(), settle, most=AT_ONCE)
    return sum(told)


def tell_of_consents(at: dt.datetime) -> int:
    """Tell whoever has the case about each consent that has run out; return how many were told."""
    over = sharing.consents_over(at)
    return first_due("consent_not_told", over, lambda row: actions.tell_consent_over(consent=row, at=at), most=AT_ONCE)


def tell_of_unserved(at: dt.datetime) -> int:
    """Each day, tell who keeps a country about cases there that nobody sees; return of how many countries."""
    return one_by_one("unserved_not_told", unserved(), lambda row: actions.tell_keepers(country=row.country, at=at))


JOBS = [
    fire_escalations, end_silences, expire_offers, end_waits, ask_for_deletions, tell_of_letters, tell_of_consents,
    tell_of_unserved,
]  # fmt: skip
