"""Which help a case needs, as far as it is written down: for that the person is asked for consent first."""

import datetime as dt
from collections.abc import Mapping

from django.utils.translation import gettext as _

from referral import logic, pathways
from referral.choices import RunState
from referral.choices.forms import SCREENING
from referral.models import Case, StepRun
from referral.queries.runs import facts_of, plain_value, version_of
from referral.queries.spoken import when

NEEDS = "needs"
CARE_PERIOD = dt.timedelta(hours=72)
ASKED_FOR = frozenset(code for field in SCREENING.fields if field.key == NEEDS for code, _words in field.choices)


def steps_asking(pathway: pathways.Pathway) -> list[dict]:
    """Return the steps that refer to a service with the person's consent, in the order of the pathway."""
    return [
        step
        for step in pathway.body["steps"]
        if step["kind"] == "referral" and step.get("service") and not step.get("without_consent_basis")
    ]


def needs_of(case: Case) -> dict[str, logic.Truth]:
    """Return each help that agencies are asked for with consent, and whether the case needs it.

    True: the person named it, a step for it is open, or the pathway opens one after a yes. Unknown: what decides was not
    asked, or was asked and is not known.
    """
    pathway, facts = version_of(case), {key: plain_value(row) for key, row in facts_of(case).items()}
    consents = [key for key in pathway.steps if pathway.kind(key) == "consent"]
    ahead = [pathways.ahead(pathway, facts, key, "given") for key in consents]
    live = StepRun.objects.filter(case=case, kind="referral", state__in=[RunState.OPEN, RunState.WAITING])
    opened, named = set(live.values_list("step_key", flat=True)), facts.get(NEEDS)
    found: dict[str, logic.Truth] = {}
    for step in steps_asking(pathway):
        need = step["service"]
        ways = [steps[step["key"]] for steps in ahead if step["key"] in steps]
        is_named = need in named if named is not None else None if need in ASKED_FOR and not ways else False
        found[need] = logic.some([found.get(need, False), step["key"] in opened, is_named, *ways])
    return found


def care_words(known: Mapping[str, object]) -> str:
    """Return until when medical care helps most after sexual violence, in words; "" where its time was not told."""
    told = known.get("violence_at")
    if known.get("sexual_violence") is not True or not isinstance(told, str):
        return ""
    happened = dt.datetime.fromisoformat(told)
    names = {"date": when(happened), "end": when(happened + CARE_PERIOD)}
    return _("Told earlier: it last happened %(date)s; 72 hours after that is %(end)s.") % names
