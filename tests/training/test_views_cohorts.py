"""The pages of groups: the trainer's list, group, members, sessions and sheet; the learner's code, group and number."""

import datetime as dt

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry, Office
from tests.training.cohorts import cohort, member, session, trainer
from tests.training.sheets import pages_of
from training import actions, printing, queries
from training.choices import Road
from training.drawing import faces
from training.models import Cohort, Event, TextNumber

__all__ = ["cohort", "member", "session", "trainer"]


@pytest.fixture(autouse=True)
def clock(at):
    """Stand at the instant of the tests."""
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def trains(sign_in, trainer):
    """A client signed in as the trainer."""
    return sign_in(trainer)


def page_of(cohort):
    return reverse("training:cohort", args=[cohort.public_id])


def of_session(session, name="session"):
    return reverse(f"training:{name}", args=[session.public_id])


def words(response):
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


def shown(response):
    return BeautifulSoup(response.content, "html.parser")


def new(**fields):
    return {"name": "Second group", "course": "judicial", "begins_on": "2026-12-01", "due_on": "2026-12-20"} | fields


def test_a_trainer_makes_a_group_and_finds_it_in_her_list(trains, trainer, course):
    made = trains.post("/en/groups/new/", new(trainers=[trainer.pk], languages=["fr", "ht"]), follow=True)

    row = Cohort.objects.get()
    assert (row.name, row.country_id, row.languages, list(row.trainers.all())) == (
        "Second group", "HT", ["fr", "ht"], [trainer],
    )  # fmt: skip
    assert "The group is made" in words(made)
    assert "Second group" in words(trains.get("/en/groups/"))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": ""}, "This field is required"),
        ({"course": "none"}, "Select a valid choice"),
        ({"trainers": []}, "Choose at least one trainer"),
        ({"due_on": "2026-11-01"}, "before the beginning"),
        ({"begins_on": "1999-01-01"}, "between 2020 and 2100"),
        ({"name": "a\x00b"}, "Null characters"),
    ],
)
def test_a_group_that_cannot_be_is_refused_with_the_reason(trains, trainer, course, change, told):
    response = trains.post("/en/groups/new/", new(trainers=[trainer.pk]) | change)

    assert response.status_code == 422
    assert told in words(response)
    assert not Cohort.objects.exists()


def test_a_trainer_of_another_country_is_no_choice(trains, person, countries, course):
    stranger = person("trainer", country=countries["TN"])

    response = trains.post("/en/groups/new/", new(trainers=[stranger.pk]))

    assert response.status_code == 422
    assert not Cohort.objects.exists()


def test_a_group_keeps_its_office_though_that_was_closed(trains, trainer, cohort, countries, at):
    cohort.office = Office.objects.create(country=countries["HT"], name="Court A", kind="court", closed_at=at)
    cohort.save()
    Office.objects.create(country=countries["HT"], name="Court B", kind="court", closed_at=at)
    address = reverse("training:change_cohort", args=[cohort.public_id])

    page = BeautifulSoup(trains.get(address).content, "html.parser").find("select", {"name": "office"})
    given = {"name": "Clerks", "begins_on": "2026-11-18", "trainers": [trainer.pk], "office": cohort.office_id}
    response = trains.post(address, given)

    assert page.find("option", selected=True).text == "Court A"
    assert "Court B" not in page.text
    assert response.status_code == 302
    cohort.refresh_from_db()
    assert cohort.office.name == "Court A"


def test_who_has_given_the_group_to_others_lands_on_the_list(trains, cohort, person, countries):
    other = person("trainer", country=countries["HT"])

    response = trains.post(
        reverse("training:change_cohort", args=[cohort.public_id]),
        {"name": "Clerks", "begins_on": "2026-11-18", "trainers": [other.pk]},
    )

    assert response["Location"] == "/en/groups/"
    assert Cohort.objects.get().name == "Clerks"


