"""Consent through its pages: nothing ticked, answers that contradict each other, children."""

import re

import pytest

from referral import actions
from tests.referral.pages import url

pytestmark = [pytest.mark.usefixtures("now"), pytest.mark.either]


@pytest.mark.both
def test_consent_through_the_screen_has_nothing_ticked(new_case, agency, operator, sign_in, open_run, at, keys):
    house = agency("Safe house A", "shelter")
    case, client = new_case(), sign_in(operator)
    told = {"interview_consent": True, "wants_police": True}
    actions.answer(case=case, facts=told, source="call", key=next(keys), by=operator, at=at)
    for step in ("screening", "safety"):
        actions.complete_step(case=case, run=open_run(case, step).number, key=next(keys), by=operator, at=at)
    page = client.get(url("case_consent", case)).content.decode()
    names = re.findall(rf'name="(line_{house.organisation_id}_shelter_\w+)"', page)

    assert not re.search(r'name="line_[^>]*checked', page)
    assert not re.search(
        r'name="(interview_consent|wants_police|consent_research|interpreter_used)"[^>]*checked', page
    )
    assert page.count("Said earlier: Yes") == 2
    case.refresh_from_db()
    told = dict.fromkeys(names, "yes") | {
        "agrees": "yes", "giver": "person", "wants_police": "no", "key": "k", "seen": case.event_count,
    }  # fmt: skip
    contradiction = client.post(url("case_consent", case), told | {"agrees": "no"})
    given = client.post(url("case_consent", case), told)

    assert (contradiction.status_code, given.status_code) == (400, 302)
    assert open_run(case, "shelter")


@pytest.mark.parametrize(("wants", "status"), [("no", 400), ("yes", 302), ("", 302)])
def test_a_yes_to_the_police_beside_no_report_is_asked_back(
    new_case, agency, operator, sign_in, open_run, at, keys, wants, status
):
    police = agency("Police unit (example)", "police_investigation")
    case, client = new_case(), sign_in(operator)
    for step in ("screening", "safety"):
        actions.complete_step(case=case, run=open_run(case, step).number, key=next(keys), by=operator, at=at)
    case.refresh_from_db()
    told = {f"line_{police.organisation_id}_police_report_basics": "yes", "agrees": "yes", "giver": "person",
            "wants_police": wants, "key": "k", "seen": case.event_count}  # fmt: skip

    answer = client.post(url("case_consent", case), told)

    assert answer.status_code == status
    assert case.consents.exists() == (status == 302)
    if status == 400:
        page = answer.content.decode()
        assert "A line above says yes to a report to the police" in page
        assert re.search(rf'name="line_{police.organisation_id}_police_report_basics"[^>]*checked', page)


def test_no_report_to_the_police_goes_with_a_no_to_the_police(new_case, agency, operator, sign_in, open_run, at, keys):
    police, house = agency("Police unit (example)", "police_investigation"), agency("Safe house A", "shelter")
    case, client = new_case(), sign_in(operator)
    for step in ("screening", "safety"):
        actions.complete_step(case=case, run=open_run(case, step).number, key=next(keys), by=operator, at=at)
    case.refresh_from_db()
    told = {f"line_{police.organisation_id}_police_report_basics": "no", "agrees": "yes", "giver": "person",
            f"line_{house.organisation_id}_shelter_basics": "yes", "wants_police": "no", "key": "k",
            "seen": case.event_count}  # fmt: skip

    assert client.post(url("case_consent", case), told).status_code == 302


@pytest.mark.parametrize(
    ("assent", "status", "says"),
    [
        ("", 400, "Ask the child too, and write down the answer; or that the child is too young to be asked."),
        ("no", 400, "The child says no, so nothing may be shared."),
        ("maybe", 400, "Select a valid choice"),
        ("too_young", 200, "An independent guardian · Too young to be asked"),
    ],
)
def test_a_child_is_asked_itself(new_case, agency, operator, sign_in, open_run, at, keys, assent, status, says):
    house = agency("Safe house A", "shelter")
    case, client = new_case(facts={"age": 14, "sex": "female", "immediate_danger": False}), sign_in(operator)
    for step, told in (("screening", {}), ("safety", {}), ("guardian", {"guardian_found": True})):
        run = open_run(case, step).number
        actions.complete_step(case=case, run=run, facts=told, key=next(keys), by=operator, at=at)
    case.refresh_from_db()

    told = {f"line_{house.organisation_id}_shelter_basics": "yes", "agrees": "yes", "giver": "guardian", "key": "k"}
    page = client.post(url("case_consent", case), told | {"assent": assent, "seen": case.event_count}, follow=True)

    assert (page.status_code, says in page.content.decode()) == (status, True)


