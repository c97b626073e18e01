"""The working copy of a pathway as one compiled body, and what stands against publishing it."""

import datetime as dt

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from modeltranslation.utils import build_localized_fieldname

from accounts.models import Country
from languages import queries as languages
from languages import table
from languages.choices import Freshness
from languages.models import Unit
from referral import deadlines, pathways, proofs
from referral.choices import FIELDS, FORMS
from referral.models import (
    Area,
    Fact,
    FactChoice,
    Pathway,
    PathwayRole,
    PathwayVersion,
    Step,
    StepWindow,
    Transition,
)
from referral.queries.directory import open_services


def lines(text: str) -> list[str]:
    """Return the addresses of a text with one a line."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def texts(row, name: str, codes: list[str]) -> dict[str, str]:
    """Return a field's text by language, languages without text left out."""
    found = {code: getattr(row, build_localized_fieldname(name, code)) for code in codes}
    return {code: text for code, text in found.items() if text}


def next_number(pathway: Pathway) -> int:
    """Return the number that the next published version gets."""
    last = PathwayVersion.objects.filter(pathway=pathway).order_by("-number").first()
    return last.number + 1 if last else 1


def compiled_draft(pathway: Pathway) -> dict:
    """Return the working copy as a compiled body, as it would be published next."""
    codes = pathway.languages
    body = {
        "schema": pathways.SCHEMA,
        "key": pathway.key,
        "version": next_number(pathway),
        "status": "published",
        "country": pathway.country_id,
        "title": texts(pathway, "title", codes),
        "languages": codes,
        "valid": _valid(pathway),
        "is_example": pathway.is_example,
        "notes": pathway.notes,
        "sources": lines(pathway.sources),
        "roles": [_role(role, codes) for role in pathway.pathwayrole_rows.all()],
        "sharing_profiles": {profile.key: profile.fields for profile in pathway.sharingprofile_rows.all()},
        "facts": [_fact(fact, codes) for fact in pathway.fact_rows.prefetch_related("choices")],
        "steps": [_step(step, codes) for step in pathway.step_rows.prefetch_related("escalations", "windows")],
        "transitions": [_way(way) for way in pathway.transitions.select_related("from_step", "to_step")],
    }
    return body


def _valid(pathway: Pathway) -> dict | None:
    dates = {"from": pathway.valid_from, "to": pathway.valid_until}
    return {name: day.isoformat() for name, day in dates.items() if day} or None


def _role(role: PathwayRole, codes: list[str]) -> dict:
    name = role.name_en if role.is_proper_name else texts(role, "name", codes)
    return _bare({"key": role.key, "name": name, "cited": " ; ".join(lines(role.cited))})


def _fact(fact: Fact, codes: list[str]) -> dict:
    choices = list(fact.choices.all())
    return _bare(
        {
            "key": fact.key,
            "type": fact.type,
            "cut_points": fact.cuts,
            "choices": [choice.key for choice in choices],
            "choice_labels": {choice.key: texts(choice, "label", codes) for choice in choices},
            "source": fact.source,
            "label": texts(fact, "label", codes),
            "sensitivity": fact.sensitivity,
        }
    )


def _step(step: Step, codes: list[str]) -> dict:
    return {"key": step.key, "kind": step.kind, "title": texts(step, "title", codes)} | _bare(
        {
            "role": step.role,
            "deadline": _deadline(step) if step.amount else None,
            "windows": [_deadline(window) | _bare({"when": window.when}) for window in step.windows.all()],
            "escalation": [
                {"after": deadlines.after_of(rule.offset), "to": rule.to, "action": rule.action}
                for rule in step.escalations.all()
            ],
            "form": step.form,
            "service": step.service,
            "sharing_profile": step.sharing_profile,
            "without_consent_basis": step.without_consent_basis,
            "join": step.join,
            "outcomes": step.outcomes.split(),
            "quorum": step.quorum,
            "max_visits": step.max_visits,
            "sources": lines(step.sources),
            "anchor_note": step.anchor_note,
            "guidance": texts(step, "guidance", codes),
            "script": texts(step, "script", codes),
        }
    )


def _deadline(row: Step | StepWindow) -> dict:
    rule = {"amount": row.amount, "unit": row.unit, "anchor": row.anchor, "type": row.deadline_type}
    return rule | {"basis": row.basis} | _bare({"reference": row.reference})


