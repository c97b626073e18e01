"""Agencies that put a person on their waiting list: what the work list tells of it, and who has her or him there still."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from referral.choices import PLACED_REFERRAL_STATES, ReferralState, RunState
from referral.choices.states import ANSWERABLE_STATES
from referral.models import Case, Escalation, Referral
from referral.queries.spoken import isolated, when

RULE = "held:"
# The agency had no place in time, and nobody told it since that the person waits no more.
ON_LIST = Q(state=ReferralState.NO_ANSWER, held_at__isnull=False, ended_at=None)


def on_lists(case: Case) -> QuerySet[Referral]:
    """Return the requests of a case whose agency had no place in time and has the person on its waiting list still."""
    rows = Referral.objects.filter(ON_LIST, case=case)
    return rows.select_related("organisation", "run", "case__country").order_by("pk")


def needs_no_answer(referral: Referral, *, by_phone: bool = False) -> str:
    """Return in words why an agency need not say yes any more, "" while it may: another has it, or nobody waits on its list.

    The words thank the agency; who writes down what it said by phone reads them without thanks.
    """
    told = _NO_ANSWER.get(_why_no_answer(referral))
    return str(told[by_phone]) if told else ""


_NO_ANSWER = {
    "taken": (
        gettext_lazy("Another agency has taken this request. Thank you; nothing more is needed."),
        gettext_lazy("Another agency has taken this request."),
    ),
    "over": (
        gettext_lazy("This request needs no answer any more. Thank you."),
        gettext_lazy("This request needs no answer any more."),
    ),
    "step": (
        gettext_lazy("This step is not open any more. Thank you; nothing more is needed."),
        gettext_lazy("This step is not open any more."),
    ),
}


def _why_no_answer(referral: Referral) -> str:
    placed = Referral.objects.filter(run=referral.run_id, state__in=PLACED_REFERRAL_STATES)
    if placed.exclude(pk=referral.pk).exists():
        return "taken"
    is_over = referral.state == ReferralState.NO_ANSWER and referral.ended_at
    if is_over or referral.state not in ANSWERABLE_STATES:
        return "over"
    if referral.state == ReferralState.NO_ANSWER and referral.run.state != RunState.OPEN:
        return "step"
    return ""


def held_words(told: Iterable[Escalation], own: QuerySet[Case], language: str) -> dict[int, str]:
    """Return what each row tells of a waiting list, in words, by row; only of cases that the reader has."""
    rows = {(one.run_id, int(one.rule.removeprefix(RULE))): one.pk for one in told if one.rule.startswith(RULE)}
    if not rows:
        return {}
    asked = Referral.objects.filter(run__in={run for run, _position in rows}, case__in=own)
    return {
        rows[row.run_id, row.position]: _words(row, language)
        for row in asked.select_related("organisation")
        if (row.run_id, row.position) in rows
    }


def _words(referral: Referral, language: str) -> str:
    told = {"agency": isolated(referral.organisation.name, language)}
    if referral.state != ReferralState.ON_HOLD:
        state = {"state": referral.state_words}
        return _("%(agency)s had put the person on its waiting list. This request now: %(state)s.") % (told | state)
    return _(
        "%(agency)s has put the person on its waiting list. Nobody else is asked until %(date)s; then the next agency "
        "that can be asked is asked by itself. To ask another one sooner, cancel this request in the case first."
    ) % (told | {"date": when(referral.due_at)})
