"""What production asks of its environment, variable by variable: read by the code that uses each. Needs no settings.

`python -m cms.settings.demands` says it before anything is begun; `./fanal` asks so.

Each judge returns what to do, or "" where all is well. No sentence repeats a value: one may be a secret in a wrong place.
"""

import ipaddress
import os
import re
import socket
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from email.utils import parseaddr
from urllib.parse import urlsplit

import dj_database_url

from accounts.sealing import KeyRing, NoSealKey
from hotline.telephony.browser import by_account
from hotline.telephony.signature import NoSuchAccount, bases_of, secrets_from
from languages.text import e164

Environment = Mapping[str, str]

DEMO_ACCOUNT = "AC" + "0" * 32
ACCOUNT, TOKEN_OF = re.compile(r"AC[0-9a-fA-F]{32}"), re.compile(r"(AC[0-9a-fA-F]{32})=(.*)")
TOKEN = re.compile(r"[0-9a-fA-F]{32}")
API_KEY = re.compile(r"SK[0-9a-fA-F]{32}")
VOICE_APP, VOICE_SECRET = re.compile(r"AP[0-9a-fA-F]{32}"), re.compile(r"\S{16,}")
OF_BROWSERS = ("TWILIO_VOICE_APP", "TWILIO_VOICE_KEY", "TWILIO_VOICE_SECRET")
HOST = re.compile(
    r"(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.I
)
SENDER = re.compile(r"[^\s@<>,;]+@([^\s@<>,;]+)")
SHORTEST_SECRET, SHORTEST_SHARED = 50, 32
FEWEST_CHARACTERS = 8  # that differ: fewer are typed, not drawn (50 random hexadecimal digits have some 15)
HERE = frozenset({"localhost", "127.0.0.1", "::1"})


