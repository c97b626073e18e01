"""Writes of a country's triage form: its draft, publishing it, letting the draft go."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from accounts import actions as accounts
from accounts.models import Country
from hotline import triage
from hotline.choices import FlowState
from hotline.models import SheetForm
from hotline.queries.sheet_form_awaits import Awaited, awaited_by
from hotline.queries.sheet_forms import draft_form, form_now, languages_of, live_body


class FormRefused(ValueError):
    """Raised when a form must not be worked with; `faults` says everything that is wrong with it."""

    def __init__(self, faults: Sequence[triage.Fault]):
        super().__init__("; ".join(f"{fault.key}: {fault.code}" for fault in faults))
        self.faults = list(faults)


class FormChangedMeanwhile(ValueError):
    """Raised when somebody else saved the draft, or published, since the page was opened; look, and decide again."""


class WordsAwaited(ValueError):
    """Raised when operators would read another language than now in some questions; `rows` names questions and languages.

    Show them; who goes on says so with the digest of the draft that they are of.
    """

    def __init__(self, rows: Sequence[Awaited]):
        super().__init__(", ".join(row.key for row in rows))
        self.rows = list(rows)


def _held(country: Country) -> Country:
    """Return a country whose form nobody else changes until this is saved."""
    return Country.objects.select_for_update(no_key=True).get(pk=country.pk)


@transaction.atomic
def keep_form(*, country: Country, body: dict, by, at: datetime, seen: str) -> SheetForm:
    """Keep a form as the draft of a country, whatever is still wrong with it; no sheet begins with it.

    `seen` is the digest of the draft that the person saw, "" where there was none.
    """
    _held(country)
    draft, digest = draft_form(country), triage.digest_of(body)
    if draft is not None and draft.digest == digest:
        return draft
    if (draft.digest if draft else "") != seen:
        raise FormChangedMeanwhile(country.pk)
    draft = draft or SheetForm(country=country, number=_next(country))
    draft.body, draft.digest, draft.made_by, draft.made_at = body, digest, accounts.actor_id(by), at
    draft.save()
    _note(draft, "hotline.sheet_drafted", by, at)
    return draft


def _next(country: Country) -> int:
    return (SheetForm.objects.filter(country=country).aggregate(last=Max("number"))["last"] or 0) + 1


@transaction.atomic
def drop_form(*, country: Country, by, at: datetime, seen: str) -> None:
    """Let the draft go: what sheets begin with stays as it is."""
    _held(country)
    draft = draft_form(country)
    if draft is None:
        return
    if draft.digest != seen:
        raise FormChangedMeanwhile(country.pk)
    draft.delete()
    accounts.record(by=by, verb="hotline.sheet_dropped", thing=country, at=at, country=country.pk, number=draft.number)


@transaction.atomic
def publish_form(*, country: Country, by, at: datetime, seen: str, seen_live: int, accepts: str = "") -> SheetForm:
    """Let sheets begin with the draft from now on; refuse it with everything that is wrong with it.

    `seen` is the digest of the draft and `seen_live` the number of the version of now that the person saw, 0 for the
    house's. `accepts` is the digest of the draft of which the person was shown in which languages words are missing; where
    they are and it is another one, WordsAwaited. Sheets that were begun go on with theirs.
    """
    _held(country)
    row, live = draft_form(country), form_now(country.pk)
    if row is None or row.digest != seen or (live.number if live else 0) != seen_live:
        raise FormChangedMeanwhile(country.pk)
    if faults := triage.faults_of(row.body):
        raise FormRefused(faults)
    before = live_body(country)
    if triage.digest_of(before) == row.digest:
        return row
    if accepts != row.digest and (rows := awaited_by(row.body, before, languages_of(country))):
        raise WordsAwaited(rows)
    if live is not None:
        live.state = FlowState.RETIRED
        live.save(update_fields=["state"])
    row.state, row.published_by, row.published_at = FlowState.LIVE, accounts.actor_id(by), at
    row.save(update_fields=["state", "published_by", "published_at"])
    _note(row, "hotline.sheet_published", by, at)
    return row


def _note(row: SheetForm, verb: str, by, at: datetime) -> None:
    accounts.record(by=by, verb=verb, thing=row.country, at=at, country=row.country_id, number=row.number)
