"""A small school on real input: the judicial course's folder, loaded once for all tests of this room."""

import datetime as dt
import re

import pytest
from django.contrib.auth.models import Group
from django.db import connection, transaction
from wagtail.models import Page, Site

from accounts.models import Country, Office
from cms import editors
from cms.models import FrontPage
from tests.training.once import once
from tests.training.small import small
from tests.training.stories import publish
from training import actions
from training.models import Attempt, Course, Lesson, Progress

AT = dt.datetime(2026, 11, 25, 10, 0, tzinfo=dt.UTC)
COUNTRIES = [("HT", "Haiti", "fr ht", "America/Port-au-Prince"), ("TN", "Tunisia", "ar fr", "Africa/Tunis")]


@pytest.fixture(scope="package")
def school(django_db_setup, django_db_blocker, tmp_path_factory):
    """Front page, two countries and a small judicial course, inside one transaction that is rolled back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        page = FrontPage(title="Fanal", slug="fanal", heading_en="Fanal")
        Page.objects.get(depth=1).add_child(instance=page)
        first = {"hostname": "testserver", "root_page": page, "site_name": "Fanal"}
        Site.objects.update_or_create(is_default_site=True, defaults=first)
        for code, name, languages, zone in COUNTRIES:
            Country.objects.create(
                code=code, name_en=name, slug=name.lower(), language_codes=languages, time_zone=zone
            )
        actions.load_course(small("judicial", tmp_path_factory.mktemp("content")), page, by="test", at=AT)
        connection.check_constraints()  # else PostgreSQL looks at all of these rows anew at the end of each test
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def story_once(school, django_db_blocker):
    """The number of the small story, published in the judicial course."""
    with once(django_db_blocker, lambda: publish(Course.objects.get(key="judicial")).pk) as number:
        yield number


@pytest.fixture
def folder(school, db, tmp_path):
    """The folder of the small judicial course, to be edited."""
    return small("judicial", tmp_path)


@pytest.fixture
def front(school, db):
    """The site's front page."""
    return FrontPage.objects.get()


@pytest.fixture
def countries(school, db):
    """Haiti and Tunisia, whose languages the judicial course speaks."""
    return {country.pk: country for country in Country.objects.all()}


@pytest.fixture
def course(school, db):
    """The judicial course."""
    return Course.objects.get(key="judicial")


@pytest.fixture
def lessons(course):
    """The lessons of the judicial course, in order."""
    return list(Lesson.objects.filter(path__startswith=course.path).order_by("path"))


@pytest.fixture
def official(person, countries):
    """A learner in Haiti."""
    return person("learner", country=countries["HT"], language="fr", name="Official, Haiti")


@pytest.fixture
def later(at):
    """A function that returns an instant some minutes later."""
    return lambda minutes: at + dt.timedelta(minutes=minutes)


@pytest.fixture
def enrolment(official, course, at):
    """The official's enrolment."""
    return actions.enrol(learner=actions.learner_of(official), course=course, country="HT", at=at)


@pytest.fixture
def attempt(client, sign_in, official, enrolment):
    """A test begun by the button on the course's page."""
    sign_in(official)
    response = client.post("/fr/learning/judicial/test/")
    return Attempt.objects.get(public_id=re.search(r"/test/([0-9a-f-]{36})/", response["Location"]).group(1))


@pytest.fixture
def manager(person, countries):
    """A programme manager in Haiti."""
    return person("manager", country=countries["HT"])


@pytest.fixture
def editor(person, countries, sign_in):
    """A client signed in as a manager of Haiti."""
    editors.grant()
    user = person("manager", country=countries["HT"], is_staff=True)
    user.groups.add(Group.objects.get(name="manager"))
    return sign_in(user)


@pytest.fixture
def signed(person, sign_in):
    """A function that signs a person of some role and country in who works in the editor."""

    def enter(role, country=None):
        editors.grant()
        user = person(role, country=country, is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        return sign_in(user)

    return enter


@pytest.fixture
def office(countries):
    """A factory of offices, in Haiti where nothing else is said."""

    def make(name, country="HT", **facts):
        return Office.objects.create(country=countries[country], name=name, **facts)

    return make


@pytest.fixture
def staff(person, course, at):
    """Put people into an office: so many who finished, are under way, have not begun; then count, as the worker does."""

    def fill(office, finished=0, under_way=0, not_begun=0, language="fr", ago=0):
        people = [
            person("learner", country=office.country, office=office) for _n in range(finished + under_way + not_begun)
        ]
        for place, user in enumerate(people[: finished + under_way]):
            enrolment = actions.enrol(learner=actions.learner_of(user), course=course, country="HT", at=at)
            ended = at - dt.timedelta(days=ago)
            done = {"completed_at": ended, "done": 4} if place < finished else {"done": 1}
            Progress.objects.filter(enrolment=enrolment).update(language=language, last_at=ended, **done)
        actions.count_readiness(at=at)
        return people

    return fill
