"""Refused records and times in doubt: flagged, looked at by a person, and what of a deadline rests on them."""

import datetime as dt
import uuid

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from accounts.models import AuditEntry
from tests.training.cohorts import cohort, member, session, trainer
from tests.training.doubts import (
    DAY,
    MINUTE,
    MISSED,
    PAGE,
    WAITS,
    device,
    due,
    group_page,
    late,
    press,
    rows,
    send,
)
from training import actions, progress
from training.choices import Road, Source
from training.demo.learners import take_test
from training.models import Enrolment, Event, Look, RefusedEvent
from training.queries.deadlines import deadlines_in_doubt
from training.queries.doubts import sendings_visible_to

__all__ = ["cohort", "device", "due", "late", "member", "send", "session", "trainer"]


def test_who_trains_is_led_to_them_from_her_groups_with_their_number(sign_in, trainer, manager, cohort, send, at):
    client, lists = sign_in(trainer), ("/en/groups/", f"/en/groups/{cohort.public_id}/")

    def told():
        pages = [BeautifulSoup(client.get(one).content, "html.parser") for one in lists]
        return [page.select_one(f'a[href="{PAGE}"]').get_text() for page in pages]

    assert told() == ["Refused and doubtful records"] * 2
    send(0, told=at - 9 * DAY, came=at)
    send(1, told=at - 9 * DAY, came=at + DAY)
    assert told() == ["Refused and doubtful records · to be looked at: 2"] * 2


def test_a_deadline_that_only_a_doubted_time_meets_waits_for_a_person(sign_in, trainer, cohort, late):
    page = group_page(sign_in(trainer), cohort)

    assert WAITS in page
    assert f'href="{PAGE}"' in page


@pytest.mark.parametrize(("verdict", "waits", "missed"), [("right", False, False), ("wrong", False, True)])
def test_the_word_of_a_person_settles_it_with_her_name(sign_in, trainer, cohort, late, verdict, waits, missed):
    client = sign_in(trainer)
    (row,) = rows(client)
    assert cohort.name in row.get_text()
    assert "It tells a time before the course was begun." in row.get_text()

    press(client, row, verdict)

    page = group_page(client, cohort)
    assert (WAITS in page, MISSED in page) == (waits, missed)
    assert rows(client) == []
    (looked,) = rows(client, f"{PAGE}?looked=1")
    assert trainer.name in looked.get_text()
    entry = AuditEntry.objects.get(verb="training.doubt_looked_at")
    assert (Look.objects.get().by, entry.country) == (trainer, "HT")


def test_what_came_before_the_deadline_was_over_meets_it_whatever_its_clock_told(
    sign_in, trainer, cohort, member, send, due, at
):
    enrolment = Enrolment.objects.get(pk=member.enrolment_id)
    sitting = take_test(enrolment, "fr", at)
    actions.record_events(learner=enrolment.learner, arrivals=[sitting], source=Source.FORM, at=at + MINUTE)
    send(0, 1, 2, 3, told=at - 2 * DAY, came=due - dt.timedelta(seconds=1))

    page = group_page(sign_in(trainer), cohort)

    assert (WAITS in page, MISSED in page) == (False, False)


def test_what_came_as_the_deadline_was_over_meets_it_only_by_its_clock(
    sign_in, trainer, cohort, member, send, due, at
):
    enrolment = Enrolment.objects.get(pk=member.enrolment_id)
    sitting = take_test(enrolment, "fr", at)
    actions.record_events(learner=enrolment.learner, arrivals=[sitting], source=Source.FORM, at=at + MINUTE)
    send(0, 1, 2, 3, told=at - 2 * DAY, came=due)

    assert WAITS in group_page(sign_in(trainer), cohort)


