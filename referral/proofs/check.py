"""All proofs in their order, over one pathway and what is given about forms, directory, words and calendar."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from referral.pathways import Pathway
from referral.proofs import conditions, coverage, flow, policy, structure
from referral.proofs.coverage import MissingWord, ServiceFacts
from referral.proofs.findings import Finding


@dataclass(frozen=True)
class Given:
    """What the proofs need to know from outside the pathway.

    `forms`: form key -> the facts it fills. `field_keys`: the field register. `services` and `areas`: the directory, None
    where it shall not be asked. `missing_words`: texts that are not ready in a required language.
    """

    forms: Mapping[str, frozenset[str]] = field(default_factory=dict)
    field_keys: frozenset[str] = frozenset()
    services: tuple[ServiceFacts, ...] | None = None
    areas: tuple[str, ...] = ()
    missing_words: tuple[MissingWord, ...] = ()
    has_calendar: bool = True


def checked(pathway: Pathway, given: Given) -> list[Finding]:
    """Return every finding, in the order of the rules. Where the graph itself is broken, the rest waits."""
    broken = structure.joined(pathway)
    if broken:
        return broken
    found = [
        *structure.shaped(pathway),
        *policy.staffed(pathway, given),
        *policy.referred(pathway, given.field_keys),
        *structure.unambiguous(pathway),
        *conditions.fitting(pathway),
        *conditions.complete(pathway),
        *flow.paired(pathway),
        *flow.consented(pathway),
        *coverage.worded(pathway, given.missing_words),
        *coverage.served(pathway, given.services, given.areas),
        *structure.answered(pathway),
        *policy.timed(pathway),
        *structure.bounded(pathway),
        *flow.children_first(pathway, given.forms),
        *policy.quiet(pathway),
        *flow.informed(pathway, given.forms),
    ]
    return sorted(found, key=lambda finding: finding.rule)
