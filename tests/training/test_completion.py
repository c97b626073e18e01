"""Who finished what: numbers without names, small groups in words, files that are no formulas."""

import csv
import datetime as dt
import io

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry, Country, Office
from training import actions, queries, reports
from training.models import Enrolment, Progress
from training.queries.completion import SMALLEST, Completion, Group

URL = "/en/reports/completion/"


@pytest.fixture
def office(countries):
    """A factory of offices in Haiti."""

    def make(name, country="HT"):
        return Office.objects.create(country=countries[country], name=name)

    return make


@pytest.fixture
def staff(person, course, at):
    """Put people into an office: so many who finished, are under way, have not begun."""

    def fill(office, finished=0, under_way=0, not_begun=0, language="fr", ago=0):
        people = [
            person("learner", country=office.country, office=office) for _n in range(finished + under_way + not_begun)
        ]
        for place, user in enumerate(people[: finished + under_way]):
            enrolment = actions.enrol(learner=actions.learner_of(user), course=course, country="HT", at=at)
            ended = at - dt.timedelta(days=ago)
            done = {"completed_at": ended, "done": 4} if place < finished else {"done": 1}
            Progress.objects.filter(enrolment=enrolment).update(language=language, last_at=ended, **done)
        return people

    return fill


def test_numbers_are_those_of_a_count_by_hand(office, staff, manager, at):
    staff(office("Court A"), finished=6, under_way=3, not_begun=3)
    staff(office("Post B"), finished=5, under_way=1, not_begun=4)

    found = queries.completion(manager, {}, at=at)

    assert [(one.name, one.finished, one.under_way, one.not_begun, one.total) for one in found.groups] == [
        ("Court A", 6, 3, 3, 12), ("Post B", 5, 1, 4, 10),
    ]  # fmt: skip
    assert (found.finished, found.under_way, found.not_begun, found.total) == (11, 4, 7, 22)
    assert [(share.code, share.finished, share.begun) for share in found.languages] == [("fr", 11, 15)]


@pytest.mark.parametrize("group", ["office", "country"])
def test_people_of_a_small_office_are_in_no_number(office, staff, manager, at, group):
    staff(office("Court A"), finished=6, under_way=3, not_begun=3)
    staff(office("Post B"), finished=5, under_way=4)

    found = queries.completion(manager, {"group": group}, at=at)

    assert (found.finished, found.total, found.hidden) == (6, 12, 1)
    assert sum(share.begun for share in found.languages) in {0, 9}
    assert all(one.finished is None for one in found.groups if one.is_hidden)
    assert found.months == ()


def test_the_one_small_language_cannot_be_worked_out_from_the_totals(client, sign_in, office, staff, manager):
    court = office("Court A")
    staff(court, finished=8, under_way=2, language="ar")
    staff(court, finished=3, under_way=3, language="fr")
    sign_in(manager)

    html = client.get(URL).content.decode()

    assert "of 16 officials have finished" in html
    assert "<bdi>العربيّة" not in html
    assert "8 of 10" not in html
    assert "so that none can be worked out" in html


def test_a_small_language_is_hidden_with_the_next_and_the_rest_is_shown(office, staff, manager, at):
    court = office("Court A")
    for language, finished, under_way in (("fr", 20, 10), ("ar", 8, 4), ("ht", 3, 3)):
        staff(court, finished=finished, under_way=under_way, language=language)

    found = queries.completion(manager, {}, at=at)

    assert [(one.code, one.finished, one.begun) for one in found.languages] == [("fr", 20, 30)]
    assert (found.languages_hidden, found.finished + found.under_way) == (2, 48)


def test_no_two_countries_tell_a_small_language_by_their_difference(office, staff, person, countries, at):
    for name, country, few in (("Court A", "HT", 12), ("Cour B", "TN", 6)):
        place = office(name, country)
        staff(place, finished=few - 2, under_way=2, language="fr")
        staff(place, finished=20, under_way=1, language="ar")
        staff(place, finished=14, under_way=1, language="en")
    everywhere = person("analyst")

    def told(**filters):
        return {one.code: one.begun for one in queries.completion(everywhere, filters, at=at).languages}

    assert told(country="HT") == {"ar": 21, "en": 15, "fr": 12}
    assert told(country="TN") == {"ar": 21}
    assert told() == {"ar": 42, "en": 15, "fr": 12}  # of Tunisia only what its own table shows


