"""Reads of the demo's people."""

from accounts.models import Country, User

DEMO_DOMAIN = "@example.org"


def demo_people() -> list[tuple[Country | None, list[User]]]:
    """Return the demo's people grouped by country; those of no country first."""
    people = User.objects.filter(email__endswith=DEMO_DOMAIN, is_active=True).select_related("country", "office")
    ordered = people.order_by("country__name_en", "roles", "email")
    groups: dict[Country | None, list[User]] = {None: []}
    for person in ordered:
        groups.setdefault(person.country, []).append(person)
    return [(country, members) for country, members in groups.items() if members]


def demo_person(name: str) -> User | None:
    """Return one of the demo's people by public id or e-mail, or None."""
    people = User.objects.filter(email__endswith=DEMO_DOMAIN, is_active=True)
    return next((person for person in people if name in (str(person.public_id), person.email)), None)
