"""Sealed values: AES-256-GCM bound to table, column and row, and a keyed blind index. Pure.

Format of a sealed value (docs/decisions, own sealed field; NIST SP 800-38D):
    e1.<key id>.<base64url(nonce 12 bytes | ciphertext | tag 16 bytes)>
The associated data is "<key id>|<table>.<column>|<row uuid>", so a moved value does not open.
"""

import base64
import hashlib
import hmac
import os
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = "e1"
NONCE_BYTES = 12
KEY_BYTES = 32
MARK_LENGTH = 16
GENERAL, INDEX = "*", "index"
SCOPE = re.compile(r"\*|index|[A-Z]{2}")
KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,20}")  # it stands in each sealed value, between two points
PROBE = ("probe", "key ring")


class SealError(Exception):
    """Raised when a sealed value cannot be opened: wrong key, tampered, or moved from another row."""


class KeyAway(SealError):
    """Raised when the key of the installation that sealed a value is not at hand: another one, or one of its name."""


class NoSealKey(Exception):
    """Raised when FANAL_SEAL_KEYS cannot be read or holds no key for the scope; its words say what to set, and no key."""


@dataclass(frozen=True)
class Key:
    """One symmetric key: its id as written in sealed values, and 32 bytes."""

    id: str
    secret: bytes


class KeyRing:
    """The keys of FANAL_SEAL_KEYS: `scope:id:base64`, separated by commas, newest first, or `@/path`."""

    def __init__(self, text: str):
        if text.startswith("@"):
            text = _file(text[1:])
        self._keys: dict[str, list[Key]] = {}
        pieces = (piece.strip() for piece in text.replace("\n", ",").split(","))
        for number, part in enumerate(filter(None, pieces), start=1):
            self._add(number, part)
        self._refuse_twins()

    def _add(self, number: int, part: str) -> None:
        pieces = part.split(":")
        if len(pieces) != 3:
            raise NoSealKey(f"Seal key number {number} is not written scope:id:base64 (or, for a file, @/path).")
        scope, key_id, encoded = pieces
        if not SCOPE.fullmatch(scope):
            raise NoSealKey(f"The scope of seal key number {number} must be *, index or a country code such as LR.")
        if not KEY_ID.fullmatch(key_id):
            raise NoSealKey(f"The id of seal key number {number} must be 1 to 20 letters, digits, - or _.")
        try:
            secret = base64.b64decode(encoded, validate=True)
        except ValueError as error:
            raise NoSealKey(f"The seal key {scope}:{key_id} is not base64.") from error
        if len(secret) != KEY_BYTES:
            raise NoSealKey(f"The seal key {scope}:{key_id} must be {KEY_BYTES} bytes long.")
        self._keys.setdefault(scope, []).append(Key(key_id, secret))

    def _refuse_twins(self) -> None:
        """Refuse two keys of one id: a value names its key by the id, so what the second sealed would never open."""
        for scope in self._keys:
            ids = [key.id for key in self.keys(scope)]
            if twins := sorted({one for one in ids if ids.count(one) > 1}):
                raise NoSealKey(f"Two seal keys of {scope} have the id {twins[0]}: give each an id of its own.")

    def keys(self, scope: str) -> list[Key]:
        """Return the keys of a scope, newest first: its own, then those derived from `*` by HKDF.

        A scope that is given a key of its own later still opens what was sealed before.
        """
        general = self._keys.get(GENERAL, [])
        if scope == GENERAL:
            found = general
        else:
            derived = [Key(f"{key.id}-{scope}", _derived(key.secret, scope)) for key in general]
            found = self._keys.get(scope, []) + derived
        if not found:
            raise NoSealKey(f"No seal key for {scope}: set FANAL_SEAL_KEYS.")
        return found

    def has_own(self, scope: str) -> bool:
        """Tell whether the scope has a key of its own, not one derived from `*`."""
        return scope in self._keys

    def written(self) -> list[tuple[str, Key]]:
        """Return each key as it was written, with its scope."""
        return [(scope, key) for scope, keys in self._keys.items() for key in keys]

    def older(self) -> list[str]:
        """Return the keys that have a newer one of their scope before them, as "scope:id"."""
        return [f"{scope}:{key.id}" for scope, keys in self._keys.items() for key in keys[1:]]

    def index_marks(self) -> list[str]:
        """Return the marks of the keys that make and find indexes, the newest first."""
        return [mark_of(key) for key in self.keys(INDEX)]

    def older_index_marks(self) -> dict[str, str]:
        """Return the older keys that make indexes, `index` and `*` alike: name as in `older`, and mark."""
        older = {f"{INDEX}:{key.id}": key for key in self._keys.get(INDEX, [])[1:]}
        older |= {
            f"{GENERAL}:{key.id}": Key(key.id, _derived(key.secret, INDEX)) for key in self._keys.get(GENERAL, [])[1:]
        }
        return {name: mark_of(key) for name, key in older.items()}

    def try_out(self) -> None:
        """Seal and open something small and make an index, as each call does; raise where that cannot be done."""
        newest = self.keys(GENERAL)[0]
        open_sealed(seal("probe", newest, *PROBE), [newest], *PROBE)
        blind_index("probe", self.keys(INDEX)[0], "probe")


