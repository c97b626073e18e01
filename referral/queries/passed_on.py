"""What followed an agency's no, or its silence, by itself: who said it, who was asked next, whether its code waits."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from referral.choices import ReferralState
from referral.models import AgencyLink, Case, Escalation, Referral
from referral.queries.referrals import live_links, lost_letters, text_faults
from referral.queries.spoken import isolated

RULE = "code:"
NO_WORDS = (ReferralState.REJECTED, ReferralState.NO_ANSWER)
UNANSWERED = (ReferralState.REQUESTED, ReferralState.ON_HOLD)


@dataclass(frozen=True)
class PassedOn:
    """One request that the program made by itself, after which agency's no, and the link whose code is to be spoken."""

    referral: Referral
    before: Referral | None
    link: AgencyLink | None
    fault: str = ""
    is_letter_lost: bool = False

    @property
    def is_to_call(self) -> bool:
        """Tell whether the agency still waits for its code."""
        return self.link is not None and self.referral.state in UNANSWERED

    def words(self, language: str) -> str:
        """Return who declined and why, who was asked, and whether it is to be called; names held in their direction."""
        name = {"agency": isolated(self.referral.organisation.name, language)}
        asked = (
            _("%(agency)s was asked: call it with its new code.") if self.is_to_call else _("%(agency)s was asked.")
        )
        return f"{self._no(language)} {asked % name}".strip()

    def _no(self, language: str) -> str:
        if self.before is None or self.before.state not in NO_WORDS:
            return ""
        name = {"agency": isolated(self.before.organisation.name, language)}
        if self.before.had_no_place:
            return _("%(agency)s put the person on its waiting list and had no place in time.") % name
        if self.before.state == ReferralState.NO_ANSWER:
            return _("%(agency)s did not answer in time.") % name
        return _("%(agency)s declined (%(reason)s).") % (name | {"reason": self.before.get_decline_reason_display()})


def passed_on(told: Iterable[Escalation], own: QuerySet[Case], at: dt.datetime) -> dict[int, PassedOn]:
    """Return what each row tells of a request made by itself, by row; only of cases that the reader has."""
    rows = [one for one in told if one.rule.startswith(RULE)]
    if not rows:
        return {}
    mine = set(own.values_list("pk", flat=True))
    rows = [one for one in rows if one.run.case_id in mine]
    asked = _asked({one.run_id for one in rows})
    states: dict[int, _Letters] = {}
    found = {}
    for row in rows:
        referral = asked.get((row.run_id, int(row.rule.removeprefix(RULE))))
        if referral is None:
            continue
        if row.run.case_id not in states:
            states[row.run.case_id] = _letters(row.run.case, at)
        found[row.pk] = states[row.run.case_id].of(referral, asked.get((row.run_id, referral.position - 1)))
    return found


def _asked(runs: set[int]) -> dict[tuple[int, int], Referral]:
    rows = Referral.objects.filter(run__in=runs).select_related("organisation")
    return {(row.run_id, row.position): row for row in rows}


@dataclass(frozen=True)
class _Letters:
    """The links of a case that wait for their code, and which of them could not leave."""

    links: dict[int, AgencyLink]
    faults: dict[int, str]
    lost: set[int]

    def of(self, referral: Referral, before: Referral | None) -> PassedOn:
        key = referral.pk
        return PassedOn(referral, before, self.links.get(key), self.faults.get(key, ""), key in self.lost)


def _letters(case: Case, at: dt.datetime) -> _Letters:
    links = live_links(case, at)
    return _Letters(links, text_faults(links), lost_letters(links))
