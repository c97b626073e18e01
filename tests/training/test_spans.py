"""Since when somebody is trained: spans as they follow from certificates, editions and facts; and who works them out."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions import move_person
from accounts.models import AuditEntry
from tests.training.finishing import finish
from training import actions, progress, queries, tasks
from training.choices import Trained, WithdrawalReason
from training.models import Certificate, CourseVersion, Enrolment, Progress, TrainedSpan
from training.progress import CURRENT, LAPSED, REFRESHER_DUE, Paperwork, Standing

DAY = 24 * 3600 * 1000


def standing_by(*steps):
    """A standing that changes at given instants."""

    def standing_at(moment):
        return [one for begins, one in steps if begins <= moment][-1]

    return standing_at


def told(spans):
    return [(one.state, one.language, one.begins, one.ends, one.minutes) for one in spans]


def test_nobody_without_a_certificate_is_trained():
    assert progress.spans_of([], standing_by((0, Standing(CURRENT))), [5], 60) == []


def test_a_change_gives_grace_and_then_lapses_by_itself():
    due = Standing(REFRESHER_DUE, 10, (progress.Activity("a", "lesson", minutes=9),), 20, 50)
    steps = standing_by((0, Standing(CURRENT, 10)), (20, due))

    spans = progress.spans_of([Paperwork("fr", 10)], steps, [20], 60)

    assert told(spans) == [(CURRENT, "fr", 10, 20, 0), (REFRESHER_DUE, "fr", 20, 50, 9), (LAPSED, "fr", 50, None, 9)]


def test_a_refresher_in_time_leaves_no_gap():
    due = Standing(REFRESHER_DUE, 10, (progress.Activity("a", "lesson", minutes=9),), 20, 50)
    steps = standing_by((0, Standing(CURRENT, 10)), (20, due), (30, Standing(CURRENT, 10)))

    spans = progress.spans_of([Paperwork("fr", 10)], steps, [20, 30, 30, 7], 60)

    assert told(spans) == [(CURRENT, "fr", 10, 20, 0), (REFRESHER_DUE, "fr", 20, 30, 9), (CURRENT, "fr", 30, None, 0)]


def test_a_refresher_at_the_very_end_of_the_grace_leaves_no_gap():
    due = Standing(REFRESHER_DUE, 10, (progress.Activity("a", "lesson", minutes=9),), 20, 50)
    steps = standing_by((0, Standing(CURRENT, 10)), (20, due), (50, Standing(CURRENT, 10)))

    spans = progress.spans_of([Paperwork("fr", 10)], steps, [20, 50], 60)

    assert told(spans) == [(CURRENT, "fr", 10, 20, 0), (REFRESHER_DUE, "fr", 20, 50, 9), (CURRENT, "fr", 50, None, 0)]


def test_one_that_expires_lapses_and_the_whole_course_brings_it_back():
    spans = progress.spans_of([Paperwork("ar", 10, expires=40)], standing_by((0, Standing(CURRENT, 10))), [], 60)

    assert told(spans) == [(CURRENT, "ar", 10, 40, 0), (LAPSED, "ar", 40, None, 60)]


def test_a_withdrawn_one_counts_for_nothing_from_then_on_and_its_copy_follows_without_a_gap():
    held = [Paperwork("fr", 10, withdrawn=30), Paperwork("fr", 10)]
    steps = standing_by((0, Standing(CURRENT, 10)))

    assert told(progress.spans_of(held[:1], steps, [], 60)) == [(CURRENT, "fr", 10, 30, 0)]
    assert told(progress.spans_of(held, steps, [], 60)) == [(CURRENT, "fr", 10, None, 0)]


@pytest.fixture
def finished(official, course, at):
    """An official who has finished, with her certificates."""
    return Enrolment.objects.get(pk=finish(official, course, at).pk)


def spans(enrolment):
    return list(
        TrainedSpan.objects.filter(enrolment=enrolment).order_by("begins").values_list("state", "begins", "ends")
    )


def test_who_finishes_is_due_and_current_from_that_instant(finished, at):
    assert Progress.objects.get(enrolment=finished).spans_due

    assert actions.fill_due_spans(at=at) == 1
    assert actions.fill_due_spans(at=at) == 0

    row = TrainedSpan.objects.get(enrolment=finished)
    assert (row.state, row.begins, row.ends, row.language) == (Trained.CURRENT, at, None, "fr")
    assert (row.course_id, row.user_id) == (finished.course_id, finished.learner.user_id)


def test_who_has_read_all_but_passed_no_test_is_not_trained(official, course, at):
    enrolment = finish(official, course, at, passed=False)

    actions.fill_spans(enrolment=enrolment.pk)

    assert Certificate.objects.filter(enrolment=enrolment).exists()
    assert spans(enrolment) == []


def change_materially(course, lesson, at):
    """Publish an edition in which a lesson asks those anew who have finished."""
    with actions.as_one_edition(by="test", at=at):
        lesson.aim_en = "An aim anew."
        lesson.go_live()
        actions.publish_version(course, by="test", at=at, material={str(lesson.translation_key)})


def test_a_material_change_is_followed_by_the_next_turn(finished, course, lessons, at):
    actions.fill_due_spans(at=at)
    changed_at = at + dt.timedelta(days=10)
    change_materially(course, lessons[1], changed_at)

    assert actions.fill_due_spans(at=changed_at) == 1

    grace_ends = changed_at + dt.timedelta(days=progress.GRACE_DAYS)
    assert spans(finished) == [
        ("current", at, changed_at), ("refresher_due", changed_at, grace_ends), ("lapsed", grace_ends, None),
    ]  # fmt: skip
    minutes = TrainedSpan.objects.get(enrolment=finished, state="refresher_due").minutes
    assert minutes == queries.standing(finished, changed_at).minutes > 0


def test_an_edition_that_commits_after_a_later_one_is_not_passed_over(finished, at):
    actions.fill_due_spans(at=at)
    first = CourseVersion.objects.order_by("pk").first()
    late = {"pk": first.pk - 1, "course": first.course, "number": 99, "body": first.body, "sha256": first.sha256}
    CourseVersion.objects.create(**late, published_by="test", published_at=at)

    assert actions.fill_due_spans(at=at) == 1
    assert actions.fill_due_spans(at=at) == 0


def test_a_withdrawn_certificate_ends_it(finished, manager, at, later):
    actions.fill_due_spans(at=at)
    for one in Certificate.objects.filter(enrolment=finished):
        actions.withdraw_certificate(certificate=one, by=manager, reason=WithdrawalReason.IN_ERROR, at=later(60))

    assert actions.fill_due_spans(at=later(61)) == 1

    assert spans(finished) == [("current", at, later(60))]


def test_the_withdrawal_of_the_achievement_alone_ends_it_too(finished, manager, at, later):
    one = Certificate.objects.get(enrolment=finished, kind="achievement")
    actions.withdraw_certificate(certificate=one, by=manager, reason=WithdrawalReason.NOT_HER_WORK, at=later(60))

    actions.fill_due_spans(at=later(61))

    assert spans(finished) == [("current", at, later(60))]


def test_every_instant_agrees_with_the_standing_of_that_instant(finished, course, lessons, at):
    """What was written as spans is what `standing` answers, at the edges and between them."""
    changed_at = at + dt.timedelta(days=10)
    change_materially(course, lessons[1], changed_at)
    actions.fill_due_spans(at=changed_at)

    for days in (0, 5, 10, 11, 99, 100, 101, 400):
        moment = at + dt.timedelta(days=days)
        inside = TrainedSpan.objects.filter(enrolment=finished, begins__lte=moment).order_by("begins").last()
        assert (days, inside.state) == (days, queries.standing(finished, moment).state)


def test_the_worker_does_it_and_records_nothing(finished, at):
    before = AuditEntry.objects.count()
    tasks._NEXT.clear()

    assert tasks.fill_spans(at) == 1
    assert tasks.fill_spans(at) == 0
    assert tasks.count_readiness(at) == 1
    assert tasks.count_readiness(at + dt.timedelta(minutes=5)) == 0
    assert tasks.count_lessons(at) == 1
    assert AuditEntry.objects.count() == before


def test_who_moves_to_another_country_is_due_and_who_stays_is_not(finished, person, countries, manager, at, later):
    actions.fill_due_spans(at=at)
    user = finished.learner.user
    place = {"name": user.name, "office": None, "language": "fr", "by": manager}

    move_person(person=user, country=countries["HT"], at=later(1), **place)
    stayed = Progress.objects.get(enrolment=finished).spans_due
    move_person(person=user, country=countries["TN"], at=later(2), **place)

    assert not stayed
    assert Progress.objects.get(enrolment=finished).spans_due
    assert actions.fill_due_spans(at=later(3)) == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite locks no rows")
def test_an_enrolment_is_locked_before_anything_is_read_of_its_progress(finished):
    """PostgreSQL reads what is joined as it stood before the wait: what somebody wrote meanwhile would be lost."""
    with CaptureQueriesContext(connection) as captured:
        actions.fill_spans(enrolment=finished.pk)

    asked = [query["sql"] for query in captured if "training_progress" in query["sql"] or "FOR NO KEY" in query["sql"]]
    assert "FOR NO KEY UPDATE" in asked[0]
    assert "training_progress" not in asked[0]
    assert asked[1].startswith("UPDATE")
