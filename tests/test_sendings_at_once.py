"""Two sendings of one official at once: the second waits for the first, and what both brought is in her progress.

It stands outside its room, whose school is rolled back at the end: no other connection would see it.
"""

import uuid

import pytest
from django.db import connection
from wagtail.models import Site

from accounts.models import Country
from cms.models import FrontPage
from tests.cms.conftest import root  # noqa: F401 -- a fixture
from tests.locks import meanwhile
from tests.training.conftest import COUNTRIES
from tests.training.small import small
from training import actions, progress
from training.choices import Source
from training.models import Course, Event, Progress

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def enrolment(root, person, tmp_path, at):  # noqa: F811 -- the fixture
    """An official's enrolment in a course that stands for other connections too, unlike the school's of this room."""
    page = FrontPage(title="Fanal", slug="fanal", heading_en="Fanal")
    root.add_child(instance=page)
    Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "testserver", "root_page": page})
    code, name, languages, zone = COUNTRIES[0]
    haiti = Country.objects.create(code=code, name_en=name, slug="haiti", language_codes=languages, time_zone=zone)
    actions.load_course(small("judicial", tmp_path), page, by="test", at=at)
    learner = actions.learner_of(person("learner", country=haiti, language="fr"))
    return actions.enrol(learner=learner, course=Course.objects.get(), country="HT", at=at)


def test_two_sendings_of_one_official_at_once_both_count(enrolment, at):
    version = progress.version_of(str(enrolment.version.public_id), enrolment.version.body)

    def send(lesson):
        arrival = actions.Arrival(
            id=uuid.uuid4(), verb="reached", activity=version.lessons[lesson].id, version=version.id, language="fr",
            occurred_at=at, payload={"screen": "end"}, device=uuid.uuid4(), seq=1,
        )  # fmt: skip
        outcomes = actions.record_events(learner=enrolment.learner, arrivals=[arrival], source=Source.WEB, at=at)
        return [one.status for one in outcomes]

    with meanwhile(lambda: send(1)) as told:
        first = send(0)

    assert (first, told) == (["accepted"], [["accepted"]])
    assert Event.objects.count() == 2
    row = Progress.objects.get()
    assert row.done == 2
    assert set(progress.read(row.state)["ended"]) == {lesson.id for lesson in version.lessons[:2]}
