"""The name on a certificate for who manages it: as it is printed, beside that of the account."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from accounts.actions import reveal_many
from training import credentials
from training.actions.indexing import indexes_of_name
from training.models import Certificate
from training.queries.certificates import Held, standing_beside


@dataclass(frozen=True)
class Named:
    """The name that is printed on a certificate, and the one of its holder's account today; `printed` is empty where it
    cannot be opened."""

    printed: str
    account: str

    @property
    def differs(self) -> bool:
        """Tell whether the paper says another name than the account, or cannot be asked."""
        return credentials.written_name(self.printed) != credentials.written_name(self.account)


def names_on(
    certificates: Iterable[Certificate], *, by, at: dt.datetime, reason: str, is_exact: bool = False
) -> dict[int, Named]:
    """Return the names of certificates by key of the row, with their `indexed_name` fetched along.

    Only a name is opened, and the reading recorded, that is another than the account's by its blind index: for all
    others the account's is shown, which may differ by capitals alone. `is_exact` opens each.
    A list says nothing of what somebody is called now who moved to another country: only where one certificate is looked
    at, and may be corrected, the name is told that it would bear.
    """
    rows = list(certificates)
    known = {one.learner_id: str(one.learner.user) for one in rows}
    other = rows if is_exact else _named_otherwise(rows, known)
    opened = reveal_many(other, "printed_name", by=by, at=at, reason=reason) if other else {}
    printed = {one.pk: opened.get(one.public_id) or "" for one in other}
    names = {one.pk: Named(printed.get(one.pk, known[one.learner_id]), known[one.learner_id]) for one in rows}
    abroad = set() if is_exact or not by.country_id else {one.pk for one in rows if _is_abroad(one, by)}
    return {key: replace(one, account=one.printed) if key in abroad else one for key, one in names.items()}


def _is_abroad(certificate: Certificate, by) -> bool:
    return certificate.learner.user.country_id != by.country_id


def named_alike(certificate: Certificate, *, by, at: dt.datetime) -> list[Held]:
    """Return the holder's other certificates that count or may count again, and bear the very name that this one bears.

    Of those that somebody answers for. Capitals count, so what the index finds is opened.
    """
    printed = names_on([certificate], by=by, at=at, reason="withdrawal", is_exact=True)[certificate.pk].printed
    found = standing_beside(certificate, by, indexes_of_name(printed), at) if printed else []
    names = names_on([one.certificate for one in found], by=by, at=at, reason="withdrawal", is_exact=True)
    return [one for one in found if names[one.certificate.pk].printed == printed]


def _named_otherwise(rows: list[Certificate], known: Mapping[int, str]) -> list[Certificate]:
    indexes = {name: indexes_of_name(name) for name in set(known.values())}
    return [one for one in rows if _index(one) not in indexes[known[one.learner_id]]]


def _index(certificate: Certificate) -> str:
    index = getattr(certificate, "indexed_name", None)
    return index.value if index else ""
