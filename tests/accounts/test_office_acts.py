"""Acts on offices: added once, corrected, closed and opened again, each recorded; never two of one name."""

import datetime as dt

import pytest

from accounts import actions, demo, queries
from accounts.models import AuditEntry, Office, User
from accounts.queries.marks import office_mark
from tests.accounts.test_invitations_race import ROUNDS, at_once, locking

__all__ = ["locking"]

FACTS = {"name": "Court B (example)", "kind": "court", "area": "Nimba", "staff_count": 12}


def verbs():
    """Return the acts on offices, oldest first."""
    return list(AuditEntry.objects.filter(verb__startswith="office.").values_list("verb", flat=True))


def test_an_office_is_added_and_recorded(liberia, at):
    office = actions.add_office(country=liberia, facts=FACTS, by="tests", at=at)

    kept = Office.objects.get()
    assert (kept.name, kept.kind, kept.area, kept.staff_count) == ("Court B (example)", "court", "Nimba", 12)
    entry = AuditEntry.objects.get(verb="office.added")
    assert (entry.thing, entry.country) == (actions.thing_id(office), "LR")
    assert queries.chain_faults() == []


@pytest.mark.parametrize("name", ["Court A (example)", "COURT A (example)", " Court  A (example)"])
def test_a_second_office_of_one_name_is_refused(liberia, court, at, name):
    with pytest.raises(actions.OfficeStandsAlready) as refused:
        actions.add_office(country=liberia, facts=FACTS | {"name": name}, by="tests", at=at)

    assert (refused.value.office, refused.value.is_same) == (court, False)
    assert (Office.objects.count(), verbs()) == (1, [])


def test_letters_beyond_ascii_are_the_same_name_on_both_databases(liberia, at):
    actions.add_office(country=liberia, facts=FACTS | {"name": "École É"}, by="tests", at=at)

    with pytest.raises(actions.OfficeStandsAlready):
        actions.add_office(country=liberia, facts=FACTS | {"name": "e\u0301COLE É"}, by="tests", at=at)


def test_two_countries_may_have_offices_of_one_name(haiti, court, at):
    assert actions.add_office(country=haiti, facts=FACTS | {"name": court.name}, by="tests", at=at).country == haiti


def test_an_office_is_corrected_and_keeps_its_people(person, court, at):
    official = person("learner", country=court.country, office=court)

    actions.change_office(office=court, facts={"name": "Court of A", "staff_count": 30}, by="tests", at=at)

    official.refresh_from_db()
    assert (official.office.name, official.office.staff_count, official.office.kind) == ("Court of A", 30, "court")
    assert '"fields":["name","staff_count"]' in AuditEntry.objects.get(verb="office.changed").body


def test_what_changes_nothing_is_not_recorded(court, at):
    actions.change_office(office=court, facts={"name": court.name}, by="tests", at=at, seen="another")

    assert verbs() == []


def test_a_correction_on_what_somebody_else_changed_is_refused(court, at):
    seen = office_mark(court)
    actions.change_office(office=court, facts={"name": "Court of A"}, by="tests", at=at)

    with pytest.raises(actions.OfficeChangedMeanwhile):
        actions.change_office(office=court, facts={"name": "Court 1"}, by="tests", at=at, seen=seen)
    assert Office.objects.get().name == "Court of A"


def test_an_office_is_not_renamed_to_another(liberia, court, at):
    other = actions.add_office(country=liberia, facts=FACTS, by="tests", at=at)

    with pytest.raises(actions.OfficeStandsAlready):
        actions.change_office(office=other, facts={"name": "court a (EXAMPLE)"}, by="tests", at=at)
    actions.change_office(office=other, facts={"name": "COURT B (example)"}, by="tests", at=at)


