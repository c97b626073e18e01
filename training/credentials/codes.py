"""The code of a certificate: 15 signs of Crockford's base 32, 75 random bits; and how a name is compared."""

import secrets
import unicodedata

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH, GROUP = 15, 5
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
LONGEST_TYPED = 40


def new_code() -> str:
    """Return a code that nobody can guess."""
    return "".join(secrets.choice(SIGNS) for _place in range(LENGTH))


def code_of(typed: str) -> str:
    """Return the code that somebody typed, in any case and grouping, O for 0 and I or L for 1; "" when it is none."""
    if len(typed) > LONGEST_TYPED:
        return ""
    code = typed.strip().upper().translate(_READ_AS)
    return code if len(code) == LENGTH and set(code) <= set(SIGNS) else ""


def grouped(code: str) -> str:
    """Return a code in groups of five, for people."""
    return " ".join(code[place : place + GROUP] for place in range(0, len(code), GROUP))


def folded_name(name: str) -> str:
    """Return a name as two of them are compared: NFKC, without case, one space between words."""
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).split())
