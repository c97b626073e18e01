"""What the pages of the pathway editor show."""

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.actions import thing_id
from accounts.models import User
from languages import queries as languages
from languages import table
from languages.text import listed
from referral import pathways
from referral.choices import Need
from referral.choices.findings import GROUP_WORDS, SENTENCES
from referral.models import Pathway, PathwayEdit, PathwayVersion, Signature, Step
from referral.queries import comparing, compiling, graphs, publishing, runs


@dataclass(frozen=True)
class Summary:
    """One pathway in the list."""

    pathway: Pathway
    version: PathwayVersion | None
    is_retired: bool
    is_edited: bool
    fault_count: int


@dataclass(frozen=True)
class Standing:
    """Where a working copy stands with its signatures, for one manager."""

    digest: str
    number: int
    signatures: tuple[Signature, ...]
    editors: tuple[str, ...]
    may_sign: bool
    is_ready: bool
    why_not: str
    versions: tuple[PathwayVersion, ...]
    latest: PathwayVersion | None
    is_edited: bool


@dataclass(frozen=True)
class StepRow:
    """One step in the list of the editor, in words."""

    step: Step
    role: str
    deadlines: tuple[str, ...]
    late: tuple[str, ...]


@dataclass(frozen=True)
class LinkedFinding:
    """A finding with the address where it is mended."""

    line: publishing.FindingLine
    url: str


@dataclass(frozen=True)
class Translation:
    """How a row stands in one required language, and where it is translated."""

    code: str
    name: str
    state: str
    words: str
    url: str


def summaries_of(rows: Iterable[Pathway]) -> list[Summary]:
    """Return pathways with their version and the number of faults, however many, at the cost of one."""
    whole = compiling.with_parts(rows)
    bodies = compiling.compiled_drafts(whole)
    found = compiling.findings_of(whole, bodies)
    latest = publishing.latest_versions(whole)
    return [_summary(*one, latest.get(one[0].pk)) for one in zip(whole, bodies, found, strict=True)]


def _summary(pathway: Pathway, body: dict, found: list, latest: PathwayVersion | None) -> Summary:
    is_retired = latest is not None and hasattr(latest, "retirement")
    faults = sum(finding.blocks for finding in found)
    return Summary(pathway, latest, is_retired, publishing.is_edited(body, latest), faults)


def standing_of(pathway: Pathway, user: User) -> Standing:
    """Return the signatures, and what this manager may do now."""
    body = compiling.compiled_draft(pathway)
    digest = pathways.digest(pathways.canonical(body))
    signatures = tuple(publishing.live_signatures(pathway, digest))
    number = compiling.next_number(pathway)
    edits = PathwayEdit.objects.filter(pathway=pathway, version_number=number)
    editors = set(edits.values_list("by", flat=True))
    latest = publishing.latest_version(pathway)
    changed = publishing.is_edited(body, latest)
    me = str(user.public_id)
    is_ready = changed and len(signatures) > 1 and not all(signature.has_edited for signature in signatures)
    why = _why_not(me, changed=changed, signatures=signatures, is_editor=me in editors, is_ready=is_ready)
    return Standing(
        digest=digest,
        number=number,
        signatures=signatures,
        editors=tuple(
            User.objects.filter(public_id__in=[code for code in editors if len(code) == 36]).values_list(
                "name", flat=True
            )
        ),
        may_sign=not why,
        is_ready=is_ready,
        why_not=why,
        versions=tuple(PathwayVersion.objects.filter(pathway=pathway).select_related("retirement")),
        latest=latest,
        is_edited=changed,
    )


def with_way(said: str) -> str:
    """Return why one more manager must sign, with what to do where there is none."""
    return f"{said} {_('If there is no other manager, an administrator can invite one.')}"


def _why_not(me: str, *, changed: bool, signatures: tuple, is_editor: bool, is_ready: bool) -> str:
    if not changed:
        return _("The working copy is the published version: there is nothing to sign.")
    if any(signature.by == me for signature in signatures):
        if is_ready:
            return _("Both signatures are there. Publish it: new cases then start on this version.")
        if len(signatures) > 1:
            return with_way(_("Both signers edited this version. A manager who did not edit it must sign too."))
        return _("You have signed. Another manager must sign too.")
    if is_editor and any(signature.has_edited for signature in signatures):
        said = _("You edited this version, and so did the other signer. A manager who did not edit it must sign.")
        return with_way(said)
    return ""


def step_rows(pathway: Pathway) -> list[StepRow]:
    """Return the steps of the working copy with role and deadlines in words."""
    compiled = pathways.Pathway(compiling.compiled_draft(pathway))
    return [_step_row(compiled, step) for step in pathway.step_rows.all()]


def removed_from(model: type, name: str) -> int | None:
    """Return the key of the pathway from whose working copy the row of this public id was removed, or None."""
    try:
        thing = f"{model._meta.label_lower}:{uuid.UUID(name)}"
    except ValueError:
        return None
    return PathwayEdit.objects.filter(thing=thing, fields="removed").values_list("pathway", flat=True).first()


