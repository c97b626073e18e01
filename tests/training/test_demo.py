"""The demo's school: made through actions, the same every time, with people at three stages."""

import uuid
from collections import Counter
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.db.models import Count
from django.test import override_settings
from django.utils import translation

import accounts.demo
from accounts.models import AuditEntry, Country, Office, User
from tests.training.conftest import AT
from training import actions, demo, progress, queries
from training.choices import REQUIRED_SLOTS, Form, WithdrawalReason
from training.demo import doubts, guests, sounds
from training.demo.entries import MARK
from training.models import (
    Attempt,
    Certificate,
    Clip,
    Cohort,
    Course,
    CourseVersion,
    Enrolment,
    Event,
    LanguageFinding,
    Lesson,
    Overlay,
    Progress,
    RefusedEvent,
    Session,
)
from training.queries.marking import changes_in
from training.queries.offers import with_contacts

pytestmark = pytest.mark.either  # on PostgreSQL the whole demo is loaded by tests/cms/demo

COLUMNS = ("body_en", "body_fr", "body_ht", "body_ar")


@dataclass(frozen=True)
class Made:
    """What stood while the demo's school was made: the changed lesson's texts before it, its rows after the first making."""

    before: list
    first: tuple[int, int]


@pytest.fixture(scope="module")
def made(school, django_db_blocker, tmp_path_factory):
    """The demo's school, made twice, once for all tests of this file; none of it stays after them."""
    store = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    with django_db_blocker.unblock(), transaction.atomic(), store, translation.override("en"):
        accounts.demo.make(at=AT)
        demo.load_content(at=AT)
        before = texts()
        demo.make(at=AT)
        first = rows()
        demo.make(at=AT)
        connection.check_constraints()  # else PostgreSQL looks at all of these rows anew at the end of each test
        yield Made(before, first)
        transaction.set_rollback(True)


def texts():
    """Return what the demo's changed lesson says, by language."""
    lesson = Lesson.objects.get(slug=demo.CHANGED)
    return [getattr(lesson, column).get_prep_value() for column in COLUMNS]


def rows():
    return Enrolment.objects.count(), Event.objects.count()


def test_demo_has_three_courses_three_stages_and_a_report_that_is_not_empty(made, db):
    stages = Counter(
        "passed" if row.completed_at else "half" if row.done == 2 else "begun"
        for row in Progress.objects.filter(enrolment__learner__user__email__startswith="learner")
    )
    half = Enrolment.objects.get(learner__user__email="learner.ht@example.org")
    manager = accounts.demo.User.objects.get(email="manager.lr@example.org")
    report = queries.completion(manager, {})
    assert rows() == made.first
    assert stages == {"passed": 7, "half": 7, "begun": 7}
    assert set(half.events.values_list("language", flat=True)) == {"en", "fr"}
    assert RefusedEvent.objects.count() == 0
    assert Event.objects.filter(source="kept").values("learner").distinct().count() == 1
    assert list(actions.differences()) == []
    assert report.finished >= 10
    assert report.hidden.offices >= 1
    assert report.months
    assert [clip.language for clip in Clip.objects.all()] == [""]
    assert not Lesson.objects.get(slug=sounds.DRAFT).live


def test_no_office_of_the_demo_has_more_accounts_than_staff(made, db):
    offices = Office.objects.annotate(accounts=Count("people"))

    assert [(one.name, one.accounts, one.staff_count) for one in offices if one.accounts > one.staff_count] == []
    assert max(one.accounts for one in offices) >= 10


def test_what_the_demo_changed_is_marked_in_every_language_of_the_lesson(made, front, at):
    lesson = Lesson.objects.get(slug=demo.CHANGED)
    first, changed, last = (
        str(one) for one in CourseVersion.objects.filter(course__key="judicial", country="LR", number__gt=1)
        .order_by("number").values_list("public_id", flat=True)
    )  # fmt: skip
    (screen,) = changes_in(str(lesson.translation_key), first, changed).screens
    finished = Enrolment.objects.get(learner__user__email="learner2.lr@example.org")
    news = actions.News()
    demo.load_content(at=at)
    assert texts() == made.before
    assert changes_in(str(lesson.translation_key), changed, last).screens == frozenset()
    assert str(finished.version.public_id) == first
    assert [one.id for one in queries.standing(finished, at).asked] == [str(lesson.translation_key)]
    actions.load_courses(parent=front, by="test", at=at, news=news)
    entries = Overlay.objects.filter(country="LR", confirmed=True).values_list("pk", flat=True)
    assert sorted(int(line.rstrip("/").split("/")[-1]) for line in news.left) == sorted(
        entries
    )  # hers, not the file's
    assert {block["id"] for block in made.before[0] if block["id"] == screen} == {screen}


