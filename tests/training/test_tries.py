"""A test cannot be passed by copying: few tries, hours between them, and no right answer before it is passed."""

import datetime as dt
import uuid

import pytest

from accounts.models import AuditEntry
from tests.training.answers import from_phone, paper, right, wrong
from tests.training.cohorts import cohort, member, trainer
from tests.training.counted_tries import clock, course
from training import actions, progress, queries
from training.models import Allowance, Attempt, Course, Lesson, Progress, RefusedEvent

__all__ = ["clock", "cohort", "course", "member", "trainer"]

HOURS = dt.timedelta(hours=1)


def fail(enrolment, at, form=2):
    """Take a test and hand it in blank."""
    attempt = actions.start_attempt(enrolment=enrolment, language="fr", at=at, form=form)
    actions.submit_attempt(attempt=attempt, responses={}, language="fr", at=at)
    return attempt


@pytest.fixture
def used_up(enrolment, at):
    """All three tries, a day and an hour apart; the enrolment."""
    for days in range(3):
        fail(enrolment, at + dt.timedelta(days=days) + days * HOURS)
    return enrolment


def after(at, days):
    return at + dt.timedelta(days=days)


def test_the_rule_is_told_before_the_test_begins_and_copied_into_it(client, sign_in, official, course, enrolment, at):
    sign_in(official)

    html = client.get(f"/en/{course.url_path.split('/', 2)[2]}").content.decode()
    attempt = actions.start_attempt(enrolment=enrolment, language="en", at=at)

    assert "You may take this test 3 times." in html
    assert "Between two tries lie 24 hours." in html
    told = progress.read(attempt.paper)
    assert (told["attempts"], told["wait_hours"]) == (3, 24)
    assert "This is try 1 of 3." in client.get(paper(attempt, "en")).content.decode()


def test_handed_in_blank_it_shows_what_was_wrong_and_no_right_answer(client, sign_in, official, course, enrolment, at):
    sign_in(official)
    attempt = fail(enrolment, at)

    html = client.get(paper(attempt, "en", "result/")).content.decode()

    for item in queries.paper_view(attempt, "en").items:
        assert item.question.question.split("“")[0][:30] in html.replace("&#x27;", "'")
        for choice in item.question.choices:
            assert choice.text not in html
            assert choice.feedback not in html
    assert html.count("Left open") == 6
    assert "To read again" in html
    assert "Three elements" in html


def test_who_chose_no_group_is_told_that_lessons_of_all_of_them_are_listed(client, sign_in, official, course, at):
    Course.objects.filter(pk=course.pk).update(tracks=["migrant", "official"])
    Lesson.objects.descendant_of(course).update(tracks=["migrant"])
    course = Course.objects.get(pk=course.pk)
    actions.course_changed(course, by="test", at=at)
    sign_in(official)
    shown = []
    for track in ("", "migrant"):
        if track:
            actions.choose_track(user=official, course=course, track=track, language="en", at=at)
        enrolment = actions.enrol(learner=actions.learner_of(official), course=course, country="HT", at=at)
        attempt = Attempt.objects.filter(enrolment=enrolment).first() or fail(enrolment, at)
        shown.append(client.get(paper(attempt, "en", "result/")).content.decode())

    first, chosen = shown
    assert "You chose no group of readers, so lessons of every group stand here." in first
    assert f'href="{course.url}#for-whom"' in first
    assert "To read again" in chosen
    assert "You chose no group of readers" not in chosen


def test_once_passed_every_result_is_explained(client, sign_in, official, course, enrolment, at, clock):
    sign_in(official)
    first = fail(enrolment, at)
    clock.move_to(after(at, 2))
    second = actions.start_attempt(enrolment=enrolment, language="en", at=after(at, 2))
    client.post(paper(second), right(second))

    for attempt in (first, second):
        html = client.get(paper(attempt, "en", "result/")).content.decode()
        assert 'class="reason small"' in html
        assert "Try again" not in html


def test_the_next_try_waits_and_says_until_when(client, sign_in, official, course, enrolment, at, clock):
    sign_in(official)
    attempt = fail(enrolment, at)

    refused = client.post("/en/learning/judicial/test/")
    clock.move_to(at + 24 * HOURS)
    opened = client.post("/en/learning/judicial/test/")

    html = refused.content.decode()
    assert refused.status_code == 409
    assert "You can take the test again from <strong>26 November 2026" in html
    assert opened.status_code == 302
    assert Attempt.objects.get(number=2).opens_at is None
    assert "Try again" in client.get(paper(attempt, "en", "result/")).content.decode()


def test_after_three_tries_only_a_person_opens_one_more(client, sign_in, official, course, used_up, at, clock):
    clock.move_to(after(at, 30))
    sign_in(official)

    refused = client.post("/en/learning/judicial/test/")
    page = client.get("/en/learning/").content.decode()

    assert refused.status_code == 409
    assert "All your tries are used." in refused.content.decode()
    assert Attempt.objects.count() == 3
    assert ">Take the test<" not in page


def test_one_more_is_allowed_by_name_and_reason_once(sign_in, trainer, member, official, course, used_up, at, clock):
    clock.move_to(after(at, 3) + HOURS)
    client = sign_in(trainer)
    page = f"/en/reports/people/{official.learner.public_id}/"
    address = f"/en/reports/people/allow/{used_up.public_id}/"

    assert "All tries are used" in client.get(page).content.decode()
    client.post(address, {"form": 2, "reason": ""})
    assert not Allowance.objects.exists()
    client.post(address, {"form": 2, "reason": "network"})
    client.post(address, {"form": 2, "reason": "network"})

    allowed = Allowance.objects.get()
    assert (allowed.by, allowed.reason) == (trainer, "network")
    entry = AuditEntry.objects.filter(verb="training.attempt_allowed").get()
    assert entry.actor == str(trainer.public_id)
    assert fail(used_up, after(at, 4)).number == 4
    with pytest.raises(actions.TestUsedUp):
        actions.start_attempt(enrolment=used_up, language="fr", at=after(at, 9))


@pytest.mark.parametrize(
    ("role", "code"), [("trainer", "HT"), ("trainer", "TN"), ("manager", "TN"), ("analyst", "HT"), ("manager", None)]
)
def test_nobody_else_allows_it(sign_in, person, countries, course, used_up, role, code):
    client = sign_in(person(role, country=countries.get(code)))

    answer = client.post(f"/en/reports/people/allow/{used_up.public_id}/", {"form": 2, "reason": "network"})

    assert answer.status_code == 404
    assert not Allowance.objects.exists()


def test_a_trainer_allows_herself_nothing(sign_in, person, countries, course, at):
    trainer = person("trainer", "learner", country=countries["HT"], language="fr")
    own = actions.enrol(learner=actions.learner_of(trainer), course=course, country="HT", at=at)
    for days in range(3):
        fail(own, after(at, 2 * days))

    answer = sign_in(trainer).post(f"/en/reports/people/allow/{own.public_id}/", {"form": 2, "reason": "network"})

    assert answer.status_code == 404


def test_the_wait_runs_from_handing_in_not_from_arriving(course, official, enrolment, at):
    attempt = actions.start_attempt(enrolment=enrolment, language="fr", at=at)
    late = from_phone(actions.handed_in(attempt, {}, "fr", at + HOURS))
    actions.record_events(learner=official.learner, arrivals=[late], source="web", at=after(at, 5))
    enrolment.progress.refresh_from_db()

    second = actions.start_attempt(enrolment=enrolment, language="fr", at=after(at, 5))

    assert (second.number, second.opens_at) == (2, None)


def test_a_phone_takes_the_next_test_along_while_its_owner_waits(
    client, sign_in, official, course, enrolment, at, clock
):
    sign_in(official)
    fail(enrolment, at)

    told = client.post("/en/learning/judicial/paper/").json()["test"]

    attempt = Attempt.objects.get(number=2)
    assert attempt.opens_at == at + 24 * HOURS
    assert told["opens"] == attempt.opens_at.isoformat()
    assert "from 26 November 2026" in told["ahead"]
    assert client.get(paper(attempt, "en")).status_code == 409
    assert client.post("/en/learning/judicial/test/").status_code == 409
    clock.move_to(at + 25 * HOURS)
    assert client.get(paper(attempt, "en")).status_code == 200
    assert client.post("/en/learning/judicial/paper/").json()["test"]["opens"] == ""


@pytest.mark.parametrize(("hours", "status"), [(23, "rejected"), (24, "accepted"), (30, "accepted")])
def test_what_was_answered_on_the_phone_counts_by_when_it_was_handed_in(
    course, official, enrolment, at, hours, status
):
    fail(enrolment, at)
    _enrolment, second = actions.keep_course(user=official, course=course, language="fr", at=at + HOURS)
    sent = from_phone(actions.handed_in(second, _responses(second), "fr", at + hours * HOURS))

    outcome = actions.record_events(learner=official.learner, arrivals=[sent], source="web", at=after(at, 9))[0]

    second.refresh_from_db()
    assert outcome.status == status
    assert second.passed is (True if status == "accepted" else None)
    assert RefusedEvent.objects.filter(reason="test_ahead").count() == (status == "rejected")


@pytest.mark.parametrize(("minutes", "status"), [(6, "rejected"), (5, "accepted")])
def test_what_was_answered_up_to_five_minutes_before_counts_as_clocks_differ(
    course, official, enrolment, at, minutes, status
):
    fail(enrolment, at)
    _enrolment, second = actions.keep_course(user=official, course=course, language="fr", at=at + HOURS)
    early = second.opens_at - dt.timedelta(minutes=minutes)
    sent = from_phone(actions.handed_in(second, _responses(second), "fr", early))

    outcome = actions.record_events(learner=official.learner, arrivals=[sent], source="web", at=after(at, 9))[0]

    assert outcome.status == status


@pytest.mark.parametrize(
    ("clock_off", "hours", "status"),
    [(48, 23, "rejected"), (48, 25, "accepted"), (-48, 23, "rejected"), (-48, 25, "accepted")],
)
def test_the_hours_between_two_tries_are_counted_by_the_corrected_clock(
    course, official, enrolment, at, clock_off, hours, status
):
    fail(enrolment, at)
    _enrolment, second = actions.keep_course(user=official, course=course, language="fr", at=at + HOURS)
    told = from_phone(actions.handed_in(second, _responses(second), "fr", at + (hours + clock_off) * HOURS))

    outcome = actions.record_events(
        learner=official.learner, arrivals=[told], source="web", at=after(at, 9), offset_ms=-clock_off * 3600 * 1000
    )[0]

    assert outcome.status == status


@pytest.mark.parametrize(("days", "status"), [(2, "accepted"), (0, "rejected")])
def test_a_paper_that_no_clock_places_was_handed_in_on_its_arrival(course, official, enrolment, at, days, status):
    fail(enrolment, at)
    _enrolment, second = actions.keep_course(user=official, course=course, language="fr", at=at + HOURS)
    told = from_phone(actions.handed_in(second, _responses(second), "fr", dt.datetime(1970, 1, 1, tzinfo=dt.UTC)))
    arrives = after(at, days) + 2 * HOURS

    outcome = actions.record_events(learner=official.learner, arrivals=[told], source="web", at=arrives)[0]

    second.refresh_from_db()
    assert outcome.status == status
    assert second.submitted_at == (arrives if status == "accepted" else None)


@pytest.mark.parametrize(("arrives", "status"), [(20, "rejected"), (25, "accepted")])
def test_a_clock_set_ahead_opens_no_test_before_its_time(course, official, enrolment, at, arrives, status):
    fail(enrolment, at)
    _enrolment, second = actions.keep_course(user=official, course=course, language="fr", at=at + HOURS)
    told = from_phone(actions.handed_in(second, _responses(second), "fr", after(at, 4)))
    arrives_at = at + arrives * HOURS

    outcome = actions.record_events(learner=official.learner, arrivals=[told], source="web", at=arrives_at)[0]

    second.refresh_from_db()
    assert outcome.status == status
    assert second.submitted_at == (arrives_at if status == "accepted" else None)


