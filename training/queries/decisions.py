"""What a person decided about an official's work: waived, taken back, set aside, allowed, withdrawn; when, why, by whom."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from languages.text import beside
from training import credentials, progress
from training.choices import (
    TOLD_THE_HOLDER,
    AllowReason,
    CertificateState,
    ClaimReason,
    Form,
    UnwaiveReason,
    Verb,
    VoidReason,
    VoidTestReason,
    WaiveReason,
    WithdrawalReason,
)
from training.models import Allowance, Attempt, Certificate, Enrolment, Event


@dataclass(frozen=True)
class Decision:
    """A decision in words; `stands` is false of a waiver that was taken back since, `words` are those somebody wrote."""

    what: str
    about: str
    at: dt.datetime
    why: str
    by: str
    stands: bool = True
    words: str = ""


def is_waiver_taken_back(event: Event) -> bool:
    """Tell whether work was set aside that nobody did: of all that is set aside, only a waiver names its lesson."""
    return event.verb == Verb.VOIDED and event.activity is not None


def reason_of(event: Event, *, to_holder: bool = False) -> str:
    """Return why something was set aside or waived, in words, of whom it is about or to her; an unknown code as it stands."""
    if event.verb == Verb.WAIVED:
        kinds = (WaiveReason,)
    elif is_waiver_taken_back(event):
        kinds = (UnwaiveReason,)
    else:
        kinds = (VoidTestReason, VoidReason, ClaimReason)
    code = progress.read(event.payload).get("reason", "")
    if to_holder and code in TOLD_THE_HOLDER:
        return str(TOLD_THE_HOLDER[code])
    return next((str(kind(code).label) for kind in kinds if code in kind.values), code)


def causes(certificates: Iterable[Certificate], *, to_holder: bool = False) -> dict[int, str]:
    """Return with which decision each certificate fell that was withdrawn by one, and why; one query, none where none was.

    A decision and what falls with it are one act, and bear its instant.
    """
    gone = {row.pk: row for row in certificates if getattr(row, "withdrawal", None)}
    if not gone:
        return {}
    told = {
        (event.enrolment_id, event.received_at): beside(
            _what(event, True), reason_of(event, to_holder=to_holder), get_language()
        )
        for event in Event.objects.filter(
            enrolment__in={row.enrolment_id for row in gone.values()}, verb=Verb.VOIDED,
            received_at__in={row.withdrawal.at for row in gone.values()},
        ).only("enrolment", "verb", "activity", "payload", "received_at")
    }  # fmt: skip
    keys = {key: (row.enrolment_id, row.withdrawal.at) for key, row in gone.items()}
    return {key: told[place] for key, place in keys.items() if place in told}


def withdrawals(certificates: Iterable[Certificate]) -> dict[int, Decision]:
    """Return how each certificate was withdrawn that was: with the reason, and what was written for who looks later.

    For who may withdraw it alone: its holder is told the reason and never the words.
    """
    gone = [row for row in certificates if getattr(row, "withdrawal", None)]
    told = causes(gone)
    return {row.pk: _withdrawal(row, told.get(row.pk, "")) for row in gone}


def _withdrawal(certificate: Certificate, cause: str) -> Decision:
    row = certificate.withdrawal
    why = cause or str(WithdrawalReason(row.reason).label)
    about = f"{certificate.get_kind_display()} · {credentials.grouped(certificate.code)}"
    return Decision(str(CertificateState.WITHDRAWN.label), about, row.at, why, row.by.name, words=row.words)


def decisions(
    enrolments: Iterable[Enrolment], headings: Mapping[str, str], attempts: Mapping[int, list[Attempt]]
) -> dict[int, tuple[Decision, ...]]:
    """Return the decisions about enrolments, the newest first; three queries at most, none where nothing was decided.

    `headings` are lessons and stories by their ids, `attempts` the tests of each enrolment.
    """
    enrolments = list(enrolments)
    events, allowed = _events(enrolments), _allowed(attempts)
    names = _names({event.by for event in events})
    forms = {str(one.public_id): str(Form(one.form).label) for rows in attempts.values() for one in rows}
    voided = {one.pk: progress.read_state(one.progress.state)["voided"] for one in enrolments}
    found: dict[int, list[Decision]] = {one.pk: [] for one in enrolments}
    for event in events:
        about = _about(event, headings, forms)
        if about:
            stands = str(event.pk) not in voided[event.enrolment_id]
            told = Decision(
                _what(event, stands), about, event.received_at, reason_of(event), names.get(event.by, ""), stands
            )
            found[event.enrolment_id].append(told)
    for row in allowed:
        why = str(AllowReason(row.reason).label) if row.reason in AllowReason.values else row.reason
        found[row.enrolment_id].append(
            Decision(_("One more try allowed"), str(Form(row.form).label), row.at, why, row.by.name)
        )
    return {key: tuple(sorted(rows, key=lambda one: one.at, reverse=True)) for key, rows in found.items()}


def _events(enrolments: list[Enrolment]) -> list[Event]:
    having = [one for one in enrolments if _has_any(progress.read_state(one.progress.state))]
    if not having:
        return []
    rows = Event.objects.filter(enrolment__in=having, verb__in=(Verb.WAIVED, Verb.VOIDED)).order_by(
        "received_at", "pk"
    )
    return list(rows.only("enrolment", "verb", "activity", "payload", "received_at", "by"))


def _has_any(state: progress.State) -> bool:
    return bool(state["waived"] or state["voided"])


def _allowed(attempts: Mapping[int, list[Attempt]]) -> Iterable[Allowance]:
    failed = [key for key, rows in attempts.items() if any(one.passed is False for one in rows)]
    return Allowance.objects.filter(enrolment__in=failed).select_related("by") if failed else ()


def _names(keys: set[str]) -> dict[str, str]:
    known = [key for key in keys if _is_id(key)]
    rows = User.objects.filter(public_id__in=known).values_list("public_id", "name") if known else ()
    return {str(key): name for key, name in rows}


def _is_id(key: str) -> bool:
    try:
        return bool(uuid.UUID(key))
    except ValueError:
        return False


def _what(event: Event, stands: bool) -> str:
    if event.verb == Verb.WAIVED:
        return _("Counts as done") if stands else _("Counted as done, taken back since")
    return _("Waiver taken back") if is_waiver_taken_back(event) else _("Test set aside")


def _about(event: Event, headings: Mapping[str, str], forms: Mapping[str, str]) -> str:
    """Return the lesson, story or test that was decided on; nothing where the course has it no more, or no test was."""
    if event.activity is not None:
        return headings.get(str(event.activity), "")
    tests = progress.read(event.payload).get("attempts", ())
    return " · ".join(forms[key] for key in tests if key in forms)
