"""The manager's reports with many officials: rows made in a scratch copy, at a size and at ten times as many.

All of them work in one country, in as many offices at both sizes, and have begun ten courses each. How much longer a report
may take at the second size is budgeted for PostgreSQL: a thousand officials, as SQLite begins with, are so few an office
that nothing of them is told, and the report is shorter for it.
"""

import statistics
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.core.wsgi import get_wsgi_application
from django.db import connection, models, transaction
from django.utils import timezone
from wagtail.models import Page

from accounts.models import Office, User
from cms import bench, bench_groups, bench_pace, scratch
from cms.bench import Figure, NothingToMeasure
from cms.bench_growth import Growth, address_of, busiest_country, cookie_of
from cms.bench_rows import APART, copy_row, insert_from
from training import actions
from training.models import Compiled, Course, CourseVersion, Enrolment, Learner, Progress, TrainedSpan

TIMES, COURSES, OFFICES = 10, 10, 200
MOST_MS, STEEPEST = 300, 1.3
BETWEEN = 10_000_000  # between the numbers of one course's rows and the next
# What is read from counts that were made ahead: its name, its route, what is asked, and whether the budget holds for it.
PAGES = (
    ("manager's dashboard", "training:reports", "", True),
    ("completion", "training:completion", "", True),
    ("completion, one course, three months", "training:completion", "?course={course}&months=3&group=country", True),
    ("readiness, now", "training:readiness", "", True),
    ("where people stop", "training:dropoff", "", True),
    ("readiness on a past day", "training:readiness", "?day={day}", False),
)


def figures(officials: int, turns: int) -> list[Growth]:
    """Measure the reports with so many officials, and with ten times as many; the database stays as it is."""
    bench.check_up_to_date()
    sizes = []
    for many in (officials, officials * TIMES):
        with scratch.copied():
            country = busiest_country()
            fill(country, many)
            sizes.append([*_counting(), *_pages(country, turns), *bench_groups.figures(country, turns)])
    steep = {name for name, _route, _query, is_budgeted in PAGES if is_budgeted and connection.vendor == "postgresql"}
    return [
        Growth(once, grown, STEEPEST if once.budget and once.name.partition(":")[0] in steep else None)
        for once, grown in zip(*sizes, strict=True)
    ]


def _counting() -> list[Figure]:
    """Count as the worker does hour by hour, once."""
    begun = time.perf_counter()
    actions.count_readiness(at=timezone.now())
    return [Figure("the worker's count, each hour: clock", round((time.perf_counter() - begun) * 1000, 1), "ms")]


