"""Writes of a contact's safety state: what is safe for this person, and who may say so."""

from datetime import datetime, time

from django.db import transaction

from accounts import actions as accounts
from accounts.models import User
from hotline.actions.call_back import stop_unsafe
from hotline.actions.in_hand import check_in_hand
from hotline.actions.sheets import locked_to_write
from hotline.actions.timeline import note
from hotline.dialling import named_hours
from hotline.loosening import loosened
from hotline.models import Contact
from hotline.queries.hearing import has_heard
from hotline.queries.legs import lock_number
from hotline.queries.one_number import agreed_among, dated
from hotline.queries.safety import ANOTHER, NONE, SET, STATE, given_by_others, hours_told, safety_version
from languages.text import check_input


class SafetyChanged(Exception):
    """Raised when somebody changed the safety state since the page was opened; `contact` is the row as it is now."""

    def __init__(self, contact: Contact):
        super().__init__(contact.code)
        self.contact = contact


class WhyNeeded(Exception):
    """Raised when what the person said to others of how to reach her is changed without a reason; choose one."""


class NotHeard(Exception):
    """Raised when more would be safe than before by the word of who did not hear the person; ask a second person for a call.

    `of` names what was to become more, by the columns ("hours" for both ends, "is_told" where the answers count from now).
    """

    def __init__(self, contact: Contact, of: set[str]):
        super().__init__(contact.code)
        self.of = of


@transaction.atomic
def set_safety(
    *,
    contact: Contact,
    answers: dict[str, str],
    who_may_answer: str,
    cover: str,
    safe_from: time | None,
    safe_until: time | None,
    code_word: str | None,
    by: User,
    at: datetime,
    version: str | None = None,
    because: str = "",
    is_told: bool = False,
) -> Contact:
    """Keep what is safe for this person; `code_word` None leaves the sealed word as it is, "" takes it away.

    The answers on calls and on texts are as old as before where they stay the same, unless she told them now (`is_told`).

    `version` is the mark of the state that the person saw (hotline.queries.safety); without one nobody looked before.
    What somebody else saved since is never written over unseen. Hours, calls and texts of which the person spoke by key or
    to another operator are changed with a reason alone, `because` (a value of SafetyReason). That more is safe is written by
    who heard it (`has_heard`): else NotHeard. What stood and what stands is in the timeline and in the audit log.
    """
    lock_number(contact)
    row = locked_to_write(contact, by)
    check_in_hand(row, by, at)
    values = answers | {
        "who_may_answer": who_may_answer, "cover": cover, "safe_from": safe_from, "safe_until": safe_until,
    }  # fmt: skip
    differs = code_word is not None or is_told or any(getattr(row, name) != values[name] for name in STATE)
    if version is not None and version != safety_version(row) and differs:
        raise SafetyChanged(row)
    more = loosened_by(row, values) | ({"is_told"} if is_told else set()) | _of_word(row, code_word)
    if more and not has_heard(row, by, at):
        raise NotHeard(row, more)
    is_theirs = any(getattr(row, name) != values[name] for name in given_by_others(row, by))
    if is_theirs and not because:
        raise WhyNeeded(row.code)
    told = answers | _changed(row, values, code_word) | ({"because": because} if is_theirs else {})
    less = {"less": True} if more_than(row, values) else {}
    given = {name: is_told or getattr(row, name) != answers[name] for name in ("may_call", "may_text")}
    dates = dated(row, at, calls=given["may_call"], texts=given["may_text"])
    for name, value in ({name: values[name] for name in STATE} | dates).items():
        setattr(row, name, value)
    _keep_word(row, code_word)
    row.save()
    stop_unsafe(row, at)
    note(row, "safety_changed", by=by, at=at, **told, **less, **({} if any(given.values()) else {"untold": True}))
    accounts.record(by=by, verb="hotline.safety_changed", thing=row, at=at, country=row.country_id or "", **told)
    return row


def _of_word(row: Contact, code_word: str | None) -> set[str]:
    """Return that the code word is set, changed or taken away: who picks up is asked for what she never agreed to."""
    is_changed = bool(code_word) or (code_word == "" and row.code_word is not None)
    return {"code_word"} if is_changed else set()


def _keep_word(row: Contact, code_word: str | None) -> None:
    if code_word:
        check_input(code_word)
        accounts.seal(row, "code_word", code_word)
    elif code_word == "":
        row.code_word = None


def loosened_by(row: Contact, values: dict) -> set[str]:
    """Return what of new values of the safety state lets more happen than the row does (hotline.loosening)."""
    return _loosened(row, _standing(row, values), values)


def more_than(row: Contact, values: dict) -> set[str]:
    """Return what of the row lets more happen than new values of the safety state do: they say less."""
    return _loosened(row, values, _standing(row, values))


def _standing(row: Contact, values: dict) -> dict:
    return {name: getattr(row, name) for name in values}


def _loosened(row: Contact, before: dict, after: dict) -> set[str]:
    hours, then = (named_hours(one["safe_from"], one["safe_until"], row.callback_time) for one in (before, after))
    return loosened(before, after, hours, then, was_promised=row.pk in agreed_among([row]))


def _changed(row: Contact, values: dict, code_word: str | None) -> dict[str, str]:
    """Return the hours, who may pick up and the cover where they change, with the hours of before, and that the code word did."""
    told = {name: values[name] or NONE for name in ("who_may_answer", "cover") if values[name] != getattr(row, name)}
    if (values["safe_from"], values["safe_until"]) != (row.safe_from, row.safe_until):
        hours = hours_told(values["safe_from"], values["safe_until"], row.callback_time)
        told |= {"hours": hours, "hours_before": hours_told(row.safe_from, row.safe_until, row.callback_time)}
    if code_word:
        told["code_word"] = SET if row.code_word is None else ANOTHER
    elif code_word == "" and row.code_word is not None:
        told["code_word"] = NONE
    return told
