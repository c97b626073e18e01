"""Who calls, as far as the network tells. Pure (docs/algorithms/call-flow.md).

Withheld numbers are tested before any parsing: two of the placeholder numbers parse as valid foreign numbers, and a
withheld caller is never linked to another, never blocked and never called back. Nor is whoever comes with what names
nobody: a short number, one that cannot be, a word. Networks put such a one in the place of many callers' numbers.
"""

import hashlib
import re
from dataclasses import dataclass

from languages.text import e164, latin_digits

WITHHELD_WORDS = frozenset({"", "anonymous", "restricted", "blocked", "unknown", "unavailable", "private", "withheld"})
# What keypads spell: ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN, UNAVAILABLE.
WITHHELD_NUMBERS = frozenset({"266696687", "7378742833", "2562533", "8656696", "86282452253"})
# In the user or the host of a network address these name nobody in particular; an exchange sends them for all its callers.
NOBODY = WITHHELD_WORDS - {""} | frozenset({
    "anon", "asterisk", "caller", "default", "freeswitch", "guest", "hidden", "id", "invalid", "na", "name", "noname",
    "nobody", "none", "null", "number", "pbx", "sip", "suppressed", "trunk", "undefined", "unidentified", "user",
})  # fmt: skip
WORDS = re.compile(r"[^a-z]+")
SPACING = re.compile(r"[ ().-]")
PORT = re.compile(r":[0-9]+$")
SIP_USER = re.compile(r"""^(?:"[^"]*"\s*+)?<?\s*+sips?:([^@;>?]*)(?:@([^;>?]*))?""", re.IGNORECASE)
BSUID = re.compile(r"^[A-Z]{2}\.[A-Za-z0-9]{1,128}$")
SENDER_NUMBER = re.compile(r"^\+?[0-9]{2,15}\Z")
OPERATOR = re.compile(r"^client:(op_[0-9a-f]{8,40})$")
WHATSAPP = "whatsapp:"


MARK = "XX"


def call_mark(sid: str) -> str:
    """Return what stands for the SID of a call in keys, and in its leg once the provider's record is gone.

    A SID is 128 random bits, so nobody finds it from its digest; a late report of the call is still recognised.
    """
    return sid if is_mark(sid) else MARK + hashlib.sha256(sid.encode()).hexdigest()[:32]


def is_mark(sid: str | None) -> bool:
    """Tell whether a leg bears only the mark of its call: no provider was or can be asked about it."""
    return bool(sid) and sid.startswith(MARK)


@dataclass(frozen=True)
class Caller:
    """Class, the value to seal ("" when there is none), and whether it may be linked and texted."""

    kind: str
    value: str = ""

    @property
    def can_link(self) -> bool:
        """Tell whether two contacts with this value may be the same person; a network user only on one line."""
        return self.kind in {"phone", "sip", "bsuid"}

    @property
    def can_text(self) -> bool:
        """Tell whether a text can reach this value at all; the safety state decides whether it may."""
        return self.kind in {"phone", "bsuid"}


WITHHELD = Caller("withheld")


def _is_withheld(text: str) -> bool:
    bare = text.strip().lower().removeprefix("tel:").partition(";")[0].lstrip("+")
    user, _, host = bare.partition("@")
    return (
        bare in WITHHELD_WORDS
        or SPACING.sub("", bare) in WITHHELD_NUMBERS
        or user in WITHHELD_WORDS
        or host.endswith(".invalid")
    )


def caller_from(text: str | None, country: str = "") -> Caller:
    """Return who calls from a `From` value; `country` is the ISO code of the called line. Never raises."""
    plain = latin_digits((text or "").strip())
    if match := OPERATOR.match(plain):
        return Caller("client", match[1])
    if _has_prefix(plain):
        plain = plain[len(WHATSAPP) :]
    sip = SIP_USER.match(plain)
    user = _unquoted(sip[1]) if sip else plain
    if _is_withheld(user) or (sip and _is_withheld(f"{user}@{sip[2] or ''}")):
        return WITHHELD
    if not sip and BSUID.match(user):
        return Caller("bsuid", user)
    if number := e164(user, country):
        return Caller("phone", number)
    host = PORT.sub("", (sip[2] or "").strip().lower()) if sip else ""
    if _names_somebody(user) and _names_somebody(host, is_host=True):
        return Caller("sip", f"{user}@{host}"[:120])
    return Caller("unknown", (f"{user}@{host}" if host else user)[:120])


def _names_somebody(part: str, *, is_host: bool = False) -> bool:
    """Tell whether the user or the host of a network address is one's own; a user without a letter is a wrong number."""
    words = set(WORDS.split(part.lower())) - {""}
    return bool(part if is_host else words) and not (words | {WORDS.sub("", part.lower())}) & NOBODY


def _unquoted(user: str) -> str:
    return re.sub(r"%([0-9a-fA-F]{2})", lambda found: chr(int(found[1], 16)), user).strip()


def answered_as(sender: str) -> tuple[str, ...]:
    """Return the called numbers under which an answer to a sender of texts arrives; none where the sender is a word.

    A number without + may come back with it; the other way round, a called number is looked for with + anyway.
    """
    if not SENDER_NUMBER.match(sender):
        return ()
    return (sender,) if sender.startswith("+") else (sender, f"+{sender}")


def is_whatsapp(sender: str, receiver: str = "", written_as: str = "") -> bool:
    """Tell whether a text came by WhatsApp: one of its two ends says so, or what only that network names does.

    `From` may lack the prefix, and an id of that network is no number.
    """
    ends = (sender.strip(), receiver.strip())
    return bool(written_as.strip()) or BSUID.match(ends[0]) is not None or any(map(_has_prefix, ends))


def by_whatsapp(number: str) -> str:
    """Return how a number or an id is named at either end of a WhatsApp message."""
    return f"{WHATSAPP}{number}"


def _has_prefix(text: str) -> bool:
    return text.lower().startswith(WHATSAPP)


def called_number(text: str | None) -> str:
    """Return the number part of a `To` value, as lines list it: `sip:2883@host` and `2883` are both 2883."""
    plain = latin_digits((text or "").strip())
    if _has_prefix(plain):
        plain = plain[len(WHATSAPP) :]
    sip = SIP_USER.match(plain)
    user = _unquoted(sip[1]) if sip else plain
    kept = re.sub(r"[^0-9A-Za-z+*#]", "", user)
    return kept[:40]
