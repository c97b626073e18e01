"""The pages of groups with as many officials: the list of all groups, one group of a hundred members, its attendance."""

from datetime import datetime, timedelta

from django.core.wsgi import get_wsgi_application
from django.urls import reverse
from django.utils import translation

from cms import bench
from cms.bench import Figure
from cms.bench_growth import address_of, cookie_of
from cms.bench_rows import APART, insert_from
from training.models import Cohort, Enrolment, Member, Progress, Session

MEMBERS = 100


def fill(country: str, course: int, officials: int, shift: int, at: datetime) -> None:
    """Let everybody who began a course be in one of its groups, and one group meet now; `shift` is what its rows are numbered from."""
    facts = {"course_id": course, "country_id": country, "begins_on": at.date(), "made_by": "bench", "made_at": at}
    many = -(-officials // MEMBERS)
    Cohort.objects.bulk_create(Cohort(pk=APART + n, name=f"Group {n}", **facts) for n in range(many))
    Session.objects.create(cohort_id=APART, starts_at=at - timedelta(minutes=10), code="483201")
    place = {
        "cohort_id": f"{APART} + (id - {shift + 1}) / {MEMBERS}",
        "number": f"(id - {shift + 1}) %% {MEMBERS} + 1",
    }
    own = {"id": "id", "public_id": None, "enrolment_id": "id", "road": "'office'", "left_at": "NULL"}
    insert_from(Member, {**own, **place, "joined_at": at}, Enrolment, f" AND course_id = {course}")
    _learned(course)


def _learned(course: int) -> None:
    """Let the members of the group that is opened have done what the most advanced official has, where there is one."""
    states = Progress.objects.filter(enrolment__course=course).exclude(state="{}").order_by("-done")
    state = states.values_list("state", flat=True).first()
    if state:
        Progress.objects.filter(enrolment__memberships__cohort=APART).update(state=state)


def figures(country: str, turns: int) -> list[Figure]:
    """Measure the list of groups, and the group that meets: its members, fifty a page, and the ticks of them all."""
    application, cookie = get_wsgi_application(), cookie_of("manager", country)
    cohort = Cohort.objects.get(pk=APART)
    with translation.override("en"):
        group = reverse("training:cohort", args=[cohort.public_id])
        attendance = reverse("training:session", args=[cohort.sessions.get().public_id])
    pages = (("groups", address_of("training:cohorts")), ("group of 100", group), ("attendance of 100", attendance))
    found = []
    for name, address in pages:
        answer = bench.ask(application, address, cookie=cookie)
        if not answer.status.startswith("200"):
            raise bench.Unexpected(f"{address} {answer.status}")

        def open_it(address=address):
            return bench.ask(application, address, cookie=cookie)

        found += [
            Figure(f"{name}: queries", bench.most_statements(open_it), ""),
            Figure(f"{name}: CPU", bench.cpu(open_it, max(turns // 4, 1)), "ms"),
            Figure(f"{name}: bytes, compressed", bench.kilobytes(lambda act=open_it: len(act().body)), "KB"),
        ]
    return found