def test_a_deadline_that_sound_records_meet_too_does_not_wait(sign_in, trainer, cohort, member, send, due, at):
    enrolment = Enrolment.objects.get(pk=member.enrolment_id)
    sitting = take_test(enrolment, "fr", at)
    actions.record_events(learner=enrolment.learner, arrivals=[sitting], source=Source.FORM, at=at + MINUTE)
    send(0, 1, 2, 3, told=at, came=at + MINUTE)
    send(0, told=at - 2 * DAY, came=due + MINUTE)

    assert WAITS not in group_page(sign_in(trainer), cohort)


def test_the_group_of_a_course_nobody_doubts_costs_one_query_more(cohort, member, late, at, django_assert_num_queries):
    members = list(cohort.members.select_related("cohort__country", "enrolment__progress"))
    with django_assert_num_queries(4):
        assert list(deadlines_in_doubt(members).values()) == ["waits"]
    Look.objects.create(
        learner=member.enrolment.learner, received_at=late, verdict="right", by=member.enrolment.learner.user, at=late
    )
    Event.objects.exclude(flags="").update(flags="")
    with django_assert_num_queries(1):
        assert deadlines_in_doubt(members) == {}
    with django_assert_num_queries(0):
        assert deadlines_in_doubt([]) == {}


def test_who_looks_after_a_learner_sees_what_was_refused_and_what_she_was_told(
    client, sign_in, manager, trainer, person, countries, member, send
):
    now = timezone.now()
    send(0, 0, told=now, came=now, screen="nowhere")
    found = {}
    for name, user in (
        ("manager", manager),
        ("trainer", trainer),
        ("trainer of another group", person("trainer", country=countries["HT"])),
        ("manager elsewhere", person("manager", country=countries["TN"])),
    ):
        client.logout()
        found[name] = [row.get_text(" ", strip=True) for row in rows(sign_in(user))]

    assert {name: len(some) for name, some in found.items()} == {
        "manager": 1, "trainer": 1, "trainer of another group": 0, "manager elsewhere": 0,
    }  # fmt: skip
    assert member.enrolment.learner.user.name in found["manager"][0]
    assert "2 × Screen read" in found["manager"][0]
    assert "The answer does not fit its question." in found["manager"][0]
    assert "nowhere" not in found["manager"][0]


def test_a_person_says_of_what_was_refused_only_that_she_has_looked(sign_in, manager, member, send):
    now = timezone.now()
    send(0, told=now, came=now, screen="nowhere")
    client = sign_in(manager)
    (row,) = rows(client)

    assert press(client, row, "right").status_code == 404
    assert press(client, row, "seen").status_code == 302
    assert press(client, row, "seen").status_code == 302

    assert rows(client) == []
    assert Look.objects.get().verdict == "seen"
    assert AuditEntry.objects.filter(verb="training.doubt_looked_at").count() == 1


def test_of_a_time_in_doubt_nobody_says_only_that_she_has_looked_nor_of_what_is_sound(sign_in, trainer, late, member):
    client = sign_in(trainer)
    (row,) = rows(client)

    assert press(client, row, "seen").status_code == 404
    row.select_one("[name=received_at]")["value"] = (late + MINUTE).isoformat()
    assert press(client, row, "right").status_code == 404
    assert not Look.objects.exists()


def test_nobody_takes_back_unseen_what_another_person_said(sign_in, trainer, manager, late):
    client = sign_in(trainer)
    (before,) = rows(client)
    press(sign_in(manager), before, "wrong")

    page = sign_in(trainer).post(before.select_one("form")["action"], {
        "received_at": before.select_one("[name=received_at]")["value"], "before": "", "verdict": "right",
    }, follow=True).content.decode()  # fmt: skip

    assert "Somebody noted something else meanwhile." in page
    assert Look.objects.get().verdict == "wrong"

    (after,) = rows(client, f"{PAGE}?looked=1")
    press(client, after, "right")
    assert (Look.objects.get().verdict, Look.objects.get().by) == ("right", trainer)


