"""Reads of the directory: what a visitor, a page or a matching may know about services. Never a secret place."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Country
from languages import table
from languages.queries import shown_language
from referral.choices import Need, ServiceStatus, Visibility
from referral.models import Area, Place, Service

CHECK_AFTER = dt.timedelta(days=90)
ASK_AFTER = dt.timedelta(days=180)


@dataclass(frozen=True)
class ServiceCard:
    """One service as everybody may see it, its words with the language they are in.

    `checked`: fresh, marked (over 90 days), ask (over 180), never.
    """

    public_id: str
    name: str
    name_language: str
    description: str
    description_language: str
    organisation: str
    number: str
    website: str
    term: str
    term_label: str
    areas: tuple[str, ...]
    addresses: tuple[str, ...]
    languages: tuple[str, ...]
    minimum_age: int | None
    maximum_age: int | None
    fees: str
    papers_needed: str
    is_round_the_clock: bool
    is_example: bool
    checked_on: dt.date | None
    checked: str


def needs() -> list[tuple[str, str]]:
    """Return the needs a visitor may choose from, in a visitor's words."""
    return [
        (Need.SHELTER, _("A safe place to stay")),
        (Need.HEALTH, _("A doctor")),
        (Need.PSYCHOSOCIAL, _("Someone to talk to")),
        (Need.LEGAL_AID, _("Help with pay, papers or a lawyer")),
        (Need.RETURN, _("A way home")),
    ]


def service_terms() -> list[tuple[str, str]]:
    """Return every term a service may have, with its words."""
    return list(Need.choices)


def areas_of(country: Country) -> QuerySet[Area]:
    """Return the top areas of a country, by name."""
    return Area.objects.filter(country=country, parent=None)


def in_force(on: dt.date) -> Q:
    """Return the condition that what has a first and a last day, each of them or none, is valid on a day."""
    return (Q(valid_from=None) | Q(valid_from__lte=on)) & (Q(valid_until=None) | Q(valid_until__gte=on))


def open_services(country: Country, on: dt.date) -> QuerySet[Service]:
    """Return the services of a country that run on a day, with what their cards show."""
    public = Place.objects.filter(visibility=Visibility.PUBLIC).exclude(address="")
    return (
        Service.objects.filter(organisation__country=country, status=ServiceStatus.ACTIVE)
        .filter(in_force(on))
        .select_related("organisation")
        .prefetch_related("areas", Prefetch("places", public, to_attr="public_places"))
    )


def services_for(
    country: Country, need: str | None = None, area: Area | None = None, *, on: dt.date
) -> list[ServiceCard]:
    """Return the running services of a country, newest check first; one without areas serves the whole country."""
    services = open_services(country, on)
    if need:
        services = services.filter(term=need)
    if area:
        services = services.filter(Q(areas=None) | Q(areas__in=[area.pk, area.parent_id]) | Q(areas__parent=area))
    cards = [_card(service, on) for service in services.distinct()]
    return sorted(cards, key=lambda card: (card.checked_on is None, -(card.checked_on or on).toordinal(), card.name))


def services_listed(
    country: Country | None, on: dt.date, *, need: str = "", area: Area | None = None, check: str = ""
) -> QuerySet[Service]:
    """Return the services of a country for staff, running or not, narrowed; those to be checked again first."""
    services = Service.objects.filter(organisation__country=country).select_related("organisation")
    services = services.prefetch_related("areas", "capacities")
    if need:
        services = services.filter(term=need)
    if area:
        services = services.filter(Q(areas=None) | Q(areas=area) | Q(areas__parent=area)).distinct()
    limits = {"old": CHECK_AFTER, "ask": ASK_AFTER}
    if check in limits:
        services = services.filter(Q(assured_date=None) | Q(assured_date__lt=on - limits[check]))
    return services.order_by("term", "organisation__name", "pk")


def _card(service: Service, day: dt.date) -> ServiceCard:
    here = table.known(get_language() or "") or table.SOURCE
    return ServiceCard(
        public_id=str(service.public_id),
        name=service.name,
        name_language=shown_language(service, "name", here),
        description=service.description,
        description_language=shown_language(service, "description", here),
        organisation=service.organisation.name,
        number=service.organisation.public_number,
        website=service.organisation.website,
        term=service.term,
        term_label=service.get_term_display(),
        areas=tuple(area.name for area in service.areas.all()),
        addresses=tuple(place.address for place in service.public_places),
        languages=tuple(service.languages),
        minimum_age=service.minimum_age,
        maximum_age=service.maximum_age,
        fees=service.fees,
        papers_needed=service.papers_needed,
        is_round_the_clock=service.is_round_the_clock,
        is_example=service.organisation.is_example,
        checked_on=service.assured_date,
        checked=checked_mark(service.assured_date, day),
    )


def checked_mark(checked_on: dt.date | None, day: dt.date) -> str:
    """Return how old the last check of a service is: fresh, marked, ask or never."""
    if checked_on is None:
        return "never"
    age = day - checked_on
    if age > ASK_AFTER:
        return "ask"
    return "marked" if age > CHECK_AFTER else "fresh"
