"""What the lines did, in numbers: counted by day, added up, shown to the team, and withheld from others where they are small."""

import csv
import datetime as dt
import io
from collections import Counter

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import AuditEntry
from hotline import figures, tasks
from hotline.models import Contact, DayFigures, Line
from hotline.queries.figures import Period
from hotline.reports import figures as drawn
from training.queries.small_numbers import told_of

DAY = dt.timedelta(days=1)


def fact(**more):
    return figures.Fact(**({"way": "call", "hour": 9, "language": "en", "outcome": "answered", "waited": 20.0} | more))


def test_a_day_is_counted_by_what_came_when_and_how_it_ended():
    body = figures.counted(
        [fact(), fact(outcome="abandoned", waited=400.0), fact(way="message", outcome="message", waited=None)]
    )

    assert body["ways"] == {"call": 2, "message": 1}
    assert body["hours"][9] == 2
    assert body["outcomes"] == {"answered": 1, "abandoned": 1}
    assert body["answered"] == [0, 1, 0, 0, 0, 0, 0]
    assert body["gave_up"] == [0, 0, 0, 0, 0, 1, 0]
    assert body["languages"]["en"] == {"contacts": 3, "answered": 1, "gave_up": 1, "waits": [0, 1, 0, 0, 0, 0, 0]}


@given(
    st.lists(st.tuples(st.integers(0, 23), st.sampled_from(["en", "fr", ""]), st.floats(0, 5000)), max_size=30),
    st.integers(0, 30),
)
def test_days_added_up_are_all_of_their_contacts(rows, cut):
    facts = [fact(hour=hour, language=code, waited=waited) for hour, code, waited in rows]
    monday = dt.date(2026, 11, 23)

    total = figures.added([(monday, figures.counted(facts[:cut])), (monday + DAY, figures.counted(facts[cut:]))])

    assert total.calls == total.contacts == len(facts) == sum(map(sum, total.heat)) == sum(total.answered)
    assert sum(row.contacts for row in total.languages.values()) == len(facts)
    assert sum(total.heat[0]) == len(facts[:cut])


@pytest.mark.parametrize(
    ("bands", "seconds"),
    [([0] * 7, 0), ([1, 0, 0, 0, 0, 0, 0], 10), ([1, 1, 2, 0, 0, 0, 0], 30), ([0, 0, 0, 1, 0, 0, 2], None)],
)
def test_half_were_answered_within(bands, seconds):
    assert figures.half_within(bands) == seconds


def test_a_small_number_and_what_would_tell_it_are_withheld():
    assert figures.guarded({"en": 40, "fr": 3, "ar": 12, "": 0}, told_of) == {
        "en": 40,
        "fr": None,
        "ar": None,
        "": None,
    }
    assert figures.guarded({"en": 40, "fr": 30, "ar": 0}, told_of) == {"en": 40, "fr": 30, "ar": 0}


def call(line, at, **more):
    known = {
        "line": line, "country_id": line.country_id, "started_at": at, "changed_at": at, "queued_at": at + dt.timedelta(seconds=5),
        "connected_at": at + dt.timedelta(seconds=30), "ended_at": at + dt.timedelta(minutes=5), "language": "en",
        "outcome": "answered", "state": "done", "is_practice": line.is_practice,
    }  # fmt: skip
    return Contact.objects.create(**(known | more))


@pytest.mark.django_db
def test_the_worker_counts_each_day_in_which_a_contact_changed_and_counts_it_anew(line, at):
    Line.objects.update(is_practice=False)
    line.refresh_from_db()
    first, _other = call(line, at - 3 * DAY), call(line, at - DAY, language="fr")
    call(line, at - DAY, is_practice=True)

    tasks.count_figures(at)
    assert {row.day: row.body["ways"] for row in DayFigures.objects.all()} == {
        (at - 3 * DAY).date(): {"call": 1}, (at - DAY).date(): {"call": 1},
    }  # fmt: skip

    later = at + dt.timedelta(minutes=11)
    Contact.objects.filter(pk=first.pk).update(outcome="abandoned", changed_at=later)
    tasks.count_figures(later)
    assert DayFigures.objects.get(day=(at - 3 * DAY).date()).body["outcomes"] == {"abandoned": 1}


@pytest.mark.django_db
def test_more_contacts_than_one_turn_takes_are_counted_in_the_next(line, at, monkeypatch):
    monkeypatch.setattr("hotline.actions.figures.MOST", 2)
    for back in range(6):
        call(line, at - back * DAY)

    for _turn in range(5):
        tasks.count_figures(at)

    assert DayFigures.objects.count() == 6


@pytest.mark.django_db
def test_a_day_is_of_the_lines_country(line, at):
    line.country.time_zone = "Asia/Dhaka"
    line.country.save()
    call(line, at.replace(hour=20))

    tasks.count_figures(at + DAY)

    row = DayFigures.objects.get()
    assert row.day == (at + DAY).date()
    assert row.body["hours"][2] == 1


