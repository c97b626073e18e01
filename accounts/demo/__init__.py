"""Demo people: seven countries, their offices and calendars, and somebody in every role. No invented persons."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts import actions
from accounts.choices import ContactKind, OfficeKind, Role
from accounts.demo import words
from accounts.demo_mark import ADMINISTRATOR
from accounts.models import Country, Office, PublicContact, User
from languages.actions import seed_languages

BY = "demo"


@dataclass(frozen=True)
class Place:
    """One demo country as written in this file."""

    code: str
    name: str
    slug: str
    languages: str
    zone: str
    region: str
    weekend: str = "5 6"


@dataclass(frozen=True)
class Number:
    """One public number of a demo country; `note` says where it comes from."""

    kind: ContactKind
    name: str
    number: str
    note: str
    hours: str = ""
    is_free: bool = False


PLACES = (
    Place("LR", "Liberia", "liberia", "en", "Africa/Monrovia", "County"),
    Place("HT", "Haiti", "haiti", "fr ht", "America/Port-au-Prince", "Department"),
    Place("MW", "Malawi", "malawi", "en ny", "Africa/Blantyre", "District"),
    Place("MZ", "Mozambique", "mozambique", "pt", "Africa/Maputo", "Province"),
    Place("MG", "Madagascar", "madagascar", "fr mg", "Indian/Antananarivo", "Region"),
    Place("BD", "Bangladesh", "bangladesh", "bn en", "Asia/Dhaka", "District", weekend="4 5"),
    Place("TN", "Tunisia", "tunisia", "ar fr", "Africa/Tunis", "Governorate"),
)
UNCONFIRMED = "Demonstration only: not confirmed by a test call."
ANDROID = " Read in the emergency numbers of Android."
NUMBERS = {
    "LR": (
        Number(ContactKind.HOTLINE, "Trafficking hotline", "2883", UNCONFIRMED, "All day", True),
        Number(ContactKind.POLICE, "Police", "911", UNCONFIRMED + ANDROID, "All day"),
        Number(ContactKind.CHILD, "Child helpline", "116", UNCONFIRMED, "All day", True),
        Number(ContactKind.REFERRAL, "Referral desk (example)", "+12025550199", UNCONFIRMED),
    ),
    "HT": (
        Number(ContactKind.HOTLINE, "Trafficking committee line", "840", UNCONFIRMED + " Press, 2021."),
        Number(ContactKind.POLICE, "Police", "114", UNCONFIRMED + ANDROID),
    ),
    "MW": (
        Number(ContactKind.HOTLINE, "Hotline", "7002", UNCONFIRMED),
        Number(ContactKind.POLICE, "Police", "997", UNCONFIRMED + " Press, 2018.", "", True),
    ),
    "MZ": (
        Number(ContactKind.HOTLINE, "Linha Verde", "1458", UNCONFIRMED + " Report, 2020.", "6:00 to 21:00", True),
        Number(ContactKind.CHILD, "Child helpline", "116", UNCONFIRMED, "", True),
        Number(ContactKind.POLICE, "Police", "119", UNCONFIRMED + ANDROID + " Travel advice, 2024: 112 in Maputo."),
    ),
    "MG": (
        Number(ContactKind.HOTLINE, "Hotline", "7005", UNCONFIRMED),
        Number(ContactKind.POLICE, "Police", "117", UNCONFIRMED + " Travel advice, 2021."),
    ),
    "BD": (
        Number(ContactKind.LABOUR, "Probash Bondhu", "16135", UNCONFIRMED + " Press, 2025.", "All day"),
        Number(ContactKind.POLICE, "Emergency", "999", UNCONFIRMED + " Travel advice, 2024.", "All day"),
    ),
    "TN": (
        Number(ContactKind.HOTLINE, "Hotline", "7007", UNCONFIRMED),
        Number(ContactKind.POLICE, "Police", "197", UNCONFIRMED + " Travel advice of Australia."),
    ),
}
OFFICES = (
    ("Magistrates' court A (example)", OfficeKind.COURT, 16),
    ("Prosecutor's office B (example)", OfficeKind.PROSECUTION, 14),
    ("Police station C (example)", OfficeKind.POLICE, 30),
    ("District office D (example)", OfficeKind.DISTRICT, 14),
    ("Civil protection post E (example)", OfficeKind.CIVIL_PROTECTION, 18),
)
# How many people of each role a country has; the second of a role has a 2 in the address, and so on.
CREW = {
    Role.LEARNER: 6,
    Role.TRAINER: 1,
    Role.OPERATOR: 3,
    Role.SUPERVISOR: 1,
    Role.MANAGER: 2,
    Role.TRANSLATOR: 1,
    Role.INTERPRETER: 2,
    Role.FOCAL_POINT: 1,
    Role.ANALYST: 1,
}
# What else some speak: Liberia's line offers French and Arabic, and somebody there understands a caller who takes them
# and translates what it says; of English alone a translator has nothing to write.
ALSO_SPOKEN = {
    ("LR", Role.OPERATOR): "fr",
    ("LR", Role.SUPERVISOR): "fr",
    ("LR", Role.INTERPRETER): "ar fr",
    ("LR", Role.TRANSLATOR): "fr ar",
}


# A number whose check is older is said to be checked anew: pages ask for one of the last thirty days.
STALE = timedelta(days=20)


def make(*, at: datetime) -> None:
    """Make the demo's countries, offices and people; what is there already stays as it is."""
    for place in PLACES:
        country = _country(place, at)
        _contacts(country, at)
        _people(country, _offices(country, at), at)
    actions.make_person(email=ADMINISTRATOR, name="Administrator", roles=[Role.ADMINISTRATOR], by=BY, at=at)


