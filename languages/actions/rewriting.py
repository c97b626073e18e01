"""Writing many known rows back in one statement."""

from collections.abc import Sequence

from django.db import models


def rewrite(rows: Sequence[models.Model], columns: list[str]) -> None:
    """Write columns of rows that are stored already, of one model, read or locked in this transaction.

    One upsert by primary key: its cost grows with the rows, where `bulk_update` weighs each row against each column.
    """
    if rows:
        models.QuerySet(type(rows[0])).bulk_create(
            rows, update_conflicts=True, unique_fields=["pk"], update_fields=columns
        )