def test_months_in_which_few_finished_are_counted_together(client, sign_in, office, staff, manager, at, time_machine):
    time_machine.move_to(at)
    court = office("Court A")
    for ago, finished in ((200, 1), (140, 10), (100, 1), (45, 9), (0, 2)):
        staff(court, finished=finished, ago=ago)
    sign_in(manager)

    ever = queries.completion(manager, {}, at=at)
    quarter = queries.completion(manager, {"months": "3"}, at=at)
    page = client.get(URL).content.decode()

    assert [span.count for span in ever.months] == [11, 12]
    assert quarter.months == ()  # the eleven of these months, less the twelve of the span, would be one person
    assert "Months in which fewer than 10 finished are counted together with others." in page
    assert f'<td class="n">{ever.months[0].count}</td>' in page


def test_another_country_is_not_counted(office, staff, manager, at):
    staff(office("Court A"), finished=10)
    staff(office("Cour B", "TN"), finished=12)

    found = queries.completion(manager, {}, at=at)

    assert [one.name for one in found.groups] == ["Court A"]
    assert list(queries.countries_visible_to(manager).values_list("pk", flat=True)) == ["HT"]


def test_a_manager_cannot_ask_for_another_country(client, sign_in, office, staff, manager):
    staff(office("Cour B", "TN"), finished=12)
    sign_in(manager)

    html = client.get(URL, {"country": "TN"}).content.decode()

    assert "Cour B" not in html
    assert "This filter cannot be used as it is." in html


def test_the_page_shows_plots_and_the_same_numbers_as_tables(client, sign_in, office, staff, manager):
    staff(office("Court A"), finished=11, under_way=3, not_begun=3)
    staff(office("Post B"), finished=2)
    sign_in(manager)

    html = client.get(URL).content.decode()

    assert html.count("<svg") - html.count('<svg class="i') >= 4
    assert 'aria-label="11 finished, 3 under way, of 17"' in html
    assert "Hidden: fewer than 10 officials" in html
    assert "style=" not in html
    assert html.count("The same numbers as a table") == 2


def test_the_page_without_anybody_says_so(client, sign_in, manager):
    sign_in(manager)

    assert "No official is counted here yet." in client.get(URL).content.decode()


def test_queries_are_the_same_for_one_and_thirty_offices(client, sign_in, office, staff, manager, person):
    staff(office("Court 0"), finished=10)
    sign_in(manager)

    def count():
        with CaptureQueriesContext(connection) as caught:
            client.get(URL)
        return len(caught)

    count()
    one = count()
    for number in range(1, 30):
        place = office(f"Court {number}")
        for _n in range(SMALLEST):
            person("learner", country=place.country, office=place)

    assert count() == one


@pytest.mark.parametrize(
    ("role", "status"),
    [("manager", 200), ("analyst", 200), ("supervisor", 200), ("trainer", 200), ("learner", 404), ("operator", 404),
     ("translator", 404), ("focal_point", 404)],
)  # fmt: skip
def test_who_may_see_the_numbers(client, sign_in, person, countries, role, status):
    sign_in(person(role, country=countries["HT"]))

    assert client.get(URL).status_code == status


@pytest.mark.parametrize(("role", "status"), [("trainer", 200), ("manager", 200), ("analyst", 404), ("learner", 404)])
def test_who_may_see_names(client, sign_in, person, countries, role, status):
    sign_in(person(role, country=countries["HT"]))

    assert client.get("/en/reports/people/").status_code == status


def test_a_trainer_sees_names_of_her_country_and_no_answers(
    client, sign_in, person, countries, office, staff, course, at
):
    hers = staff(office("Court A"), finished=1)[0]
    other = staff(office("Cour B", "TN"), finished=1)[0]
    sign_in(person("trainer", country=countries["HT"]))

    html = client.get("/en/reports/people/").content.decode()

    assert str(hers) + "</bdi>" in html
    assert str(other) + "</bdi>" not in html
    assert "4 of 4" in html
    assert AuditEntry.objects.filter(verb="training.names_read").count() == 1


def test_no_name_stands_in_the_numbers(client, sign_in, office, staff, manager):
    people = staff(office("Court A"), finished=12)
    sign_in(manager)

    html = client.get(URL).content.decode()

    assert not [user for user in people if user.email in html or f">{user.name}<" in html]


def test_the_page_says_before_the_export_that_the_file_names_who_exports_it(client, sign_in, manager):
    sign_in(manager)

    form = client.get(URL).content.decode().split("Table as CSV")[1].split("</form>")[0]

    assert "Its last rows name you, the time and that entry." in form


def test_the_file_guards_formulas_leaves_out_small_groups_and_is_audited(client, sign_in, office, staff, manager):
    staff(office("=HYPERLINK(1)"), finished=10)
    staff(office("Post B"), finished=3)
    sign_in(manager)

    response = client.post("/en/reports/completion.csv")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))

    assert [row[0] for row in rows[1:3]] == ["'=HYPERLINK(1)", "Post B"]
    assert rows[1][2:] == ["10", "10", "0", "0", "100"]
    assert rows[2][2:] == ["<10", "", "", "", ""]
    entry = AuditEntry.objects.get(verb="training.completion_exported")
    assert entry.actor == str(manager.public_id)
    assert rows[3:5] == [[], ["Exported by", str(manager)]]
    assert [row[0] for row in rows[5:]] == ["Exported on", "Entry in the audit log"]
    assert rows[-1][1] == str(entry.seq)


