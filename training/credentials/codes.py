"""Codes in Crockford's base 32: of a certificate 15 signs, 75 random bits; of progress 20, 100 bits. How a name is compared."""

import secrets
import unicodedata

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH, GROUP = 15, 5
PROGRESS_LENGTH, PROGRESS_GROUP = 20, 4
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_BETWEEN = frozenset({"Zs", "Pd", "Cf", "Cc"})  # gaps, dashes, marks of direction, ends of lines
_POINTS = frozenset("._·•,−")
LONGEST_TYPED = 40


def new_code(length: int = LENGTH) -> str:
    """Return a code that nobody can guess."""
    return "".join(secrets.choice(SIGNS) for _place in range(length))


def code_of(typed: str, length: int = LENGTH) -> str:
    """Return the code that somebody typed, in any case, grouping and digits, O for 0 and I or L for 1; "" when it is none."""
    if len(typed) > LONGEST_TYPED:
        return ""
    code = "".join(_sign(one) for one in unicodedata.normalize("NFKC", typed)).upper().translate(_READ_AS)
    return code if len(code) == length and set(code) <= set(SIGNS) else ""


def _sign(typed: str) -> str:
    """Return a sign as codes have it: nothing for what stands between the groups, digits of other scripts as ours."""
    if typed in _POINTS or unicodedata.category(typed) in _BETWEEN:
        return ""
    return str(unicodedata.decimal(typed, typed))


def grouped(code: str, group: int = GROUP) -> str:
    """Return a code in groups of some signs, for people."""
    return " ".join(code[place : place + group] for place in range(0, len(code), group))


def written_name(name: str) -> str:
    """Return a name as its reader sees it: letters composed, one space between words; capitals count."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def folded_name(name: str) -> str:
    """Return a name as two of them are compared: NFKC, without case, one space between words."""
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).split())
