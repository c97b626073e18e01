"""A file of officials that names offices the country does not have: they are offered, and added only on a yes to them."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from accounts import actions, officials, queries
from accounts.models import AuditEntry, Country, Letter, Office, User
from tests.accounts.lists import GOOD, KNOWN, read, upload

CONFIRM = reverse("accounts:import_confirm")
NEW = (
    "N3,three@office.example,Post C,LR,en\n"
    "N4,four@office.example,POST  C,Liberia,en\n"
    "N5,five@office.example,Post D,LR,en\n"
)
BROKEN = "N6,broken,Post E,LR,en\nN7,seven@office.example,,LR,en\n"


def placed():
    """Return who is in which office."""
    return dict(User.objects.filter(email__endswith="office.example").values_list("name", "office__name"))


def test_the_offices_that_only_lack_are_read_once_each_with_their_rows():
    reading = read(NEW + BROKEN + "N8,eight@office.example,Poste B,LR,en\n")

    assert reading.new_offices == [
        officials.NewOffice("LR", "Post C", 2),
        officials.NewOffice("LR", "Post D", 1),
        officials.NewOffice("LR", "Poste B", 1, elsewhere="HT"),
    ]
    assert [row.cells["name"] for row in reading.waiting] == ["N3", "N4", "N5", "N8"]
    assert reading.good == []


def test_a_closed_office_is_no_new_one():
    known = officials.Known(KNOWN.countries, {}, closed=frozenset({("LR", "post c")}))
    reading = read("N,a@x.example,POST C,LR,en\n", known=known)

    assert (reading.new_offices, reading.rows[0].faults) == ([], [officials.Fault("office", "office_closed")])


def test_the_report_lists_them_and_writes_nothing(desk):
    page = BeautifulSoup(upload(desk, GOOD + NEW + BROKEN).content, "html.parser")

    part = page.select_one("[data-part=new-offices]")
    rows = [[cell.get_text(strip=True) for cell in row.select("th, td")[:3]] for row in part.select("tbody tr")]
    assert rows == [["Post C", "Liberia", "2"], ["Post D", "Liberia", "1"]]
    assert [button.get_text(strip=True) for button in page.main.select("button")] == [
        "Yes, invite 2 officials",
        "Yes, add these offices too and invite 5 officials",
    ]
    assert {option["value"] for option in part.select("option[selected]")} == {"other"}
    assert (Office.objects.count(), Letter.objects.count()) == (1, 0)


def test_a_file_without_new_offices_offers_none(desk):
    assert "new-offices" not in upload(desk, GOOD + BROKEN).content.decode()


def test_by_default_no_office_is_added(desk):
    plan = upload(desk, GOOD + NEW).context["plan"]

    desk.post(CONFIRM, {"plan": plan, "kind-0": "border"})

    assert (set(placed()), Office.objects.count()) == ({"N1", "N2"}, 1)
    assert not AuditEntry.objects.filter(verb="office.added").exists()


def test_a_yes_to_them_adds_them_with_their_people_in_one_act(desk, court):
    plan = upload(desk, GOOD + NEW + BROKEN).context["plan"]

    answer = desk.post(CONFIRM, {"plan": plan, "add_offices": "yes", "kind-0": "border"}, follow=True)

    assert placed() == {"N1": court.name, "N2": court.name, "N3": "Post C", "N4": "Post C", "N5": "Post D"}
    assert dict(Office.objects.exclude(pk=court.pk).values_list("name", "kind")) == {
        "Post C": "border",
        "Post D": "other",
    }
    assert "2 offices are added." in answer.content.decode()
    assert AuditEntry.objects.filter(verb="office.added", country="LR").count() == 2
    assert '"offices":2' in AuditEntry.objects.get(verb="officials.imported").body
    assert queries.chain_faults() == []


def test_one_file_opens_a_country_that_has_no_office(sign_in, person, haiti):
    client = sign_in(person("manager", country=haiti))
    response = upload(client, "N,n@office.example,Poste B,Haiti,fr\n")
    assert "Yes, invite" not in response.content.decode()

    client.post(CONFIRM, {"plan": response.context["plan"], "add_offices": "yes"})

    assert placed() == {"N": "Poste B"}


def test_no_office_wanted_and_nobody_else_to_invite_writes_nothing(desk):
    desk.post(CONFIRM, {"plan": upload(desk, NEW).context["plan"]})

    assert (placed(), Office.objects.count()) == ({}, 1)


def test_yes_twice_writes_once(desk):
    given = {"plan": upload(desk, GOOD + NEW).context["plan"], "add_offices": "yes"}
    answers = [desk.post(CONFIRM, given, follow=True) for _ in range(2)]

    assert (len(placed()), Office.objects.count(), Letter.objects.count()) == (5, 3, 5)
    assert "Everybody in this list is invited already." in answers[1].content.decode()


def test_an_office_added_meanwhile_is_taken_and_not_added_beside_it(desk, liberia, at):
    plan = upload(desk, NEW).context["plan"]
    actions.add_office(country=liberia, facts={"name": "post c", "kind": "police"}, by="tests", at=at)

    desk.post(CONFIRM, {"plan": plan, "add_offices": "yes"})

    assert placed() == {"N3": "post c", "N4": "post c", "N5": "Post D"}


def test_an_office_closed_meanwhile_takes_nobody_and_nothing_is_written(desk, liberia, at):
    plan = upload(desk, NEW).context["plan"]
    office = actions.add_office(country=liberia, facts={"name": "Post C", "kind": "police"}, by="tests", at=at)
    actions.close_office(office=office, by="tests", at=at)

    answer = desk.post(CONFIRM, {"plan": plan, "add_offices": "yes"}, follow=True)

    assert "This office is closed and takes no new people." in answer.content.decode()
    assert (placed(), Office.objects.filter(name="Post D").exists()) == ({}, False)


def test_nothing_stays_when_somebody_got_an_account_meanwhile(desk, liberia, at):
    plan = upload(desk, NEW).context["plan"]
    actions.make_person(email="five@office.example", name="X", roles=["learner"], country=liberia, by="tests", at=at)

    desk.post(CONFIRM, {"plan": plan, "add_offices": "yes"})

    assert (placed(), Office.objects.count()) == ({"X": None}, 1)


@pytest.mark.parametrize("kind", ["castle", "\0", "O" * 500])
def test_an_odd_kind_is_refused(desk, kind):
    plan = upload(desk, NEW).context["plan"]

    answer = desk.post(CONFIRM, {"plan": plan, "add_offices": "yes", "kind-1": kind}, follow=True)

    assert "This report is too old or was changed." in answer.content.decode()
    assert (placed(), Office.objects.count()) == ({}, 1)


@pytest.mark.parametrize("change", ["country closed", "person moved"])
def test_a_plan_for_a_country_that_is_not_hers_any_more_is_refused(sign_in, person, liberia, haiti, change):
    manager = person("manager", country=liberia)
    client = sign_in(manager)
    plan = upload(client, NEW).context["plan"]
    if change == "country closed":
        Country.objects.filter(pk="LR").update(is_active=False)
    else:
        manager.country = haiti
        manager.save()

    client.post(CONFIRM, {"plan": plan, "add_offices": "yes"})

    assert (placed(), Office.objects.count()) == ({}, 0)


@pytest.mark.long
def test_a_full_file_of_new_offices_is_confirmed(desk):
    rows = "".join(f"N{number},n{number}@office.example,Court {number},LR,en\n" for number in range(2000))
    response = upload(desk, rows)
    kinds = [select["name"] for select in BeautifulSoup(response.content, "html.parser").select("select[name^=kind-]")]

    answer = desk.post(
        CONFIRM, {"plan": response.context["plan"], "add_offices": "yes"} | dict.fromkeys(kinds, "court")
    )

    assert (answer.status_code, len(kinds)) == (302, 200)
    assert Office.objects.filter(name__startswith="Court ", kind="court").count() == 201
    assert Office.objects.filter(kind="other").count() == 1800
