"""Reads of public numbers by what they dial."""

from collections.abc import Iterable

from accounts.choices import ContactKind
from accounts.models import Country, PublicContact


def dialled(number: str) -> str:
    """Return a number as a telephone sends it: without what sets its digits apart."""
    return "".join(sign for sign in number if sign in "0123456789+*#")


def contacts_with(country: Country, number: str) -> list[PublicContact]:
    """Return the public numbers of a country that dial the same, for whatever purpose they stand."""
    wanted = dialled(number)
    return [row for row in country.contacts.all() if wanted and dialled(row.number) == wanted]


def police_contacts(contacts: Iterable[PublicContact]) -> list[PublicContact]:
    """Return which of a country's public numbers reach the police, in the order in which they are shown."""
    return [row for row in contacts if row.kind == ContactKind.POLICE and row.number]


def police_numbers(contacts: Iterable[PublicContact]) -> list[str]:
    """Return the numbers of the police among a country's public numbers, as they are dialled."""
    return [row.number for row in police_contacts(contacts)]
