"""Demo data of the map: a directory of examples and published pathways. Through actions only."""

import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from accounts.models import Country
from accounts.queries import staff_of
from accounts.queries.clocks import day_in
from languages.actions import seed_many
from referral import actions
from referral.actions import ServiceDetails
from referral.choices import AgencyKind, Need, TrustState, Visibility
from referral.demo import words
from referral.demo.cases import make_cases
from referral.models import Area, Case, Organisation, Pathway, Service
from referral.queries.compiling import draft_digest

BY = "demo"
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
LOADED_AGO = 60 * DAY
# The roles of the seeds that services fill, by what these give.
ROLE_OF = {
    Need.EMERGENCY_POLICE: "emergency_police", Need.HEALTH: "health", Need.SHELTER: "shelter",
    Need.PSYCHOSOCIAL: "psychosocial", Need.POLICE_INVESTIGATION: "police", Need.CHILD_PROTECTION: "child_protection",
}  # fmt: skip
STALE, COUNTED_WITHIN = 20 * DAY, 2 * DAY  # what is older by more when the demo starts again is brought up to its day

AREAS = {
    "LR": (
        "Bomi", "Bong", "Gbarpolu", "Grand Bassa", "Grand Cape Mount", "Grand Gedeh", "Grand Kru", "Lofa", "Margibi",
        "Maryland", "Montserrado", "Nimba", "River Cess", "River Gee", "Sinoe",
    ),
    "HT": ("Artibonite", "Nord", "Ouest", "Sud"),
    "MW": ("Blantyre", "Lilongwe", "Mangochi", "Mzimba"),
    "MZ": ("Cabo Delgado", "Maputo", "Nampula", "Sofala", "Zambézia"),
    "MG": ("Analamanga", "Atsinanana", "Boeny", "Diana"),
    "BD": ("Chattogram", "Cox's Bazar", "Dhaka", "Khulna"),
    "TN": ("Ariana", "Sfax", "Sousse", "Tunis"),
}  # fmt: skip
OWN = ("LR", "TN")  # their own seed is published; those of other countries stay drafts, as a national body finds them
CORE = 5  # of the basic agencies: as many terms are needed before a pathway is published
# Numbers that are kept for films and books: nobody is reached who calls one from the demonstration. The first half of
# them are public numbers, the second those for call-backs.
EXAMPLE_NUMBER, HALF = "+120255501{:02d}", 50
WOMEN, EVERYBODY = ("female",), ("female", "male", "other")


@dataclass(frozen=True)
class Agency:
    """One example agency with its one service."""

    name: str
    kind: str
    service: str
    term: str
    takes: tuple[str, ...] = EVERYBODY
    areas: tuple[str, ...] = ()
    beds: tuple[int, int] | None = None
    checked_days_ago: int | None = 20
    is_secret: bool = False
    round_the_clock: bool = True
    minimum_age: int | None = 0
    papers: str = ""


BASIC = (
    Agency("Emergency police desk", AgencyKind.POLICE, "Help in danger", Need.EMERGENCY_POLICE, checked_days_ago=12),
    Agency("County clinic B", AgencyKind.HEALTH, "Clinic with a desk for survivors", Need.HEALTH, checked_days_ago=8),
    Agency("Safe house A", AgencyKind.NGO, "Rooms for women and their children", Need.SHELTER, WOMEN,
           beds=(2, 8), checked_days_ago=5, is_secret=True),
    Agency("Listening room", AgencyKind.NGO, "Counselling", Need.PSYCHOSOCIAL, checked_days_ago=30),
    Agency("Anti-trafficking police desk", AgencyKind.POLICE, "Reports and investigation", Need.POLICE_INVESTIGATION,
           checked_days_ago=60, round_the_clock=False),
    Agency("Legal aid desk", AgencyKind.NGO, "Legal advice without fee", Need.LEGAL_AID, checked_days_ago=100,
           round_the_clock=False, papers="None for the first talk"),
    Agency("Child protection desk", AgencyKind.GOVERNMENT, "Social workers for children", Need.CHILD_PROTECTION,
           checked_days_ago=25),
    Agency("Return desk", AgencyKind.INTERNATIONAL, "Help to go home of one's own will", Need.RETURN,
           checked_days_ago=200, round_the_clock=False),
)  # fmt: skip
MORE = {
    "LR": (
        Agency("Safe house B", AgencyKind.FAITH, "Rooms for women", Need.SHELTER, WOMEN, ("Montserrado", "Margibi"),
               beds=(1, 6), checked_days_ago=14, is_secret=True),
        Agency("Hostel C", AgencyKind.NGO, "Rooms for women and girls, whole country", Need.SHELTER, WOMEN,
               beds=(3, 10), checked_days_ago=95),
        Agency("Clinic of the port", AgencyKind.HEALTH, "Day clinic", Need.HEALTH, EVERYBODY, ("Montserrado",),
               checked_days_ago=3, round_the_clock=False),
        Agency("Work and training desk", AgencyKind.NGO, "Training and first wages", Need.LIVELIHOOD,
               checked_days_ago=None, round_the_clock=False),
    ),
}  # fmt: skip


def make(*, at: dt.datetime) -> None:
    """Make directories, pathways and cases; where demo cases exist already, nothing changes."""
    if Case.objects.filter(key__startswith="demo:").exists():
        return
    numbers = itertools.count()
    for country in Country.objects.filter(code__in=AREAS).order_by("code"):
        _directory(country, numbers, at)
    _pathways(at)
    make_cases(at)