def written_since(step: Step, seen: int) -> set[str]:
    """Return the names of what was written in a step since the edit of that number."""
    rows = PathwayEdit.objects.filter(pathway=step.pathway_id, edit_number__gt=seen, thing=thing_id(step))
    return {name for fields in rows.values_list("fields", flat=True) for name in fields.split()}


def rows_written(step: Step, names: set[str]) -> list[tuple[str, str]]:
    """Return, in words, those rows below a step of which one of the names says that they were written."""
    stands = step_row_of(step)
    rows = {
        "escalationrule": (_("If it is late"), stands.late),
        "stepwindow": (_("Further deadlines"), stands.deadlines[1:]),
        "ways": (_("Ways"), ways_of(step)),
    }
    return [(label, " · ".join(lines) or "–") for name, (label, lines) in rows.items() if name in names]


def step_row_of(step: Step) -> StepRow:
    """Return one step of the working copy with role and deadlines in words."""
    return _step_row(pathways.Pathway(compiling.compiled_draft(step.pathway)), step)


def ways_of(step: Step) -> list[str]:
    """Return the present ways out of a step in words, in the order in which they are tried."""
    lines = []
    for way, condition in zip(step.ways.select_related("to_step"), conditions_of(step), strict=True):
        outcome = str(publishing.outcome_words(way.outcome)) if way.outcome else ""
        lines.append(" · ".join(filter(None, (way.to_step.title_en, outcome, condition))))
    return lines


def _step_row(compiled: pathways.Pathway, step: Step) -> StepRow:
    body = compiled.steps[step.key]
    role = runs.words(compiled.roles.get(step.role, {}).get("name", step.role), table.SOURCE)
    return StepRow(
        step,
        str(role),
        tuple(graphs.rule_words(rule, compiled, table.SOURCE) for rule in graphs.rules_of(body)),
        tuple(comparing.escalation_words(compiled, rule, table.SOURCE) for rule in body.get("escalation", ())),
    )


def linked(pathway: Pathway, found: list[publishing.FindingLine]) -> list[LinkedFinding]:
    """Return findings with links to the field where each is mended."""
    steps = dict(pathway.step_rows.values_list("key", "pk"))
    return [LinkedFinding(line, _address(pathway, line, steps)) for line in found]


def _address(pathway: Pathway, line: publishing.FindingLine, steps: dict[str, int]) -> str:
    if line.step not in steps:
        return reverse("pathways:settings", args=[pathway.pk])
    if line.rule in {"V18", "V19"}:
        return reverse("referral:directory")
    name = "ways" if line.where == "ways" else "step"
    anchor = {"": "", "ways": "", "words": "#translations", "escalations": "#late"}.get(
        line.where, f"#id_{line.where}"
    )
    return reverse(f"pathways:{name}", args=[steps[line.step]]) + anchor


def translations_of(part: models.Model, pathway: Pathway) -> list[Translation]:
    """Return how a row stands in each language that the pathway is wanted in, but the source."""
    found = []
    for code in pathway.wanted_languages:
        if code != table.SOURCE:
            status = languages.status_of(part, code)
            row = table.BY_CODE[code]
            url = reverse("desk:thing", args=[part._meta.label_lower, part.pk, code])
            words = _("%(done)s of %(total)s texts") % {"done": status.done, "total": status.total}
            found.append(Translation(code, row.own, str(status.code.label), words, url))
    return found


def conditions_of(step: Step) -> list[str]:
    """Return the present conditions of a step's ways in words, in order."""
    compiled = pathways.Pathway(compiling.compiled_draft(step.pathway))
    return [
        graphs.condition_words(compiled, way["when"], table.SOURCE) if way.get("when") else ""
        for way in compiled.ways[step.key]
    ]


def signatures_of(version: PathwayVersion) -> list[Signature]:
    """Return who signed a version."""
    return list(Signature.objects.filter(pathway=version.pathway_id, digest=version.digest))


def gap_sentences(version: PathwayVersion) -> list[str]:
    """Return the gaps that the signers of a version accepted, as sentences."""
    if not version.gaps:
        return []
    compiled = runs.readable(version)
    return [_gap(compiled, gap) for gap in json.loads(version.gaps)["gaps"]]


def _gap(compiled: pathways.Pathway, gap: dict) -> str:
    names = dict(gap["names"])
    step = compiled.steps.get(gap["step"], {})
    names["step"] = runs.words(step.get("title", gap["step"]), table.SOURCE)
    if names.get("term") in Need.values:
        names["term"] = Need(names["term"]).label
    if "groups" in names:
        groups = (GROUP_WORDS[group["criterion"], group["value"]] for group in names["groups"])
        names["groups"] = listed(groups, get_language())
    if "facts" in names:
        names["facts"] = listed((f"{key}: {value}" for key, value in names["facts"].items()), get_language())
    return SENTENCES[gap["sentence"]] % names
