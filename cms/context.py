"""What every page's frame needs: who is here, where, and the links around the text."""

from django.conf import settings
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from cms import navigation, queries
from hotline.queries.alarm import alarm_of
from hotline.queries.at_hand import call_at_hand
from languages import table


def banner_mark() -> str:
    """Return the mark of the site-wide banner as this reader sees it, "" while there is none: an open console asks."""
    found = queries.site_banner(translation.get_language() or table.SOURCE)
    return found.mark if found else ""


def site(request):
    """Return the values that the base templates read; each is worked out only where a template asks."""
    code = translation.get_language() or table.SOURCE
    return {
        "demo": settings.DEMO,
        "idle_seconds": settings.STAFF_IDLE_SECONDS,
        "language_name": table.BY_CODE[code].own if code in table.BY_CODE else code,
        "exit_address": SimpleLazyObject(lambda: queries.exit_address(request)),
        "site_banner": SimpleLazyObject(lambda: queries.site_banner(code)),
        "call_at_hand": SimpleLazyObject(lambda: call_at_hand(request.user)),
        "alarm": SimpleLazyObject(lambda: alarm_of(request.user)),
        "here_country": SimpleLazyObject(lambda: queries.country_of(request)),
        "here_line": SimpleLazyObject(lambda: queries.line_here(request)),
        "home_url": SimpleLazyObject(lambda: navigation.home_url(request)),
        "work_url": SimpleLazyObject(lambda: navigation.work_url(request)),
        "staff_links": SimpleLazyObject(lambda: navigation.staff_links(request)),
        "footer_links": SimpleLazyObject(lambda: navigation.footer_links(request)),
    }
