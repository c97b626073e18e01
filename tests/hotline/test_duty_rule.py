"""The switch of a country by which only who holds a course's certificate is counted on: router and proof alike."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from hotline.actions.rosters import set_duty_rule
from hotline.models import DutyRule, OperatorState
from hotline.queries import forget_lines
from hotline.queries.duty import roster_gaps, targets_now
from hotline.queries.lines import line_by_id
from tests.hotline.rostered import AT, hold, judicial, liberia, school, shift, wednesday

__all__ = ["hold", "judicial", "liberia", "school", "shift", "wednesday"]
pytestmark = [pytest.mark.django_db, pytest.mark.either]
HOUR = dt.timedelta(hours=1)


def kinds(line):
    """What the router finds each hour of the day, which is what the proof tells."""
    forget_lines()
    facts = line_by_id(line.pk)
    gaps = [gap for gap in roster_gaps(line, AT, days=1) if gap.language == "en"]
    found = [targets_now(facts, "en", AT + hours * HOUR).kind for hours in range(12)]
    for hours, kind in enumerate(found):
        now = AT + hours * HOUR
        told = [gap.kind for gap in gaps if gap.starts_at <= now < gap.ends_at]
        assert told == ([] if kind == "speaker" else [kind]), now
    return found


def test_only_who_holds_the_certificate_is_counted_on_where_the_country_asks_for_it(line, operator, hold, judicial):
    OperatorState.objects.filter(user=operator).update(seen_at=None)
    assert kinds(line) == ["speaker"] * 6 + ["nobody"] * 6

    set_duty_rule(country=line.country, course=judicial.pk, key=judicial.key, by=operator, at=AT)
    assert kinds(line) == ["nobody"] * 12
    hold(operator, ends=AT + 3 * HOUR)
    assert kinds(line) == ["speaker"] * 3 + ["nobody"] * 9

    set_duty_rule(country=line.country, course=0, key="", by=operator, at=AT)
    assert kinds(line) == ["speaker"] * 6 + ["nobody"] * 6


def test_who_is_at_work_beside_the_roster_is_judged_alike(line, operator, hold, judicial):
    operator.shifts.all().delete()
    OperatorState.objects.filter(user=operator).update(seen_at=AT)
    set_duty_rule(country=line.country, course=judicial.pk, key=judicial.key, by=operator, at=AT)
    forget_lines()
    assert targets_now(line_by_id(line.pk), "en", AT).kind == "nobody"

    hold(operator, state="refresher_due")

    assert targets_now(line_by_id(line.pk), "en", AT).kind == "speaker"


def test_a_manager_chooses_it_and_nobody_else(sign_in, person, line, operator, judicial):
    door, chosen = reverse("hotline:duty_rule"), {"rule-course": judicial.key}
    for role in ("supervisor", "operator", "administrator"):
        assert sign_in(person(role, country=line.country)).post(door, chosen).status_code == 404
    manager = sign_in(person("manager", country=line.country))
    assert "No course: all operators count" in manager.get(reverse("hotline:trained")).content.decode()
    manager.post(door, chosen)
    assert DutyRule.objects.get().course_id == judicial.pk
    assert manager.post(door, {"rule-course": "nothing"}).status_code == 404

    manager.post(door, {"rule-course": ""})

    assert not DutyRule.objects.exists()
    assert AuditEntry.objects.filter(verb="hotline.duty_rule_set").count() == 2