@pytest.fixture
def counted_line(line, at):
    for back in range(12):
        call(
            line,
            at - back * DAY,
            language="fr" if back < 3 else "en",
            outcome="abandoned" if back == 1 else "answered",
        )
    tasks.count_figures(at)
    return line


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["operator", "supervisor", "manager"])
def test_the_team_reads_hours_waiting_and_languages(
    sign_in, person, liberia, counted_line, at, time_machine, role, django_assert_max_num_queries
):
    time_machine.move_to(at)
    client = sign_in(person(role, country=liberia))
    client.get(reverse("hotline:figures"))

    with django_assert_max_num_queries(18):
        page = client.get(reverse("hotline:figures")).content.decode()

    assert "91 %" in page  # 11 of 12 answered, rounded down
    assert "français" in page
    assert 'class="h5">' in page
    assert "30 seconds" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("since", "until", "today", "weeks"),
    [
        ("2026-11-03", "2026-11-30", 30, {2: "6 days", 9: "", 16: "", 23: "", 30: "1 day"}),
        ("2026-11-02", "2026-11-29", 30, {2: "", 9: "", 16: "", 23: ""}),
        ("2026-11-11", "2026-11-12", 30, {9: "2 days"}),
        ("2026-11-02", "2026-12-31", 17, {2: "", 9: "", 16: "2 days"}),
    ],
)
def test_a_week_that_is_not_whole_says_of_how_many_days_its_number_is(
    sign_in, supervisor, line, at, time_machine, since, until, today, weeks
):
    for day in range(1, today + 1):
        call(line, at.replace(month=11, day=day))
    now = at.replace(month=11, day=today)
    for _turn in range(3):
        tasks.count_figures(now)
    time_machine.move_to(now)

    client, asked = sign_in(supervisor), {"since": since, "until": until}
    page = client.get(reverse("hotline:figures"), asked)
    heads = BeautifulSoup(page.content, "html.parser").select("section[aria-labelledby=weeks] tbody th")

    told = {f"{day} November 2026" + (f" ({part})" if part else "") for day, part in weeks.items()}
    assert {" ".join(head.text.split()) for head in heads} == told
    file = client.post(reverse("hotline:figures_file", args=["csv"]), asked).content.decode("utf-8-sig")
    rows = [row for row in csv.DictReader(io.StringIO(file)) if row["Table"] == "Contacts, by week"]
    assert {row["Row"]: row["Column"] for row in rows} == {f"2026-11-{day:02}": part for day, part in weeks.items()}


def fields(page, form):
    """Return the days that stand in a form of the page."""
    found = BeautifulSoup(page.content, "html.parser").select_one(form)
    return [found.select_one(f"[name={name}]").get("value") for name in ("since", "until")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({"since": "2026-11-03", "until": "2026-12-09"}, ["2026-11-03", "2026-11-30"]),
        ({"until": "2026-12-09"}, ["2026-11-03", "2026-11-30"]),
        ({"until": "2026-11-29"}, ["2026-11-02", "2026-11-29"]),
        ({}, ["2026-11-03", "2026-11-30"]),
    ],
)
def test_the_fields_show_the_period_that_is_counted_up_to_today(
    sign_in, supervisor, line, at, time_machine, asked, shown
):
    today = at.replace(month=11, day=30)
    for back in range(14):
        call(line, today - back * DAY)
    for _turn in range(3):
        tasks.count_figures(today)
    time_machine.move_to(today)

    page = sign_in(supervisor).get(reverse("hotline:figures"), asked)
    main = BeautifulSoup(page.content, "html.parser").find(id="main").text

    assert f"to {int(shown[1][-2:])} November 2026" in " ".join(main.split())
    assert ("9 December 2026" in main, "0 days" in main) == (False, False)
    assert fields(page, "form.filters[method=get]") == fields(page, "form[data-file]") == shown


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"since": "2026-12-05", "until": "2026-12-09"}, "This day has not come yet."),
        ({"since": "2026-12-01"}, "This day has not come yet."),
        ({"since": "2023-01-01"}, "Choose three years at most."),
    ],
)
def test_a_period_wholly_to_come_or_too_long_up_to_today_is_refused_in_words_and_makes_no_file(
    sign_in, supervisor, counted_line, at, time_machine, asked, why
):
    time_machine.move_to(at.replace(month=11, day=30))
    client = sign_in(supervisor)

    page = client.get(reverse("hotline:figures"), asked)

    assert why in page.content.decode()
    assert fields(page, "form.filters[method=get]") == [asked["since"], asked.get("until")]
    assert b"data-file" not in page.content.split(b'id="htcds"')[0]
    assert client.post(reverse("hotline:figures_file", args=["csv"]), asked).status_code == 404