def test_one_course_lacks_nothing_in_one_country_and_its_entries_say_that_they_are_an_example(made, db):
    row = next(one for one in queries.courses("en") if one.key == "judicial")
    places, contacts = with_contacts(Country.objects.filter(pk__in=["LR", "HT"]).order_by("pk"))
    haiti, liberia = (queries.gate(row, place, contacts[place.pk], AT) for place in places)
    entries = Overlay.objects.filter(country="LR", curriculum__slug="judicial", confirmed=True)

    assert liberia == []
    assert {fault.code for fault in haiti} == {"no_referral", "slot_unconfirmed"}
    assert {entry.slot for entry in entries} == set(REQUIRED_SLOTS)
    for entry in entries:
        for code, mark in MARK.items():
            assert getattr(entry, f"text_{code}").startswith(mark)
            assert getattr(entry, f"source_{code}").startswith(mark)
    assert not Overlay.objects.exclude(pk__in=[entry.pk for entry in entries]).filter(confirmed=True).exists()
    acts = AuditEntry.objects.filter(verb="training.entry_changed")
    assert acts.count() == 3
    assert {act.actor for act in acts} == {str(User.objects.get(email="manager.lr@example.org").public_id)}


def test_demo_has_three_groups_with_sessions_and_who_was_there(made, db, at):
    found = {}
    for code in ("HT", "LR", "TN"):
        manager = accounts.demo.User.objects.get(email=f"manager.{code.lower()}@example.org")
        (cohort,) = queries.cohorts_visible_to(manager)
        view = queries.cohort_view(cohort, queries.members_inside(manager, cohort), "en", at=at)
        found[code] = (len(view.lines), list(view.present.values()), view.is_due)
    assert found == {"HT": (12, [7, 0], True), "LR": (8, [5, 0], False), "TN": (10, [4, 0], False)}
    assert actions.write_reminders(at=at.replace(hour=17)) > 0


def test_a_trainer_of_the_demo_finds_in_her_group_who_used_all_her_tries(made, db, at):
    trainer = accounts.demo.User.objects.get(email="trainer.lr@example.org")
    seen = queries.officials_visible_to(trainer)

    used_up = [file for one in seen for file in queries.course_files(one, "en", at=at) if file.used_up]

    assert (seen.count(), len(used_up)) == (8, 1)


def test_the_certificate_that_a_manager_of_the_demo_withdrew_fell_with_its_test_and_no_newer_one_stands(made, db, at):
    gone = Certificate.objects.get(withdrawal__isnull=False)
    test = Attempt.objects.get(enrolment=gone.enrolment, form=Form.POST)
    voided = progress.read_state(gone.enrolment.progress.state)["voided"]
    manager = accounts.demo.User.objects.get(email="manager.lr@example.org")

    assert (gone.kind, gone.withdrawal.reason) == ("achievement", WithdrawalReason.NOT_HER_WORK)
    assert list(voided) == [str(test.public_id)]
    assert gone.enrolment.progress.passed_at is None
    assert [one.kind for one in Certificate.objects.filter(enrolment=gone.enrolment).exclude(pk=gone.pk)] == [
        "completion"
    ]
    (acted,) = AuditEntry.objects.filter(verb="training.attempt_voided")
    assert acted.actor == str(manager.public_id)
    assert queries.standing(gone.enrolment, at).state == "unfinished"


@pytest.mark.parametrize("hour", [1, 9, 14, 20, 23])
def test_sessions_of_the_demo_lie_at_hours_at_which_offices_are_open(db, made, at, hour):
    Cohort.objects.all().delete()

    demo.groups.make(at=at.replace(hour=hour))

    for session in Session.objects.select_related("cohort__country"):
        country = session.cohort.country
        there = session.starts_at.astimezone(ZoneInfo(country.time_zone)).time()
        assert country.office_from <= there < country.office_until
    held = [cohort.sessions.order_by("starts_at").first() for cohort in Cohort.objects.all()]
    assert len(held) == 3
    assert all(session.starts_at < at.replace(hour=hour) for session in held)


def test_a_session_is_on_when_the_demo_is_loaded_while_offices_are_open(db, made, at):
    Cohort.objects.all().delete()
    loaded = at.replace(hour=15)  # ten o'clock in Haiti

    demo.groups.make(at=loaded)

    assert Session.objects.filter(cohort__country="HT", starts_at=loaded).exists()


def test_the_demo_has_one_time_in_doubt_which_a_phone_told(made, db):
    event = Event.objects.exclude(flags="").get()

    assert (event.enrolment.learner.user.email, event.source, event.flags) == (doubts.EMAIL, "web", "clock_early")


def test_every_paper_of_the_demo_is_drawn_by_a_seed_of_its_own_and_none_by_chance(made, db):
    seeds = [uuid.UUID(hex=seed) for seed in Attempt.objects.values_list("seed", flat=True)]

    assert len(seeds) > guests.MANY
    assert {seed.version for seed in seeds} == {5}
    assert len(set(seeds)) == len(seeds)


def test_the_demo_tells_how_hard_questions_are_and_flags_one_to_the_translators_of_its_language(made, db):
    course = Course.objects.get(key="safe-migration")
    told = [one for one in queries.figures.figures_of(course).questions if one.is_enough]
    finding = LanguageFinding.objects.get(question__key=guests.HARDER)

    assert len(told) >= 10
    assert len({one.facility for one in told}) > 3
    assert any(one.discrimination for one in told)
    assert (finding.language, finding.is_harder) == ("bn", True)
    assert any(len([one for one in row.languages if one.facility is not None]) == 2 for row in told)
