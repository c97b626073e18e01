"""The demo's school: three courses, learners at three stages, officials for the report, three groups. Through actions only."""

import datetime as dt
import random
from collections.abc import Iterable
from copy import deepcopy

from django.db.models import Exists, OuterRef
from wagtail.models import Site

from accounts.actions import make_people
from accounts.choices import Role
from accounts.models import Country, Office, User
from training import actions, queries
from training.choices import CertificateKind, Form, VoidTestReason
from training.demo import doubts, entries, groups, guests, reports, sounds, tries
from training.demo.learners import SEED, Stage, learn, right
from training.models import Attempt, Course, Enrolment, Lesson

BY = "demo"
COURSE_OF = {
    "LR": "judicial",
    "HT": "judicial",
    "TN": "judicial",
    "MG": "first-responders",
    "MW": "first-responders",
    "MZ": "first-responders",
    "BD": "safe-migration",
}
# Officials beyond the demo's own learners, by country: so many in each of the first offices; the last stays small.
MORE = {"LR": (11, 10, 9, 3), "HT": (10,), "TN": (10,)}
# Operators of the hotline who hold a certificate: before the material change, so that a refresher is due, and after it.
OPERATORS_BEFORE = ("operator2.lr@example.org",)
OPERATORS_AFTER = ("operator.lr@example.org", "operator.ht@example.org")
LOADED_DAYS_AGO = 200
CHANGED_DAYS_AGO = 20
CHANGED = "when-the-person-is-a-child"


# The demo's own learners, in the order of their addresses: half in two languages, passed, begun.
STAGES = (Stage(2, days=6, ago=1), Stage(4, True, days=31, ago=24, asked_before=True), Stage(0, days=0, ago=3))


def load_content(*, at: dt.datetime) -> None:
    """Load the courses of the repository; what people edited stays as they have it."""
    front = Site.objects.get(is_default_site=True).root_page.specific
    actions.load_courses(parent=front, by=BY, at=at - dt.timedelta(days=LOADED_DAYS_AGO))


