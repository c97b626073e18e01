"""Exports, lists with names, and what is called less than proposed leave a line in the audit log."""

import uuid
from datetime import datetime

from django.db import transaction

from accounts.actions import index_of, record
from accounts.models import AuditEntry


@transaction.atomic
def note_export(*, by, rows: int, at: datetime) -> AuditEntry:
    """Record that somebody took the completion table out of the house; return the entry."""
    return record(by=by, verb="training.completion_exported", at=at, country=by.country_id or "", rows=rows)


@transaction.atomic
def note_report_exported(*, by, report: str, rows: int, at: datetime) -> AuditEntry:
    """Record that somebody took the table of a report out of the house; return the entry."""
    country = by.country_id or ""
    return record(by=by, verb="training.report_exported", at=at, country=country, report=report, rows=rows)


@transaction.atomic
def note_names_read(*, by, rows: int, at: datetime) -> None:
    """Record that somebody read who among the learners is how far."""
    record(by=by, verb="training.names_read", at=at, country=by.country_id or "", rows=rows)


def number_of(thing: uuid.UUID) -> uuid.UUID:
    """Return the number under which a learner, a course of hers or a test stands in records for another system.

    It is the same each time, as long as the key of the blind indexes is, and stands on no page and in no other file.
    """
    return uuid.UUID(index_of(str(thing), "training.xapi")[:32], version=5)


@transaction.atomic
def note_statements_exported(*, by, rows: int, at: datetime) -> AuditEntry:
    """Record that somebody took events out of the house as statements; return the entry."""
    return record(
        by=by, verb="training.statements_exported", at=at, country=getattr(by, "country_id", "") or "", rows=rows
    )


@transaction.atomic
def note_lowered(thing, *, by, content: dict, at: datetime) -> None:
    """Record that somebody published a change as less than what was proposed, with her reason's code."""
    facts = {"change": content.get("change") or "minor", "because": content["lowered_because"]}
    record(by=by, verb="training.change_lowered", thing=thing, at=at, **facts)