def _way(way: Transition) -> dict:
    ends = {"from": way.from_step.key, "to": way.to_step.key}
    return ends | _bare({"outcome": way.outcome, "when": way.when, "on_unknown": way.on_unknown})


def _bare(row: dict) -> dict:
    """Leave out what says nothing."""
    return {key: part for key, part in row.items() if part not in (None, "", [], {}, False)}


def draft_text(pathway: Pathway) -> str:
    """Return the canonical text of the working copy: what managers sign."""
    return pathways.canonical(compiled_draft(pathway))


def draft_digest(pathway: Pathway) -> str:
    """Return the hash of the working copy: what a signature stands under."""
    return pathways.digest(draft_text(pathway))


def findings(pathway: Pathway, on: dt.date | None = None, body: dict | None = None) -> list[proofs.Finding]:
    """Return what stands against publishing the working copy, in the order of the rules; `body` saves compiling."""
    day = on or timezone.now().date()
    found = []
    if pathway.valid_until and pathway.valid_until < day:
        found.append(proofs.Finding("V00", "expired", where="valid_until"))
    if pathway.country_id is None:
        found.append(proofs.Finding("V00", "no_country"))
    compiled = pathways.Pathway(body or compiled_draft(pathway))
    return found + proofs.checked(compiled, given_for(pathway, day))


def given_for(pathway: Pathway, day: dt.date) -> proofs.Given:
    """Return what the proofs need to know about forms, fields, directory, words and calendar."""
    country = pathway.country
    return proofs.Given(
        forms={key: frozenset(field.key for field in form.fields) for key, form in FORMS.items()},
        field_keys=frozenset(FIELDS),
        services=service_facts(country, day) if country else None,
        areas=tuple(Area.objects.filter(country=country, parent=None).values_list("name", flat=True)),
        missing_words=tuple(missing_words(pathway)),
        has_calendar=country is None or (bool(country.weekend) and country.holidays.exists()),
    )


def service_facts(country: Country, day: dt.date) -> tuple[proofs.ServiceFacts, ...]:
    """Return the open services of a country as the proofs read them; an area stands for its parts too."""
    services = open_services(country, day).prefetch_related("eligibilities", "areas__parent")
    return tuple(
        proofs.ServiceFacts(
            term=service.term,
            areas=frozenset((area.parent or area).name for area in service.areas.all()),
            minimum_age=service.minimum_age,
            maximum_age=service.maximum_age,
            takes=frozenset((row.criterion, row.value) for row in service.eligibilities.all() if row.is_taken),
        )
        for service in services
    )


def missing_words(pathway: Pathway) -> list[proofs.MissingWord]:
    """Return the texts that are not live and fresh in a required language."""
    codes = [code for code in pathway.languages if code != table.SOURCE]
    if not codes:
        return []
    models = (Pathway, Step, PathwayRole, Fact, FactChoice)
    kinds = {model: kind.pk for model, kind in ContentType.objects.get_for_models(*models).items()}
    known = languages.coverage(kinds.values())
    reworded = _reworded(kinds.values(), codes)
    found = []
    for row, step, part in _worded_rows(pathway):
        kind = kinds[type(row)]
        statuses = known.get(languages.ThingKey(kind, row.pk), {})
        for code in codes:
            state = statuses[code].code if code in statuses else "missing"
            state = "reworded" if state == "published" and (kind, row.pk, code) in reworded else state
            if state != "published":
                found.append(proofs.MissingWord(step, part, code, str(state)))
    return found


def _reworded(kinds, codes: list[str]) -> set[tuple[int, int, str]]:
    """Return what was only reworded since it was translated: a pathway waits for these too."""
    units = Unit.objects.filter(
        is_retired=False, content_type__in=list(kinds), language__in=codes, freshness__gte=Freshness.WORDING
    )
    return set(units.values_list("content_type_id", "object_id", "language"))


def _worded_rows(pathway: Pathway):
    """Yield each row with words, the step it belongs to, and what it is called."""
    yield pathway, "", pathway.title_en
    for step in pathway.step_rows.all():
        yield step, step.key, step.title_en
    for role in pathway.pathwayrole_rows.filter(is_proper_name=False):
        yield role, "", role.name_en
    for fact in pathway.fact_rows.prefetch_related("choices"):
        yield fact, "", fact.label_en
        for choice in fact.choices.all():
            yield choice, "", choice.label_en
