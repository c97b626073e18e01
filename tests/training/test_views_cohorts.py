"""The pages of groups: the trainer's list, a group made and changed, who may open it, its table."""

import csv

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from accounts.models import AuditEntry, Office
from tests.training.cohorts import cohort, member, session, trainer
from tests.training.group_pages import clock, of_session, page_of, shown, trains, words
from training import actions
from training.choices import Road
from training.models import Cohort

__all__ = ["clock", "cohort", "member", "session", "trainer", "trains"]


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
        ({"name": "a\x00b"}, "hidden signs"),
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
    with django_assert_num_queries(17):
        trains.get(page_of(cohort))
    people = [person("learner", country=countries["HT"]) for _place in range(9)]
    actions.add_members(cohort=cohort, users=people, road=Road.FILE, by=trainer, at=at)

    with django_assert_num_queries(17):
        response = trains.get(page_of(cohort))

    assert len(shown(response).select(".cohort-grid tbody tr")) == 10


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


def test_the_table_of_groups_names_course_and_country_in_the_language_of_its_reader(
    trains, cohort, member, course, countries
):
    countries["HT"].name_fr = "Haïti"
    countries["HT"].save()

    body = trains.post("/fr/groups/table.csv").content.decode("utf-8-sig")

    line = next(one for one in csv.reader(body.splitlines()) if one[0] == cohort.name)
    assert line[1:3] == [course.heading_fr, "Haïti"]


def test_a_table_wider_than_the_window_scrolls_in_its_own_box(sign_in, manager, cohort):
    box = shown(sign_in(manager).get(reverse("training:cohorts"))).select_one("table.fold").parent

    assert (box["class"], box["tabindex"], box["role"]) == (["scroll"], "0", "region")
    assert box["aria-label"] == "Who has finished, by group"


def test_the_report_leads_to_the_groups_whoever_runs_some(trains, sign_in, person, countries, cohort, member):
    assert "By group" in words(trains.get("/en/reports/completion/"))
    bars = shown(trains.get("/en/groups/")).select("td.full svg")
    assert [bar["aria-label"] for bar in bars] == ["0 finished, 0 under way, of 1"]

    analyst = sign_in(person("analyst", country=countries["HT"]))

    assert "By group" not in words(analyst.get("/en/reports/completion/"))