@pytest.mark.parametrize("who", ["other_trainer", "foreign_manager", "learner"])
def test_nobody_else_opens_a_group_or_its_session(sign_in, person, countries, cohort, session, member, official, who):
    user = {
        "other_trainer": lambda: person("trainer", country=countries["HT"]),
        "foreign_manager": lambda: person("manager", country=countries["TN"]),
        "learner": lambda: official,
    }[who]()
    client = sign_in(user)
    doors = [
        page_of(cohort),
        *(of_session(session, name) for name in ("session", "change_session", "attendance_sheet")),
    ]
    doors += [
        reverse(f"training:{name}", args=[cohort.public_id])
        for name in ("change_cohort", "members_file", "new_session")
    ]
    posts = [of_session(session), of_session(session, "take_back"), of_session(session, "drop_session")]
    posts += [reverse(f"training:{name}", args=[cohort.public_id]) for name in (
        "open_joining", "close_joining", "confirm_members", "add_office",
    )]  # fmt: skip
    posts.append(reverse("training:take_out", args=[cohort.public_id, member.public_id]))

    assert {client.get(door).status_code for door in doors} == {404}
    assert {client.post(door).status_code for door in posts} == {404}


def test_a_manager_opens_the_groups_of_her_country(sign_in, manager, cohort, session):
    client = sign_in(manager)

    assert "Court clerks" in words(client.get("/en/groups/"))
    assert client.get(page_of(cohort)).status_code == 200
    assert client.get(of_session(session)).status_code == 200


def test_the_page_says_each_state_as_a_word_beside_its_shape_and_is_recorded(trains, cohort, member, session):
    response = trains.get(page_of(cohort))

    cells = shown(response).select(".cohort-grid td.cell")
    assert {cell.get_text(strip=True) for cell in cells} == {"Not begun"}
    assert all(cell.svg is not None for cell in cells)
    assert "Official, Haiti" in words(response)
    assert [one.get_text() for one in shown(response).select(".cohort-facts bdi[lang]")] == [
        "français",
        "Kreyòl ayisyen",
    ]
    assert AuditEntry.objects.filter(verb="training.names_read").count() == 1


def test_the_page_costs_the_same_for_one_member_and_for_many(
    trains, cohort, member, session, person, countries, trainer, at, django_assert_num_queries
):
    trains.get(page_of(cohort))
    with django_assert_num_queries(16):
        trains.get(page_of(cohort))
    people = [person("learner", country=countries["HT"]) for _place in range(9)]
    actions.add_members(cohort=cohort, users=people, road=Road.FILE, by=trainer, at=at)

    with django_assert_num_queries(16):
        response = trains.get(page_of(cohort))

    assert len(shown(response).select(".cohort-grid tbody tr")) == 10


def upload(client, cohort, content, name="members.csv"):
    address = reverse("training:members_file", args=[cohort.public_id])
    return client.post(address, {"file": SimpleUploadedFile(name, content)}, follow=True)


def test_a_file_is_told_row_by_row_and_lets_in_who_is_right(trains, cohort, member, official, person, countries):
    second = person("learner", country=countries["HT"], name="Anaïs Second")
    invited = person("learner", country=countries["TN"])
    colleague = person("operator", country=countries["HT"])
    rows = [official.email, second.email.upper(), second.email, "nobody@example.org", invited.email, colleague.email,
            "not an address", "=1+1", ""]  # fmt: skip
    content = "Name;E-mail\n" + "".join(f"x;{row}\n" for row in rows)

    report = upload(trains, cohort, content.encode())

    told = words(report)
    assert "1 official would be let in. 1 is in the group already. 7 rows are refused." in told
    assert "stands already in row 3" in told
    assert told.count("is no official of this country with an account here") == 3
    assert "is not an e-mail address" in told
    assert "begins like a formula" in told
    assert "These columns are not used: Name" in told
    assert cohort.members.count() == 1
    mark = shown(report).find("input", {"name": "mark"})["value"]
    yes = reverse("training:confirm_members", args=[cohort.public_id])
    assert "1 official is in the group now" in words(trains.post(yes, {"mark": mark}, follow=True))
    assert "too old or was answered" in words(trains.post(yes, {"mark": mark}, follow=True))
    assert list(cohort.members.values_list("enrolment__learner__user", flat=True)) == [official.pk, second.pk]


