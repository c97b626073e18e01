"""The demo many times over: what the bench measures at both sizes."""

import pytest
from django.apps import apps
from django.db import connection

from cms import bench_rows
from referral.models import Case
from tests.cms.measuring import rows
from training.models import Learner


@pytest.mark.long
def test_every_table_that_grows_has_so_many_times_its_rows_and_each_row_its_own(begun):
    before, cases = rows(), {case.pk: case.event_count for case in Case.objects.all()}
    learners = Learner.objects.exclude(user=None).count()

    if connection.vendor == "postgresql":  # one statement looks at all constraints, which a busy machine does slowly
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
    bench_rows.multiply(3)

    grown, after = {apps.get_model(label)._meta.db_table for label in bench_rows.GROWING}, rows()
    expected = {name: many * 3 if name in grown else many for name, many in before.items()}
    assert after == expected | {"accounts_user": before["accounts_user"] + 2 * learners}
    connection.check_constraints()
    copies = Case.objects.exclude(pk__in=cases)
    assert len(cases) > 5
    assert sorted(copies.values_list("event_count", flat=True)) == sorted([*cases.values()] * 2)
    assert all(
        case.events.count() == Case.objects.get(pk=case.pk % bench_rows.APART).events.count() for case in copies
    )