def _pages(country: str, turns: int) -> list[Figure]:
    application, cookie = get_wsgi_application(), cookie_of("manager", country)
    day, course = timezone.now().date() - timedelta(days=100), Course.objects.live().order_by("path").first().key
    found = []
    for name, route, query, is_budgeted in PAGES:
        address = address_of(route) + query.format(day=day, course=course)
        answer = bench.ask(application, address, cookie=cookie)
        if not answer.status.startswith("200"):
            raise bench.Unexpected(f"{address} {answer.status}")

        def open_it(address=address):
            return bench.ask(application, address, cookie=cookie)

        often = max(turns // 4, 1) if is_budgeted else 3
        spent, cpu = _spent(open_it, often, bench.WARM_UP if is_budgeted else 1)
        found += [
            Figure(f"{name}: queries", bench.most_statements(open_it), ""),
            Figure(f"{name}: clock", spent, "ms", MOST_MS if is_budgeted else None),
            Figure(f"{name}: CPU", cpu, "ms"),
        ]
    return found


def _spent(act: Callable[[], object], turns: int, warm_up: int) -> tuple[float, float]:
    """Return the median clock of one turn, PostgreSQL's server in it, and its median CPU at full speed, in milliseconds."""
    for _ in range(warm_up):
        act()
    clocks, cpus, references = [], [], []
    for _ in range(turns):
        references.append(bench_pace.reference())
        begun, worked = time.perf_counter(), time.process_time()
        act()
        clocks.append(time.perf_counter() - begun)
        cpus.append(time.process_time() - worked)
    return round(statistics.median(clocks) * 1000, 2), bench_pace.milliseconds(cpus, references)


@transaction.atomic
def _make(country: str, officials: int) -> None:
    now = timezone.now()
    courses = _courses()
    _offices(country)
    _people(country, officials)
    for number, course in enumerate(courses):
        _learning(number, course, now - timedelta(days=30 * number))
    bench_groups.fill(country, courses[0], officials, APART + BETWEEN, now)


def fill(country: str, officials: int) -> None:
    """Make offices, officials and courses, and let everybody have begun every course; two of three have finished."""
    _make(country, officials)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _courses() -> list[int]:
    """Return the pages of as many courses as are wanted, the first one copied where there are fewer."""
    found = list(models.QuerySet(Course).filter(live=True).order_by("path").values_list("pk", flat=True))
    if not found:
        raise NothingToMeasure
    path = Page.objects.values_list("path", flat=True).get(pk=found[0])
    for number in range(len(found), COURSES):
        page = APART + number
        own = {"path": f"'{path[:-4]}Z{number:03}'", "slug": f"'bench-{number}'", "translation_key": None}
        copy_row(Page, found[0], {"id": str(page), "url_path": f"'/bench-{number}/'", **own})
        copy_row(Course, found[0], {"page_ptr_id": str(page), "key": f"'bench-{number}'"})
        for compiled in Compiled.objects.filter(page=found[0]).values_list("pk", flat=True):
            copy_row(Compiled, compiled, {"id": str(APART * (number + 1) + compiled), "page_id": str(page)})
        found.append(page)
    return found[:COURSES]


def _offices(country: str) -> None:
    first = Office.objects.filter(country=country).values_list("pk", flat=True).first()
    own = Office.objects.create(country_id=country, name="Office 0").pk if first is None else first
    copy_row(Office, own, {"id": f"{APART} + i - 1", "name": "'Office ' || i"}, OFFICES)


def _people(country: str, officials: int) -> None:
    template = User.objects.with_role("learner").values_list("pk", flat=True).first()
    if template is None:
        raise NothingToMeasure
    place = {"office_id": f"{APART} + i %% {OFFICES}", "country_id": f"'{country}'", "roles": "',learner,'"}
    own = {"id": f"{APART} + i", "email": "'bench' || i || '@example.org'", "public_id": None, **place}
    copy_row(User, template, own, officials)
    without = dict.fromkeys(("code_hmac", "country_id", "used_at", "merged_into_id", "erased_at"), "NULL")
    insert_from(Learner, {"id": "id", "public_id": None, "user_id": "id", "code_key": "''", **without}, User)


# Up to three hundred days more, so that there is something to take the median of.
_DAYS_BEFORE = {
    "postgresql": "{started_at} - (id %% 300) * interval '1 day'",
    "sqlite": "datetime({started_at}, '-' || (id %% 300) || ' days')",
}


def _learning(number: int, course: int, at: datetime) -> None:
    """Let every official have begun a course, two of three finished at an instant, the rest of them half way."""
    version = CourseVersion.objects.values_list("pk", flat=True).first()
    shift = (number + 1) * BETWEEN
    place = {"learner_id": "id", "course_id": str(course), "version_id": str(version), "merged_into_id": "NULL"}
    own = {"id": f"id + {shift}", **place}
    began = {"started_at": at - timedelta(days=20)}
    insert_from(Enrolment, {**own, "public_id": None, "started_at": _DAYS_BEFORE[connection.vendor]}, Learner, **began)
    only = f" AND course_id = {course}"
    done = {name: f"CASE WHEN id %% 3 = 0 THEN NULL ELSE {{{name}}} END" for name in ("passed_at", "completed_at")}
    language = "CASE WHEN id %% 4 = 0 THEN 'en' ELSE 'fr' END"
    counts = {"fold": "2", "state": "'{}'", "sha256": "''", "done": "3", "of": "9", "best": "8", "seconds": "60"}
    row = {"id": "id", "enrolment_id": "id", **counts, **done, "language": language, "track": "''", "last_at": at}
    insert_from(Progress, {**row, "spans_due": "FALSE"}, Enrolment, only, passed_at=at, completed_at=at)
    state = "CASE WHEN id %% 10 = 1 THEN 'lapsed' WHEN id %% 10 = 2 THEN 'refresher_due' ELSE 'current' END"
    span = {"id": "id", "enrolment_id": "id", "course_id": "course_id", "user_id": "learner_id", "language": language}
    held = {"state": state, "begins": at, "ends": "NULL", "minutes": "12"}
    insert_from(TrainedSpan, span | held, Enrolment, f"{only} AND id %% 3 <> 0")
