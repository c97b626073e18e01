"""What the tests of the bench begin with: a database that holds something to measure, and how many rows each table has."""

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.utils import timezone
from wagtail.models import Site

from cms.models import FrontPage
from hotline import queries
from hotline.actions import inbox
from hotline.models import Contact, Line
from hotline.queries.heartbeat import forget_heartbeat
from hotline.telephony.providers import SIMULATED_ACCOUNT
from tests.referral.pathways.forms import may_enter
from tests.training.small import small
from training.actions import enrol, load_course
from training.models import Course, Learner

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)


@pytest.fixture
def measured(transactional_db, root, liberia, person, monkeypatch, tmp_path):
    """What a measurement needs: two lessons, people, a line and a contact. Nothing of the copy stays in memory."""
    monkeypatch.setattr("cms.bench.WARM_UP", 2)
    monkeypatch.setattr("cms.bench.MigrationExecutor.migration_plan", lambda self, targets: [])
    front = root.add_child(instance=FrontPage(title="Fanal", slug="fanal", heading_en="Fanal"))
    Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "testserver", "root_page": front})
    with transaction.atomic():
        load_course(small("judicial", tmp_path), front, by="test", at=timezone.now())
    learner = person("learner", country=liberia)
    enrol(learner=Learner.objects.create(user=learner), course=Course.objects.get(), country="LR", at=timezone.now())
    for role in ("supervisor", "operator"):
        person(role, country=liberia)
    may_enter(person("manager", country=liberia, is_staff=True))
    line = Line.objects.create(
        country=liberia, name="Line", number="2883", numbers="2883", account=SIMULATED_ACCOUNT, language_keys="1:en 2:fr",
        duty_phone="+231770001111", other_number="116", is_practice=True, is_free=True,
    )  # fmt: skip
    Contact.objects.create(line=line, country=liberia, language="fr", state="ended", started_at=AT, changed_at=AT)
    yield
    queries.forget_lines()
    inbox.forget_month_keys()
    forget_heartbeat()


def rows():
    """Return how many rows each table of the database has."""
    found = {}
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{name}"')  # noqa: S608 -- our own names
            found[name] = cursor.fetchone()[0]
    return found
