"""The demo days and weeks later: each start writes the roster and the checks on to its day, and nothing twice."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry, Country, PublicContact
from accounts.queries import chain_faults
from hotline import queries
from hotline.actions import rosters
from hotline.demo.lines import DAYS_ON
from hotline.models import Contact, Line, Shift
from referral.models import Capacity, Case, Service
from referral.queries.questions import known_values
from training.choices import REVIEW_DAYS

pytestmark = pytest.mark.either

COUNTRIES = ("LR", "HT", "MW", "MZ", "MG", "BD", "TN")
STATEMENTS = 1500  # of a start some weeks later; all of the demo takes ten times as many
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def counts():
    return Shift.objects.count(), AuditEntry.objects.count(), Contact.objects.count(), PublicContact.objects.count()


@pytest.mark.django_db
def test_the_demo_is_as_alive_weeks_later_as_on_its_first_day(begun, time_machine, capsys):
    first = {service.pk: service.assured_date and (begun.date() - service.assured_date) for service in Service.objects.all()}  # fmt: skip
    for days in (8, 40):
        now = begun + days * DAY
        time_machine.move_to(now, tick=False)
        with CaptureQueriesContext(connection) as asked:
            call_command("create_demo")
        once = counts()
        call_command("create_demo")

        assert counts() == once
        assert len(asked) < STATEMENTS
        assert "reach today" in capsys.readouterr().out
        _on_shift(now)
        _checked(now, first)
    assert chain_faults() == []


def _on_shift(now):
    """Somebody is on shift on Liberia's line at each hour of the week to come, on the others while they are open."""
    liberia = Line.objects.get(country="LR")
    for hours in range(0, 24 * (DAYS_ON - 1), 4):
        instant = now + hours * HOUR
        assert (
            Shift.objects.filter(line=liberia, duty="operator", starts_at__lte=instant, ends_at__gt=instant).count()
            == 1
        )
    for line in Line.objects.all():
        week = Shift.objects.filter(line=line, duty="operator", starts_at__gte=now, ends_at__lte=now + 7 * DAY)
        assert len({shift.starts_at.date() for shift in week}) >= 4, line
    assert queries.line_of("LR", now).is_open


def _checked(now, first):
    """Numbers count as checked where pages ask, and what was old on the first day is as old as then, within weeks."""
    since = (now - dt.timedelta(days=REVIEW_DAYS["number"])).date()
    for code in COUNTRIES:
        assert (
            Country.objects.get(pk=code)
            .contacts.filter(kind__in=["hotline", "labour"], checked_at__gte=since)
            .exists()
        )
    for service in Service.objects.all():
        age = service.assured_date and (now.date() - service.assured_date)
        assert age == first[service.pk] or first[service.pk] <= age <= first[service.pk] + 21 * DAY
    assert not Capacity.objects.filter(updated_at__lt=now - 2 * DAY).exists()


@pytest.mark.django_db
def test_what_people_did_to_the_roster_stays(begun, time_machine):
    line = Line.objects.get(country="LR")
    held = Shift.objects.filter(line=line, duty="operator", starts_at__gt=begun + DAY).order_by("starts_at").first()
    mine = Shift.objects.create(line=line, user=held.user, duty="operator", starts_at=begun + 9 * DAY, ends_at=begun + 9 * DAY + HOUR)  # fmt: skip
    rosters.remove_shift(shift=Shift.objects.exclude(pk=mine.pk).order_by("starts_at").last(), by="test", at=begun)
    held.user.is_active = False
    held.user.save(update_fields=["is_active"])
    time_machine.move_to(begun + 8 * DAY, tick=False)

    call_command("create_demo")

    later = Shift.objects.filter(line=line, duty="operator", starts_at__gte=begun + 8 * DAY)
    assert not [one for one in later if one.pk != mine.pk and one.user_id == held.user_id]
    assert not [one for one in later if one.pk != mine.pk and one.starts_at < mine.ends_at and mine.starts_at < one.ends_at]  # fmt: skip


def test_no_case_says_none_of_these_beside_a_need(begun):
    told = [(case.key, known_values(case)) for case in Case.objects.all()]

    for key, facts in told:
        needs = facts.get("needs")
        assert needs != [] or not facts.get("needs_shelter"), key
        assert needs is None or ("shelter" in needs) == bool(facts.get("needs_shelter")), key
        assert needs != [] or key == "demo:closed", key
    assert "demo:first-tn" in dict(told)
