"""What a manager sees before she signs: sentences of the proofs, signatures, versions, and what changed, in words."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from languages import table
from languages.text import listed
from referral import pathways, proofs
from referral.choices import Need, Outcome
from referral.choices.findings import GROUP_WORDS, SENTENCES, WORD_STATES
from referral.models import Pathway, PathwayVersion, Signature
from referral.queries.runs import is_damaged


@dataclass(frozen=True)
class FindingLine:
    """One finding as a sentence, and where to mend it: a step's key and field, or the pathway's own field."""

    rule: str
    is_fault: bool
    sentence: str
    step: str
    where: str


def pathways_visible_to(user: User) -> QuerySet[Pathway]:
    """Return the pathways a person may edit or read in the editor: a manager those of her country, and the models."""
    if not user.has_role("manager") or not user.country_id:
        return Pathway.objects.none()
    own = Pathway.objects.filter(country_id=user.country_id)
    return (own | Pathway.objects.filter(country=None)).select_related("country")


def finding_lines(pathway: Pathway, found: list[proofs.Finding]) -> list[FindingLine]:
    """Return the findings as sentences."""
    titles = dict(pathway.step_rows.values_list("key", "title_en"))
    questions = dict(pathway.fact_rows.values_list("key", "label_en"))
    return [
        FindingLine(
            finding.rule, finding.blocks, _sentence(finding, titles, questions, pathway), finding.step, finding.where
        )
        for finding in found
    ]


def _sentence(finding: proofs.Finding, titles: Mapping[str, str], questions: Mapping[str, str], pathway) -> str:
    names = {name: _named(name, value, titles, questions) for name, value in finding.names.items()}
    step = titles.get(finding.step) or finding.step or pathway.title_en
    return SENTENCES[finding.sentence] % ({"step": step, "key": finding.step} | names)


def _named(name: str, value: Any, titles, questions) -> str:
    if name == "outcome":
        return outcome_words(value) if value else _("done")
    if name == "term":
        return str(Need(value).label) if value in Need.values else value
    if name == "fact":
        return questions.get(value, value)
    if name == "facts":
        return listed((_told(key, answer, questions) for key, answer in value.items()), get_language())
    if name == "groups":
        return listed((GROUP_WORDS[group.criterion, group.value] for group in value), get_language())
    if name == "language":
        return table.BY_CODE[value].english
    if name == "state":
        return str(WORD_STATES.get(value, value))
    if name in {"wait", "join"}:
        return titles.get(value, value)
    return listed(value, get_language()) if isinstance(value, tuple) else str(value)


def _told(key: str, answer: Any, questions) -> str:
    told = {None: _("not known"), True: _("yes"), False: _("no")}.get(answer, answer) if _is_plain(answer) else answer
    return _("%(question)s %(answer)s") % {"question": questions.get(key, key), "answer": told}


def _is_plain(answer: Any) -> bool:
    return answer is None or isinstance(answer, bool)


def outcome_words(code: str) -> str:
    """Return the words of an outcome; a decision's own code is shown as written."""
    return str(Outcome(code).label) if code in Outcome.values else code.replace("_", " ")


def gaps_text(found: list[proofs.Finding]) -> str:
    """Return the gaps among some findings as canonical JSON: what signers accept with their names."""
    gaps = [
        {"rule": finding.rule, "sentence": finding.sentence, "step": finding.step, "names": _plain(finding.names)}
        for finding in found
        if not finding.blocks
    ]
    return pathways.canonical({"gaps": gaps}) if gaps else ""


def _plain(names: Mapping[str, Any]) -> dict:
    """Return names as JSON can hold them."""
    return json.loads(json.dumps(names, default=lambda thing: vars(thing), sort_keys=True))


def live_signatures(pathway: Pathway, digest: str) -> list[Signature]:
    """Return the signatures under the working copy with this hash."""
    return list(Signature.objects.filter(pathway=pathway, voided_at=None, digest=digest))


def latest_version(pathway: Pathway) -> PathwayVersion | None:
    """Return the newest published version of a pathway."""
    return PathwayVersion.objects.filter(pathway=pathway).order_by("-number").first()


def latest_versions(rows: list[Pathway]) -> dict[int, PathwayVersion]:
    """Return the newest published version of each pathway that has one, and whether it is retired, in one query."""
    newest = PathwayVersion.objects.filter(pathway=OuterRef("pathway")).order_by("-number").values("pk")[:1]
    found = PathwayVersion.objects.filter(pathway__in=rows, pk=Subquery(newest)).select_related("retirement")
    return {version.pathway_id: version for version in found}


def is_edited(body: dict, latest: PathwayVersion | None) -> bool:
    """Tell whether a compiled working copy differs from the latest version in more than its number."""
    return latest is None or pathways.canonical(body | {"version": latest.number}) != latest.text


def damaged_versions() -> list[PathwayVersion]:
    """Return the published versions that are not as they were signed; there should be none."""
    return [version for version in PathwayVersion.objects.iterator(chunk_size=20) if is_damaged(version)]
