"""What still stands under an older key of the installation, kind by kind; empty of all means the old key may go.

And what could not be opened: rows met by a rotation, readings by people.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db.models import Q, QuerySet

from accounts.choices import KEY_AWAY
from accounts.models import AuditEntry, DataKey, Letter
from accounts.sealing import VERSION, Key, KeyRing, NoSealKey, SealError, open_sealed, wrapping_place

FACTOR_SECRETS = ("secret", "seed")
TRIED = 10


@dataclass(frozen=True)
class Left:
    """How many rows are not under the newest key of their scope: each kind that the installation's keys seal."""

    data_keys: int
    letters: int
    factors: int

    @property
    def is_none(self) -> bool:
        """Tell whether the older keys may be taken out."""
        return not (self.data_keys or self.letters or self.factors)


def sealed_under(field: str, keys: Iterable[Key]) -> Q:
    """Return the condition that a plain column holds a value sealed under one of some keys."""
    found = Q(pk__in=[])
    for key in keys:
        found |= Q(**{f"{field}__startswith": f"{VERSION}.{key.id}."})
    return found


def is_under(value: str, key: Key) -> bool:
    """Tell whether a sealed value stands under a key."""
    return value.startswith(f"{VERSION}.{key.id}.")


def factors_with_secrets() -> QuerySet[Authenticator]:
    """Return the second factors that hold a secret of ours: codes by time and recovery codes, no security keys."""
    return Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).order_by("pk")


def old_secrets(factor: Authenticator, newest: Key) -> dict[str, str]:
    """Return the sealed secrets of a second factor that do not stand under the newest key, by name."""
    secrets = {name: factor.data[name] for name in FACTOR_SECRETS if factor.data.get(name)}
    return {name: value for name, value in secrets.items() if not is_under(value, newest)}


def letters_with_words() -> QuerySet[Letter]:
    """Return the letters that still hold an address or a text: those that wait, and those that the demo keeps."""
    return Letter.objects.filter(Q(to__isnull=False) | Q(text__isnull=False)).order_by("pk")


def is_old_letter(letter: Letter, newest: Key) -> bool:
    """Tell whether the address or the text of a letter does not stand under the newest key."""
    return any(value is not None and not is_under(value.raw, newest) for value in (letter.to, letter.text))


def left_under_older_keys(ring: KeyRing) -> Left:
    """Count what would be lost if every key but the newest of each scope were taken out now."""
    newest, data_keys = ring.keys("*")[0], 0
    for scope in DataKey.objects.order_by("scope").values_list("scope", flat=True).distinct():
        current = sealed_under("wrapped", ring.keys(scope)[:1])
        data_keys += DataKey.objects.filter(scope=scope).exclude(current).count()
    return Left(
        data_keys,
        sum(is_old_letter(letter, newest) for letter in letters_with_words().iterator()),
        sum(bool(old_secrets(factor, newest)) for factor in factors_with_secrets().iterator()),
    )


def scopes_that_do_not_open(ring: KeyRing) -> list[str]:
    """Return the scopes of the newest data keys, and `*` of waiting letters, of which none opens.

    One damaged row beside whole ones is no such.
    """
    opened: dict[str, bool] = {}
    for row in DataKey.objects.order_by("-pk")[:TRIED]:
        place = wrapping_place(row.owner, row.scope)
        opened[row.scope] = opened.get(row.scope, False) or _opens(row.wrapped, ring, row.scope, place)
    for letter in letters_with_words().filter(text__isnull=False).order_by("-pk")[:TRIED]:
        place = (f"{Letter._meta.db_table}.text", str(letter.public_id))
        opened["*"] = opened.get("*", False) or _opens(letter.text.raw, ring, "*", place)
    return sorted(scope for scope, is_open in opened.items() if not is_open)


def letters_without_key() -> int:
    """Return how many letters wait because their key is away."""
    return Letter.objects.filter(fault=KEY_AWAY, sent_at=None, failed_at=None).count()


def _opens(value: str, ring: KeyRing, scope: str, place: tuple[str, str]) -> bool:
    try:
        open_sealed(value, ring.keys(scope), *place)
    except (NoSealKey, SealError):
        return False
    return True


def damaged(ring: KeyRing) -> list[str]:
    """Return the rows that a rotation met and could not open, as "room.model:id", until they are mended."""
    named = AuditEntry.objects.filter(verb="key.damaged").order_by("seq").values_list("thing", flat=True)
    return [thing for thing in dict.fromkeys(named) if _is_old(thing, ring)]


def unopened_since(at: datetime) -> int:
    """Return how many attempts to open a sealed value have failed since an instant."""
    return AuditEntry.objects.filter(verb="sealed.cannot_open", at__gte=at.astimezone(UTC).isoformat()).count()


def _is_old(thing: str, ring: KeyRing) -> bool:
    label, _, key = thing.partition(":")
    row = apps.get_model(label).objects.filter(pk=key).first()
    if isinstance(row, DataKey):
        return not is_under(row.wrapped, ring.keys(row.scope)[0])
    newest = ring.keys("*")[0]
    return row is not None and bool(
        is_old_letter(row, newest) if isinstance(row, Letter) else old_secrets(row, newest)
    )