def _is_drawn(text: str | bytes) -> bool:
    """Tell whether a secret can have been drawn at random: not a few characters, not one part again and again."""
    is_repeated = any(text[width:] == text[:-width] for width in range(1, len(text) // 2 + 1))
    return len(set(text)) >= FEWEST_CHARACTERS and not is_repeated


def _secret_key(env: Environment) -> str:
    key = env.get("FANAL_SECRET_KEY", "")
    if len(key) < SHORTEST_SECRET or key.startswith("demo-only") or not _is_drawn(key):
        return (
            'set a random value of at least 50 characters: python3 -c "import secrets; print(secrets.token_hex(32))".'
        )
    return ""


def _seal_keys(env: Environment) -> str:
    text = env.get("FANAL_SEAL_KEYS", "")
    if not text:
        return "set at least one key, as *:id:base64 of 32 random bytes."
    try:
        ring = KeyRing(text)
        if not ring.has_own("*"):
            return "put in a key of the scope * (*:id:base64 of 32 random bytes): numbers and whatever has no country need it."
        ring.try_out()
    except NoSealKey as error:
        return str(error)
    for scope, key in ring.written():
        if key.secret.startswith(b"demo-only") or not _is_drawn(key.secret):
            return f"the key {scope}:{key.id} is known or was not drawn at random; make one as .env.example says."
    return ""


def _public_url(env: Environment) -> str:
    url = env.get("FANAL_PUBLIC_URL", "").rstrip("/")
    try:
        parts = urlsplit(url)
        port, bases = parts.port, bases_of(url)
    except (ValueError, KeyError):
        port, bases = 0, ()
    if not bases or port == 0:
        return "set the https address that callers of the webhooks use; its port, if any, is a number from 1 to 65535."
    host = parts.hostname or ""
    bare = f"https://{host}" + (f":{port}" if port else "")
    if not HOST.fullmatch(host) or url.lower() != bare:
        return (
            "set the https address that callers of the webhooks use: https://, the host's name in plain letters and, if"
            " need be, a port; no path, no question mark, no name of a user."
        )
    if _is_own(host):
        return "set the address under which the world reaches this server: this one leads every caller to itself."
    return ""


def _is_own(host: str) -> bool:
    """Tell whether a host is whoever asks for it, in any way of writing it: localhost, 127.0.0.1, 127.1, 0x7f000001."""
    try:
        address = ipaddress.ip_address(socket.inet_aton(host))
    except OSError:
        return host.rpartition(".")[2] in ("localhost", "localdomain")
    return address.is_loopback or address.is_unspecified


def _database_url(env: Environment) -> str:
    ask = "set the database, as postgres://user:password@host/name (or sqlite:////path of a file)"
    if not env.get("DATABASE_URL"):
        return f"{ask}."
    try:
        entry = dj_database_url.parse(env["DATABASE_URL"])
    except ValueError:
        return f"{ask}; what is set cannot be read: write signs such as @ / : # % in the password as %40 and so on."
    kind, name = entry["ENGINE"].rpartition(".")[2], entry["NAME"]
    if kind not in ("postgresql", "sqlite3") or not name or name == ":memory:":
        return f"{ask}; Fanal keeps its rows in one of these two, under a name."
    return ""


def _accounts(env: Environment) -> list[str]:
    return [sid for sid in re.split(r"[,\s]+", env.get("TWILIO_ACCOUNT_SID", "")) if sid]


def _account_sid(env: Environment) -> str:
    sids = _accounts(env)
    if not sids or DEMO_ACCOUNT in sids or not all(map(ACCOUNT.fullmatch, sids)):
        return "set your account's SID: AC and 32 hexadecimal digits; several with commas."
    return ""


def _auth_token(env: Environment) -> str:
    text = env.get("TWILIO_AUTH_TOKEN", "")
    parts = [part for part in (piece.strip() for piece in text.split(",")) if part]
    if not parts or text.startswith("demo-only"):
        return "set your account's auth token (two while rotating: new|old)."
    named = [found for found in map(TOKEN_OF.fullmatch, parts) if found]
    plain = [part for part in parts if not TOKEN_OF.fullmatch(part)]
    if len(plain) > 1 or any(re.search(r"[=\s]", part) for part in plain) or any("=" in one[2] for one in named):
        return (
            "a comma stands between accounts, as AC…=token,AC…=token, each account with its whole SID; while the token of"
            " one account is rotated, write new|old."
        )
    if max(Counter(one[1] for one in named).values(), default=0) > 1:
        return "an account has two entries; while its token is rotated, write AC…=new|old."
    try:
        tokens = secrets_from(env.get("TWILIO_ACCOUNT_SID", ""), text).tokens
    except NoSuchAccount:
        return "it has a token for an account that TWILIO_ACCOUNT_SID does not list: add the account there, or take it out."
    if any(not tokens.get(sid) for sid in _accounts(env)):
        return "an account of TWILIO_ACCOUNT_SID has no token: set one for each, as AC…=token,AC…=token."
    if not all(TOKEN.fullmatch(token) and _is_drawn(token) for own in tokens.values() for token in own):
        return "set each auth token as the provider shows it: 32 hexadecimal digits (two while rotating: new|old)."
    return ""


def _api_key(env: Environment) -> str:
    key, secret = env.get("TWILIO_API_KEY", ""), env.get("TWILIO_API_SECRET", "")
    if secret and not key:
        return "set the key that belongs to TWILIO_API_SECRET, or empty that too."
    if key and not API_KEY.fullmatch(key):
        return "set the key's SID: SK and 32 hexadecimal digits."
    return ""


def _api_secret(env: Environment) -> str:
    if env.get("TWILIO_API_KEY") and not env.get("TWILIO_API_SECRET", "").strip():
        return "set the secret of TWILIO_API_KEY, or empty that too."
    return ""


def _of_browsers(name: str, shape: re.Pattern, words: str) -> Callable[[Environment], str]:
    """Return the judge of one of three variables that belong together, each with a value for each account."""

    def judge(env: Environment) -> str:
        told = {one: by_account(env.get("TWILIO_ACCOUNT_SID", ""), env.get(one, "")) for one in OF_BROWSERS}
        if set(told[name]) - set(_accounts(env)):
            return "it names an account that TWILIO_ACCOUNT_SID does not list: add the account there, or take it out."
        if set(told[name]) != set().union(*told.values()):
            return (
                "set it for each account for which "
                + " or ".join(one for one in OF_BROWSERS if one != name)
                + " is set, or empty all three."
            )
        return "" if all(map(shape.fullmatch, told[name].values())) else words

    return judge


def _shared_key(env: Environment) -> str:
    text = env.get("TWILIO_SHARED_KEY", "")
    shared = secrets_from("", "", text).shared
    if text and not (shared and re.fullmatch(r"[^,\s]+", shared.id) and shared.secret.strip()):
        return "write id=secret, as the provider shows them, or leave it empty where webhooks are signed by the auth token."
    if shared and (len(shared.secret) < SHORTEST_SHARED or not _is_drawn(shared.secret)):
        return "the secret is short or was not drawn at random: anybody could sign as the provider; use one of at least 32 characters."
    return ""


def _duty_phone(env: Environment) -> str:
    number = env.get("FANAL_DUTY_PHONE", "")
    if not number or e164(number) != number:
        return (
            "set the number that rings when nothing else can answer, as it is dialled from abroad: + and country code,"
            " digits only, for example +231770123456."
        )
    return ""


def _from_email(env: Environment) -> str:
    text = env.get("FANAL_FROM_EMAIL", "")
    found = SENDER.fullmatch(parseaddr(text)[1])
    if not found or not text.isprintable() or not HOST.fullmatch(found[1]) or found[1].lower() == "localhost":
        return "set the sender of invitations and notices: an address of a domain of yours, which mail servers accept."
    return ""


def _email_host(env: Environment) -> str:
    return (
        "" if _is_host(env.get("FANAL_EMAIL_HOST") or "localhost") else "set the name or address of the mail server."
    )


def _email_port(env: Environment) -> str:
    if env.get("FANAL_EMAIL_PORT", "").strip() == "465":
        return "465 speaks TLS from the first byte, which Fanal does not; set the port for STARTTLS, mostly 587."
    return _number("FANAL_EMAIL_PORT", 1, 65535)(env)


def _email_password(env: Environment) -> str:
    if bool(env.get("FANAL_EMAIL_USER")) != bool(env.get("FANAL_EMAIL_PASSWORD")):
        return "the mail server wants a user and a password: set this and FANAL_EMAIL_USER, or neither."
    return ""


def _email_tls(env: Environment) -> str:
    is_far = (env.get("FANAL_EMAIL_HOST") or "localhost").lower() not in HERE
    if env.get("FANAL_EMAIL_TLS") == "0" and is_far and env.get("FANAL_EMAIL_PASSWORD"):
        return "set 1: the password of the mail server would go over the network in clear."
    return _switch("FANAL_EMAIL_TLS")(env)


def _bind(env: Environment) -> str:
    return "" if _is_host(env.get("FANAL_BIND") or "127.0.0.1") else "set the address to listen on, as 127.0.0.1."


def _is_host(text: str) -> bool:
    try:
        ipaddress.ip_address(text.removeprefix("[").removesuffix("]"))
    except ValueError:
        return bool(HOST.fullmatch(text)) and not re.fullmatch(r"[\d.]+", text)
    return True


def _demo(env: Environment) -> str:
    if env.get("FANAL_DEMO") == "1":
        return "the demo sign-in and simulator are forbidden in production; take it out."
    return ""


def _debug(env: Environment) -> str:
    if env.get("FANAL_DEBUG") == "1":
        return "error pages with detail are for development only; take it out."
    return ""


def _number(name: str, least: int, most: int) -> Callable[[Environment], str]:
    def judge(env: Environment) -> str:
        text = env.get(name, "")
        is_one = text.isascii() and text.isdigit() and len(text) < 7 and least <= int(text) <= most
        return "" if not text or is_one else f"set a whole number from {least} to {most}, or leave it empty."

    return judge


def _switch(name: str) -> Callable[[Environment], str]:
    return lambda env: "" if env.get(name, "") in ("", "0", "1") else "set 1 (on) or 0 (off)."


JUDGES: dict[str, Callable[[Environment], str]] = {
    "FANAL_SECRET_KEY": _secret_key,
    "FANAL_SEAL_KEYS": _seal_keys,
    "FANAL_PUBLIC_URL": _public_url,
    "DATABASE_URL": _database_url,
    "TWILIO_ACCOUNT_SID": _account_sid,
    "TWILIO_AUTH_TOKEN": _auth_token,
    "TWILIO_API_KEY": _api_key,
    "TWILIO_API_SECRET": _api_secret,
    "TWILIO_VOICE_APP": _of_browsers(
        "TWILIO_VOICE_APP", VOICE_APP, "set the TwiML application's SID: AP and 32 hexadecimal digits."
    ),
    "TWILIO_VOICE_KEY": _of_browsers("TWILIO_VOICE_KEY", API_KEY, "set the key's SID: SK and 32 hexadecimal digits."),
    "TWILIO_VOICE_SECRET": _of_browsers(
        "TWILIO_VOICE_SECRET", VOICE_SECRET, "set the secret of TWILIO_VOICE_KEY as it was shown once."
    ),
    "TWILIO_SHARED_KEY": _shared_key,
    "FANAL_DUTY_PHONE": _duty_phone,
    "FANAL_FROM_EMAIL": _from_email,
    "FANAL_EMAIL_HOST": _email_host,
    "FANAL_EMAIL_PORT": _email_port,
    "FANAL_EMAIL_PASSWORD": _email_password,
    "FANAL_EMAIL_TLS": _email_tls,
    "FANAL_BIND": _bind,
    "PORT": _number("PORT", 1, 65535),
    "FANAL_WORKERS": _number("FANAL_WORKERS", 1, 256),
    "FANAL_LOCK_WAIT": _number("FANAL_LOCK_WAIT", 1, 60),
    "FANAL_PROXIES": _number("FANAL_PROXIES", 0, 20),
    "FANAL_SSL_REDIRECT": _switch("FANAL_SSL_REDIRECT"),
    "FANAL_KEEPING": _switch("FANAL_KEEPING"),
    "FANAL_SELF_CALLS": _switch("FANAL_SELF_CALLS"),
    "FANAL_DEMO": _demo,
    "FANAL_DEBUG": _debug,
}


def refusal(env: Environment) -> str:
    """Return all that is to be set before production can start, a line each, or "" where all is well."""
    found = faults(env)
    return "\n".join(["Fanal cannot start in production:", *found]) if found else ""


def faults(env: Environment) -> list[str]:
    """Return one sentence for each variable that is missing or unsafe."""
    return [f"{name}: {words}" for name, judge in JUDGES.items() if (words := judge(env))]


if __name__ == "__main__":
    sys.exit(refusal(os.environ) or None)