def test_a_week_outside_the_days_counted_says_no_number_of_days():
    total = figures.Figures(weeks=Counter({dt.date(2026, 11, 30): 3, dt.date(2026, 12, 7): 2}))
    told = drawn.weeks(total, Period(dt.date(2026, 11, 3), dt.date(2026, 12, 9)), dt.date(2026, 11, 30))

    assert [bar.part for bar in told] == ["1 day", ""]


@pytest.mark.django_db
def test_a_day_on_which_only_staff_practised_is_a_week_of_nought(sign_in, operator, line, at, time_machine):
    call(line, at, flags="simulated rehearsed")
    tasks.count_figures(at)
    time_machine.move_to(at)

    page = sign_in(operator).get(reverse("hotline:figures"))

    assert (page.status_code, DayFigures.objects.get().body["ways"]) == (200, {})


@pytest.mark.django_db
def test_the_half_is_said_to_be_of_the_answered_calls_where_most_callers_hung_up(
    sign_in, operator, line, at, time_machine
):
    for back in range(12):
        call(line, at - back * DAY, outcome="answered" if back < 3 else "abandoned")
    tasks.count_figures(at)
    time_machine.move_to(at)

    page = sign_in(operator).get(reverse("hotline:figures")).content.decode()

    assert "<dt>of the calls were answered by an operator</dt><dd>25 %</dd>" in page
    assert "<dt>in which half of the answered calls were answered</dt><dd>30 seconds</dd>" in page
    assert '<th scope="col">Half of those answered, within</th>' in page
    assert '<td data-h="Half of those answered, within">30 seconds</td>' in page


@pytest.mark.django_db
def test_who_is_of_another_country_reads_nothing_of_it(sign_in, person, counted_line, at, time_machine):
    time_machine.move_to(at)

    page = sign_in(person("supervisor")).get(reverse("hotline:figures")).content.decode()

    assert '<bdi lang="fr">' not in page


@pytest.mark.django_db
def test_a_period_that_ends_before_it_begins_is_refused_in_words(sign_in, person, liberia, counted_line):
    address = reverse("hotline:figures") + "?since=2026-11-20&until=2026-11-01"

    page = sign_in(person("supervisor", country=liberia)).get(address).content.decode()

    assert "The last day lies before the first one." in page


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_file_is_recorded_and_names_who_took_it(sign_in, person, liberia, counted_line, at, time_machine, kind):
    time_machine.move_to(at)
    client = sign_in(person("supervisor", country=liberia))

    answer = client.post(reverse("hotline:figures_file", args=[kind]), {"since": "2026-11-01", "until": "2026-11-28"})

    assert answer.status_code == 200
    name = f"line-figures-practice-LR-2883-2026-11-01-to-2026-11-25-made-{at:%Y-%m-%d}.{kind}"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert '"since":' in AuditEntry.objects.get(verb="hotline.figures_exported").body.replace(" ", "")
    assert client.post(reverse("hotline:figures_file", args=["exe"])).status_code == 404


@pytest.mark.django_db
def test_the_file_of_practice_lines_says_so_in_its_name(sign_in, person, liberia, counted_line, at, time_machine):
    time_machine.move_to(at)
    client = sign_in(person("supervisor", country=liberia))
    asked = {"since": "2026-11-01", "until": "2026-11-28"}

    names = []
    for is_practice in (True, False):
        Line.objects.update(is_practice=is_practice)
        names.append(client.post(reverse("hotline:figures_file", args=["csv"]), asked)["Content-Disposition"])

    assert ["line-figures-practice-LR-2883-" in name for name in names] == [True, False]
    assert ["practice" in name for name in names] == [True, False]


@pytest.mark.django_db
def test_each_row_of_the_file_names_country_line_and_period_and_no_cell_is_a_formula(
    sign_in, person, liberia, counted_line, at, time_machine
):
    time_machine.move_to(at)
    Line.objects.create(
        country=liberia, number="+2317700001", name="Second", duty_phone="+231770000009", is_practice=True
    )
    supervisor = sign_in(person("supervisor", country=liberia))
    week = {"since": (at - 6 * DAY).date().isoformat(), "until": at.date().isoformat()}

    def rows_of(**asked):
        text = supervisor.post(reverse("hotline:figures_file", args=["csv"]), week | asked).content.decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    both, one = rows_of(), rows_of(line=str(counted_line.public_id))

    told = [row for row in one if row["Table"]]
    assert {tuple(row[head] for head in ("Country", "Line", "From", "Until")) for row in told} == {
        ("Liberia", "2883", week["since"], week["until"])
    }
    assert {"Table": "Contacts, by channel", "Row": "Call", "Column": "", "Number": "7"}.items() <= told[0].items()
    assert {row["Line"] for row in both if row["Table"]} == {"'+2317700001 2883"}
    marks = {row["Country"]: row["Line"] for row in one if not row["Table"]}
    assert marks["Counted on"] == f"{at:%Y-%m-%d %H:%M:%S} Africa/Monrovia"
    assert marks["Exported on"] == f"{at:%Y-%m-%d %H:%M:%S} Africa/Monrovia"