def test_a_file_in_windows_1252_is_read_and_said_so(trains, cohort, official):
    report = upload(trains, cohort, f"Nom;E-mail\nAnaïs;{official.email}\n".encode("cp1252"))

    assert "read as windows-1252" in words(report)
    assert "1 official would be let in." in words(report)


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"name\nx\n", "a.csv", "The header lacks: e-mail"),
        (b"e-mail\n", "a.csv", "a header and no rows"),
        (b"PK\x03\x04rest", "a.xlsx", "This is no CSV file"),
        (b"e-mail;email\na;b\n", "a.csv", "stands in the header twice"),
        (b"e-mail\n" + b"a@b.example\n" * 2001, "a.csv", "2001 rows"),
    ],
)
def test_a_file_that_is_no_list_is_refused(trains, cohort, content, name, told):
    response = upload(trains, cohort, content, name)

    assert response.status_code == 422
    assert told in words(response)


def test_a_yes_to_what_has_changed_meanwhile_shows_the_new_report(trains, cohort, official, trainer, at):
    report = upload(trains, cohort, f"e-mail\n{official.email}\n".encode())
    mark = shown(report).find("input", {"name": "mark"})["value"]
    actions.add_members(cohort=cohort, users=[official], road=Road.CODE, by=trainer, at=at)

    answer = trains.post(reverse("training:confirm_members", args=[cohort.public_id]), {"mark": mark}, follow=True)

    assert "Something changed meanwhile" in words(answer)
    assert "1 is in the group already" in words(answer)


def test_an_office_comes_in_and_one_leaves(trains, cohort, person, countries):
    office = Office.objects.create(country=countries["HT"], name="Court A", kind="court")
    person("learner", country=countries["HT"], office=office)
    address = reverse("training:add_office", args=[cohort.public_id])

    assert "1 official is in the group now" in words(trains.post(address, {"office": office.pk}, follow=True))
    assert "Everybody was in the group already" in words(trains.post(address, {"office": office.pk}, follow=True))
    assert "Choose an office" in words(trains.post(address, {"office": "9999"}, follow=True))
    one = cohort.members.get()
    out = reverse("training:take_out", args=[cohort.public_id, one.public_id])
    assert "out of the group" in words(trains.post(out, follow=True))
    assert trains.post(out).status_code == 404


def test_a_session_is_planned_by_the_clock_of_the_country(trains, cohort):
    address = reverse("training:new_session", args=[cohort.public_id])

    trains.post(address, {"day": "2026-11-27", "time": "09:00", "minutes": "90", "place": "Room 3"})

    row = cohort.sessions.get()
    assert (row.starts_at, row.minutes) == (dt.datetime(2026, 11, 27, 14, 0, tzinfo=dt.UTC), 90)
    assert len(row.code) == 6
    wrong = trains.post(address, {"day": "2026-11-27", "time": "nine", "minutes": "9"})
    assert wrong.status_code == 422
    assert "Enter a time such as 09:30." in words(wrong)


def test_a_session_is_moved_and_taken_out(trains, cohort, session):
    trains.post(of_session(session, "change_session"), {"day": "2026-11-26", "time": "08:30", "minutes": "60"})
    session.refresh_from_db()
    assert (session.starts_at, session.minutes) == (dt.datetime(2026, 11, 26, 13, 30, tzinfo=dt.UTC), 60)

    trains.post(of_session(session, "drop_session"))

    assert not cohort.sessions.exists()


def test_the_trainer_ticks_by_name_or_from_paper_and_takes_a_tick_back(trains, cohort, session, member):
    first = trains.get(of_session(session))
    assert session.code[:3] in words(first)

    ticked = trains.post(
        of_session(session), {"members": [member.public_id], "how": "paper", "minutes": "90"}, follow=True
    )
    assert "1 person is down as present" in words(ticked)
    assert "90 minutes" in words(ticked)
    back = trains.post(
        of_session(session, "take_back"), {"member": member.public_id, "reason": "wrong_person"}, follow=True
    )

    assert "The tick is taken back" in words(back)
    assert "Nobody is down as present yet" in words(back)
    assert [event.verb for event in Event.objects.order_by("verb")] == ["attended", "voided"]
    assert trains.post(of_session(session, "take_back"), {"member": "x", "reason": "y"}).status_code == 404


def test_odd_ticks_are_told(trains, session, member):
    none = trains.post(of_session(session), {"how": "trainer"})
    stranger = trains.post(
        of_session(session), {"how": "trainer", "members": ["00000000-0000-4000-8000-000000000000"]}
    )
    odd = trains.post(of_session(session), {"how": "phone", "members": [member.public_id], "minutes": "0"})

    assert {none.status_code, stranger.status_code, odd.status_code} == {422}
    assert "Tick at least one name" in words(none)
    assert "no longer in this group" in words(stranger)
    assert not Event.objects.exists()


