"""Near midnight a day of the school is that of the country; where countries share a number it is that of UTC."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.models import Country, Office
from tests.training.answers import address
from tests.training.finishing import finish
from training import actions, queries, urls
from training.choices import REVIEW_DAYS
from training.models import Certificate, Overlay, Progress
from training.printing import certificate

EVENING = dt.datetime(2026, 11, 26, 2, 30, tzinfo=dt.UTC)  # 21:30 on the 25th in Haiti, already the 26th in UTC
NIGHT = dt.datetime(2026, 11, 25, 20, 30, tzinfo=dt.UTC)  # 02:30 on the 26th in Dhaka, still the 25th in UTC
DAY = dt.timedelta(days=1)


# Addresses that have no clock of their own, by the reason.
BY_UTC = {  # numbers of many countries are counted by UTC, and their pages and files say so
    "reports", "readiness", "dropoff", "freshness", "report_file", "completion", "completion_csv", "completion_xlsx",
    "statements", "gates", "figures",
}  # fmt: skip
OF_THE_PAPER = {"certificate_pdf", "certificate_badge", "verify"}  # its dates are those of its certificate's country
FOR_PHONES = {  # the same bytes for everybody, or a machine's door
    "kept_index", "kept_lists", "kept_wipe", "kept_course", "kept_test", "kept_story", "kept_lesson", "keep_manifest",
    "webmanifest", "worker", "progress", "erased", "attendance", "clip", "captions", "did", "status_list",
}  # fmt: skip
DAYS_ALONE = {"aide", "scenario", "scenario_cards", "scenario_debrief"}  # days of its texts, as they are stored
NO_TIME = {
    "catalogue", "move", "choose_track", "go_on", "keep", "begin", "open_code", "new_code", "claim", "erase", "waiting",
    "wipe", "certificate_name", "join", "text_number", "close_joining", "members_file", "confirm_members", "add_office",
    "take_out", "take_back", "drop_session", "waive", "unwaive", "allow_attempt", "questions", "confirm_questions",
    "outline", "look", "type_code",
}  # fmt: skip


def test_each_address_has_a_clock_or_is_among_those_that_need_none():
    addresses = [*urls.urlpatterns, *urls.plain_patterns]
    without = {one.name for one in addresses if not getattr(one.callback, "has_clock", False)}

    assert without == BY_UTC | OF_THE_PAPER | FOR_PHONES | DAYS_ALONE | NO_TIME


@pytest.fixture(
    params=[("America/Port-au-Prince", EVENING), ("Asia/Dhaka", NIGHT)],
    ids=["Haiti", "Dhaka"],
)
def there(request, countries, time_machine):
    """An instant at which the country has another day than the server, and that day."""
    zone, instant = request.param
    Country.objects.filter(pk="HT").update(time_zone=zone)
    time_machine.move_to(instant)  # it ticks: rows are known by when they were built
    return instant, instant.astimezone(ZoneInfo(zone)).date()


@pytest.mark.parametrize(("ago", "is_overdue"), [(-1, False), (0, False), (1, True), (2, True)])
def test_an_entry_of_law_is_overdue_when_its_day_is_over_in_its_country(
    client, lessons, person, there, ago, is_overdue
):
    instant, today = there
    entry = Overlay.objects.filter(country="HT", slot="definition").first()
    entry.review_at = today - ago * DAY
    entry.save()
    actions.overlay_changed(overlay=entry, by=person("manager"), at=instant)

    page = client.get(address(lessons[0], query="?country=HT")).content.decode()

    assert ("Check overdue" in page) is is_overdue


def test_an_entry_grows_overdue_at_midnight_of_its_country_though_the_lesson_is_in_memory(
    client, lessons, person, there, time_machine
):
    instant, today = there
    entry = Overlay.objects.filter(country="HT", slot="definition").first()
    entry.review_at = today
    entry.save()
    actions.overlay_changed(overlay=entry, by=person("manager"), at=instant)
    where = address(lessons[0], query="?country=HT")
    before = client.get(where).content.decode()
    zone = ZoneInfo(Country.objects.get(pk="HT").time_zone)
    time_machine.move_to(dt.datetime.combine(today + DAY, dt.time(0, 1), zone), tick=False)

    after = client.get(where).content.decode()

    assert ("Check overdue" in before, "Check overdue" in after) == (False, True)


def test_a_manager_reads_when_a_learner_was_here_by_the_clock_of_her_country(
    client, sign_in, person, countries, enrolment, there
):
    instant, today = there
    Progress.objects.filter(enrolment=enrolment).update(last_at=instant)
    sign_in(person("manager", country=Country.objects.get(pk="HT")))

    page = client.get("/en/reports/people/").content.decode()

    assert f"{today.day} November 2026" in page
    assert f"{instant.day} November 2026" not in page


def test_a_learner_reads_when_she_finished_by_the_clock_of_her_country(
    client, sign_in, person, countries, course, there
):
    instant, today = there
    reader = person("learner", country=Country.objects.get(pk="HT"))
    enrolment = actions.enrol(learner=actions.learner_of(reader), course=course, country="HT", at=instant)
    Progress.objects.filter(enrolment=enrolment).update(completed_at=instant)
    sign_in(reader)

    page = client.get("/en/learning/").content.decode()

    assert f"{today.day} November 2026" in page
    assert f"{instant.day} November 2026" not in page


@pytest.mark.parametrize(("days", "is_fresh"), [(REVIEW_DAYS["number"], True), (REVIEW_DAYS["number"] + 1, False)])
def test_a_number_is_checked_long_ago_by_the_clock_of_its_country(countries, course, manager, there, days, is_fresh):
    instant, today = there
    haiti = Country.objects.get(pk="HT")
    haiti.contacts.create(kind="hotline", name_en="Hotline", number="840", checked_at=today - days * DAY)

    (row,) = [row for row in queries.gates(manager, "en", at=instant) if row.country == haiti]

    assert ("no_hotline" not in {fault.code for fault in row.faults}) is is_fresh


@pytest.mark.parametrize("zone", ["America/Port-au-Prince", "Asia/Dhaka"])
def test_months_of_the_report_are_those_of_utc_whoever_reads_them(countries, course, person, manager, zone):
    court = Office.objects.create(country=countries["HT"], name="Court A")
    edges = [dt.datetime(2026, 11, 1, 0, 30, tzinfo=dt.UTC), dt.datetime(2026, 10, 31, 23, 30, tzinfo=dt.UTC)]
    for ended in edges:
        for _one in range(10):
            learner = actions.learner_of(person("learner", country=countries["HT"], office=court))
            enrolment = actions.enrol(learner=learner, course=course, country="HT", at=ended)
            Progress.objects.filter(enrolment=enrolment).update(language="fr", completed_at=ended, last_at=ended)

    with timezone.override(zone):
        actions.count_readiness(at=NIGHT)
        found = queries.completion(manager, {})

    assert [(span.first, span.count) for span in found.months] == [
        (dt.date(2026, 10, 1), 10),
        (dt.date(2026, 11, 1), 10),
    ]


def test_a_certificate_bears_one_day_on_its_paper_on_its_page_and_for_its_holder(
    client, sign_in, person, countries, course, there
):
    instant, today = there
    holder = person("learner", country=Country.objects.get(pk="HT"), name="Amina")
    finish(holder, course, instant)
    row = Certificate.objects.filter(kind="achievement").get()
    verified = client.get(f"/en/verify/{row.code}/").content.decode()
    sign_in(holder)
    held = client.get("/en/learning/certificates/").content.decode()
    with timezone.override(ZoneInfo(Country.objects.get(pk="HT").time_zone)):
        printed = certificate._day(instant)

    assert printed == f"{today.day} November 2026"
    assert [page.count(printed) >= 2 for page in (verified, held)] == [True, True]  # finished and issued on
