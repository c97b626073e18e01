"""Signatures by which others check what this house says: Ed25519 (RFC 8032). Pure."""

import base64

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def encoded(raw: bytes) -> str:
    """Return bytes as base64url without padding (RFC 7515)."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decoded(text: str) -> bytes:
    """Return the bytes of base64url without padding; raise ValueError for what is none."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def new_pair() -> tuple[str, str]:
    """Return a new secret and its public key, each 32 bytes as base64url."""
    secret = Ed25519PrivateKey.generate()
    return encoded(secret.private_bytes_raw()), encoded(secret.public_key().public_bytes_raw())


def sign(secret: str, message: bytes) -> bytes:
    """Return the signature (64 bytes) of a message."""
    return Ed25519PrivateKey.from_private_bytes(decoded(secret)).sign(message)
