"""Which credentials were withdrawn, as one bit each: W3C Bitstring Status List 1.0."""

import datetime as dt
import gzip
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from accounts import signing
from training.credentials.badges import CONTEXTS, Issuer, moment

SIZE = 131_072  # the least that the standard allows, so that one bit names nobody
TTL = dt.timedelta(hours=24)
VALID = dt.timedelta(days=30)
PADDED = 4  # of 256 places so many are set and never given out, so that nobody reads off how many were withdrawn


@dataclass(frozen=True)
class Listing:
    """One list: its number, the places that are set, since when it stands."""

    number: int
    places: frozenset[int]
    at: dt.datetime


def new_padding() -> frozenset[int]:
    """Return places at random that a new list sets for nobody; they are kept with it, for no key gives them again."""
    return frozenset(place for place, value in enumerate(secrets.token_bytes(SIZE)) if value < PADDED)


def list_payload(listing: Listing, issuer: Issuer) -> dict:
    """Return the claims of a status list credential."""
    address, until = f"{issuer.url}/credentials/status/{listing.number}", listing.at + VALID
    return {
        "@context": CONTEXTS[:1],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer.did,
        "validFrom": moment(listing.at),
        "validUntil": moment(until),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": packed(listing.places),
            "ttl": int(TTL.total_seconds() * 1000),
        },
        "iss": issuer.did,
        "jti": address,
        "sub": f"{address}#list",
        "nbf": int(listing.at.timestamp()),
        "exp": int(until.timestamp()),
    }


def packed(places: Iterable[int]) -> str:
    """Return places as bits, the first the highest of its byte, compressed, as multibase base64url."""
    bits = bytearray(SIZE // 8)
    for place in places:
        bits[place // 8] |= 0x80 >> (place % 8)
    return "u" + signing.encoded(gzip.compress(bytes(bits), 6, mtime=0))


@lru_cache(maxsize=16)
def unpacked(text: str) -> frozenset[int]:
    """Return the places that `packed` put into a text; most bytes hold none, and are looked at once."""
    bits = gzip.decompress(signing.decoded(text[1:]))
    return frozenset(
        index * 8 + bit for index, byte in enumerate(bits) if byte for bit in range(8) if byte & 0x80 >> bit
    )
