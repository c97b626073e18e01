"""Who moved to another country: out of the groups of the old one, named to nobody there, reminded of nothing there."""

import datetime as dt
import importlib
import json

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions import change_person, move_person
from accounts.models import AuditEntry, Office
from tests.training.cohorts import cohort, member, minutes_of, session, trainer
from tests.training.group_pages import clock, of_session, page_of, words
from tests.training.moving import move
from tests.training.phone_marks import codes, taken, told
from training import actions, queries
from training.actions import reminding, texting
from training.choices import How, Road, Step, TextState
from training.models import Event, Member, Reminder

__all__ = ["clock", "cohort", "member", "session", "trainer"]
NEW_NAME = "Official, Tunisia"
LEFT = importlib.import_module("training.migrations.0012_groups_left_abroad").leave_abroad


def go(user, country, at, office=None, name=NEW_NAME):
    """Let an administrator move somebody."""
    return move_person(person=user, name=name, country=country, office=office, language="fr", by="tests", at=at)


@pytest.fixture(params=["by the act", "by another road"])
def gone(request, member, official, countries, session, trainer, at):
    """A member who was at a session and is of Tunisia now, with another name; whatever way her account went there."""
    actions.mark_attendance(session=session, members=[member], how=How.TRAINER, by=trainer, at=at)
    if request.param == "by the act":
        go(official, countries["TN"], at)
    else:
        official.name = NEW_NAME
        move(official, countries["TN"])
    member.refresh_from_db()
    return member


@pytest.fixture
def old_manager(person, countries):
    """A manager of the country that she left."""
    return person("manager", country=countries["HT"])


def left():
    """Return what the audit log says of groups that were left: country, whether by moving."""
    rows = AuditEntry.objects.filter(verb="training.member_left").order_by("seq")
    return [(row.country, json.loads(row.body).get("moved", False)) for row in rows]


def test_who_moves_leaves_the_groups_of_the_country_before_and_no_other(
    member, official, countries, course, trainer, person, at, later
):
    there = person("trainer", country=countries["TN"])
    go(official, countries["TN"], later(1))
    facts = {"course": course, "country": countries["TN"], "name": "New", "begins_on": at.date()}
    new = actions.make_cohort(trainers=[there], by=there, at=later(2), **facts)
    actions.add_members(cohort=new, users=[official], road=Road.OFFICE, by=there, at=later(2))
    go(official, countries["TN"], later(3), name="Corrected")

    member.refresh_from_db()
    assert (member.left_at, new.members.get().left_at) == (later(1), None)
    assert left() == [("HT", True)]
    go(official, None, later(4))
    assert new.members.get().left_at == later(4)
    assert left() == [("HT", True), ("TN", True)]


def test_another_office_of_the_same_country_changes_no_group(member, official, countries, at):
    office = Office.objects.create(country=countries["HT"], name="Court", kind="court")

    go(official, countries["HT"], at, office)

    member.refresh_from_db()
    assert (member.left_at, left()) == (None, [])


def test_a_group_of_the_country_to_which_she_moves_is_not_left(member, official, countries, at, later):
    go(move(official, countries["TN"]), countries["HT"], later(1))

    member.refresh_from_db()
    assert (member.left_at, left()) == (None, [])


def test_who_comes_back_is_let_in_anew_under_her_number(
    member, official, cohort, countries, trainer, person, at, later
):
    actions.add_members(
        cohort=cohort, users=[person("learner", country=countries["HT"])], road=Road.FILE, by=trainer, at=at
    )
    go(official, countries["TN"], later(1))
    back = go(official, countries["HT"], later(2))

    assert list(queries.members_inside(trainer, cohort).values_list("number", flat=True)) == [2]
    actions.add_members(cohort=cohort, users=[back], road=Road.FILE, by=trainer, at=later(3))
    assert list(queries.members_inside(trainer, cohort).values_list("number", flat=True)) == [1, 2]


@pytest.mark.parametrize("who", ["trainer", "old_manager"])
def test_nobody_of_the_old_country_is_told_her_name(request, sign_in, gone, cohort, session, who):
    client = sign_in(request.getfixturevalue(who))

    pages = [client.get(page_of(cohort)), client.get(of_session(session))]
    pages += [client.post(reverse("training:list_data", args=[cohort.public_id]))]

    assert [page.status_code for page in pages] == [200] * 3
    for page in pages:
        assert not any(name in page.content.decode() for name in ("Official, Haiti", NEW_NAME))
        assert str(gone.public_id) not in page.content.decode()
    assert client.get(of_session(session, "attendance_sheet")).status_code == 200
    read = AuditEntry.objects.filter(verb="training.names_read").values_list("body", flat=True)
    assert [json.loads(body)["rows"] for body in read] == [0] * 4
    back = {"member": gone.public_id, "reason": "not_there"}
    assert client.post(of_session(session, "take_back"), back).status_code == 404
    assert client.post(reverse("training:take_out", args=[cohort.public_id, gone.public_id])).status_code == 404
    assert minutes_of(gone) == {session.key: 120}


