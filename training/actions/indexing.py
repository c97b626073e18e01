"""The blind index of the name on a certificate: made with it, compared with what is typed, made anew after a rotation."""

import datetime as dt

from django.db import transaction

from accounts.actions import (
    CannotOpen,
    first_due,
    index_mark,
    indexes_of,
    is_key_away,
    marked_index,
    record_unopened,
    reveal,
)
from training import credentials
from training.models import Certificate, NameIndex
from training.queries.indexes import names_to_index

PURPOSE = "name on a certificate"
AT_ONCE = 200


def keep_name_index(certificate: Certificate, name: str) -> None:
    """Keep by what the name on a certificate is compared; part of a larger act."""
    NameIndex.objects.create(certificate=certificate, **_index_of(name))


def _index_of(name: str) -> dict[str, str]:
    value, key = marked_index(credentials.folded_name(name), PURPOSE)
    return {"value": value, "key": key}


def is_named(certificate: Certificate, name: str) -> bool:
    """Tell whether a name is the one on a certificate, letter by letter but for case and spaces; nothing is opened."""
    return NameIndex.objects.filter(certificate=certificate, value__in=indexes_of_name(name)).exists()


def indexes_of_name(name: str) -> list[str]:
    """Return by what the certificates that bear a whole name are found, whatever its case and spaces; nothing is opened."""
    return indexes_of(credentials.folded_name(name), PURPOSE)


def index_names(*, at: dt.datetime) -> int:
    """Make a batch of the indexes anew that an older key made, from the sealed names; return how many.

    So the older key is not needed for them any more. Each name that is opened for it is recorded. One that cannot be
    opened is named once and tried again a day later; one whose seal key is away, as soon as that is back.
    """
    rows = names_to_index(index_mark(), at).select_related("certificate__learner")
    return first_due("name_not_indexed", rows, lambda row: _index_anew(row, at), most=AT_ONCE)


def _index_anew(row: NameIndex, at: dt.datetime) -> bool:
    try:
        _open_and_index(row, at)
    except CannotOpen as error:
        if not is_key_away(error):
            _note_unopened(row, error, at)
        return False
    return True


@transaction.atomic
def _open_and_index(row: NameIndex, at: dt.datetime) -> None:
    name = reveal(row.certificate, "printed_name", by="worker", at=at, reason="index_key")
    NameIndex.objects.filter(pk=row.pk).update(**_index_of(name), failed_at=None)


@transaction.atomic
def _note_unopened(row: NameIndex, error: CannotOpen, at: dt.datetime) -> None:
    if row.failed_at is None:
        record_unopened(error, by="worker", at=at)
    NameIndex.objects.filter(pk=row.pk).update(failed_at=at)
