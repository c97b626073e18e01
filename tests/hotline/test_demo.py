"""The demo's day: each kind of contact is there, made through the real doors, the same each time."""

import datetime as dt

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts import demo as people
from accounts.models import User
from accounts.queries import contacts_of
from hotline import demo, queries
from hotline.choices import OFFLINE
from hotline.demo import earlier
from hotline.models import Contact, DayFigures, Line, Message, Shift
from hotline.queries.figures import quarters
from hotline.queries.htcds import records_between
from hotline.queries.outcomes import outcomes_for
from referral import demo as pathways

pytestmark = [pytest.mark.django_db, pytest.mark.either]  # on PostgreSQL the whole demo is loaded by tests/cms/demo


@pytest.fixture(scope="module")
def one_day(django_db_setup, django_db_blocker):
    """The day as it was made once for all tests of this file: how many statements it took; nothing stays after them."""
    at = dt.datetime(2026, 11, 25, 10, 0, tzinfo=dt.UTC)
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr("hotline.queries.lines.KEPT_SECONDS", 3.0)
        people.make(at=at)
        pathways.load_content(at=at)
        pathways.make(at=at)
        connection.queries_log.clear()  # it holds nine thousand
        with CaptureQueriesContext(connection) as statements:
            demo.make(at=at)
        connection.check_constraints()  # else PostgreSQL looks at all of these rows anew at the end of each test
        yield len(statements)
        transaction.set_rollback(True)


@pytest.fixture
def day(one_day, db):
    """What a test does to the day is taken back after the test."""
    return one_day


def test_day_holds_a_contact_of_each_kind(day):
    outcomes = set(Contact.objects.values_list("outcome", flat=True))

    assert {"answered", "voicemail", "callback", "abandoned", "message"} <= outcomes
    assert Contact.objects.filter(is_danger=True, outcome="answered").exists()
    assert Contact.objects.filter(cannot_speak=True, key_answers__question="danger").exists()
    assert not Contact.objects.filter(state="wrap_up").exists()
    assert not Contact.objects.filter(flags__contains="trouble").exists()
    assert not Contact.objects.exclude(flags__contains="simulated").exclude(kind__in=OFFLINE).exists()


def test_one_call_of_the_day_became_a_case_of_the_operator_who_took_it(day):
    contact = Contact.objects.exclude(case=None).get(kind="call")

    assert contact.case.source == "hotline"
    assert contact.legs.filter(user=contact.case.owner).exists()


def test_the_figures_know_no_caller_outside_hours_of_a_line_that_is_always_open(day):
    always, others = set(), set()
    invented = DayFigures.objects.filter(day__lt=dt.date(2026, 11, 24))  # those of the days after it were played
    for row in invented.select_related("line").prefetch_related("line__hours"):
        spans = {one.weekday: (one.opens.hour, one.closes.hour or 24) for one in row.line.hours.all()}
        outside = row.body["outcomes"].get("after_hours", 0)
        opens, closes = spans.get(row.day.weekday(), (0, 0))
        in_hours = sum(row.body["hours"][opens:closes])
        assert in_hours + outside == sum(row.body["hours"]), (row.line.number, row.day)
        (always if set(spans.values()) == {(0, 24)} else others).add((row.line.number, outside > 0))

    assert always == {("2883", False), ("16135", False)}
    assert ("840", True) in others


def test_what_became_of_people_came_back_to_their_operator_and_a_file_of_htcds_can_be_made(day):
    at = dt.datetime(2026, 11, 25, 10, 0, tzinfo=dt.UTC)
    operator = User.objects.get(email="operator.lr@example.org")
    (told,) = outcomes_for(operator, at)
    found = records_between(operator.country, dt.date(2026, 7, 1), dt.date(2026, 9, 30))

    assert (told.closed, told.placed) == (5, 1)
    assert told.kinds == {"helped": 1, "informed": 3, "ended": 1}
    assert [one.first for one in quarters(operator.country, at.date())][:1] == [dt.date(2026, 7, 1)]
    assert len(found.rows) == 11
    assert {row["prs_Gender"] for row in found.rows} == {"Feminine"}
    assert {row["vic_ForcedLabourIndustry"] for row in found.rows} == {""}  # one alone told it
    assert outcomes_for(User.objects.get(email="operator2.lr@example.org"), at) == []


@pytest.mark.parametrize("day_of_year", range(0, 365, 5))
def test_earlier_visits_and_their_closings_are_of_one_quarter_that_is_over_on_each_day_of_a_demo(day_of_year):
    at = dt.datetime(2026, 1, 1, 23, 0, tzinfo=dt.UTC) + dt.timedelta(days=day_of_year)
    latest = earlier.saturday(at)
    quarters = [
        (one.year, (one.month - 1) // 3) for one in (latest - dt.timedelta(weeks=1), latest + dt.timedelta(days=3), at)
    ]

    assert latest.weekday() == 5
    assert quarters[0] == quarters[1] < quarters[2]


def test_lines_roster_and_texts_stand(day, at):
    liberia = Line.objects.get(country_id="LR")

    assert liberia.numbers == "2883 +2312883"
    assert Shift.objects.filter(line=liberia, duty="operator").count() == 24
    assert queries.line_of("LR", at).is_open
    assert set(Message.objects.values_list("direction", "state")) >= {
        ("in", "received"), ("out", "delivered"), ("out", "blocked_by_safety"),
    }  # fmt: skip


def test_number_of_each_line_is_public_and_kept_by_it(day, client):
    for place in people.PLACES:
        line = Line.objects.get(country_id=place.code)
        kept = [one for one in contacts_of(place.code) if one.line == line.public_id]
        page = client.get(f"/en/help/{place.slug}/").content.decode()

        assert [(one.number, one.source_kind) for one in kept] == [(line.number, "demonstration")]
        assert f'href="tel:{line.number}"' in page
        assert queries.line_of(place.code).number == line.number


def test_making_it_again_changes_nothing(day, at):
    before = Contact.objects.count()

    demo.make(at=at)

    assert Contact.objects.count() == before


def test_it_costs_no_more_statements_than_it_needs(day):
    assert day < 8_000


def test_sheets_are_filled_by_who_took_the_call_while_it_lasted(day):
    for contact in Contact.objects.exclude(sheets=None).exclude(kind__in=OFFLINE).distinct():
        told = [(event.kind, event.at) for event in contact.events.order_by("at", "id")]
        kinds = [kind for kind, _at in told]
        saved = [at for kind, at in told if kind == "sheet_saved"]

        assert len(set(saved)) == len(saved) > 1
        assert contact.connected_at < saved[0] < saved[-1] < contact.ended_at
        assert kinds.index("claimed") < kinds.index("connected") < kinds.index("sheet_saved")
        takers = set(contact.legs.filter(role="operator").values_list("user", flat=True))
        assert set(contact.sheets.values_list("saved_by", flat=True)) == takers


def test_a_call_that_became_a_case_was_about_a_referral_and_one_in_danger_about_a_crisis(day):
    case = Contact.objects.exclude(case=None).get(kind="call")

    assert case.topic == "referral"
    assert case.events.get(kind="case_opened").at < case.ended_at
    assert Contact.objects.get(is_danger=True, outcome="answered").topic == "crisis"