def make(*, at: dt.datetime) -> None:
    """Let people learn in the courses that are loaded; what is there already stays as it is."""
    courses = {course.key: course for course in Course.objects.live()}
    whole = teach_earlier(courses["judicial"], at=at - dt.timedelta(days=LOADED_DAYS_AGO))
    for country in Country.objects.filter(code__in=COURSE_OF).order_by("code"):
        course = courses[COURSE_OF[country.pk]]
        for user, stage in zip(_learners(country), STAGES, strict=False):
            learn(user, course, stage, at=at)
        for user, stage in _officials(country, at):
            if stage is not None:
                learn(user, course, stage, at=at)
    train_operators(OPERATORS_BEFORE, courses["judicial"], at=at - dt.timedelta(days=CHANGED_DAYS_AGO * 2))
    if whole:
        change_material(courses["judicial"], whole, at=at - dt.timedelta(days=CHANGED_DAYS_AGO))
    train_operators(OPERATORS_AFTER, courses["judicial"], at=at)
    groups.make(at=at)
    doubts.make(courses["judicial"], at=at)
    reports.refresh_some(courses["judicial"], at=at - dt.timedelta(days=CHANGED_DAYS_AGO // 2))
    tries.make(courses["judicial"], right=right, at=at)
    _set_one_aside(at)
    guests.make(courses["safe-migration"], right=right, at=at)
    reports.count(courses.values(), at=at)
    sounds.draft_with_sound(courses["judicial"])


def train_operators(emails: Iterable[str], course: Course, *, at: dt.datetime) -> None:
    """Let operators of the hotline finish a course, so that some of its shifts have somebody trained and some have not."""
    for user in User.objects.filter(email__in=emails).order_by("email"):
        learn(user, course, Stage(4, True, days=8, ago=6), at=at)


def _set_one_aside(at: dt.datetime) -> None:
    """Let a manager set the test of one official aside, once: with it the certificate falls that rested on it alone.

    It is somebody who earned none since, so that nothing stands beside it that tells otherwise.
    """
    manager = User.objects.filter(email="manager.lr@example.org").first()
    if manager is None:
        return
    rows = queries.certificates_visible_to(manager).filter(kind=CertificateKind.ACHIEVEMENT)
    if rows.filter(withdrawal__isnull=False).exists():
        return
    others = rows.filter(enrolment=OuterRef("enrolment")).exclude(pk=OuterRef("pk"))
    only = rows.filter(~Exists(others), learner__user__email__startswith="official")
    if one := only.order_by("-attained_at", "pk").first():
        attempt = Attempt.objects.get(enrolment=one.enrolment_id, form=Form.POST, passed=True)
        actions.void_attempt(attempt=attempt, reason=VoidTestReason.NOT_HER_WORK, by=manager, at=at)


def teach_earlier(course: Course, *, at: dt.datetime) -> list | None:
    """Let the second lesson lack, before anybody learns, what it says of an age that nobody knows; return its text as the file has it.

    The paragraph goes, and comes back, in every language that the lesson has.
    """
    if Enrolment.objects.filter(course=course).exists():
        return None
    lesson = _changed_lesson(course)
    whole = lesson.body_en.get_prep_value()
    body = deepcopy(whole)
    block = [one for one in body if one["type"] == "text"][1]
    block["value"]["html"] = block["value"]["html"].rpartition("<p>")[0]
    with actions.as_one_edition(by=BY, at=at):
        _put(lesson, body)
        entries.confirm(course, at=at)
        actions.course_changed(course, by=BY, at=at)
    return whole


def change_material(course: Course, whole: list, *, at: dt.datetime) -> None:
    """Let the second lesson change materially: who has finished is asked for it, who is under way hears of it.

    It says in the end what its file says, so that loading the course again finds nothing that anybody edited.
    """
    lesson = _changed_lesson(course)
    with actions.as_one_edition(by=BY, at=at):
        _put(lesson, whole)
        tries.turn_key(course)
        actions.publish_version(course, by=BY, at=at, material={str(lesson.translation_key)})
        tries.take_mistaken(course, right=right, at=at)
        tries.turn_key(course)
        actions.course_changed(course, by=BY, at=at)


def _changed_lesson(course: Course) -> Lesson:
    return Lesson.objects.live().get(path__startswith=course.path, slug=CHANGED)


def _put(lesson: Lesson, body: list) -> None:
    lesson.body_en = Lesson._meta.get_field("body_en").to_python(body)
    lesson.go_live()


def _learners(country: Country) -> list[User]:
    return list(
        User.objects.with_role(Role.LEARNER).filter(country=country, email__startswith="learner").order_by("pk")
    )


def _officials(country: Country, at: dt.datetime) -> list[tuple[User, Stage | None]]:
    """Make a country's further officials and return each with her stage; the same on every run."""
    offices = list(Office.objects.filter(country=country).order_by("pk"))
    dice, rows, stages = random.Random(f"{SEED}{country.pk}"), [], []  # noqa: S311 -- a demo that is the same everywhere
    for office, count in zip(offices, MORE.get(country.pk, ()), strict=False):
        for _place in range(count):
            number, languages = len(rows) + 1, [*country.languages, "en"]
            rows.append(
                {
                    "email": f"official{number}.{country.pk.lower()}@example.org",
                    "name": f"Official {number}, {country.name_en}",
                    "roles": [Role.LEARNER],
                    "country": country,
                    "language": languages[dice.choice((0, 0, 0, 1)) % len(languages)],
                    "office": office,
                }
            )
            stages.append(_stage(dice))
    people = make_people(rows, by=BY, at=at - dt.timedelta(days=LOADED_DAYS_AGO))
    return list(zip(people, stages, strict=True))


def _stage(dice: random.Random) -> Stage | None:
    fate = dice.random()
    if fate < 0.45:
        return Stage(4, True, days=dice.randint(4, 45), ago=dice.randint(3, 140))
    if fate < 0.75:
        return Stage(dice.randint(0, 3), days=dice.randint(1, 30), ago=dice.randint(1, 60))
    return None
