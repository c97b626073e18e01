"""Sealed values: AES-256-GCM bound to table, column and row, and a keyed blind index. Pure.

Format of a sealed value (docs/decisions, own sealed field; NIST SP 800-38D):
    e1.<key id>.<base64url(nonce 12 bytes | ciphertext | tag 16 bytes)>
The associated data is "<key id>|<table>.<column>|<row uuid>", so a moved value does not open.
"""

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = "e1"
NONCE_BYTES = 12


class SealError(Exception):
    """Raised when a sealed value cannot be opened: wrong key, tampered, or moved from another row."""


class NoSealKey(Exception):
    """Raised when FANAL_SEAL_KEYS holds no key for the scope; set one before sealing."""


@dataclass(frozen=True)
class Key:
    """One symmetric key: its id as written in sealed values, and 32 bytes."""

    id: str
    secret: bytes


class KeyRing:
    """The keys of FANAL_SEAL_KEYS: `scope:id:base64`, separated by commas, newest first, or `@/path`."""

    def __init__(self, text: str):
        if text.startswith("@"):
            text = Path(text[1:]).read_text(encoding="utf-8")
        self._keys: dict[str, list[Key]] = {}
        for part in filter(None, (piece.strip() for piece in text.replace("\n", ",").split(","))):
            self._add(part)

    def _add(self, part: str) -> None:
        pieces = part.split(":")
        if len(pieces) != 3:
            raise NoSealKey("Each seal key is written scope:id:base64.")
        scope, key_id, encoded = pieces
        try:
            secret = base64.b64decode(encoded, validate=True)
        except ValueError as error:
            raise NoSealKey(f"The seal key {scope}:{key_id} is not base64.") from error
        if len(secret) != 32:
            raise NoSealKey(f"The seal key {scope}:{key_id} must be 32 bytes long.")
        self._keys.setdefault(scope, []).append(Key(key_id, secret))

    def keys(self, scope: str) -> list[Key]:
        """Return the keys of a scope, newest first: its own, then those derived from `*` by HKDF.

        A scope that is given a key of its own later still opens what was sealed before.
        """
        general = self._keys.get("*", [])
        if scope == "*":
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


@lru_cache(maxsize=256)
def _derived(secret: bytes, scope: str) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=scope.encode()).derive(secret)


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
