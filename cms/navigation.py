"""The links around a page: by role for staff, by country for the public."""

from dataclasses import dataclass, replace

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.queries import admits, home_for
from accounts.queries.letters import count_lost_letters
from cms import queries
from hotline.queries.dialling import calls_to_agree
from hotline.queries.holes import roster_count
from hotline.rules import DESK
from referral import queries as referral


@dataclass(frozen=True)
class Link:
    """One link: address, words, whether it is the current page, and a count of things waiting (0 = none)."""

    url: str
    words: str
    is_current: bool = False
    count: int = 0
    name: str = ""


STAFF = (
    ("hotline:console", pgettext_lazy("menu", "Console")),
    ("hotline:board", pgettext_lazy("menu", "Board")),
    ("hotline:rehearsals", pgettext_lazy("menu", "Practice calls")),
    ("hotline:call_log", pgettext_lazy("menu", "Call log")),
    ("referral:cases", pgettext_lazy("menu", "Cases")),
    ("referral:requests", pgettext_lazy("menu", "Requests")),
    ("referral:directory", pgettext_lazy("menu", "Directory")),
    ("hotline:roster", pgettext_lazy("menu", "Roster")),
    ("hotline:my_shifts", pgettext_lazy("menu", "Roster")),
    ("hotline:lines", pgettext_lazy("menu", "Lines")),
    ("training:learning", pgettext_lazy("menu", "Learning")),
    ("training:people", pgettext_lazy("menu", "Learners")),
    ("training:cohorts", pgettext_lazy("menu", "Groups")),
    ("training:issued", pgettext_lazy("menu", "Certificates")),
    ("training:reports", pgettext_lazy("menu", "Reports")),
    ("hotline:figures_others", pgettext_lazy("menu", "Calls")),
    ("training:gates", pgettext_lazy("menu", "Courses")),
    ("desk:matrix", pgettext_lazy("menu", "Translations")),
    ("wagtailadmin_home", pgettext_lazy("menu", "Editor")),
    ("accounts:people", pgettext_lazy("menu", "People")),
    ("accounts:countries", pgettext_lazy("menu", "Countries")),
    ("accounts:audit", pgettext_lazy("menu", "Audit log")),
)


PRACTICE = "hotline:rehearsals"
MINE = "hotline:my_shifts"  # the roster of who does not see that of all


def _open_links(request) -> list[Link]:
    """Return every part of the house that this person may open, without what waits there."""
    if not request.user.is_authenticated:
        return []
    links = []
    for name, words in STAFF:
        if not admits(name, request.user) or (name == MINE and admits("hotline:roster", request.user)):
            continue
        if name == PRACTICE and not settings.SIMULATOR:
            continue
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        links.append(Link(url, words, name=name))
    return links


def staff_links(request) -> list[Link]:
    """Return the main menu: every part of the house that this person may open, and how much waits behind it."""
    links = _open_links(request)
    here = max((link.url for link in links if request.path.startswith(link.url)), key=len, default="")
    return [replace(link, is_current=link.url == here, count=_waiting(request.user, link.name)) for link in links]


def _waiting(user, name: str) -> int:
    """Return how much waits behind a link: late steps and answers behind the cases, holes and swaps behind the roster.

    Calls that need this person's yes behind the log, lost letters behind the people.
    """
    if name == "referral:cases" and user.has_role("operator", "supervisor"):
        return referral.work_count(user)
    if name in ("hotline:roster", MINE):
        return roster_count(user, timezone.now())
    if name == "hotline:call_log" and user.has_role(*DESK):
        return len(calls_to_agree(user, timezone.now()))
    return count_lost_letters(user) if name == "accounts:people" else 0


# Parts without the staff's menu: who stands there must find her way back, so nobody's work begins there but a learner's.
WITHOUT_MENU = ("training:learning", "wagtailadmin_home")


def work_url(request) -> str:
    """Return where a signed-in person works: the page to which signing in leads, if it bears her menu.

    Else the first part of her menu that does; a learner's work is her learning.
    """
    links = _open_links(request)
    with_menu = [link.url for link in links if link.name not in WITHOUT_MENU]
    if not with_menu:
        return links[0].url if links else home_url(request)
    home = home_for(request.user, get_language())
    return home if home in with_menu else with_menu[0]


def home_url(request) -> str:
    """Return the home page of the country that the visitor is in, else the page that asks for it."""
    country = queries.country_of(request)
    root = reverse("wagtail_serve", args=[""])
    return f"{root}{country.slug}/" if country else root


def footer_links(request) -> list[Link]:
    """Return the standing pages: privacy, accessibility, about."""
    root = reverse("wagtail_serve", args=[""])
    return [
        Link(f"{root}privacy/", _("Privacy and safety")),
        Link(f"{root}accessibility/", _("Accessibility")),
        Link(f"{root}about/", _("About this service")),
    ]
