"""Reads of the roof: countries on the map, safety settings, health."""

from dataclasses import dataclass

from django.core.cache import cache

from accounts.models import Country
from cms.models import SafetySettings
from hotline import queries as hotline
from languages import table
from referral.models import Pathway
from training.models import Course, Lesson

KEPT_SECONDS = 20
SETTINGS_KEY = "cms.safety"
COUNTRIES_KEY = "cms.countries"


@dataclass(frozen=True)
class Banner:
    """The site-wide banner as shown: kind (info, wait, bad), words, and the language they are in."""

    kind: str
    words: str
    language: str


def safety() -> SafetySettings:
    """Return the safety settings; kept for a few seconds so that a page costs no query for them."""
    kept = cache.get(SETTINGS_KEY)
    if kept is None:
        kept = SafetySettings.load()
        cache.set(SETTINGS_KEY, kept, KEPT_SECONDS)
    return kept


def exit_address() -> str:
    """Return the neutral page that Leave opens."""
    return safety().exit_address


def site_banner(language: str) -> Banner | None:
    """Return the banner in the reader's language, or along its chain; None when there is none."""
    settings = safety()
    if not settings.is_banner_on:
        return None
    for code in (language, *table.BY_CODE[language].chain):
        words = settings.words_in(code)
        if words:
            return Banner(settings.banner_kind, words, code)
    return None


def countries() -> dict[str, Country]:
    """Return the active countries by slug; kept for a few seconds."""
    kept = cache.get(COUNTRIES_KEY)
    if kept is None:
        kept = {country.slug: country for country in Country.objects.filter(is_active=True)}
        cache.set(COUNTRIES_KEY, kept, KEPT_SECONDS)
    return kept


def country_of(request) -> Country | None:
    """Return the visitor's country: from the path, else from the account, else none."""
    known = countries()
    pieces = [piece for piece in request.path.split("/") if piece]
    named = next((known[piece] for piece in pieces[1:3] if piece in known), None)
    if named or not getattr(request, "user", None) or not request.user.is_authenticated:
        return named
    return next((country for country in known.values() if country.code == request.user.country_id), None)


def line_here(request):
    """Return the hotline of the visitor's country, or None."""
    country = country_of(request)
    return hotline.line_of(country.code) if country else None


def first_lesson_of(course_key: str) -> Lesson | None:
    """Return the lesson with which a course begins, or None while the course is not there."""
    course = Course.objects.filter(key=course_key).first()
    return Lesson.objects.descendant_of(course).live().order_by("path").first() if course else None


def main_pathway_of(country: str) -> Pathway | None:
    """Return the pathway on which new cases of a country start, or None while there is none."""
    return Pathway.objects.filter(country_id=country, is_main=True).order_by("key").first()