def roll(*, at: dt.datetime) -> None:
    """Let the example services be checked as long ago, and their places be counted as lately, as on the first day."""
    of_name = {f"{agency.name} (example)": agency for agency in (*BASIC, *itertools.chain(*MORE.values()))}
    services = Service.objects.filter(organisation__is_example=True, organisation__name__in=of_name)
    for service in services.select_related("organisation__country").order_by("pk"):
        agency = of_name[service.organisation.name]
        if agency.checked_days_ago is None or service.assured_date is None:
            continue
        day = at - agency.checked_days_ago * DAY
        if service.capacities.filter(updated_at__lt=at - COUNTED_WITHIN).exists():
            actions.confirm_service(service=service, by=BY, at=at - 2 * HOUR)
        elif service.assured_date >= day_in(service.organisation.country, day - STALE):
            continue
        actions.confirm_service(service=service, by=BY, at=day)  # the count stays as late as it is


# --- the directory --------------------------------------------------------------------------------------------------


def _directory(country: Country, numbers: Iterator[int], at: dt.datetime) -> None:
    actions.keep_areas(country=country, names=AREAS[country.pk], by=BY, at=at)
    areas = {area.name: area for area in country.areas.all()}
    agencies = (*BASIC, *MORE[country.pk]) if country.pk in MORE else BASIC[:CORE]
    named = []
    for position, agency in enumerate(agencies, start=1):
        service = _agency(country, agency, areas, next(numbers), at)
        named.append((service, words.of_service(agency.service, country.languages)))
        if role := ROLE_OF.get(agency.term):
            actions.assign_service(country=country, role=role, service=service, position=position, by=BY, at=at)
    seed_many(named, by=BY, at=at)
    actions.keep_desks(country=country, by=BY, at=at)
    house = Organisation.objects.get(country=country, name="Safe house A (example)")
    for person in staff_of(country, "focal_point"):
        actions.add_focal_point(organisation=house, person=person, by=BY, at=at)


def _agency(country: Country, agency: Agency, areas: dict[str, Area], number: int, at: dt.datetime) -> Service:
    organisation = actions.add_organisation(
        country=country, name=f"{agency.name} (example)", kind=agency.kind, is_example=True, by=BY, at=at - 90 * DAY,
        description="An example for the demonstration; no real organisation.", trust=TrustState.CONFIRMED,
        public_number=EXAMPLE_NUMBER.format(number),
    )  # fmt: skip
    slug = "".join(sign if sign.isalnum() else "-" for sign in agency.name.lower())
    actions.enrol_contact(
        organisation=organisation, name="Desk for requests", email=f"{slug}.{country.pk.lower()}@example.org",
        number=EXAMPLE_NUMBER.format(HALF + number), language=country.languages[0], by=BY, at=at - 90 * DAY,
    )  # fmt: skip
    free, places = agency.beds or (None, None)
    details = ServiceDetails(
        name=agency.service, term=agency.term, areas=[areas[name] for name in agency.areas],
        languages=list(dict.fromkeys([*country.languages, "en"])), minimum_age=agency.minimum_age, maximum_age=120,
        papers_needed=agency.papers, is_round_the_clock=agency.round_the_clock, available=free, maximum=places,
        taken={("sex", sex): sex in agency.takes for sex in EVERYBODY}
        | {("nationality", "national"): True, ("nationality", "foreign"): True, ("disability", "yes"): True,
           ("children", "yes"): True},
    )  # fmt: skip
    service = actions.save_service(organisation=organisation, details=details, by=BY, at=at - 2 * HOUR)
    if agency.checked_days_ago is not None:
        actions.confirm_service(service=service, by=BY, at=at - agency.checked_days_ago * DAY)
    if agency.is_secret:
        actions.add_place(
            service=service, visibility=Visibility.SECRET, address="Example address, for the demonstration", by=BY,
            at=at,
        )  # fmt: skip
    return service


# --- pathways -------------------------------------------------------------------------------------------------------


def load_content(*, at: dt.datetime) -> list[Pathway]:
    """Load every seed of the demo's countries as a working copy, and the generic one; return them."""
    known = set(Country.objects.values_list("code", flat=True))
    return [actions.load_seed(key, by=BY, at=at - LOADED_AGO) for key in _seed_keys(known)]


def _pathways(at: dt.datetime) -> None:
    """Sign and publish a pathway of each demo country: its own, or else a copy of the generic one."""
    loaded_at, seeds = at - LOADED_AGO, load_content(at=at)
    generic = next(pathway for pathway in seeds if pathway.country_id is None)
    ready = [pathway for pathway in seeds if pathway.country_id in OWN]
    for country in Country.objects.filter(code__in=set(AREAS) - set(OWN)).order_by("code"):
        ready.append(actions.copy_model(pathway=generic, country=country, by=BY, at=loaded_at))
    for pathway in ready:
        _publish(pathway, loaded_at)


def _seed_keys(known: set[str]) -> list[str]:
    country_of = {"liberia-nrm": "LR", "tunisia-mno": "TN", "disaster-mz": "MZ", "thailand-nrm": "TH"}
    return [key for key in actions.seed_keys() if country_of.get(key, "") in known | {""}]


def _publish(pathway: Pathway, at: dt.datetime) -> None:
    managers = list(staff_of(pathway.country_id, "manager").order_by("pk")[:2])
    if len(managers) < 2:
        return
    digest = draft_digest(pathway)
    for manager in managers:
        actions.sign(pathway=pathway, digest=digest, by=manager, at=at)
    actions.publish_pathway(pathway=pathway, by=managers[0], at=at)
