"""By which application of an account a browser may call out. The settings alone decide; no network, no library."""

import re
from dataclasses import dataclass
from functools import lru_cache

ACCOUNT = re.compile(r"AC[0-9a-fA-F]{32}")
# The sides from which the provider is reached; there is none in Africa. https://www.twilio.com/docs/global-infrastructure/edge-locations
EDGES = ("dublin", "frankfurt", "roaming")
SIGNALLING = tuple(f"wss://voice-js.{edge}.twilio.com" for edge in EDGES)


@dataclass(frozen=True)
class BrowserAccess:
    """One account's application for calls from a browser, and the key of ours with which its tokens are signed."""

    account: str
    app: str
    key: str
    secret: str


def by_account(accounts: str, text: str) -> dict[str, str]:
    """Return a setting's value for each account: one value for all of them, or "AC…=value,AC…=value"."""
    sids = [sid for sid in re.split(r"[,\s]+", accounts) if sid]
    found: dict[str, str] = {}
    for part in (part.strip() for part in text.split(",")):
        sid, equals, value = part.partition("=")
        if equals and ACCOUNT.fullmatch(sid):
            found[sid] = value
        elif part:
            found |= {sid: part for sid in sids if sid not in found}
    return found


@lru_cache(maxsize=8)
def accesses_from(accounts: str, apps: str, keys: str, secrets: str) -> dict[str, BrowserAccess]:
    """Return the accounts by which browsers may call, as the settings say: those that have all three."""
    app, key, secret = (by_account(accounts, text) for text in (apps, keys, secrets))
    return {
        sid: BrowserAccess(sid, app[sid], key[sid], secret[sid])
        for sid in app
        if app[sid] and key.get(sid) and secret.get(sid)
    }
