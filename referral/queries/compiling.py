"""The working copy of a pathway as one compiled body, and what stands against publishing it."""

import datetime as dt
from collections.abc import Iterable
from copy import copy
from dataclasses import replace

from django.contrib.contenttypes.models import ContentType
from django.db.models import Max, Prefetch, prefetch_related_objects
from django.utils import timezone

from accounts.models import Country
from accounts.queries.clocks import day_in
from languages import queries as languages
from languages import table
from languages.choices import Freshness
from languages.models import Unit
from referral import deadlines, pathways, proofs
from referral.choices import FIELDS, FORMS
from referral.models import (
    Area,
    Fact,
    Pathway,
    PathwayRole,
    PathwayVersion,
    Step,
    StepWindow,
    Transition,
)
from referral.queries import wording
from referral.queries.directory import open_services


def lines(text: str) -> list[str]:
    """Return the addresses of a text with one a line."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def next_number(pathway: Pathway) -> int:
    """Return the number that the next published version gets."""
    return _next_numbers([pathway])[pathway.pk]


def _next_numbers(rows: Iterable[Pathway]) -> dict[int, int]:
    versions = PathwayVersion.objects.filter(pathway__in=rows).order_by()
    last = dict(versions.values_list("pathway").annotate(Max("number")))
    return {row.pk: last.get(row.pk, 0) + 1 for row in rows}


def with_parts(rows: Iterable[Pathway]) -> list[Pathway]:
    """Return copies of pathways that hold their parts, all read at the cost of one; later edits are not in them."""
    whole = [copy(row) for row in rows]
    ends = Transition.objects.select_related("from_step", "to_step")  # of a step its key: its words are in `step_rows`
    names = [field.name for field in Transition._meta.concrete_fields]
    ways = Prefetch("transitions", ends.only(*names, "from_step__key", "to_step__key"))
    prefetch_related_objects(
        whole, "pathwayrole_rows", "sharingprofile_rows", "fact_rows__choices", "step_rows__escalations",
        "step_rows__windows", ways,
    )  # fmt: skip
    return whole


def compiled_draft(pathway: Pathway) -> dict:
    """Return the working copy as a compiled body, as it would be published next."""
    return compiled_drafts(with_parts([pathway]))[0]


def compiled_drafts(whole: list[Pathway]) -> list[dict]:
    """Return the working copies of pathways that hold their parts, as they would be published next."""
    numbers, stale = _next_numbers(whole), wording.stale_words(whole)
    return [_body(pathway, numbers[pathway.pk], stale) for pathway in whole]


def _body(pathway: Pathway, number: int, stale: wording.Stale) -> dict:
    say = wording.sayer(pathway, stale)
    return {
        "schema": pathways.SCHEMA,
        "key": pathway.key,
        "version": number,
        "status": "published",
        "country": pathway.country_id,
        "title": say(pathway, "title"),
        "languages": pathway.languages,
        "valid": _valid(pathway),
        "is_example": pathway.is_example,
        "notes": pathway.notes,
        "sources": lines(pathway.sources),
        "roles": [_role(role, say) for role in pathway.pathwayrole_rows.all()],
        "sharing_profiles": {profile.key: profile.fields for profile in pathway.sharingprofile_rows.all()},
        "facts": [_fact(fact, say) for fact in pathway.fact_rows.all()],
        "steps": [_step(step, say) for step in pathway.step_rows.all()],
        "transitions": [_way(way) for way in pathway.transitions.all()],
    }


def _valid(pathway: Pathway) -> dict | None:
    dates = {"from": pathway.valid_from, "to": pathway.valid_until}
    return {name: day.isoformat() for name, day in dates.items() if day} or None


def _role(role: PathwayRole, say: wording.Say) -> dict:
    name = role.name_en if role.is_proper_name else say(role, "name")
    return _bare({"key": role.key, "name": name, "cited": " ; ".join(lines(role.cited))})


def _fact(fact: Fact, say: wording.Say) -> dict:
    choices = list(fact.choices.all())
    return _bare(
        {
            "key": fact.key,
            "type": fact.type,
            "cut_points": fact.cuts,
            "choices": [choice.key for choice in choices],
            "choice_labels": {choice.key: say(choice, "label") for choice in choices},
            "source": fact.source,
            "label": say(fact, "label"),
            "sensitivity": fact.sensitivity,
        }
    )


def _step(step: Step, say: wording.Say) -> dict:
    return {"key": step.key, "kind": step.kind, "title": say(step, "title")} | _bare(
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
            "guidance": say(step, "guidance"),
            "script": say(step, "script"),
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


def findings(pathway: Pathway, at: dt.datetime | None = None) -> list[proofs.Finding]:
    """Return what stands against publishing the working copy, in the order of the rules."""
    return draft_and_findings(pathway, at)[1]


def draft_and_findings(pathway: Pathway, at: dt.datetime | None = None) -> tuple[dict, list[proofs.Finding]]:
    """Return the compiled working copy and what stands against publishing it; its parts are read once for both."""
    whole = with_parts([pathway])
    bodies = compiled_drafts(whole)
    return bodies[0], findings_of(whole, bodies, at)[0]


def findings_of(whole: list[Pathway], bodies: list[dict], at: dt.datetime | None = None) -> list[list[proofs.Finding]]:
    """Return the findings of pathways that hold their parts, with their compiled bodies, at the cost of one.

    Of each the day is that of its country; a model to copy has none, and its day is that of UTC.
    """
    now = at or timezone.now()
    words = missing_words(whole)
    countries = {row.country_id: row.country for row in whole}
    days = {
        key: day_in(country, now) if country else now.astimezone(dt.UTC).date() for key, country in countries.items()
    }
    given = {key: _given_for(country, days[key]) for key, country in countries.items()}
    return [
        _findings(row, body, days[row.country_id], replace(given[row.country_id], missing_words=tuple(words[row.pk])))
        for row, body in zip(whole, bodies, strict=True)
    ]


def _findings(pathway: Pathway, body: dict, day: dt.date, given: proofs.Given) -> list[proofs.Finding]:
    found = []
    if pathway.valid_until and pathway.valid_until < day:
        found.append(proofs.Finding("V00", "expired", where="valid_until"))
    if pathway.country_id is None:
        found.append(proofs.Finding("V00", "no_country"))
    return found + proofs.checked(pathways.Pathway(body), given)


def _given_for(country: Country | None, day: dt.date) -> proofs.Given:
    """Return what the proofs need to know about forms, fields, directory and calendar."""
    return proofs.Given(
        forms={key: frozenset(field.key for field in form.fields) for key, form in FORMS.items()},
        field_keys=frozenset(FIELDS),
        services=service_facts(country, day) if country else None,
        areas=tuple(Area.objects.filter(country=country, parent=None).values_list("name", flat=True)),
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


def missing_words(whole: list[Pathway]) -> dict[int, list[proofs.MissingWord]]:
    """Return the texts of pathways that are not live and fresh in a required language, by pathway."""
    found: dict[int, list[proofs.MissingWord]] = {row.pk: [] for row in whole}
    needed = {row.pk: [code for code in row.languages if code != table.SOURCE] for row in whole}
    every = sorted({code for codes in needed.values() for code in codes})
    if not every:
        return found
    kinds = {model: kind.pk for model, kind in ContentType.objects.get_for_models(*wording.WORDED).items()}
    known = languages.coverage(kinds.values())
    reworded = _reworded(kinds.values(), every)
    for pathway in whole:
        for row, step, part in _worded_rows(pathway):
            kind = kinds[type(row)]
            statuses = known.get(languages.ThingKey(kind, row.pk), {})
            for code in needed[pathway.pk]:
                state = statuses[code].code if code in statuses else "missing"
                state = "reworded" if state == "published" and (kind, row.pk, code) in reworded else state
                if state != "published":
                    found[pathway.pk].append(proofs.MissingWord(step, part, code, str(state)))
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
    for role in pathway.pathwayrole_rows.all():
        if not role.is_proper_name:
            yield role, "", role.name_en
    for fact in pathway.fact_rows.all():
        yield fact, "", fact.label_en
        for choice in fact.choices.all():
            yield choice, "", choice.label_en
