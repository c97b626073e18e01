"""The demo's school: three courses, learners at three stages, officials for the report, three groups. Through actions only."""

import datetime as dt
import random
import uuid
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, replace

from django.db.models import Exists, OuterRef
from wagtail.models import Site

from accounts.actions import make_people
from accounts.choices import Role
from accounts.models import Country, Office, User
from training import actions, grading, progress, queries, scenarios
from training.choices import END, CertificateKind, Form, Source, Verb, VoidTestReason
from training.demo import doubts, entries, groups, guests, reports, sounds, tries
from training.demo.chance import paper_seed
from training.exchange import stable_id
from training.models import Attempt, Course, Enrolment, Learner, Lesson

BY = "demo"
SEED = 20_261_125
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
BY_FILE = {"learner3.tn@example.org": "trainer.tn@example.org"}
CHANGED_DAYS_AGO = 20
CHANGED = "when-the-person-is-a-child"


@dataclass(frozen=True)
class Stage:
    """How far somebody is: lessons read to the end, over how many days, how long ago it ended.

    Who passed has read all lessons; some were asked before the first lesson what they knew.
    """

    lessons: int
    passed: bool = False
    days: int = 10
    ago: int = 2
    asked_before: bool = False


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
    tries.make(courses["judicial"], right=_right, at=at)
    _set_one_aside(at)
    guests.make(courses["safe-migration"], right=_right, at=at)
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
        tries.take_mistaken(course, right=_right, at=at)
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


def learn(user: User, course: Course, stage: Stage, *, at: dt.datetime) -> None:
    """Let a person go as far in a course as her stage says; somebody who has begun stays as she is."""
    learner = actions.learner_of(user)
    if Enrolment.objects.filter(learner=learner, course=course).exists():
        return
    ended = at - dt.timedelta(days=stage.ago)
    began = ended - dt.timedelta(days=stage.days)
    enrolment = actions.enrol(learner=learner, course=course, country=user.country_id, at=began)
    if course.tracks:
        actions.choose_track(user=user, course=course, track=course.tracks[0], language=user.language, at=began)
        enrolment.refresh_from_db()
    if stage.asked_before:
        _ask_before(enrolment, user.language, began)
    arrivals = _lessons_read(user, enrolment, stage, began, ended)
    if stage.lessons:
        arrivals += _stories_played(user, enrolment, stage, ended, seq=len(arrivals))
    if stage.passed:
        arrivals.append(_test(enrolment, user.language, ended))
    _send(learner, arrivals, ended)


def _send(learner: Learner, arrivals: list[actions.Arrival], at: dt.datetime) -> None:
    """Send what a page would have sent; for one whose phone found no network, her trainer sends its file."""
    arrivals = [replace(one, id=uuid.UUID(int=one.id.int, version=4)) for one in arrivals]  # as a phone draws them
    if trainer := BY_FILE.get(learner.user.email):
        file = actions.KeptFile(learner.public_id, 0, tuple(arrivals))
        actions.send_kept(file=file, by=User.objects.get(email=trainer), at=at)
    else:
        actions.record_events(learner=learner, arrivals=arrivals, source=Source.WEB, at=at)


def _test(enrolment: Enrolment, language: str, at: dt.datetime) -> actions.Arrival:
    """Take the test from the key that the paper holds: all right, or with slips that do not keep her from passing."""
    enrolment = Enrolment.objects.select_related("progress", "version", "learner__user").get(pk=enrolment.pk)
    began, seed = at - dt.timedelta(minutes=12), paper_seed(enrolment)
    attempt = actions.start_attempt(enrolment=enrolment, language=language, at=began, seed=seed)
    responses = {item.id: _right(item) for item in queries.items_of(attempt)}
    return actions.handed_in(attempt, responses | _slips(attempt, enrolment.learner.user.email), language, at)


def _slips(attempt: Attempt, email: str) -> dict[str, str]:
    """Return some wrong answers to questions that are not critical, as many as leave the test passed; always the same."""
    dice = random.Random(f"{SEED}{email}")  # noqa: S311 -- as below
    paper, items = progress.read(attempt.paper), queries.items_of(attempt)
    may_fail = [item for item in items if item.kind == "single" and item.id not in paper["critical"]]
    count = min(dice.choice((0, 0, 1, 3)), len(items) - paper["minimum"], len(may_fail))
    return {
        item.id: dice.choice([option for option in item.options if option not in item.right])
        for item in dice.sample(may_fail, count)
    }


def _ask_before(enrolment: Enrolment, language: str, at: dt.datetime) -> None:
    """Take the pre-test, where the course has one, with every other answer right."""
    try:
        seed = paper_seed(enrolment)
        attempt = actions.start_attempt(enrolment=enrolment, language=language, at=at, form=Form.PRE, seed=seed)
    except actions.NoQuestions:
        return
    items = queries.items_of(attempt)
    responses = {item.id: _right(item) for place, item in enumerate(items) if place % 2}
    actions.submit_attempt(attempt=attempt, responses=responses, language=language, at=at + dt.timedelta(minutes=9))


def _lessons_read(user: User, enrolment: Enrolment, stage: Stage, began, ended) -> list[actions.Arrival]:
    """Return what her page would have sent: lessons opened, screens read, ends reached, the last in her own language."""
    version = progress.version_of(str(enrolment.version.public_id), enrolment.version.body)
    device, arrivals = stable_id("demo device", user.email), []
    lessons = [one for one in version.asked(enrolment.progress.track) if one.kind == "lesson"]
    to_the_end = len(lessons) if stage.passed else stage.lessons
    step = (ended - began) / max(1, to_the_end)
    for place, lesson in enumerate(lessons[: to_the_end + 1]):
        language = "en" if place == 0 else user.language
        screens = [lesson.screens[0], END] if place < to_the_end else lesson.screens[:2]
        for screen in screens:
            arrivals.append(
                actions.Arrival(
                    id=uuid.uuid5(device, f"{lesson.id}/{screen}"),
                    verb=Verb.REACHED,
                    activity=lesson.id,
                    version=version.id,
                    language=language,
                    occurred_at=min(began + step * (place + 1), ended),
                    payload={"screen": screen},
                    device=device,
                    seq=len(arrivals) + 1,
                )
            )
    return arrivals


def _stories_played(user: User, enrolment: Enrolment, stage: Stage, at, seq: int) -> list[actions.Arrival]:
    """Play each scenario: who passed, to an end that is well; who is on the way, one step, so that she can go on."""
    version = progress.version_of(str(enrolment.version.public_id), enrolment.version.body)
    device = stable_id("demo device", user.email)
    return [
        actions.Arrival(
            id=uuid.uuid5(device, f"{story.id}/played"),
            verb=Verb.CHOSE,
            activity=story.id,
            version=version.id,
            language=user.language,
            occurred_at=at,
            payload={
                "play": str(uuid.uuid5(device, story.id)),
                "graph": story.graph_id,
                "path": list(scenarios.path_to(story.graph, scenarios.SOUND)[: None if stage.passed else 1]),
            },
            device=device,
            seq=seq + place,
        )
        for place, story in enumerate(version.scenarios, 1)
    ]


def _right(item: grading.Item):
    """Return the right response to an item."""
    return {
        "single": lambda: item.right[0],
        "multiple": lambda: list(item.right),
        "order": lambda: list(item.options),
        "match": lambda: [list(pair) for pair in item.groups],
        "number": lambda: item.answer,
        "short": lambda: item.answer.partition("\n")[0],
    }[item.kind]()
