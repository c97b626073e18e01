"""A payload as a signed token: compact JWS (RFC 7515) with EdDSA (RFC 8037)."""

import json
from collections.abc import Mapping

from accounts import signing


def sign_token(payload: Mapping, *, secret: str, kid: str) -> str:
    """Return a payload signed; the token names its key."""
    head = {"alg": "EdDSA", "typ": "JWT", "kid": kid}
    message = ".".join(signing.encoded(_json(part)) for part in (head, payload))
    return f"{message}.{signing.encoded(signing.sign(secret, message.encode()))}"


def _json(value: Mapping) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
