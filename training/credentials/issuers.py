"""Who signs: the identifier of the house (DID), and the document in which its keys stand (W3C DID 1.0)."""

from collections.abc import Iterable
from urllib.parse import quote, urlsplit

from accounts import signing

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ED25519 = b"\xed\x01"  # multicodec ed25519-pub as varint


def did_web(public_url: str) -> str:
    """Return did:web of an address; "" where there is no https, since that method rests on it."""
    parts = urlsplit(public_url)
    return f"did:web:{quote(parts.netloc, safe='')}" if parts.scheme == "https" and parts.netloc else ""


def did_key(public: str) -> str:
    """Return did:key of a public key: the key is the identifier, so it needs no server."""
    return f"did:key:{multibase(public)}"


def multibase(public: str) -> str:
    """Return a public key as multibase base58btc with its multicodec."""
    return "z" + _base58(ED25519 + signing.decoded(public))


def _base58(raw: bytes) -> str:
    number, text = int.from_bytes(raw, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        text = BASE58[rest] + text
    return "1" * (len(raw) - len(raw.lstrip(b"\0"))) + text


def key_id(did: str, name: str) -> str:
    """Return by what a token names its key: the key's name in the document, or the did:key itself."""
    return f"{did}#{did.removeprefix('did:key:') if did.startswith('did:key:') else name}"


def did_document(did: str, keys: Iterable[tuple[str, str]]) -> dict:
    """Return the document of a DID with its keys (name, public), the one that signs first.

    A verifier that is told no key takes the first, and the measured one checks status lists with no other.
    """
    methods = [
        {
            "id": key_id(did, name),
            "type": "JsonWebKey2020",
            "controller": did,
            "publicKeyJwk": {"kty": "OKP", "crv": "Ed25519", "x": public},
        }
        for name, public in keys
    ]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"],
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }
