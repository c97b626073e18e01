"""Groups as a learner meets them: joined by a code, her sessions, her number for reminders."""

import datetime as dt

import time_machine

from accounts.models import AuditEntry
from tests.training.cohorts import cohort, member, session, trainer
from tests.training.group_pages import clock, shown, words
from training import actions
from training.choices import Road
from training.models import TextNumber

__all__ = ["clock", "cohort", "member", "session", "trainer"]


def test_an_official_joins_by_the_code(sign_in, official, cohort, trainer, at):
    code = actions.open_joining(cohort=cohort, until=at.date(), by=trainer, at=at)
    client = sign_in(official)

    wrong = client.post("/en/learning/join/", {"code": "AAAA2222"})
    joined = client.post("/en/learning/join/", {"code": code.lower()}, follow=True)

    assert wrong.status_code == 422
    assert "No group has this code" in words(wrong)
    assert "You are in the group “Court clerks”." in words(joined)
    assert "/en/learning/groups/" in client.get("/en/learning/").content.decode()


def test_who_tries_too_many_codes_is_told_to_wait_in_words_and_by_the_status(sign_in, official, cohort):
    client = sign_in(official)

    answers = [client.post("/en/learning/join/", {"code": "AAAA2222"}) for _number in range(11)]

    assert {answer.status_code for answer in answers[:-1]} == {422}
    assert (answers[-1].status_code, answers[-1]["Retry-After"]) == (429, "3600")
    assert "Ten codes were tried. Wait an hour" in words(answers[-1])


def test_a_session_that_was_over_before_she_came_is_not_held_against_her(sign_in, official, member, session):
    with time_machine.travel(session.ends_at + dt.timedelta(days=1), tick=False):
        client = sign_in(official)
        missed = words(client.get("/en/learning/groups/"))
        type(member).objects.filter(pk=member.pk).update(joined_at=session.ends_at + dt.timedelta(hours=3))
        before = words(client.get("/en/learning/groups/"))

    assert ("You are not down as present" in missed, "before you were in the group" in missed) == (True, False)
    assert ("You are not down as present" in before, "before you were in the group" in before) == (False, True)


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

    assert "To be finished by the end of 20 December 2026 ( America/Port-au-Prince )" in words(
        client.get("/en/learning/")
    )
    actions.take_out(member=member, by=trainer, at=at)
    assert "To be finished by the end of 5 January 2027 (" in words(client.get("/en/learning/"))
