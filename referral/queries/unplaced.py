"""What a person must know who acts after no agency accepted: who was asked, what each answered and why, who is left."""

import datetime as dt
from dataclasses import dataclass

from referral import pathways
from referral.choices import Need
from referral.models import Case, StepRun
from referral.queries.casepage import ReferralRow
from referral.queries.referrals import CONFLICTS, Candidate, candidates
from referral.queries.runs import EngineState


@dataclass(frozen=True)
class InVain:
    """The request for help that led to a step because nobody accepted: its visit, its need, the agencies asked."""

    run: int
    need: str
    rows: tuple[ReferralRow, ...]
    may_ask_again: bool

    @property
    def need_words(self) -> str:
        """Return what help was asked for, in words."""
        return str(dict(Need.choices).get(self.need, self.need))

    @property
    def call_again(self) -> list[str]:
        """Return the agencies that could be called again: those that see no conflict, each once."""
        again = [row.referral.organisation.name for row in self.rows if row.referral.decline_reason not in CONFLICTS]
        return list(dict.fromkeys(again))


def asked_in_vain(engine: EngineState, rows: list[ReferralRow]) -> dict[int, InVain]:
    """Return what was asked in vain before each open step, by the number of its visit."""
    found = {}
    for run in engine.state.live:
        before = pathways.asked_in_vain_before(engine.state, run)
        if before is None:
            continue
        need = engine.pathway.steps[before.step].get("service", "")
        asked = tuple(row for row in rows if row.referral.run.step_key == before.step)
        may_ask = before.step in pathways.openable(engine.pathway, engine.state)
        found[run.number] = InVain(before.number, need, asked, may_ask)
    return found


def not_asked(case: Case, vain: InVain, at: dt.datetime) -> list[Candidate]:
    """Return the services of the directory that give what was asked for and were not asked, each with its reasons."""
    run = StepRun.objects.get(case=case, number=vain.run)
    run.case = case
    return [one for one in candidates(run, at) if not one.was_asked]
