"""Is it the provider? Own verifier of signed webhooks; the provider's library is the oracle in tests (hotline.md §3.2).

Signed text: public address as sent, then each name and value, names sorted, values of a name sorted and once.
Key and algorithm are chosen by our settings alone; a header never selects them.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlsplit

SETTINGS_HEADER = re.compile(r"^\s*key\s*=\s*([^,\s]+)\s*,\s*algorithm\s*=\s*([A-Za-z0-9_]+)\s*$")
MAX_BODY = 64 * 1024
MAX_FIELDS = 200


@dataclass(frozen=True)
class SharedKey:
    """A key of ours at the provider with which webhooks are signed by SHA-256 instead of the auth token."""

    id: str
    secret: str


@dataclass(frozen=True)
class Secrets:
    """Which accounts are ours, and the tokens of each, new first; a shared key replaces the tokens where it is set."""

    tokens: dict[str, tuple[str, ...]]
    shared: SharedKey | None = None


class NoSuchAccount(ValueError):
    """Raised when TWILIO_AUTH_TOKEN names an account that TWILIO_ACCOUNT_SID does not list; correct the settings."""


@lru_cache(maxsize=8)
def secrets_from(accounts: str, tokens: str, shared: str = "") -> Secrets:
    """Return the secrets written in the settings.

    `accounts` is one SID or several with commas; `tokens` is "new|old" for all of them, or "AC…=new|old,AC…=new".
    """
    sids = [sid for sid in re.split(r"[,\s]+", accounts) if sid]
    found: dict[str, tuple[str, ...]] = {}
    for part in (part.strip() for part in tokens.split(",")):
        sid, equals, values = part.partition("=")
        if equals and sid.startswith("AC") and len(sid) == 34:
            if sid not in sids:
                raise NoSuchAccount(
                    f"TWILIO_AUTH_TOKEN has a token for {sid}, which TWILIO_ACCOUNT_SID does not list."
                )
            found[sid] = tuple(filter(None, values.split("|")))
        elif part:
            found |= {sid: tuple(filter(None, part.split("|"))) for sid in sids if sid not in found}
    key_id, equals, secret = shared.partition("=")
    return Secrets(found, SharedKey(key_id, secret) if equals else None)


@dataclass(frozen=True)
class Wire:
    """One request as it came over the wire."""

    raw_uri: str
    path: str
    query: str
    body: bytes
    content_type: str
    signature: str
    settings: str = ""


@dataclass(frozen=True)
class Verdict:
    """Whether the request is genuine; its fields (repeated names kept) and whether odd characters were removed."""

    genuine: bool
    fields: Mapping[str, list[str]]
    account: str = ""
    cleaned: bool = False


REFUSED = Verdict(False, {})


def unverified(wire: Wire) -> Verdict:
    """Return what a request says where nobody can tell whose it is: only to choose the words of a way out."""
    return _cleaned(Verdict(False, form_fields(wire) or {}))


def target_of(wire: Wire) -> str | None:
    """Return path and query as sent; None when the raw address is absolute or decodes to another path."""
    if not wire.raw_uri:
        return wire.path + (f"?{wire.query}" if wire.query else "")
    if not wire.raw_uri.startswith("/") or wire.raw_uri.startswith("//"):
        return None
    path, _, query = wire.raw_uri.partition("?")
    if unquote(path) != unquote(wire.path) or query != wire.query or "#" in wire.raw_uri:
        return None
    return wire.raw_uri


@lru_cache(maxsize=8)
def bases_of(public_url: str) -> tuple[str, ...]:
    """Return the public base without and with its port: over https the provider varies."""
    parts = urlsplit(public_url.rstrip("/"))
    if parts.port is not None:
        default = {"https": 443, "http": 80}[parts.scheme]
        bare = f"{parts.scheme}://{parts.hostname}"
        if parts.port == default:
            return bare, f"{bare}:{default}"
        return (public_url.rstrip("/"), bare) if parts.scheme == "https" else (public_url.rstrip("/"),)
    port = 443 if parts.scheme == "https" else 80
    return public_url.rstrip("/"), f"{public_url.rstrip('/')}:{port}"


def form_fields(wire: Wire) -> dict[str, list[str]] | None:
    """Return the fields of a UTF-8 form, repeated names kept; None when the body is no such form.

    A lone surrogate that is written as UTF-8 would write it is let through here: it is signed, and cleaned after that.
    """
    kind, _, parameters = wire.content_type.partition(";")
    if kind.strip().lower() != "application/x-www-form-urlencoded":
        return None
    charset = re.search(r"charset\s*=\s*\"?([\w.-]+)", parameters, re.IGNORECASE)
    if charset and charset[1].lower() not in {"utf-8", "utf8"}:
        return None
    try:
        pairs = parse_qsl(
            wire.body.decode(), keep_blank_values=True, errors="surrogatepass", max_num_fields=MAX_FIELDS
        )
    except ValueError:
        return None
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields


def signed_text(address: str, fields: Mapping[str, Sequence[str]]) -> str:
    """Return the text that is signed."""
    return address + "".join(name + value for name in sorted(fields) for value in sorted(set(fields[name])))


def signature(secret: str, text: str, algorithm: str = "sha1") -> str:
    """Return the base64 HMAC of a signed text."""
    return base64.b64encode(hmac.digest(secret.encode(), text.encode("utf-8", "surrogatepass"), algorithm)).decode()


def _candidates(wire: Wire, account: str, secrets: Secrets) -> tuple[tuple[str, ...], str] | None:
    """Return the secrets and the algorithm that our settings allow for this request."""
    named = SETTINGS_HEADER.match(wire.settings) if wire.settings else None
    if secrets.shared is not None:
        if named is None or named[1] != secrets.shared.id or named[2].upper() != "HMAC_SHA256":
            return None
        return (secrets.shared.secret,), "sha256"
    if wire.settings and (named is None or named[2].upper() != "HMAC_SHA1"):
        return None
    return secrets.tokens.get(account, ()), "sha1"


def _is_signed(wire: Wire, target: str, fields: Mapping[str, Sequence[str]], tokens, algorithm, bases) -> bool:
    genuine = False
    for base in bases:
        text = signed_text(base + target, fields)
        for token in tokens:
            genuine |= hmac.compare_digest(signature(token, text, algorithm).encode(), wire.signature.encode())
        if genuine:
            return True
    return False


def verify(wire: Wire, *, secrets: Secrets, public_url: str) -> Verdict:
    """Tell whether a request is genuine, and return its fields. Fails closed, whatever the profile."""
    if not wire.signature or not wire.signature.isascii():
        return REFUSED
    target = target_of(wire)
    parsed = form_fields(wire)
    hashed = _body_hash(wire.query)
    if target is None or (parsed is None and hashed is None):
        return REFUSED
    fields = parsed or {}
    if hashed is not None and not hmac.compare_digest(hashlib.sha256(wire.body).hexdigest(), hashed.lower()):
        return REFUSED
    account = _account(fields)
    candidates = _candidates(wire, account, secrets)
    if not account or account not in secrets.tokens or not candidates or not candidates[0]:
        return REFUSED
    signed = {} if hashed is not None else fields
    if not _is_signed(wire, target, signed, *candidates, bases_of(public_url)):
        return REFUSED
    return _cleaned(Verdict(True, fields, account))


def _body_hash(query: str) -> str | None:
    if "bodySHA256" not in query:
        return None
    values = [value for name, value in parse_qsl(query, keep_blank_values=True) if name == "bodySHA256"]
    return values[0] if len(values) == 1 and values[0].isascii() else "" if values else None


def _account(fields: Mapping[str, Sequence[str]]) -> str:
    values = set(fields.get("AccountSid", ()))
    return values.pop() if len(values) == 1 else ""


ODD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def _cleaned(verdict: Verdict) -> Verdict:
    """Return the verdict with control characters, lone surrogates and direction overrides taken out of its fields."""
    if not any(ODD.search(text) for name, values in verdict.fields.items() for text in (name, *values)):
        return verdict
    fields = {ODD.sub("", name): [ODD.sub("", value) for value in values] for name, values in verdict.fields.items()}
    return Verdict(verdict.genuine, fields, verdict.account, True)
