"""Telephone numbers as a network takes them."""

import re

import phonenumbers
from phonenumbers import shortnumberinfo

from languages.text.cleaning import latin_digits


def e164(text: str, country: str = "") -> str:
    """Return the number in E.164, or "" when it is no dialable number of the world or of the country."""
    digits = latin_digits(text.strip())
    if digits.lower().startswith("tel:"):
        digits = digits[4:].partition(";")[0]
    number = _parsed(digits, country)
    if number is None or not phonenumbers.is_possible_number(number) or not phonenumbers.is_valid_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def dialled_in(text: str, country: str) -> str:
    """Return a number as it is dialled in a country: E.164, or a short number of that country; "" for anything else."""
    if full := e164(text, country):
        return full
    digits = re.sub(r"[ ()/.-]", "", latin_digits(text.strip()))
    number = _parsed(digits, country) if digits.isdecimal() else None
    return digits if number and shortnumberinfo.is_possible_short_number_for_region(number, country) else ""


def _parsed(digits: str, country: str) -> phonenumbers.PhoneNumber | None:
    if re.search(r"[A-Za-z]", digits):
        return None
    try:
        return phonenumbers.parse(digits, country or None)
    except phonenumbers.NumberParseException:
        return None