@pytest.mark.parametrize("role", ["manager", "analyst", "administrator", "supervisor", "trainer"])
def test_the_file_is_offered_to_whom_it_opens(client, sign_in, person, countries, role):
    sign_in(person(role, country=countries["HT"]))

    is_offered = "completion.csv" in client.get(URL).content.decode()

    assert is_offered is (client.post("/en/reports/completion.csv").status_code == 200)
    assert is_offered is (role in {"manager", "analyst", "administrator"})


def test_the_page_says_that_shares_are_rounded_down(client, sign_in, office, staff, manager):
    staff(office("Court A"), finished=4, not_begun=11)
    sign_in(manager)

    html = client.get(URL).content.decode()

    assert "26 %</td>" in html
    assert "Shares are rounded down" in html


def test_a_file_is_not_made_by_a_link(client, sign_in, manager):
    sign_in(manager)

    assert client.get("/en/reports/completion.csv").status_code == 405


def test_bars_fit_their_frame():
    groups = tuple(
        Group("a", (), total, finished, total - finished) for total in (10, 17, 333) for finished in (0, 5, total)
    )
    report = Completion(groups, 0, 0, 0, None, 0, (), (), 0)

    for bar in reports.group_bars(report):
        assert bar.finished + bar.under_way <= reports.BAR_WIDTH + 0.1
        assert all(bar.finished < x < bar.finished + bar.under_way for x in bar.hatches)


@pytest.mark.parametrize(("language", "direction", "name_x", "count_x", "finished_x"), [
    ("en", "ltr", 0, 540, 1), ("ar", "rtl", 540, 0, 540 - 1 - (540 / 12 * 10 - 2)),
])  # fmt: skip
def test_the_name_of_a_bar_begins_where_writing_begins(
    client, sign_in, office, staff, manager, language, direction, name_x, count_x, finished_x
):
    staff(office("Court A"), finished=10, under_way=2)
    sign_in(manager)

    page = BeautifulSoup(client.get(f"/{language}/reports/completion/").content, "html.parser")
    months, languages = page.select("figure svg.plot")
    name, count = languages.select("text")

    assert (name.string, languages.get("direction")) == ("français", direction)
    assert (float(name.get("x")), name.get("text-anchor")) == (name_x, None)
    assert (float(count.get("x")), count.get("text-anchor")) == (count_x, "end")
    assert float(languages.select_one("rect.f")["x"]) == finished_x
    assert months.get("direction") == "ltr"  # time runs one way everywhere


def test_places_and_limits_read_right_in_arabic(client, sign_in, office, staff, manager, countries):
    Country.objects.filter(pk="HT").update(name_ar="هايتي")
    staff(office("Court A"), finished=10)
    staff(office("Post B"), finished=1)
    sign_in(manager)

    by_office = client.get("/ar/reports/completion/").content.decode()
    by_country = client.get("/ar/reports/completion/?group=country").content.decode()

    assert by_office.count("<bdi>هايتي</bdi>") == 2
    assert '<th scope="row"><bdi>هايتي</bdi>' in by_country
    assert '<bdi dir="ltr">&lt;10</bdi>' in by_office
    assert "Haiti" not in by_office.split("<main")[1]


@pytest.mark.parametrize(("language", "head"), [("es", "Proporción"), ("pt", "Proporção"), ("ht", "Pwopòsyon")])
def test_the_last_column_is_a_proportion_not_an_act_of_sharing(
    client, sign_in, office, staff, manager, language, head
):
    staff(office("Court A"), finished=10)
    sign_in(manager)

    page = BeautifulSoup(client.get(f"/{language}/reports/completion/").content, "html.parser")
    table = page.select_one("main table.fold")

    assert table.select("thead th")[-1].string == head
    assert table.select("tbody td")[-1]["data-h"] == head


@pytest.mark.parametrize(("days", "middle"), [((1,) * 5 + (9,) * 6, 9), ((1,) * 5 + (9,) * 5, 5), ((3,) * 9, None)])
def test_the_median_is_that_of_the_days_they_took(office, staff, manager, at, days, middle):
    people = staff(office("Court A"), finished=len(days), not_begun=3)
    for user, took in zip(people, days, strict=False):
        rows = Progress.objects.filter(enrolment__learner__user=user)
        rows.update(completed_at=at)
        Enrolment.objects.filter(learner__user=user).update(started_at=at - dt.timedelta(days=took, hours=5))

    assert queries.completion(manager, {}, at=at).median_days == middle
