"""The budgets, measured in this process through the real WSGI application, on a copy of a database with the demo in it.

CPU is `time.process_time` per request, after a warm-up, with a persistent connection as in production, told at the full
speed of the machine (`bench_pace`). Machines are noisy: what is compared is CPU, bytes, queries and ratios, never seconds
on the wall.

What a process keeps in memory for seconds is either just read or just over when statements are counted, so that no
figure hangs on when it was read last: of a page of the staff the most is told, of a lesson both, calls are counted with
the lines in memory.
"""

import gzip
import io
import math
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from wsgiref.util import setup_testing_defaults

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts.models import Country, User
from accounts.sessions import SessionStore
from cms import bench_pace
from cms.queries import KEPT_KEY
from hotline.queries import forget_lines
from hotline.queries.heartbeat import heard_here
from hotline.queries.lines import memory
from hotline.telephony import traffic
from languages.queries import SWITCHES_KEY
from training.models import Lesson
from training.queries import forget_places

WARM_UP = 20
DRAWS = 20  # of a page's bytes: its tokens compress to a few more or fewer, and the largest is told
ASSET = re.compile(
    r'<(?:link rel="(?:stylesheet|icon)" href|script src)="([^"]+)"|<img(?![^>]*loading="lazy")[^>]*src="([^"]+)"'
)


@dataclass(frozen=True)
class Figure:
    """One measured value and its budget (a maximum), where it has one."""

    name: str
    value: float
    unit: str
    budget: float | None = None

    @property
    def holds(self) -> bool:
        """Tell whether the budget, if there is one, is kept."""
        return self.budget is None or self.value <= self.budget


@dataclass(frozen=True)
class Answer:
    """What came back: status line, headers, body as sent (compressed where the server compresses)."""

    status: str
    headers: dict[str, str]
    body: bytes


class NothingToMeasure(Exception):
    """Raised when the database holds nothing to measure on; its words say what to do."""

    def __init__(self):
        super().__init__(
            "There is nothing to measure in this database yet: run ./fanal demo once, end it with Ctrl-C, "
            "then run ./fanal bench again."
        )


class Unexpected(Exception):
    """Raised when a page does not answer as it should: nothing is measured on a fault. It names the page."""


def ask(
    application, path: str, *, cookie: str = "", method: str = "GET", body: bytes = b"", headers: dict | None = None
) -> Answer:
    """Send one request through the WSGI application and return the whole answer."""
    bare, _mark, query = path.partition("?")
    environ = {"PATH_INFO": bare, "QUERY_STRING": query, "RAW_URI": path, "REQUEST_METHOD": method}
    environ["HTTP_ACCEPT_ENCODING"] = "gzip"
    setup_testing_defaults(environ)
    environ |= {"HTTP_HOST": "127.0.0.1", "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))} | (
        headers or {}
    )
    if cookie:
        environ["HTTP_COOKIE"] = cookie
    held: dict = {}

    def start_response(status, given, exc_info=None):
        held["status"], held["headers"] = status, dict(given)

    answer = application(environ, start_response)
    try:
        return Answer(held["status"], held["headers"], b"".join(answer))
    finally:
        if hasattr(answer, "close"):
            answer.close()


def cpu(act: Callable[[], object], turns: int, before: Callable[[], object] = lambda: None) -> float:
    """Return the median CPU of one turn at full speed, in milliseconds; what is done before each turn is not counted."""
    spent, references = [], []
    for _ in range(WARM_UP):
        before()
        act()
    for _ in range(turns):
        before()
        references.append(bench_pace.reference())
        begun = time.process_time()
        act()
        spent.append(time.process_time() - begun)
    return bench_pace.milliseconds(spent, references)


def session_cookie(user: User) -> str:
    """Return the cookie of a session of a person, signed in with a second factor as the staff must be."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    request = HttpRequest()
    request.session = session
    record_authentication(request, user, "mfa")
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def _assets(application, page: Answer) -> list[Answer]:
    """Return what a browser fetches with the page before anybody scrolls: styles, scripts, icon, eager pictures."""
    text = text_of(page)
    paths = dict.fromkeys(found for pair in ASSET.findall(text) for found in pair if found)
    found = {path: ask(application, path) for path in paths}
    for path, answer in found.items():
        if not answer.status.startswith("200"):
            raise Unexpected(f"{path} {answer.status}")
    return list(found.values())


def text_of(page: Answer) -> str:
    """Return the words of an answer, unpacked."""
    packed = page.headers.get("Content-Encoding") == "gzip"
    return (gzip.decompress(page.body) if packed else page.body).decode()


def expire() -> None:
    """Let all that is kept for seconds be over: the next request reads it anew."""
    cache.delete_many([KEPT_KEY, SWITCHES_KEY])
    for code in Country.objects.values_list("pk", flat=True):
        forget_places(code)
    forget_lines()


def statements(act: Callable[[], object]) -> int:
    """Return how many statements of one turn read or write rows; BEGIN and COMMIT are the transaction itself."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return sum(1 for query in captured.captured_queries if query["sql"].split()[0] not in ("BEGIN", "COMMIT"))