def test_the_same_paper_sent_again_is_a_duplicate_whatever_the_clock_says_then(course, official, enrolment, at):
    fail(enrolment, at)
    _enrolment, second = actions.keep_course(user=official, course=course, language="fr", at=at + HOURS)
    sent = from_phone(actions.handed_in(second, {}, "fr", at + 25 * HOURS))
    facts = {"learner": official.learner, "arrivals": [sent], "source": "web", "at": after(at, 9)}

    first, again = (actions.record_events(**facts, offset_ms=offset)[0] for offset in (0, -7_200_000))

    assert (first.status, again.status) == ("accepted", "duplicate")


def test_with_all_tries_used_a_phone_gets_no_test(client, sign_in, official, course, used_up, at, clock):
    clock.move_to(after(at, 9))
    sign_in(official)

    assert client.post("/en/learning/judicial/paper/").json()["test"] is None


def test_a_test_whose_right_answers_changed_is_another_test(course, used_up, at):
    actions.course_changed(course, by="test", at=after(at, 5))
    test = queries.id_of_test(course, 2)
    course.pass_minimum = 4
    course.save()
    actions.course_changed(course, by="test", at=after(at, 6), material=test)

    assert actions.start_attempt(enrolment=used_up, language="fr", at=after(at, 7)).number == 4


def test_a_paper_from_before_there_was_a_rule_counts_for_nothing(course, enrolment, at):
    attempt = fail(enrolment, at)
    old = progress.read(attempt.paper)
    del old["attempts"], old["wait_hours"]
    Attempt.objects.update(paper=progress.canonical(old))

    assert actions.start_attempt(enrolment=enrolment, language="fr", at=at + HOURS).number == 2


def test_a_pretest_has_no_number_of_tries_and_no_wait(course, enrolment, at):
    assert queries.turn(enrolment, 1, at).is_open
    assert queries.turn(enrolment, 1, at).attempts is None


def test_the_page_of_an_official_shows_passed_or_not_and_no_answer(
    sign_in, manager, official, course, used_up, at, clock, django_assert_max_num_queries
):
    clock.move_to(after(at, 4))
    client = sign_in(manager)

    with django_assert_max_num_queries(9):
        queries.course_files(official.learner, "en", at=at)
    html = client.get(f"/en/reports/people/{official.learner.public_id}/").content.decode()

    assert html.count("Not passed<") == 3
    assert "Which of these" not in html
    assert AuditEntry.objects.filter(verb="training.names_read").exists()
    assert client.get(f"/en/reports/people/{uuid.uuid4()}/").status_code == 404


def test_my_learning_costs_one_query_more_where_a_test_was_failed(
    client, sign_in, official, course, enrolment, at, django_assert_max_num_queries
):
    fail(enrolment, at)
    Progress.objects.get(enrolment=enrolment)

    with django_assert_max_num_queries(7):
        found = queries.progress_of(official, "en", at=at + HOURS)

    assert found[0].turn.opens_at == at + 24 * HOURS
    assert found[0].turn.used == 1


def test_wrong_answers_do_not_show_which_one_was_chosen(client, sign_in, official, course, enrolment, at):
    sign_in(official)
    attempt = actions.start_attempt(enrolment=enrolment, language="en", at=at)
    actions.submit_attempt(attempt=attempt, responses=_responses(attempt, 0, 1, 2), language="en", at=at)

    html = client.get(paper(attempt, "en", "result/")).content.decode()

    assert html.count("Not right<") == 3
    assert "checked" not in html


def _responses(attempt, *places):
    return {key.removesuffix("-r"): value for key, value in wrong(attempt, *places).items()}