@pytest.mark.django_db
def test_others_are_told_whole_quarters_and_no_small_number(sign_in, person, line, at, time_machine):
    time_machine.move_to(at)
    summer = at.replace(month=8, day=3)
    for number in range(40):
        call(line, summer + number * DAY / 4, language="fr" if number < 3 else "ar" if number < 15 else "en")
    call(line, at)
    tasks.count_figures(at)
    client = sign_in(person("analyst"))

    page = client.get(reverse("hotline:figures_others")).content.decode()

    assert "<dd>40</dd>" in page
    assert ">25</td>" in page
    assert ">3</td>" not in page
    assert ">12</td>" not in page
    assert client.get(reverse("hotline:figures_others") + "?country=zz&quarter=now").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(("asked", "shown"), [("", "LR"), ("?country=HT", "HT"), ("?country=zz", "LR")])
def test_the_figures_for_others_open_on_the_readers_own_country(sign_in, person, line, haiti, asked, shown):
    page = sign_in(person("analyst", country=line.country)).get(reverse("hotline:figures_others") + asked)

    assert page.context["form"].data["country"] == shown


@pytest.mark.django_db
def test_of_fewer_than_ten_nothing_is_told(sign_in, person, line, at, time_machine):
    time_machine.move_to(at)
    call(line, at.replace(month=8))
    tasks.count_figures(at)

    page = sign_in(person("analyst")).get(reverse("hotline:figures_others")).content.decode()

    assert "Fewer than ten contacts in this quarter" in page


@pytest.mark.django_db
def test_where_few_came_by_text_nothing_adds_up_to_the_calls(sign_in, person, line, at, time_machine):
    time_machine.move_to(at)
    for number in range(30):
        call(line, at.replace(month=8) + number * DAY / 4, kind="message" if number < 3 else "call")
    tasks.count_figures(at)

    page = sign_in(person("analyst")).get(reverse("hotline:figures_others")).content.decode()

    assert "<dd>30</dd>" in page
    assert ">27</td>" not in page
    assert "How calls ended" not in page


@pytest.mark.django_db
def test_blocked_calls_stand_in_a_row_of_their_own_on_page_and_file_and_are_withheld_where_few(
    sign_in, supervisor, person, line, at, time_machine
):
    time_machine.move_to(at)
    words, nobody = "Number blocked: not let into the queue", "Found nobody on shift"
    for number in range(40):
        kept_out = {"outcome": "nobody", "flags": "simulated blocked" if number < 3 else "", "queued_at": None}
        call(line, at.replace(month=8) + number * DAY / 4, **(kept_out if number < 15 else {}))
    tasks.count_figures(at)
    asked = {"since": "2026-08-01", "until": "2026-09-30"}

    def rows(page):
        found = BeautifulSoup(page.content, "html.parser").select("section[aria-labelledby=outcomes] tbody tr")
        return {row.th.get_text(strip=True): row.select_one("td.n").get_text(strip=True).split()[0] for row in found}

    client = sign_in(supervisor)
    file = client.post(reverse("hotline:figures_file", args=["csv"]), asked).content.decode("utf-8-sig")
    told = [row for row in csv.DictReader(io.StringIO(file)) if row["Table"] == "How calls ended"]
    numbers = {"Answered by an operator": "25", nobody: "12", words: "3"}
    assert (
        rows(client.get(reverse("hotline:figures"), asked)) == {row["Row"]: row["Number"] for row in told} == numbers
    )
    others = rows(sign_in(person("analyst")).get(reverse("hotline:figures_others")))
    assert others == {"Answered by an operator": "25", nobody: "–", words: "–"}


@pytest.mark.django_db
def test_a_quarter_is_told_when_it_is_over_in_its_country(sign_in, person, line, at, time_machine):
    line.country.time_zone = "America/Port-au-Prince"
    line.country.save()
    call(line, at)
    tasks.count_figures(at)
    analyst = person("analyst")

    def quarters(*instant):
        time_machine.move_to(dt.datetime(2027, 1, 1, *instant, tzinfo=dt.UTC))
        page = sign_in(analyst).get(reverse("hotline:figures_others"))
        return [first for first, _words in page.context["form"].fields["quarter"].choices]

    # 19:30 on 31 December there, then half an hour after its midnight
    assert (quarters(0, 30), quarters(5, 30)) == ([], ["2026-10-01"])