def test_an_adult_is_not_asked_as_a_child(new_case, operator, sign_in, open_run, at, keys):
    case = new_case()

    assert "assent" not in sign_in(operator).get(url("case_consent", case)).context["form"].fields


@pytest.mark.parametrize("all_refused", [True, False])
def test_consent_that_was_refused_is_not_called_missing(at_referrals, agency, operator, sign_in, open_run, at, keys, all_refused):  # fmt: skip
    house, room, _unasked = agency("House", "shelter"), agency("Room", "psychosocial"), agency("Other", "shelter")
    case = at_referrals(room)
    lines = [actions.Line(house.organisation_id, "basics", "shelter", False)]
    if not all_refused:
        lines.append(actions.Line(room.organisation_id, "basics", "psychosocial", True))
    actions.record_consent(case=case, lines=lines, giver="person", language="en", key=next(keys), by=operator, at=at)
    if all_refused:
        actions.open_step(case=case, step="shelter", reason="wish", key=next(keys), by=operator, at=at)

    page = sign_in(operator).get(url("refer", case, open_run(case, "shelter").number)).content.decode()

    shown = {name: page.partition(f"<bdi>{name} (example)")[2].partition("</p>")[0] for name in ("House", "Other")}
    assert "Consent refused" in shown["House"]
    assert "Ask for it" not in shown["House"]
    assert ("Consent refused" if all_refused else "Consent is missing") in shown["Other"]


@pytest.fixture
def child(new_case, open_run, operator, at, keys):
    """A case of a child at its consent step: a shelter is needed, medical care and a report were not asked about."""
    case = new_case(
        facts={"age": 14, "sex": "female", "immediate_danger": False, "sexual_violence": None, "needs_shelter": True}
    )
    for step, told in (("screening", {}), ("safety", {}), ("guardian", {"guardian_found": True})):
        run = open_run(case, step).number
        actions.complete_step(case=case, run=run, facts=told, key=next(keys), by=operator, at=at)
    case.refresh_from_db()
    return case


def test_consent_is_asked_first_for_the_help_that_is_needed(child, agency, operator, sign_in):
    for name, need in (
        ("Clinic", "health"),
        ("House", "shelter"),
        ("Desk", "police_investigation"),
        ("Room", "psychosocial"),
    ):
        agency(name, need)

    page = sign_in(operator).get(url("case_consent", child)).content.decode()

    first, _more, others = page.partition('<details class="why"><summary>Ask about other help too')
    assert re.findall(r"<bdi>(\w+) \(example\)", first) == ["House", "Room"]
    assert re.findall(r"<bdi>(\w+) \(example\)", others) == ["Clinic", "Desk"]
    assert "or that comes next: A safe place to stay, Counselling." in first
    assert "Not known whether this is needed: Medical care, Police investigation. Ask that first." in first
    assert "No agency of the directory fits" not in page


def test_other_help_that_was_answered_stays_in_sight_and_what_is_left_open_is_not_written_down(child, agency, operator, sign_in):  # fmt: skip
    clinic, house = agency("Clinic", "health"), agency("House", "shelter")
    client, seen = sign_in(operator), child.event_count
    told = {
        f"line_{clinic.organisation_id}_health_basics": "yes",
        "agrees": "yes",
        "giver": "guardian",
        "key": "k",
        "seen": seen,
    }

    refused = client.post(url("case_consent", child), told)
    given = client.post(url("case_consent", child), told | {"assent": "yes"})

    assert '<details class="why" open><summary>Ask about other help too' in refused.content.decode()
    assert "for: Counselling. Tell your supervisor about the gap." in refused.content.decode()
    lines = child.consents.get().lines.values_list("organisation", "group", "is_given")
    assert (given.status_code, list(lines)) == (302, [(clinic.organisation_id, "basics", True)])
    assert not child.consents.get().lines.filter(organisation=house.organisation_id).exists()


def test_the_no_of_a_child_stops_all_sharing_whatever_was_asked(child, agency, operator, sign_in, open_run):
    agency("Clinic", "health"), agency("House", "shelter")
    told = {"agrees": "no", "assent": "no", "giver": "guardian", "key": "k", "seen": child.event_count}

    assert sign_in(operator).post(url("case_consent", child), told).status_code == 302
    assert not child.consents.get().lines.exists()
    assert open_run(child, "info_only")
