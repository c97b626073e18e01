"""Days on which a line differs: set, taken back, refused, and changed by two people at once."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Country
from hotline.actions import lines
from hotline.queries.lines import days_version

pytestmark = pytest.mark.django_db


def url(line):
    return reverse("hotline:line", args=[line.public_id])


def test_day_that_differs_is_set_and_taken_back(manager, office):
    day = timezone.localdate() + dt.timedelta(days=9)
    add, drop = (reverse(f"hotline:{name}", args=[office.public_id]) for name in ("exception_add", "exception_remove"))

    seen = {"day": day.isoformat(), "version": days_version(office)}
    manager.post(add, seen | {"opens": "10:00", "closes": "12:00", "note": "Fair"})
    assert office.exceptions.get().opens == dt.time(10)
    assert "Fair" in manager.get(url(office)).content.decode()

    manager.post(drop, {"day": day.isoformat(), "version": days_version(office)})
    assert not office.exceptions.exists()
    assert AuditEntry.objects.filter(verb="hotline.exception_dropped").count() == 1


def test_second_of_two_people_who_set_a_day_is_told_and_loses_nothing(manager, office, at):
    day = timezone.localdate() + dt.timedelta(days=9)
    seen = days_version(office)
    assert f'name="version" value="{seen}"' in manager.get(url(office)).content.decode()
    lines.set_exception(line=office, day=day, spans=[], note="Funeral", by="test", at=at, version=seen)
    add = reverse("hotline:exception_add", args=[office.public_id])
    sent = {"day": day.isoformat(), "opens": "08:00", "closes": "12:00", "note": "Half a day"}

    answer = manager.post(add, sent | {"version": seen})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else changed the days of this line meanwhile." in page
    assert "Funeral" in page
    assert 'value="Half a day"' in page
    assert office.exceptions.get().opens is None

    now = days_version(office)
    assert f'name="version" value="{now}"' in page
    assert manager.post(add, sent | {"version": now}).status_code == 302
    assert office.exceptions.get().opens == dt.time(8)


def test_day_changed_meanwhile_is_not_taken_out_unseen(manager, office, at):
    day = timezone.localdate() + dt.timedelta(days=9)
    lines.set_exception(line=office, day=day, spans=[(dt.time(8), dt.time(12))], note="", by="test", at=at)
    seen = days_version(office)
    lines.set_exception(line=office, day=day, spans=[], note="Closed now", by="test", at=at)
    drop = reverse("hotline:exception_remove", args=[office.public_id])

    page = manager.post(drop, {"day": day.isoformat(), "version": seen}, follow=True).content.decode()

    assert "Somebody else changed the days of this line meanwhile." in page
    assert office.exceptions.get().note == "Closed now"


def test_days_are_changed_by_one_person_at_a_time(office, at):
    """PostgreSQL writes rows at once that know nothing of each other; the row of the line is held before."""
    if not connection.features.has_select_for_update:
        pytest.skip("SQLite lets one writer in at a time.")
    day = timezone.localdate() + dt.timedelta(days=9)

    with CaptureQueriesContext(connection) as set_day:
        lines.set_exception(line=office, day=day, spans=[], note="", by="test", at=at)
    with CaptureQueriesContext(connection) as drop_day:
        lines.drop_exception(line=office, day=day, by="test", at=at)

    for captured in (set_day, drop_day):
        held, looked_at = (
            next(place for place, query in enumerate(captured.captured_queries) if words in query["sql"])
            for words in ("FOR NO KEY UPDATE", "hotline_dayexception")
        )
        assert held < looked_at


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"day": "2020-01-01"}, "from today to two years ahead"), ({"day": "2099-01-01"}, "from today to two years"),
        ({"day": "x"}, "Enter a valid date."), ({"opens": "10:00"}, "Write both times, or neither."),
        ({"opens": "10:00", "closes": "09:00"}, "This ends before it begins."),
        ({"note": "x" * 101}, "at most 100 characters"),
    ],
)  # fmt: skip
def test_day_that_cannot_be_is_refused(manager, office, change, words):
    sent = {"day": (timezone.localdate() + dt.timedelta(days=9)).isoformat()} | change

    page = manager.post(reverse("hotline:exception_add", args=[office.public_id]), sent, follow=True).content.decode()

    assert words in page
    assert not office.exceptions.exists()
    assert (
        manager.post(reverse("hotline:exception_remove", args=[office.public_id]), {"day": "2026-99-99"}).status_code
        == 302
    )


def test_a_second_click_on_a_day_is_no_conflict(manager, office):
    day = timezone.localdate() + dt.timedelta(days=9)
    add, drop = (reverse(f"hotline:{name}", args=[office.public_id]) for name in ("exception_add", "exception_remove"))
    sent = {"day": day.isoformat(), "opens": "08:00", "closes": "12:00", "note": "Fair"}
    told = sent | {"version": days_version(office)}

    assert [manager.post(add, told).status_code for _ in range(2)] == [302, 302]
    assert AuditEntry.objects.filter(verb="hotline.exception_set").count() == 1

    gone = {"day": day.isoformat(), "version": days_version(office)}
    for _ in range(2):
        page = manager.post(drop, gone, follow=True)
        assert [str(message) for message in page.context["messages"]][-1] == "The day follows the week again."
    assert not office.exceptions.exists()


def test_a_day_closed_all_day_twice_is_no_conflict_and_another_note_is(manager, office):
    day = timezone.localdate() + dt.timedelta(days=9)
    add = reverse("hotline:exception_add", args=[office.public_id])
    told = {"day": day.isoformat(), "note": "Fair", "version": days_version(office)}

    assert [manager.post(add, told).status_code for _ in range(2)] == [302, 302]
    assert manager.post(add, told | {"note": "Funeral"}).status_code == 409
    assert office.exceptions.get().note == "Fair"


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"])
def test_an_administrator_of_no_country_sets_days_of_the_lines_own_calendar(sign_in, person, office, zone):
    """At every hour one of the two zones has another day than the server."""
    Country.objects.update(time_zone=zone)
    client = sign_in(person("administrator"))
    today = timezone.localdate(timezone=ZoneInfo(zone))
    yesterday = today - dt.timedelta(days=1)
    add = reverse("hotline:exception_add", args=[office.public_id])

    for day in (yesterday, today):
        client.post(add, {"day": day.isoformat(), "note": f"Note of {day}", "version": days_version(office)})
    lines.set_exception(line=office, day=yesterday, spans=[], note="Is over", by="test", at=timezone.now())

    page = client.get(url(office)).content.decode()
    assert (f"Note of {today}" in page, f"Note of {yesterday}" in page, "Is over" in page) == (True, False, False)