def test_attendance_before_the_session_is_refused(trains, cohort, member, trainer, at):
    ahead = actions.plan_session(
        cohort=cohort, starts_at=at + dt.timedelta(days=1), minutes=60, place="", by=trainer, at=at
    )

    answer = trains.post(of_session(ahead), {"members": [member.public_id], "how": "trainer"}, follow=True)

    assert "has not begun yet" in words(answer)
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("language", "names"), [("en", ["Aline"]), ("ar", ["أمينة", "Aline Ltd (2)"]), ("bn", ["মরিয়ম"])]
)
def test_the_list_is_drawn_in_each_script(session, cohort, language, names):
    found = printing.attendance_sheet(
        session, list(enumerate(names, 1)), heading="Course", language=language, on=dt.date(2026, 11, 25)
    )

    assert found.startswith(b"%PDF")
    assert pages_of(found) == 1


def test_a_long_list_goes_on_over_the_page(session):
    names = [(number, f"Official {number}") for number in range(1, 61)]

    found = printing.attendance_sheet(session, names, heading="Course", language="fr", on=dt.date(2026, 11, 25))

    assert pages_of(found) == 3


def test_the_list_comes_as_a_file_or_says_what_is_missing(trains, session, member, monkeypatch, tmp_path):
    response = trains.get(of_session(session, "attendance_sheet"))
    assert response["Content-Type"] == "application/pdf"
    assert 'filename="attendance-2026-11-25.pdf"' in response["Content-Disposition"]

    member.enrolment.learner.user.name = "أمينة"
    member.enrolment.learner.user.save()
    monkeypatch.setattr(faces, "FOLDERS", (tmp_path,))
    faces.faces_here.cache_clear()

    assert trains.get(of_session(session, "attendance_sheet")).status_code == 503
    faces.faces_here.cache_clear()


def test_an_official_joins_by_the_code(sign_in, official, cohort, trainer, at):
    code = actions.open_joining(cohort=cohort, until=at.date(), by=trainer, at=at)
    client = sign_in(official)

    wrong = client.post("/en/learning/join/", {"code": "AAAA2222"})
    joined = client.post("/en/learning/join/", {"code": code.lower()}, follow=True)

    assert wrong.status_code == 422
    assert "No group has this code" in words(wrong)
    assert "You are in the group “Court clerks”." in words(joined)
    assert "/en/learning/groups/" in client.get("/en/learning/").content.decode()


def test_a_stranger_is_led_to_the_sign_in(client, cohort):
    assert (
        "/sign-in" in client.get("/en/learning/join/")["Location"]
        or client.get("/en/learning/join/").status_code == 302
    )


def test_my_group_shows_when_it_meets_and_takes_the_code_on_the_board(sign_in, official, member, session, cohort):
    cohort.due_on = dt.date(2026, 12, 20)
    cohort.save()
    client = sign_in(official)

    page = client.get("/en/learning/groups/")
    form = shown(page).find("form", attrs={"data-attend": True})
    wrong = client.post("/en/learning/groups/attend/", {"session": session.public_id, "code": "1"})
    right = client.post(
        "/en/learning/groups/attend/", {"session": session.public_id, "code": session.code}, follow=True
    )

    assert "20 December 2026" in words(page)
    assert (form["data-minutes"], form["data-version"]) == ("120", str(member.enrolment.version.public_id))
    assert wrong.status_code == 422
    assert "not the code of this session" in words(wrong)
    assert "You are down as present." in words(right)
    assert "You were there" in words(right)


def test_my_groups_cost_the_same_for_one_session_and_for_three(
    sign_in, official, member, session, cohort, trainer, at, django_assert_num_queries
):
    client = sign_in(official)
    client.get("/en/learning/groups/")
    with django_assert_num_queries(8):
        client.get("/en/learning/groups/")
    for days in (1, 2):
        actions.plan_session(
            cohort=cohort, starts_at=at + dt.timedelta(days=days), minutes=60, place="", by=trainer, at=at
        )

    with django_assert_num_queries(8):
        client.get("/en/learning/groups/")