def test_a_closed_office_keeps_its_people_and_takes_no_others(person, court, at):
    inside, outside = person("learner", country=court.country, office=court), person("learner", country=court.country)
    court = actions.close_office(office=court, by="tests", at=at)
    actions.close_office(office=court, by="tests", at=at + dt.timedelta(days=1))
    place = {"country": court.country, "office": court, "language": "en", "by": "tests", "at": at}

    actions.move_person(person=inside, name="N", **place)
    with pytest.raises(actions.OfficeClosed):
        actions.move_person(person=outside, name="N", **place)
    with pytest.raises(actions.OfficeClosed):
        actions.invite(email="new@office.example", name="N", roles=["learner"], **place)
    row = {"name": "N", "email": "n@office.example", "office": court.pk, "country": "LR", "language": "en"}
    with pytest.raises(actions.OfficeClosed):
        actions.import_officials(officials=[row], by="tests", at=at)

    assert Office.objects.get().closed_at == at
    assert list(court.people.all()) == [inside]
    assert verbs() == ["office.closed"]


def test_an_office_that_got_another_name_is_not_closed_unseen(court, at):
    seen = office_mark(court)
    actions.change_office(office=court, facts={"name": "Court of A"}, by="tests", at=at)

    with pytest.raises(actions.OfficeChangedMeanwhile):
        actions.close_office(office=court, by="tests", at=at, seen=seen)


def test_a_closed_office_is_opened_again_once(court, at):
    actions.close_office(office=court, by="tests", at=at)
    for _ in range(2):
        actions.reopen_office(office=court, by="tests", at=at)

    assert (Office.objects.get().closed_at, verbs()) == (None, ["office.closed", "office.reopened"])


def test_the_name_of_a_closed_office_is_told_to_be_opened_again(liberia, court, at):
    actions.close_office(office=court, by="tests", at=at)

    with pytest.raises(actions.OfficeStandsAlready, match="was closed. Open it again"):
        actions.add_office(country=liberia, facts=FACTS | {"name": court.name}, by="tests", at=at)


def test_several_are_added_at_once_and_only_once(liberia, court, at):
    rows = [{"name": court.name, "kind": "police"}, {"name": "Post C"}, {"name": "POST  C"}]
    for _ in range(2):
        found = actions.add_offices(country=liberia, offices=rows, by="tests", at=at)

    assert [office.name for office in found] == ["Court A (example)", "POST  C", "POST  C"]
    assert Office.objects.get(pk=court.pk).kind == "court"
    assert verbs() == ["office.added"]


def test_the_offices_of_the_demo_stand_in_the_log(db, at):
    demo.make(at=at)

    assert verbs() == ["office.added"] * Office.objects.count()


def test_one_name_at_one_moment_is_one_office(locking, liberia, at):
    for number in range(ROUNDS):
        names = [f"Court {number}", f"COURT {number}"]
        acts = [
            lambda name=name: actions.add_office(country=liberia, facts=FACTS | {"name": name}, by="tests", at=at)
            for name in names
        ]

        raised = at_once(*acts)

        assert sorted(type(error).__name__ for error in raised) == ["NoneType", "OfficeStandsAlready"]
    assert (Office.objects.count(), len(verbs())) == (ROUNDS, ROUNDS)


def test_two_imports_with_one_new_office_at_one_moment_add_it_once(locking, administrator, liberia, at):
    for number in range(ROUNDS):
        offices = [{"country": "LR", "name": f"Court {number}", "kind": "other"}]
        lists = [
            [
                {
                    "name": "N",
                    "email": f"{who}{number}@office.example",
                    "new_office": 0,
                    "country": "LR",
                    "language": "en",
                }
            ]
            for who in "ab"
        ]
        acts = [
            lambda rows=rows, offices=offices: actions.import_officials(
                officials=rows, offices=offices, by=administrator, at=at
            )
            for rows in lists
        ]

        assert at_once(*acts) == [None, None]
    assert Office.objects.count() == ROUNDS
    assert User.objects.filter(office__isnull=False).count() == 2 * ROUNDS
    assert queries.chain_faults() == []
