"""What a case page shows: steps that are open, the question, deadlines, referrals, consent, facts, safety."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from languages.queries import Spoken
from referral.choices import FIELDS, FORMS, CaseState, FormField, ReferralState
from referral.choices.codes import Assent
from referral.choices.fields import group_words
from referral.models import (
    AgencyLink,
    Case,
    CaseEvent,
    Consent,
    ConsentLine,
    Disclosure,
    Organisation,
    Referral,
    StepRun,
)
from referral.queries import runs
from referral.queries.questions import question_of
from referral.queries.referrals import LIVE_STATES, live_links, lost_letters, text_faults
from referral.queries.sharing import fields_at_stake, live_lines
from referral.queries.spoken import Pair, pair_of


@dataclass(frozen=True)
class OpenStep:
    """One step that waits for a person: what it is, who acts, until when; whether an agency owes an answer to it, whether
    it is the first that staff can act on, and from which agencies consent was taken back so that it is open again.
    """

    run: StepRun
    title: runs.Words
    role: runs.Words
    guidance: runs.Words
    kind: str
    has_form: bool
    is_late: bool
    is_waiting: bool
    is_first: bool
    taken_back: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asked:
    """One question that is open now, in two languages, with the kind of its answer."""

    fact: str
    pair: Pair
    field: FormField
    run: int
    step_title: runs.Words


@dataclass(frozen=True)
class ReferralRow:
    """One request as the table shows it."""

    referral: Referral
    step: runs.Words
    shape: str
    chip: str
    link: AgencyLink | None
    fault: str
    is_letter_lost: bool
    shown: tuple[str, ...]

    @property
    def since(self) -> dt.datetime | None:
        """Return since when it stands so: when the agency answered, until when it did not, when it was over."""
        one = self.referral
        if one.state == ReferralState.ON_HOLD:
            return one.held_at
        if one.had_no_place:
            return one.ended_at or one.held_at
        if one.state == ReferralState.IN_PROGRESS:
            return one.changed_at
        return one.due_at if one.state == ReferralState.NO_ANSWER else one.ended_at or one.answered_at


@dataclass(frozen=True)
class ConsentRow:
    """What one agency may have, for one purpose, and what was refused."""

    organisation: str
    purpose: str
    given: tuple[str, ...]
    refused: tuple[str, ...]
    is_refused: bool
    ends_at: dt.datetime | None
    giver: str
    assent: str


@dataclass(frozen=True)
class ConsentState:
    """The person's last no, if nothing was said yes to since, with its time; and whether a yes came after the no that
    the pathway went its way for, while nobody has opened a step for it.
    """

    no: str = ""
    no_at: dt.datetime | None = None
    is_new_yes: bool = False


def open_steps(case: Case, language: str, at: dt.datetime) -> list[OpenStep]:
    """Return the steps that wait for somebody, the earliest due first; none once the case is closed."""
    if case.state != CaseState.OPEN:
        return []
    pathway = runs.version_of(case)
    rows = StepRun.objects.filter(case=case, state__in=["open", "waiting"]).exclude(kind="join")
    wanted = Q(state__in=LIVE_STATES) | Q(state=ReferralState.RECALLED)
    requests = list(Referral.objects.filter(wanted, case=case).select_related("organisation", "run").order_by("pk"))
    asked = {one.run_id for one in requests if one.state in LIVE_STATES}
    found: list[OpenStep] = []
    for run in rows.order_by("due_at", "number"):
        step = pathway.steps[run.step_key]
        role = pathway.roles.get(run.acting_role, {}).get("name", "")
        found.append(
            OpenStep(
                run=run,
                title=runs.words(step["title"], language),
                role=runs.words(role, language),
                guidance=runs.words(step.get("guidance", ""), language),
                kind=step["kind"],
                has_form=step.get("form", "") in FORMS,
                is_late=run.due_at is not None and run.due_at < at,
                is_waiting=run.pk in asked,
                is_first=run.pk not in asked and all(step.is_waiting for step in found),
                taken_back=_taken_back(run, requests),
            )
        )
    return found


def _taken_back(run: StepRun, requests: list[Referral]) -> tuple[str, ...]:
    """Return the agencies from which consent was taken back in the moment in which a step was opened again."""
    return tuple(
        one.organisation.name
        for one in requests
        if one.state == ReferralState.RECALLED
        and (one.run.step_key, one.ended_at) == (run.step_key, run.started_at)
        and one.run.number < run.number
    )


def asked_now(case: Case, language: str, engine: runs.EngineState) -> list[Asked]:
    """Return the questions that are open, in the person's language and the operator's; none once the case is closed."""
    if case.state != CaseState.OPEN:
        return []
    mine = runs.questions_of(case, language, engine)
    hers = runs.questions_of(case, case.script_language, engine)
    return [_asked(one, other, case, language, engine) for one, other in zip(mine, hers, strict=True)]


def _asked(mine: runs.Question, hers: runs.Question, case: Case, language: str, engine) -> Asked:
    field = question_of(mine.fact, engine.pathway, (language,))
    if mine.field is not None and mine.field.script:
        pair = pair_of(mine.field.script, case.script_language, language)
    else:
        say = Spoken(hers.label.text, hers.label.language or case.script_language, case.script_language)
        pair = Pair(say, Spoken(mine.label.text, mine.label.language or language, language))
    return Asked(mine.fact, pair, field, mine.run, mine.step_title)


def referral_rows(case: Case, language: str, at: dt.datetime) -> list[ReferralRow]:
    """Return the requests of a case in the order in which they were made."""
    pathway = runs.version_of(case)
    rows = Referral.objects.filter(case=case).select_related("organisation", "service", "run").order_by("pk")
    links = live_links(case, at)
    faults, lost = text_faults(links), lost_letters(links)
    shown = _shown(case)
    return [
        ReferralRow(
            referral=row,
            step=runs.words(pathway.steps[row.run.step_key]["title"], language),
            shape=row.chip[0],
            chip=row.chip[1],
            link=links.get(row.pk),
            fault=faults.get(row.pk, ""),
            is_letter_lost=row.pk in lost,
            shown=shown.get(row.pk, ()),
        )
        for row in rows
    ]


def _shown(case: Case) -> dict[int, tuple[str, ...]]:
    """Return what each agency was shown, field by field in the order of the register, by request."""
    keys: dict[int, set[str]] = {}
    for referral_id, told in Disclosure.objects.filter(case=case).values_list("referral_id", "field_keys"):
        keys.setdefault(referral_id, set()).update(told.split())
    return {
        referral_id: tuple(field.agency_label for key, field in FIELDS.items() if key in told)
        for referral_id, told in keys.items()
    }


def consent_rows(case: Case, at: dt.datetime) -> list[ConsentRow]:
    """Return the consent that stands now, an agency and purpose a row."""
    found = ConsentLine.objects.filter(consent__case=case, consent__withdrawn_at=None, ended_at=None)
    lines = list(found.select_related("organisation", "consent"))
    shown = fields_at_stake(case, {line.organisation_id for line in lines}) if lines else {}
    grouped: dict[tuple[str, str], list[ConsentLine]] = {}
    for line in lines:
        if line.consent.ends_at is None or line.consent.ends_at > at:
            grouped.setdefault((line.organisation.name, line.get_purpose_display()), []).append(line)
    return [_consent_row(name, str(purpose), found, shown) for (name, purpose), found in sorted(grouped.items())]


def _consent_row(name: str, purpose: str, found: list[ConsentLine], shown) -> ConsentRow:
    """Return the row of an agency and purpose; beside a no to all of it no child is said to agree."""
    consent, is_given = found[0].consent, any(line.is_given for line in found)
    return ConsentRow(
        organisation=name,
        purpose=purpose,
        given=tuple(words for line in found if line.is_given for words in _words_of(line, shown)),
        refused=tuple(words for line in found if not line.is_given for words in _words_of(line, shown)),
        is_refused=not is_given,
        ends_at=consent.ends_at,
        giver=str(consent.get_giver_display()),
        assent=str(consent.get_assent_display()) if is_given or consent.assent != Assent.YES else "",
    )


def _words_of(line: ConsentLine, shown: Mapping[tuple[int, str], Mapping[str, tuple[str, ...]]]) -> list[str]:
    """Return what a line of consent covers, in the words in which it was asked for."""
    return group_words(line.group, shown.get((line.organisation_id, line.purpose), {}).get(line.group, ()))[0]


def consent_state(case: Case, steps: list[OpenStep], at: dt.datetime) -> ConsentState:
    """Return what the last act of consent means for a case: a no to everything, one taken back, a yes after a no."""
    last = Consent.objects.filter(case=case).order_by("-given_at", "-id").first()
    if last is None:
        return ConsentState()
    if not last.lines.filter(is_given=True).exists():
        return ConsentState(_("Consent refused"), last.given_at)
    if last.withdrawn_at is not None:
        return ConsentState(_("Consent is taken back"), last.withdrawn_at)
    return ConsentState(is_new_yes=_is_unused(case, steps, at))


def _is_unused(case: Case, steps: list[OpenStep], at: dt.datetime) -> bool:
    """Tell whether a yes stands, the pathway went its way without consent before it, and no step was opened for it."""
    asked = StepRun.objects.filter(case=case, kind="consent").order_by("number").last()
    if asked is None or asked.outcome not in ("refused", "withdrawn") or any(one.kind == "referral" for one in steps):
        return False
    given = CaseEvent.objects.filter(case=case, kind="consent_given").order_by("number").last()
    after = given.number if given else 0
    opened = CaseEvent.objects.filter(case=case, kind="opened_by_hand", number__gt=after)
    return live_lines(case, at).exists() and not opened.exists()


def run_of(case: Case, number: int, kind: str = "") -> StepRun | None:
    """Return one visit of a case by its number, of one kind when that is given."""
    runs_of_kind = StepRun.objects.filter(case=case, number=number)
    run = (runs_of_kind.filter(kind=kind) if kind else runs_of_kind).first()
    if run is not None:
        run.case = case
    return run


def open_consent(case: Case) -> StepRun | None:
    """Return the consent step that is open, if there is one."""
    return StepRun.objects.filter(case=case, kind="consent", state="open").order_by("number").last()


def referral_of(case: Case, reference) -> Referral | None:
    """Return one request of a case by its public id."""
    rows = Referral.objects.select_related("organisation", "service", "run", "case__country")
    return rows.filter(case=case, public_id=reference).first()


def agency_of(case: Case, reference) -> Organisation | None:
    """Return one agency of the case's country by its public id."""
    return Organisation.objects.filter(country_id=case.country_id, public_id=reference).first()


def declined_in_words(case: Case, reference: str) -> Referral | None:
    """Return a request of a case that an agency declined in its own words; nothing for a reference that is none."""
    try:
        row = referral_of(case, uuid.UUID(reference))
    except ValueError:
        return None
    return row if row is not None and row.decline_note else None


def waiting_offer(run: StepRun) -> Referral | None:
    """Return the request of a step that an agency has not answered yet."""
    return Referral.objects.filter(run=run, state__in=LIVE_STATES).select_related("organisation").first()
