"""Reads of the roof: countries on the map, safety settings, health."""

from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Subquery

from accounts.models import Country
from accounts.queries.marks import mark
from cms import exits
from cms.models import SafetySettings
from hotline import queries as hotline
from languages import queries as languages
from languages import table
from languages.choices import Freshness
from referral.models import Pathway
from training.models import Course, Lesson

KEPT_SECONDS = 20  # within which every page follows; what asks every two seconds too, so it is kept for less
KEPT_KEY = "cms.kept"


@dataclass(frozen=True)
class Banner:
    """The site-wide banner as shown: kind (info, wait, bad), words, the language they are in, the reader's language."""

    kind: str
    words: str
    language: str
    reader: str
    awaits_native: bool = False

    @property
    def is_own(self) -> bool:
        """Tell whether the words are in the reader's language."""
        return self.language == self.reader

    @property
    def mark(self) -> str:
        """Return a mark that differs as soon as the banner looks different."""
        return mark(self.kind, self.words, self.language, self.awaits_native)


@dataclass(frozen=True)
class Safety:
    """The safety settings as pages need them; `words` only where they say what the source says now."""

    exit_address: str
    kind: str
    words: dict[str, str]
    awaits_native: frozenset[str]


@dataclass(frozen=True)
class _Kept:
    """What every page needs to know: the active countries by slug, and the safety settings."""

    countries: dict[str, Country]
    safety: Safety


def _kept() -> _Kept:
    """Return what every page needs to know; kept for a few seconds so that most pages cost no query for it."""
    kept = cache.get(KEPT_KEY)
    if kept is None:
        kept = _read_kept()
        cache.set(KEPT_KEY, kept, KEPT_SECONDS - 4)
    return kept


def _read_kept() -> _Kept:
    """Read both in one query while no banner is on."""
    settings = SafetySettings.objects.order_by("pk")
    told = {"leads_to": "exit_address", "has_banner": "is_banner_on"}
    told = {name: Subquery(settings.values(column)[:1]) for name, column in told.items()}
    rows = list(Country.objects.filter(is_active=True).annotate(**told))
    is_quiet = bool(rows) and rows[0].has_banner is False
    now = Safety(rows[0].leads_to, "", {}, frozenset()) if is_quiet else _safety_now()
    return _Kept({country.slug: country for country in rows}, now)


def safety() -> Safety:
    """Return the safety settings; kept for a few seconds."""
    return _kept().safety


def _safety_now() -> Safety:
    """Read the safety settings, and while the banner is on which of its translations are up to date."""
    row = SafetySettings.load()
    if not row.is_banner_on:
        return Safety(row.exit_address, row.banner_kind, {}, frozenset())
    live = languages.Readers([row]).live_in(row, "banner")
    current = {code: seen for code, seen in live.items() if seen.freshness < Freshness.MINOR}
    words = {code: row.words_in(code) for code in (table.SOURCE, *current)}
    drafts = frozenset(code for code, seen in current.items() if seen.awaiting_native)
    return Safety(row.exit_address, row.banner_kind, words, drafts)


def exit_address(request=None) -> str:
    """Return the neutral page that Leave opens; the product's own where the one that is set would not be safe."""
    address = safety().exit_address
    return exits.NEUTRAL if exits.fault(address, exits.own_hosts(request)) else address


def site_banner(language: str) -> Banner | None:
    """Return the banner in the reader's language, or along its chain; None when there is none.

    Words of safety that are out of date are worse than words in another language: a translation that the source has
    left behind is passed over.
    """
    kept = safety()
    for code in (language, *table.BY_CODE[language].chain, table.SOURCE):
        if words := kept.words.get(code):
            return Banner(kept.kind, words, code, language, code in kept.awaits_native)
    return None


def countries() -> dict[str, Country]:
    """Return the active countries by slug; kept for a few seconds."""
    return _kept().countries


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
