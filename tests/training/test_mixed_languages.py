"""Each whole course, finished in as many languages as it speaks, is the same course finished in one."""

import datetime as dt
import uuid

import pytest
from django.db import connection, transaction
from django.utils import translation

from accounts.models import Country
from cms.models import FrontPage
from tests.training.answers import address, from_phone
from tests.training.conftest import AT
from tests.training.small import CONTENT
from training import actions, exchange, progress, queries, scenarios
from training.choices import END, Source
from training.demo.learners import right as right_answer
from training.models import Compiled, Lesson, Progress, Question

pytestmark = pytest.mark.long

OFFERED_IN = {"judicial": "HT", "first-responders": "MZ", "safe-migration": "TN"}
KEPT = ("done", "of", "best", "passed_at", "completed_at")


@pytest.fixture(scope="module")
def loaded(school, django_db_blocker):
    """The three courses, whole, with a country in which the second is on offer; loaded once, and none of it stays."""
    with django_db_blocker.unblock(), transaction.atomic(), translation.override("en"):
        Country.objects.create(code="MZ", name_en="Mozambique", slug="mozambique", language_codes="pt",
                               time_zone="Africa/Maputo")  # fmt: skip
        courses = actions.load_courses(parent=FrontPage.objects.get(), by="test", at=AT)
        connection.check_constraints()  # else PostgreSQL looks at all of these rows anew at the end of each test
        yield {course.key: course for course in courses}
        transaction.set_rollback(True)


@pytest.fixture
def courses(loaded, db):
    """The three courses by their keys."""
    return loaded


def walk(user, course, languages, at):
    """Let somebody take a course, each step in the next of some languages, sent lesson by lesson; return her progress."""
    learner = actions.learner_of(user)
    enrolment = actions.enrol(learner=learner, course=course, country=user.country_id, at=at)
    version = progress.version_of(str(enrolment.version.public_id), enrolment.version.body)
    step, waiting = 0, []

    def spoken():
        nonlocal step
        step += 1
        return languages[step % len(languages)]

    def act(verb, activity, **payload):
        arrival = actions.Arrival(
            id=uuid.uuid4(), verb=verb, activity=activity, version=version.id, language=spoken(),
            occurred_at=at + dt.timedelta(minutes=step), payload=payload,
        )  # fmt: skip
        waiting.append(arrival)

    def send():
        now = at + dt.timedelta(minutes=step)
        results = actions.record_events(learner=learner, arrivals=waiting, source=Source.WEB, at=now)
        assert {result.status for result in results} == {"accepted"}
        waiting.clear()

    for lesson in version.lessons:
        for screen in (*lesson.screens, END):
            act("reached", lesson.id, screen=screen)
        send()
    for story in version.scenarios:
        path = list(scenarios.path_to(story.graph, scenarios.SOUND))
        for choices in range(1, len(path) + 1):
            act("chose", story.id, play=str(uuid.uuid5(uuid.NAMESPACE_URL, user.email)), graph=story.graph_id,
                path=path[:choices])  # fmt: skip
        send()
    ended = at + dt.timedelta(minutes=step + 30)
    attempt = actions.start_attempt(enrolment=enrolment, language=spoken(), at=ended)
    right = {item.id: right_answer(item) for item in queries.items_of(attempt)}
    test = from_phone(actions.handed_in(attempt, right, spoken(), ended))
    actions.record_events(learner=learner, arrivals=[test], source=Source.WEB, at=ended)
    row = Progress.objects.get(enrolment=enrolment)
    return {name: getattr(row, name) for name in KEPT}


def test_every_folder_loads_whole(courses):
    folders = sorted(path for path in CONTENT.iterdir() if path.is_dir())

    assert list(courses) == [path.name for path in folders]
    assert Lesson.objects.live().count() >= 12
    assert all(question.live for question in Question.objects.all())
    for course in courses.values():
        read = exchange.read_course(CONTENT / course.key)
        assert {row.language for row in Compiled.objects.filter(page=course.pk)} == {"en", *read.languages}


@pytest.mark.either
def test_a_course_in_every_language_it_speaks_is_finished_as_in_one(courses, person, at):
    assert set(courses) == set(OFFERED_IN)
    for key, course in courses.items():
        country = Country.objects.get(pk=OFFERED_IN[key])
        languages = sorted(set(Compiled.objects.filter(page=course.pk, part="").values_list("language", flat=True)))
        one = walk(person("learner", country=country, language="en"), course, ["en"], at)
        mixed = walk(person("learner", country=country, language="en"), course, languages, at)

        assert len(languages) > 3
        assert one["done"] == one["of"] > 16
        assert None not in one.values()
        assert mixed == one


def test_a_reader_who_changes_language_at_each_lesson_goes_on_from_where_she_is(courses, person, client, sign_in):
    for key, course in courses.items():
        country = Country.objects.get(pk=OFFERED_IN[key])
        sign_in(person("learner", country=country, language="en"))
        languages = sorted(set(Compiled.objects.filter(page=course.pk, part="").values_list("language", flat=True)))
        lessons = Lesson.objects.live().filter(path__startswith=course.path).order_by("path")
        for place, lesson in enumerate(lessons):
            language = languages[place % len(languages)]
            page = client.get(address(lesson, language))

            assert page.status_code == 200, (key, language, lesson.slug)
            assert f'lang="{language}"' in page.content.decode()
