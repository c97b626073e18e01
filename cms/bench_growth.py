"""Each figure of the bench twice: on the rows of the database, and on a copy in which people, cases and contacts are many times as many."""

import re
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.core.wsgi import get_wsgi_application
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from cms import bench, bench_drawing, bench_learning, bench_rows, scratch
from cms.bench import Figure, NothingToMeasure
from hotline.actions.inbox import forget_month_keys
from hotline.choices import ContactKind, State
from hotline.models import Contact
from hotline.queries import forget_lines
from hotline.queries.heartbeat import forget_heartbeat, heard_here

TIMES = 10
MARK = re.compile(r'id="live-mark"[^>]*value="([^"]*)"')
# Pages whose rows grow: their name, their route, and who opens them.
PAGES = (
    ("table of completion", "training:completion", "manager"),
    ("call log", "hotline:call_log", "supervisor"),
    ("list of cases", "referral:cases", "supervisor"),
    ("work list", "referral:work", "supervisor"),
)
# Pages that show a row of what rarely grows: lines, pathways. They are measured last, on more of these rows.
LISTS = (
    ("roster", "hotline:roster", "supervisor"),
    ("console", "hotline:console", "operator"),
    ("list of pathways", "pathways:index", "manager"),
)


@dataclass(frozen=True)
class Growth:
    """One figure, at the rows of the database and at many times as many; `steepest` is the most its ratio may be."""

    once: Figure
    grown: Figure
    steepest: float | None = None

    @property
    def ratio(self) -> float:
        """Return how many times as large the figure became."""
        return round(self.grown.value / self.once.value, 2) if self.once.value else 1.0

    @property
    def holds(self) -> bool:
        """Tell whether the budget is kept at both sizes, and no statement more is needed where rows are many."""
        is_count = self.once.name.endswith(": queries")
        if self.steepest is not None and self.ratio > self.steepest:
            return False
        return self.once.holds and self.grown.holds and not (is_count and self.grown.value > self.once.value)


def figures(turns: int, times: int = TIMES) -> list[Growth]:
    """Measure everything on a copy, then on one with more rows; a database that is not up to date holds nothing."""
    bench.check_up_to_date()
    with scratch.copied():
        once = _measured(turns) + _list_figures(turns)
    _forget()
    with scratch.copied():
        bench_rows.multiply(times)
        bench_rows.lengthen_roster(times)
        grown = _measured(turns)
        bench_rows.multiply(times, bench_rows.LISTED)
        grown += _list_figures(turns)
    _forget()
    return [Growth(*pair) for pair in zip(once, grown, strict=True)]


def _measured(turns: int) -> list[Figure]:
    application = get_wsgi_application()
    return [
        *bench.lesson_figures(application, turns),
        *bench_learning.figures(application, turns),
        *_page_figures(application, turns),
        *bench.voice_figures(application, turns),
    ]


def _list_figures(turns: int) -> list[Figure]:
    """Measure the pages that show a row of each line or pathway, in the country with the most contacts."""
    application, country = get_wsgi_application(), busiest_country()
    figures = []
    for name, route, role in LISTS:
        figures += _both(application, name, address_of(route), cookie_of(role, country), turns)
    return figures + bench_drawing.figures(turns)


def _forget() -> None:
    """Forget what this process knows by heart of the copy: keys and lines that were made in it."""
    forget_month_keys()
    forget_lines()
    forget_heartbeat()


def _page_figures(application, turns: int) -> list[Figure]:
    """Measure the pages of the staff in the country with the most contacts."""
    country = busiest_country()
    heard_here(timezone.now() + timedelta(hours=1))  # no worker runs here; the console is measured as on every day
    figures = []
    for name, route, role in PAGES:
        figures += _both(application, name, address_of(route), cookie_of(role, country), turns)
    _let_one_wait(country)
    return figures + _poll_figures(application, cookie_of("operator", country), turns)


def busiest_country() -> str:
    """Return the country with the most contacts."""
    busiest = Contact.objects.values("country").annotate(many=Count("pk")).order_by("-many").first()
    if busiest is None:
        raise NothingToMeasure
    return busiest["country"]


def _let_one_wait(country: str) -> None:
    """Let one call of the copy wait: the console asks who is on duty only while somebody does, two statements more."""
    newest = Contact.objects.filter(country=country, kind=ContactKind.CALL).order_by("-pk").values("pk")[:1]
    now = timezone.now()
    changes = {"state": State.WAITING, "ended_at": None, "erased_at": None, "claimed_by": None, "queued_at": now}
    Contact.objects.filter(pk__in=list(newest.values_list("pk", flat=True))).update(changed_at=now, **changes)


def _poll_figures(application, cookie: str, turns: int) -> list[Figure]:
    """Measure what an open console asks every 1.8 seconds: where something changed, and where nothing did."""
    address = address_of("hotline:console_live")
    seen = MARK.search(bench.text_of(bench.ask(application, address, cookie=cookie)))
    if seen is None:
        raise bench.Unexpected(address)
    again = f"{address}?{urlencode({'seen': seen[1]})}"
    return [
        *_both(application, "console poll, parts anew", address, cookie, turns),
        *_both(application, "console poll, nothing new", again, cookie, turns, status="204"),
    ]


def address_of(route: str) -> str:
    """Return the address of a route in English."""
    with translation.override("en"):
        return reverse(route)


def cookie_of(role: str, country: str) -> str:
    """Return the cookie of a session of somebody with a role in a country."""
    person = User.objects.with_role(role).filter(country=country).order_by("pk").first()
    if person is None:
        raise NothingToMeasure
    return bench.session_cookie(person)


def _both(application, name: str, address: str, cookie: str, turns: int, *, status: str = "200") -> list[Figure]:
    """Return the statements and the CPU of a page; it takes longer than a lesson, so it is opened less often."""
    answer = bench.ask(application, address, cookie=cookie)
    if not answer.status.startswith(status):
        raise bench.Unexpected(f"{address} {answer.status}")

    def open_it():
        return bench.ask(application, address, cookie=cookie)

    return [
        Figure(f"{name}: queries", bench.most_statements(open_it), ""),
        Figure(f"{name}: CPU", bench.cpu(open_it, max(turns // 4, 1)), "ms"),
    ]