def _country(place: Place, at: datetime) -> Country:
    return actions.add_country(
        code=place.code,
        name=place.name,
        slug=place.slug,
        languages=place.languages.split(),
        time_zone=place.zone,
        area_word=place.region,
        weekend=place.weekend,
        words=words.of_country(place.code),
        by=BY,
        at=at,
    )


def _contacts(country: Country, at: datetime) -> None:
    if country.contacts.exists():
        return
    for position, number in enumerate(NUMBERS.get(country.code, ())):
        facts = {
            "kind": number.kind, "name": number.name, "number": number.number, "hours": number.hours,
            "is_free": number.is_free, "source_kind": "demonstration", "source": number.note,
        }  # fmt: skip
        new = PublicContact(country=country, number=number.number, position=position)
        new.checked_at = _checked(position, at).date()
        contact = actions.keep_number(contact=new, facts=facts, by=BY, at=at)
        seed_languages(contact, words.of_number(number.name, number.hours), by=BY, at=at)


def _checked(position: int, at: datetime) -> datetime:
    """Return when the number at a place of its country's list was checked last."""
    return at - timedelta(days=3 + 4 * min(position, 3))


def roll(*, at: datetime) -> None:
    """Let the demo's numbers be checked as long ago as on the first day, where that is some weeks ago by now."""
    day = (at - STALE).date()
    for contact in PublicContact.objects.filter(source_kind="demonstration", checked_at__lt=day).order_by("pk"):
        actions.check_number(contact=contact, by=BY, at=_checked(contact.position, at))


def _offices(country: Country, at: datetime) -> list[Office]:
    day = (at - timedelta(days=60)).date()
    rows = [
        {"name": name, "kind": kind, "staff_count": count, "staff_counted_on": day} for name, kind, count in OFFICES
    ]
    return actions.add_offices(country=country, offices=rows, by=BY, at=at)


def _people(country: Country, offices: list[Office], at: datetime) -> list[User]:
    rows = []
    for role, count in CREW.items():
        for number in range(1, count + 1):
            suffix = "" if number == 1 else str(number)
            rows.append(
                {
                    "email": f"{role}{suffix}.{country.code.lower()}@example.org",
                    "name": f"{role.label} {suffix}".strip() + f", {country.name_en}",
                    "roles": [role],
                    "country": country,
                    "language": country.languages[(number - 1) % len(country.languages)],
                    "spoken": _spoken(country, role, number),
                    "office": offices[(number - 1) % len(offices)] if role == Role.LEARNER else None,
                }
            )
    return actions.make_people(rows, by=BY, at=at)


def _spoken(country: Country, role: Role, number: int) -> str:
    """Return what a person speaks; of a role with other languages it is the first who does, and each interpreter."""
    does = number == 1 or role == Role.INTERPRETER
    others = ALSO_SPOKEN.get((country.code, role), "").split() if does else []
    return " ".join(dict.fromkeys([*country.languages, "en", *others]))