def _file(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = type(error).__name__
        raise NoSealKey(f"The file that FANAL_SEAL_KEYS names after @ cannot be read ({reason}).") from error


@lru_cache(maxsize=256)
def _derived(secret: bytes, scope: str) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=scope.encode()).derive(secret)


def wrapping_place(owner: UUID, scope: str) -> tuple[str, str]:
    """Return to which place and row the data key of a case or contact is bound when it is wrapped."""
    return "datakey", f"{owner}|{scope}"


def new_secret() -> bytes:
    """Return 32 random bytes for a data key."""
    return os.urandom(32)


def seal(text: str, key: Key, place: str, row: str) -> str:
    """Return the sealed form of `text` for column `place` ("table.column") of row `row` (uuid)."""
    nonce = os.urandom(NONCE_BYTES)
    data = AESGCM(key.secret).encrypt(nonce, text.encode(), f"{key.id}|{place}|{row}".encode())
    return f"{VERSION}.{key.id}.{base64.urlsafe_b64encode(nonce + data).decode()}"


def is_sealed(value: str) -> bool:
    """Tell whether a value has the outer shape of a sealed value."""
    return value.startswith(VERSION + ".") and value.count(".") == 2


def open_sealed(value: str, keys: list[Key], place: str, row: str) -> str:
    """Return the text of a sealed value; raise SealError when it cannot be opened."""
    if not is_sealed(value):
        raise SealError("The stored value is not sealed.")
    _, key_id, encoded = value.split(".")
    key = next((candidate for candidate in keys if candidate.id == key_id), None)
    if key is None:
        raise SealError("The key of this value is not here.")
    try:
        raw = base64.urlsafe_b64decode(encoded.encode())
        associated = f"{key.id}|{place}|{row}".encode()
        return AESGCM(key.secret).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], associated).decode()
    except (InvalidTag, ValueError) as error:
        raise SealError("This value cannot be opened.") from error


def blind_index(text: str, key: Key, purpose: str) -> str:
    """Return the keyed index (hex HMAC-SHA256) by which equal values are found without opening them."""
    return hmac.new(key.secret, f"{purpose}|{text}".encode(), hashlib.sha256).hexdigest()


def keyed_digest(text: str, key: Key, purpose: str) -> str:
    """Return what tells equal texts apart from others (hex HMAC-SHA256) to nobody but who has a data key.

    That key seals as well, so the digest is made with one of its own, derived from it: it dies with what was sealed.
    """
    own = hmac.digest(key.secret, purpose.encode(), "sha256")
    return hmac.digest(own, text.encode(), "sha256").hex()


def mark_of(key: Key) -> str:
    """Return by what a row says which key made its blind index, whatever the key is called; it tells nothing of the key."""
    return blind_index("", key, "mark of an index key")[:MARK_LENGTH]
