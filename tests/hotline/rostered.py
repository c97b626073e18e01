"""A line whose operators hold certificates: two courses in Liberia, shifts by day and hour, at a fixed instant."""

import datetime as dt

import pytest
from django.db import connection, transaction
from wagtail.models import Page, Site

from accounts.models import Country
from cms.models import FrontPage
from hotline.models import Shift
from tests.training.small import small
from training import actions
from training.models import Course, TrainedSpan

AT = dt.datetime(2026, 11, 25, 10, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def school(django_db_setup, django_db_blocker, tmp_path_factory):
    """Liberia and two courses, of which one is offered there, inside one transaction that is rolled back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        page = FrontPage(title="Fanal", slug="fanal", heading_en="Fanal")
        Page.objects.get(depth=1).add_child(instance=page)
        Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "testserver", "root_page": page})
        zone = "Africa/Monrovia"
        Country.objects.create(code="LR", name_en="Liberia", slug="liberia", language_codes="en", time_zone=zone)
        for key in ("first-responders", "judicial"):
            folder = small(key, tmp_path_factory.mktemp("content"))
            actions.load_course(folder, page, by="test", at=AT - dt.timedelta(days=90))
        connection.check_constraints()  # else PostgreSQL looks at all of these rows anew at the end of each test
        yield
        transaction.set_rollback(True)


@pytest.fixture
def liberia(school, db):
    return Country.objects.get(code="LR")


@pytest.fixture(autouse=True)
def wednesday(time_machine):
    time_machine.move_to(AT, tick=False)
    return time_machine


@pytest.fixture
def judicial(school, db):
    return Course.objects.get(key="judicial")


@pytest.fixture
def closed(line):
    """The line without opening hours, so that nothing but its shifts is told."""
    line.hours.all().delete()
    return line


@pytest.fixture
def hold(judicial):
    """Let somebody hold a certificate that stands as told from a month ago until an instant (None: for good)."""

    def make(user, state="current", ends=None, course=judicial):
        learner = actions.learner_of(user)
        enrolment = actions.enrol(learner=learner, course=course, country="LR", at=AT - dt.timedelta(days=40))
        facts = {"enrolment": enrolment, "course": course, "user": user, "language": "en"}
        TrainedSpan.objects.create(**facts, state=state, begins=AT - dt.timedelta(days=30), ends=ends)
        if ends:
            TrainedSpan.objects.create(**facts, state="lapsed", begins=ends)

    return make


@pytest.fixture
def shift(line):
    """Put somebody on shift on a day of November from an hour to another, which may lie on the next day."""

    def make(user, day, begins, ends, duty="operator", on=line):
        first = dt.datetime(2026, 11, day, begins, tzinfo=dt.UTC)
        last = dt.datetime(2026, 11, day, ends, tzinfo=dt.UTC)
        last += dt.timedelta(days=0 if ends > begins else 1)
        return Shift.objects.create(line=on, user=user, duty=duty, starts_at=first, ends_at=last)

    return make