def usual_statements(act: Callable[[], object]) -> int:
    """Return how many statements a page needs right after it was opened: what is kept for seconds is there."""
    expire()
    act()
    return statements(act)


def most_statements(act: Callable[[], object]) -> int:
    """Return the most statements that a page needs, once what is kept for seconds is over; a first start is none."""
    expire()
    act()  # what is written at the very first reading is written here
    expire()
    return statements(act)


def kilobytes(draw: Callable[[], int]) -> float:
    """Return the largest of several draws of some bytes, in KB and rounded up to a tenth."""
    return math.ceil(max(draw() for _ in range(DRAWS)) / 102.4) / 10


def lesson_figures(application, turns: int) -> list[Figure]:
    """Measure a lesson in English and Arabic: cold, the next one, and of a learner who is signed in."""
    lessons = list(Lesson.objects.live().order_by("path")[:2])
    learner = User.objects.with_role("learner").first()
    if len(lessons) < 2 or learner is None:
        raise NothingToMeasure
    figures = []
    for code in ("en", "ar"):
        with translation.override(code):
            path, next_path = lessons[0].get_url(), lessons[1].get_url()
        page = ask(application, path)
        assets = _assets(application, page)
        cookie = session_cookie(learner)
        ask(application, path, cookie=cookie)
        asked = usual_statements(lambda p=path, c=cookie: ask(application, p, cookie=c))
        most = most_statements(lambda p=path, c=cookie: ask(application, p, cookie=c))
        fixed = sum(len(one.body) for one in assets)
        first = kilobytes(lambda p=path, rest=fixed: len(ask(application, p).body) + rest)
        following = kilobytes(lambda p=next_path: len(ask(application, p).body))
        stranger = most_statements(lambda p=path: ask(application, p))
        figures += [
            Figure(f"first lesson, cold, {code}: bytes, compressed", first, "KB", 45),
            Figure(f"first lesson, cold, {code}: requests", 1 + len(assets), "", 6),
            Figure(f"first lesson, cold, {code}, memory over: queries", stranger, "", 8),
            Figure(f"next lesson, {code}: bytes, compressed", following, "KB", 8),
            Figure(f"lesson, signed in, {code}: queries", asked, "", 8),
            Figure(f"lesson, signed in, {code}, memory over: queries", most, "", 8),
            Figure(
                f"lesson, signed in, {code}: CPU",
                cpu(lambda p=path, c=cookie: ask(application, p, cookie=c), turns),
                "ms",
                8,
            ),
        ]
    return figures


def voice_figures(application, turns: int) -> list[Figure]:
    """Measure calls from their first request to the queue; the signing of the requests is not counted."""
    heard_here(timezone.now() + timedelta(hours=1))  # no worker runs here: a call is measured as it goes on every day
    ask(application, **next(traffic.signed_calls([traffic.new_sid()])))
    sids = [traffic.new_sid() for _turn in range(turns + WARM_UP + 1)]
    walks = [
        ("first request", list(traffic.signed_calls(sids))),
        ("key in the language menu", list(traffic.signed_keys(sids, "1"))),
    ]
    figures = []
    for name, requests in walks:
        waiting = iter(requests)
        forget_lines()
        memory()
        asked = statements(lambda posts=waiting: ask(application, **next(posts)))
        figures += [
            Figure(f"voice webhook, {name}: queries", asked, "", 6),
            Figure(f"voice webhook, {name}: CPU", cpu(lambda p=waiting: ask(application, **next(p)), turns), "ms", 2),
        ]
    return figures


def check_up_to_date() -> None:
    """Refuse a database that is not up to date: it holds nothing to measure."""
    steps = MigrationExecutor(connection)
    if steps.migration_plan(steps.loader.graph.leaf_nodes()):
        raise NothingToMeasure
