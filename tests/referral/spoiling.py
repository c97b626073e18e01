"""A real pathway to be spoilt, and what the proofs are given."""

import json

from referral import pathways, proofs
from referral.actions.loading import SEEDS
from referral.choices import FIELDS, FORMS
from referral.proofs import Given

GIVEN = Given(
    forms={key: frozenset(field.key for field in form.fields) for key, form in FORMS.items()},
    field_keys=frozenset(FIELDS),
)


def body():
    """Return Liberia's seed, to be spoilt."""
    return json.loads((SEEDS / "liberia-nrm.json").read_text(encoding="utf-8"))


def rules(spoilt, given=GIVEN):
    """Return the rules that are broken, each once."""
    return {finding.rule for finding in proofs.checked(pathways.Pathway(spoilt), given)}


def step(spoilt, key):
    """Return a step of a body."""
    return next(step for step in spoilt["steps"] if step["key"] == key)


def way(spoilt, source, target, outcome=None):
    """Return a way of a body."""
    return next(
        way for way in spoilt["transitions"]
        if (way["from"], way["to"]) == (source, target) and outcome in (None, way.get("outcome"))
    )  # fmt: skip
