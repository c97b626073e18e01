"""Whether what is set up at the provider is what the product relies on: pure comparison, and one look at the fallback.

The rules are Twilio's own: a number asks its voice address first and the fallback where that fails
(https://www.twilio.com/docs/usage/webhooks/voice-webhooks); a fallback on the same host fails with it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import requests

from hotline.telephony import grammar, twiml
from hotline.telephony.base import Door
from hotline.telephony.signature import signature
from hotline.telephony.twilio import bounded_session

MOST_BYTES = 64 * 1024
BINS = "handler.twilio.com"  # https://help.twilio.com, “Not Authorized” at the address of a TwiML Bin


@dataclass(frozen=True)
class DoorFault:
    """One setting that is not as it must be: code, the door's name, what is wanted, what is there."""

    code: str
    door: str
    wanted: str = ""
    found: str = ""


def addresses(base: str) -> tuple[str, str, str]:
    """Return the addresses that a door needs: voice, status, text messages."""
    return (
        f"{base}{twiml.VOICE_PATH}/{twiml.VOICE_FRAGMENT}",
        twiml.status_address(base),
        f"{base}/hotline/twilio/message/{twiml.STATUS_FRAGMENT}",
    )


def faults(doors: Iterable[Door], base: str, numbers: Iterable[str], senders: Iterable[str] = ()) -> list[DoorFault]:
    """Return what is wrong with the doors of one account, whose lines answer these numbers and send from these senders.

    A domain or a trunk may bring calls of any line, so each one is looked at; of numbers those of our lines.
    """
    doors, numbers, senders = list(doors), set(numbers), set(senders)
    ours = [door for door in doors if door.kind != "number" or door.name in numbers | senders]
    found = [fault for door in ours for fault in _of_door(door, base, is_texted=door.name in senders)]
    if any(door.kind != "number" for door in doors):
        return found
    known = {door.name for door in doors}
    return found + [DoorFault("no_door", number) for number in sorted(numbers - known)]


def shown_faults(shown: Iterable[str]) -> list[DoorFault]:
    """Return which of the numbers that lines show to the telephones they ring no provider takes: those of no country."""
    return [DoorFault("caller_id", number) for number in sorted(set(shown)) if not number.startswith("+")]


def app_faults(door: Door, base: str) -> list[DoorFault]:
    """Return what is wrong with the application of the browsers: it asks for the step that lets an operator into a room."""
    voice, status = f"{base}{twiml.VOICE_PATH}/softphone/{twiml.VOICE_FRAGMENT}", twiml.status_address(base)
    told = (
        ("app_voice", voice, door.voice_url, door.voice_method),
        ("app_status", status, door.status_url, door.status_method),
    )
    return [
        DoorFault(code, door.name, f"POST {address}", f"{method} {there}".strip())
        for code, address, there, method in told
        if there != address or method.upper() != "POST"
    ]


def _of_door(door: Door, base: str, *, is_texted: bool) -> list[DoorFault]:
    voice, status, text = addresses(base)
    found = [DoorFault("application", door.name, "", door.app)] if door.app else []
    wanted = [
        ("voice", voice, door.voice_url, door.voice_method),
        ("status", status, door.status_url, door.status_method),
    ]
    if is_texted:
        wanted.append(("text", text, door.text_url, door.text_method))
    found += [
        DoorFault(code, door.name, f"POST {address}", f"{method} {there}".strip())
        for code, address, there, method in wanted
        if there != address or method.upper() != "POST"
    ]
    return found + _of_fallback(door, base)


def _of_fallback(door: Door, base: str) -> list[DoorFault]:
    if not door.fallback_url:
        return [DoorFault("no_fallback", door.name)]
    there = urlsplit(door.fallback_url)
    if there.scheme != "https" or there.hostname == urlsplit(base).hostname:
        return [DoorFault("fallback_host", door.name, "", door.fallback_url)]
    if door.fallback_method.upper() != "POST":
        return [DoorFault("fallback_method", door.name, "POST", door.fallback_method)]
    return []


def fallback_faults(
    door: Door, phones: Iterable[str], session: requests.Session | None = None, *, account: str = "", token: str = ""
) -> list[DoorFault]:
    """Ask the fallback as the provider would, and return what is wrong with its answer: it must ring one of the phones.

    A document that lies at the provider (a TwiML Bin) answers its own account alone: that request is signed, no other is.
    """
    url, headers = door.fallback_url, {}
    if token and urlsplit(url).hostname == BINS:
        url += f"?AccountSid={account}"
        headers["X-Twilio-Signature"] = signature(token, url)
    try:
        answer = (session or bounded_session()).post(url, data={}, headers=headers, allow_redirects=False, stream=True)
        document = _body(answer).decode()
    except (requests.RequestException, UnicodeDecodeError) as error:
        return [DoorFault("fallback_silent", door.name, "", type(error).__name__)]
    if answer.status_code != 200:
        return [DoorFault("fallback_silent", door.name, "", str(answer.status_code))]
    try:
        verbs = grammar.read(document)
    except grammar.BadDocument as error:
        return [DoorFault("fallback_document", door.name, "", error.code)]
    rung = {(one.text or "").strip() for verb in verbs for one in verb.iter("Number")}
    if not rung & set(phones):
        return [DoorFault("fallback_number", door.name, ", ".join(sorted(phones)), ", ".join(sorted(rung)))]
    return [] if _is_whole(verbs) else [DoorFault("fallback_old", door.name)]


def _is_whole(verbs: list[Element]) -> bool:
    """Tell whether no telephone is shown the caller's number, and something is said where the last one does not answer."""
    dials = [place for place, verb in enumerate(verbs) if verb.tag == "Dial"]
    is_shown = all(verbs[place].get("callerId") for place in dials)
    return is_shown and any(verb.tag in {"Say", "Play"} for verb in verbs[dials[-1] :])


def _body(answer: requests.Response) -> bytes:
    """Return the beginning of an answer, no more than a document may hold and a little beyond."""
    kept = b""
    for part in answer.iter_content(4096):
        kept += part
        if len(kept) > MOST_BYTES:
            break
    return kept
