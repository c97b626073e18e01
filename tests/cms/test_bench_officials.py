"""The bench of the reports: officials, groups and what they learned, made for it and gone afterwards."""

import pytest
from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from cms import bench_officials, bench_rows, scratch
from tests.cms.measuring import measured, rows
from training.actions import count_readiness
from training.models import Member, OfficeCount, OfficePeople, TrainedSpan

__all__ = ["measured"]


@pytest.mark.long
def test_the_reports_are_measured_with_rows_made_for_it_and_none_is_left(measured):
    before = rows()

    found = {one.once.name: one for one in bench_officials.figures(30, 4)}

    assert found["manager's dashboard: queries"].grown.value == found["manager's dashboard: queries"].once.value
    steepest = bench_officials.STEEPEST if connection.vendor == "postgresql" else None
    assert found["manager's dashboard: clock"].steepest == found["completion: clock"].steepest == steepest
    assert found["readiness on a past day: clock"].steepest is None
    assert {f"{page}: {what}" for page in ("groups", "group of 100", "attendance of 100")
            for what in ("queries", "CPU", "bytes, compressed")} < found.keys()  # fmt: skip
    assert all(one.holds for name, one in found.items() if name.endswith(": queries")), found
    assert rows() == before


def test_the_made_officials_work_in_offices_and_stand_as_told(measured):
    with scratch.copied():
        bench_officials.fill("LR", 300)
        count_readiness(at=timezone.now())
        counts = OfficeCount.objects.filter(country="LR", office__gte=bench_rows.APART)
        numbers = counts.aggregate(begun=Sum("begun"), finished=Sum("finished"), current=Sum("current"))

        assert counts.values("course").distinct().count() == bench_officials.COURSES
        assert numbers == {"begun": 3000, "finished": 2000, "current": 1600}
        assert TrainedSpan.objects.count() == 2000
        people = OfficePeople.objects.filter(office__gte=bench_rows.APART)
        assert people.count() == bench_officials.OFFICES
        assert people.aggregate(begun=Sum("begun"), finished=Sum("finished")) == {"begun": 300, "finished": 300}
        assert Member.objects.filter(cohort__gte=bench_rows.APART).values("cohort").distinct().count() == 3
