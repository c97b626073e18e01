"""V17 to V19: words in every required language; an open agency for each referral, area and group of people."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from referral.pathways import Pathway
from referral.proofs.findings import WARNING, Finding

GROUPS = (
    ("sex", "female"), ("sex", "male"), ("sex", "other"), ("age", "child"), ("age", "adult"),
    ("nationality", "national"), ("nationality", "foreign"), ("disability", "yes"),
)  # fmt: skip
CHILD, ADULT = 17, 18


@dataclass(frozen=True)
class MissingWord:
    """A text that is not ready: where, in which language, and how it stands (missing, partial, out_of_date)."""

    step: str
    part: str
    language: str
    state: str


@dataclass(frozen=True)
class Group:
    """A group of people whom no service takes by its own word."""

    criterion: str
    value: str


@dataclass(frozen=True)
class ServiceFacts:
    """What the proofs need to know of an open service; no areas means the whole country."""

    term: str
    areas: frozenset[str] = frozenset()
    minimum_age: int | None = None
    maximum_age: int | None = None
    takes: frozenset[tuple[str, str]] = field(default_factory=frozenset)

    def admits(self, criterion: str, value: str) -> bool:
        """Tell whether the service says that it takes a group; "not stated" is never read as yes."""
        if criterion != "age":
            return (criterion, value) in self.takes
        if self.minimum_age is None and self.maximum_age is None:
            return False
        age = CHILD if value == "child" else ADULT
        return (self.minimum_age or 0) <= age <= (self.maximum_age if self.maximum_age is not None else 150)


def worded(pathway: Pathway, missing: Iterable[MissingWord]) -> list[Finding]:
    """V17: every text stands in every required language, approved and up to date."""
    found = [
        Finding("V17", "word_missing", step=word.step, where="words",
                names={"part": word.part, "language": word.language, "state": word.state})
        for word in missing
    ]  # fmt: skip
    for key, step in pathway.steps.items():
        if not step["title"].get("en"):
            found.append(Finding("V17", "no_title", step=key, where="title"))
    return found


def served(pathway: Pathway, services: tuple[ServiceFacts, ...] | None, areas: tuple[str, ...]) -> list[Finding]:
    """V18: an open agency for each referral and area. V19: the same for each group; a gap is signed, not hidden."""
    if services is None:
        return []
    found = []
    for key, step in pathway.steps.items():
        if step["kind"] != "referral" or not step.get("service"):
            continue
        offers = [service for service in services if service.term == step["service"]]
        bare = [area for area in areas if not any(not offer.areas or area in offer.areas for offer in offers)]
        if not offers:
            found.append(Finding("V18", "no_agency", step=key, names={"term": step["service"]}))
        elif bare:
            found.append(
                Finding("V18", "areas_without_agency", step=key, names={"term": step["service"], "areas": tuple(bare)})
            )
        gaps = tuple(Group(*group) for group in GROUPS if not any(offer.admits(*group) for offer in offers))
        if offers and gaps:
            found.append(
                Finding(
                    "V19",
                    "groups_without_agency",
                    step=key,
                    level=WARNING,
                    names={"term": step["service"], "groups": gaps},
                )
            )
    return found