def test_she_counts_in_no_group_of_the_old_country_and_what_she_attended_stays_hers(gone, trainer, session, at):
    (figures,) = queries.completion_by_cohort(trainer, "en", at=at)

    assert figures.total == 0
    assert minutes_of(gone) == {session.key: 120}
    with pytest.raises(actions.NotTaken):
        actions.mark_attendance(session=session, members=[gone], how=How.PAPER, by=trainer, at=at)


def test_marks_for_her_that_wait_on_a_phone_are_answered_and_those_that_came_stand(
    member, official, session, trainer, countries, at, later
):
    first, waits = told(session, member, at), told(session, member, at, minutes=30, known=1)
    assert codes(taken(trainer, first, at=at)) == [("accepted", "")]
    go(official, countries["TN"], later(1))

    answers = taken(trainer, first, waits, at=later(2))

    assert codes(answers) == [("duplicate", ""), ("rejected", "member_left")]
    assert [one.standing for one in answers] == [None, None]
    assert Event.objects.filter(verb="attended").count() == 1


def test_she_finds_the_group_on_no_page_of_hers(sign_in, gone, cohort, official, session):
    cohort.due_on = dt.date(2026, 12, 20)
    cohort.save()
    client = sign_in(type(official).objects.get(pk=official.pk))

    assert "Court clerks" not in words(client.get("/en/learning/groups/"))
    assert "To be finished by" not in words(client.get("/en/learning/"))
    told = client.post("/en/learning/groups/attend/", {"session": session.public_id, "code": session.code})
    assert told.status_code == 422


def test_she_is_reminded_of_no_deadline_there(gone, cohort, official, at, monkeypatch):
    noon, sent = at.replace(hour=17), []
    monkeypatch.setattr(texting, "SENDERS", [lambda **told: sent.append(told) or "sent"])
    actions.keep_text_number(user=official, number="+50934123456", at=at)
    cohort.due_on = at.date() + dt.timedelta(days=6)
    cohort.save()
    waits = Reminder.objects.create(
        enrolment=gone.enrolment, member=gone, step=Step.DAY, due_on=cohort.due_on, at=noon, language="fr",
        text=TextState.WAITING, text_at=noon,
    )  # fmt: skip

    assert actions.send_reminder_texts(at=noon) == 0
    waits.refresh_from_db()
    assert (waits.text, sent) == (TextState.NOT_SENT, [])
    waits.delete()
    assert list(reminding._due(noon)) == []
    assert actions.write_reminders(at=noon) == 0


def test_who_moves_while_a_reminder_is_written_gets_none(member, cohort, official, countries, at):
    noon = at.replace(hour=17)
    cohort.due_on = at.date() + dt.timedelta(days=6)
    cohort.save()
    due = list(reminding._due(noon))
    go(official, countries["TN"], at)

    assert [reminding._write(*one, noon) for one in due] == [False]
    assert not Reminder.objects.exists()


def test_all_that_a_move_locks_it_locks_before_its_first_record(member, official, countries, at):
    with CaptureQueriesContext(connection) as found:
        change_person(
            person=official, name=NEW_NAME, roles=["learner", "trainer"], country=countries["TN"], office=None,
            language="fr", by="tests", at=at,
        )  # fmt: skip

    written = [one["sql"] for one in found if one["sql"].startswith(("UPDATE", "INSERT", "SELECT"))]
    first = next(place for place, sql in enumerate(written) if "accounts_audithead" in sql)
    before = [place for place, sql in enumerate(written) if sql.startswith("UPDATE") and '"training_' in sql]
    assert len(before) == 2  # how she is trained, and that she left
    assert max(before) < first
    assert member.enrolment.learner.user.pk == official.pk


def test_who_moved_before_leaves_by_the_migration_and_who_stayed_does_not(
    member, official, cohort, countries, trainer, person, at
):
    stays = person("learner", country=countries["HT"])
    actions.add_members(cohort=cohort, users=[stays], road=Road.FILE, by=trainer, at=at)
    move(official, countries["TN"])

    LEFT(apps, None)

    assert list(Member.objects.filter(left_at=None).values_list("enrolment__learner__user", flat=True)) == [stays.pk]
    member.refresh_from_db()
    assert member.left_at == at
