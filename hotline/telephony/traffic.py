"""Signed requests as the provider would send them: for benches, for proofs of faults, and for the simulator."""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings

from hotline.telephony import signature
from hotline.telephony.providers import SIMULATED_ACCOUNT, webhook_secrets

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Signed:
    """One request: path with query as sent, body, and headers as WSGI names them."""

    path: str
    body: bytes
    headers: dict[str, str]


def signed(path: str, fields: Mapping[str, str | list[str]], *, account: str, token: str, base: str) -> Signed:
    """Return a request signed with a token for the public base."""
    pairs = [(name, one) for name, value in fields.items() for one in (value if isinstance(value, list) else [value])]
    pairs.append(("AccountSid", account))
    listed: dict[str, list[str]] = {}
    for name, value in pairs:
        listed.setdefault(name, []).append(value)
    text = signature.signed_text(base.rstrip("/") + path, listed)
    return Signed(
        path, urlencode(pairs, errors="surrogatepass").encode(),
        {"CONTENT_TYPE": FORM, "HTTP_X_TWILIO_SIGNATURE": signature.signature(token, text)},
    )  # fmt: skip


def own_signed(path: str, fields: Mapping[str, str | list[str]], account: str = SIMULATED_ACCOUNT) -> Signed:
    """Return a request signed with this installation's own settings."""
    token = webhook_secrets().tokens[account][0]
    return signed(path, fields, account=account, token=token, base=settings.PUBLIC_URL)


def first_request(number: str = "2883", caller: str = "+231770000001", sid: str = "") -> dict[str, str]:
    """Return the fields of the first voice request of a call."""
    return {
        "CallSid": sid or new_sid(),
        "From": caller,
        "To": number,
        "CallStatus": "ringing",
        "Direction": "inbound",
        "ApiVersion": "2010-04-01",
        "CallerCity": "",
        "CallerZip": "",
    }


def signed_calls(sids: Iterable[str], number: str = "2883") -> Iterator[dict]:
    """Return first voice requests of new calls, as the bench posts them through the WSGI application."""
    for sid in sids:
        yield _posted(own_signed("/hotline/twilio/voice/", first_request(number, sid=sid)))


def signed_keys(sids: Iterable[str], digits: str, number: str = "2883") -> Iterator[dict]:
    """Return the key that each of these calls pressed in the language menu, their second request."""
    for sid in sids:
        fields = first_request(number, sid=sid) | {"CallStatus": "in-progress", "Digits": digits}
        yield _posted(own_signed("/hotline/twilio/voice/language/?t=1", fields))


def _posted(request: Signed) -> dict:
    return {"path": request.path, "method": "POST", "body": request.body, "headers": request.headers}


def new_sid() -> str:
    """Return the id of a call that never was."""
    return "CA" + secrets.token_hex(16)