def test_a_number_for_reminders_is_sealed_and_goes_with_its_key(sign_in, official):
    client = sign_in(official)

    wrong = client.post("/en/learning/texts/", {"number": "12"})
    kept = client.post("/en/learning/texts/", {"number": "3412 3456"}, follow=True)
    row = TextNumber.objects.get()

    assert wrong.status_code == 422
    assert "no mobile number" in words(wrong)
    assert "A number is kept here" in words(kept)
    assert "34123456" not in row.number.raw
    assert "3412" not in words(client.get("/en/learning/texts/"))
    client.post("/en/learning/texts/", {"remove": "yes"})
    assert not TextNumber.objects.exists()
    verbs = AuditEntry.objects.filter(verb__startswith="training.text_number").values_list("verb", flat=True)
    assert sorted(verbs) == ["training.text_number_kept", "training.text_number_removed"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_table_of_groups_leaves_as_a_file_and_is_recorded(trains, cohort, member, kind):
    cohort.name = "=1+1"
    cohort.save()

    response = trains.post(f"/en/groups/table.{kind}")

    body = response.content
    assert response.status_code == 200
    assert "groups" in response["Content-Disposition"]
    assert AuditEntry.objects.filter(verb="training.completion_exported").count() == 1
    if kind == "csv":
        line = next(line for line in body.decode("utf-8-sig").splitlines() if "1+1" in line)
        assert line.startswith(('"\'=1+1"', "'=1+1"))
        assert line.endswith("0,0,1,1")


def test_the_report_leads_to_the_groups_whoever_runs_some(trains, sign_in, person, countries, cohort, member):
    assert "By group" in words(trains.get("/en/reports/completion/"))
    bars = shown(trains.get("/en/groups/")).select("td.full svg")
    assert [bar["aria-label"] for bar in bars] == ["0 finished, 0 under way, of 1"]

    analyst = sign_in(person("analyst", country=countries["HT"]))

    assert "By group" not in words(analyst.get("/en/reports/completion/"))


def test_my_learning_says_by_when_the_course_is_to_be_finished(sign_in, official, member, cohort, trainer, at):
    client = sign_in(official)
    assert "To be finished by" not in words(client.get("/en/learning/"))
    cohort.due_on = dt.date(2026, 12, 20)
    cohort.save()
    later = actions.make_cohort(
        course=cohort.course, country=cohort.country, trainers=[trainer], by=trainer, at=at, name="Later",
        begins_on=at.date(), due_on=dt.date(2027, 1, 5),
    )  # fmt: skip
    actions.add_members(cohort=later, users=[official], road=Road.CODE, by=trainer, at=at)

    assert "To be finished by 20 December 2026" in words(client.get("/en/learning/"))
    actions.take_out(member=member, by=trainer, at=at)
    assert "To be finished by 5 January 2027" in words(client.get("/en/learning/"))


def test_a_file_reads_the_learners_it_names_and_no_other_of_the_country(trains, cohort, person, countries):
    named = person("learner", country=countries["HT"])
    other = person("learner", country=countries["HT"], name="Not named in the file")
    content = f"e-mail\n{named.email}\n".encode()

    with CaptureQueriesContext(connection) as captured:
        report = upload(trains, cohort, content)
        mark = shown(report).find("input", {"name": "mark"})["value"]
        trains.post(reverse("training:confirm_members", args=[cohort.public_id]), {"mark": mark})

    learners = [
        query["sql"] for query in captured if ",learner," in query["sql"] and query["sql"].startswith("SELECT")
    ]
    assert learners
    assert [sql for sql in learners if " IN (" not in sql] == []
    assert list(cohort.members.values_list("enrolment__learner__user", flat=True)) == [named.pk]
    assert other.email not in str(learners)


def test_a_file_of_two_thousand_rows_asks_for_five_hundred_addresses_at_once(
    cohort, official, django_assert_num_queries
):
    addresses = [official.email, *(f"nobody{number}@example.org" for number in range(1999))]

    with django_assert_num_queries(5):
        known = queries.known_for_members(cohort, addresses)

    assert known.people == {official.email: official.pk}
    assert queries.learners_by_key(cohort, [official.pk, 0]) == {official.pk: official}