@pytest.mark.parametrize("role", ["manager", "trainer"])
def test_nobody_looks_after_herself(sign_in, official, trainer, countries, cohort, late, role):
    official.roles = f",learner,{role},"
    official.save()
    cohort.trainers.add(official)
    client = sign_in(official)

    assert rows(client) == []
    address = f"{PAGE}{Enrolment.objects.get(learner__user=official).learner.public_id}/"
    assert client.post(address, {"received_at": late.isoformat(), "verdict": "right"}).status_code == 404


def test_a_person_of_another_country_says_nothing(sign_in, person, countries, member, late):
    client = sign_in(person("manager", country=countries["TN"]))

    answer = client.post(
        f"{PAGE}{member.enrolment.learner.public_id}/", {"received_at": late.isoformat(), "verdict": "right"}
    )

    assert answer.status_code == 404
    assert not Look.objects.exists()


def test_a_refused_record_is_told_for_ninety_days_and_a_doubted_time_until_somebody_looks(
    manager, member, send, late, at
):
    send(0, told=at, came=at, screen="nowhere")

    def told(day, looked=False):
        return [came for _key, came in sendings_visible_to(manager, at=day, looked=looked)]

    assert told(at + 90 * DAY) == [late, at]
    assert told(at + 90 * DAY + MINUTE) == [late]
    assert told(at + 900 * DAY) == [late]
    Look.objects.create(learner=member.enrolment.learner, received_at=late, verdict="right", by=manager, at=late)
    assert (told(at + 900 * DAY), told(late + 90 * DAY, looked=True)) == ([], [late])
    assert told(late + 90 * DAY + MINUTE, looked=True) == []


def test_what_came_by_a_code_that_was_taken_into_an_account_is_told_too(manager, member, send, late):
    learner = member.enrolment.learner
    user, rows = learner.user, type(learner).objects
    rows.filter(pk=learner.pk).update(user=None, code_hmac="x")
    rows.filter(pk=learner.pk).update(merged_into=actions.learner_of(user))

    (sending,) = sendings_visible_to(manager, at=late)

    assert sending == (learner.pk, late)


def test_the_page_costs_the_same_for_one_learner_and_for_three(
    sign_in, manager, trainer, cohort, member, send, late, person, countries, django_assert_max_num_queries
):
    client = sign_in(manager)
    rows(client)
    with django_assert_max_num_queries(22):
        assert len(rows(client)) == 1
    for _n in range(2):
        one = person("learner", country=countries["HT"])
        actions.add_members(cohort=cohort, users=[one], road=Road.FILE, by=trainer, at=late)
        enrolment = Enrolment.objects.get(learner__user=one)
        body = progress.version_of(str(enrolment.version.public_id), enrolment.version.body)
        arrivals = [
            actions.Arrival(
                id=uuid.uuid4(), verb="reached", activity=body.lessons[0].id, version=body.id, language="fr",
                occurred_at=late.replace(year=2040), payload={"screen": screen}, device=uuid.uuid4(), seq=1,
            )
            for screen in ("end", "nowhere")
        ]  # fmt: skip
        actions.record_events(learner=enrolment.learner, arrivals=arrivals, source=Source.WEB, at=late)
    with django_assert_max_num_queries(22):
        assert len(rows(client)) == 3


@pytest.mark.parametrize("role", ["manager", "trainer"])
def test_the_page_is_reached_from_the_learners_and_from_the_reports(sign_in, person, countries, role):
    client = sign_in(person(role, country=countries["HT"]))

    for page in ("/en/reports/people/", "/en/reports/"):
        assert f'href="{PAGE}"' in client.get(page).content.decode()


def test_the_worker_drops_what_was_refused_and_the_word_said_of_it_stays(manager, member, send, at):
    send(0, told=at, came=at, screen="nowhere")
    Look.objects.create(learner=member.enrolment.learner, received_at=at, verdict="seen", by=manager, at=at)

    actions.drop_refused(at=at + 91 * DAY)

    assert (RefusedEvent.objects.count(), Look.objects.count()) == (0, 1)
    assert list(sendings_visible_to(manager, at=at + 91 * DAY, looked=True)) == []
