"""Reads of offices: whose a user keeps, into which officials may be brought, what a file of them is checked against."""

from django.db.models import Count, F, Q, QuerySet
from modeltranslation.utils import build_localized_fieldname

from accounts.choices import COLUMN_WORDS
from accounts.models import Country, Office, User
from accounts.officials import Known, office_key
from languages import table

IS_LEARNER = Q(people__roles__contains=",learner,")
COUNTED = IS_LEARNER & Q(people__is_active=True)
LINK = "people__invitation__"
INVITED = IS_LEARNER & Q(people__is_active=False, **{f"{LINK}accepted_at": None, f"{LINK}revoked_at": None})
INVITED &= Q(people__invitation__isnull=False)


def offices_visible_to(user: User) -> QuerySet[Office]:
    """Return the offices that a user keeps: administrators all, managers those of their own country."""
    if user.has_role("administrator"):
        return Office.objects.all()
    return Office.objects.filter(country=user.country_id) if user.has_role("manager") else Office.objects.none()


def offices_listed(user: User, country: Country) -> QuerySet[Office]:
    """Return the offices of a country, open ones first, each with how many officials reports count, and are invited."""
    offices = offices_visible_to(user).filter(country=country)
    offices = offices.annotate(counted=Count("people", filter=COUNTED), invited=Count("people", filter=INVITED))
    return offices.order_by(F("closed_at").asc(nulls_first=True), "name")


def offices_for_import(user: User) -> QuerySet[Office]:
    """Return the offices into which a user may bring officials, by country: administrators all, managers their own."""
    offices = Office.objects.filter(country__in=countries_for_import(user), closed_at=None)
    return offices.select_related("country").order_by("country__name", "name")


def countries_for_import(user: User) -> QuerySet[Country]:
    """Return the countries into which a user may bring officials."""
    countries = Country.objects.filter(is_active=True)
    return countries if user.has_role("administrator") else countries.filter(pk=user.country_id)


def known_for_import(user: User) -> Known:
    """Return what a file of officials is checked against: countries, offices, addresses; managers only their country."""
    countries = {}
    for country in Country.objects.filter(is_active=True):
        names = [getattr(country, build_localized_fieldname("name", language)) for language in table.CODES]
        countries |= {name.casefold(): country.code for name in (country.code, country.name, *names) if name}
    closed = Office.objects.filter(country__in=countries_for_import(user), closed_at__isnull=False)
    return Known(
        countries=countries,
        offices={(office.country_id, office_key(office.name)): office.pk for office in offices_for_import(user)},
        closed=frozenset((office.country_id, office_key(office.name)) for office in closed),
        addresses=frozenset(email.lower() for email in User.objects.values_list("email", flat=True)),
        headers={str(words).casefold(): column for column, words in COLUMN_WORDS.items()},
        allowed_countries=None if user.has_role("administrator") else frozenset({user.country_id}),
    )
