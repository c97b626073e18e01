"""Where a learner is in each of her courses, and which tests she may open."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from functools import partial
from zoneinfo import ZoneInfo

from django.db.models import F, OuterRef, Subquery

from languages.statements import Prepared
from training import progress
from training.choices import CertificateState, Form
from training.models import Attempt, Enrolment, Member
from training.queries import versions
from training.queries.certificate_news import CertificateNews, news_of, with_last
from training.queries.certificates import completed_work, with_completion
from training.queries.changes import Moves, added_lessons, changed_lessons, changed_stories, moves_of
from training.queries.course_rows import CourseRow, Outline, Story
from training.queries.holders import WHOSE, is_holder, key_of, own
from training.queries.left import Left, counts_in, left_in
from training.queries.lessons import Place, place_in
from training.queries.moments import instant
from training.queries.off import courses_known, courses_of_hers
from training.queries.pacing import Turn
from training.queries.reading import courses
from training.queries.standing import Files


@dataclass(frozen=True)
class WorkDue:
    """A refresher of lessons and stories alone: until when, how many minutes, what is asked, whether its time is over."""

    until: dt.datetime | None
    minutes: int
    asked: tuple[Outline | Story, ...]
    is_lapsed: bool


@dataclass(frozen=True)
class CourseProgress:
    """A learner's place in one course, counted on her own edition and track.

    `lessons` are those asked of her, as they stand now; `gone` of those she has done were taken off since, and count. `completed_at` stays true whatever comes later; `standing` says
    what a newer edition asks anew, `left` what is left before the course is finished, `refresher` the lessons and stories of that. `moves` is by what the number of those asked of her
    moved. `turn` is how she stands with the test,
    `turn_again` with the questions of a refresher or check-up. `due` is what a newer edition asks of somebody who has
    not passed the test and holds the certificate of completion. `last_result` is the test she handed in last: what was
    asked before the course is no test. `certificates` is what she is to be told of hers.
    `counted_in` is the country in whose editions she stands, where she ever followed those of another one. `is_late`: the
    day by which a group of hers is to finish is over, by the clock of its country.
    """

    enrolment: Enrolment
    course: CourseRow
    place: Place
    lessons: tuple[Outline, ...]
    done: int
    of: int
    next_lesson: Outline | None
    next_story: Story | None
    passed_at: dt.datetime | None
    completed_at: dt.datetime | None
    standing: progress.Standing
    left: Left = Left()
    changed: tuple[Outline, ...] = ()
    changed_stories: tuple[Story, ...] = ()
    added: tuple[Outline, ...] = ()
    refresher: tuple[Outline | Story, ...] = ()
    asks_test_again: bool = False
    turn: Turn = Turn()
    turn_again: Turn = Turn()
    may_take_pre: bool = False
    owes_checkup: bool = False
    due: WorkDue | None = None
    last_result: Attempt | None = None
    certificates: tuple[CertificateNews, ...] = ()
    gone: int = 0
    moves: Moves = Moves()
    counted_in: str = ""
    is_late: bool = False

    @property
    def track(self) -> str:
        """Return the group of readers she has chosen."""
        return self.enrolment.progress.track

    @property
    def until(self) -> dt.datetime | None:
        """Return until when the refresher is to be done."""
        return instant(self.standing.until)

    @property
    def is_lapsed(self) -> bool:
        """Tell whether the refresher was not done in time."""
        return self.standing.state == progress.LAPSED

    @property
    def is_newest(self) -> bool:
        """Tell whether she follows the newest edition of her country."""
        return self.course.version_for(self.enrolment.version.country_id) == str(self.enrolment.version.public_id)

    @property
    def anew(self) -> frozenset[str]:
        """Return what she has done that is to be read again, as law, procedure or an answer changed."""
        return frozenset(one.id for one in (*self.changed, *self.changed_stories, *self.refresher))

    @property
    def owed(self) -> tuple[Outline | Story, ...]:
        """Return the lessons and stories that she owes a newer edition, of a refresher or of what she did before she finished."""
        parts = (*self.refresher, *(self.due.asked if self.due else ()), *self.changed, *self.changed_stories)
        return tuple({one.id: one for one in parts}.values())

    @property
    def owed_count(self) -> int:
        """Return how many parts she owes, the test of a refresher among them."""
        return len(self.owed) + self.asks_test_again

    @property
    def has_refresher(self) -> bool:
        """Tell whether what she owes is a refresher: she has finished, or holds the certificate of completion."""
        return self.completed_at is not None or self.due is not None

    @property
    def untouched(self) -> int:
        """Return how many of the lessons she has done are as they were."""
        return self.done - len(self.changed)


def progress_of(user, language: str = "en", *, at: dt.datetime) -> list[CourseProgress]:
    """Return a person's courses, the one she was last in first; four queries at most, however many courses.

    Of a course that was taken off all that she did is told, and nothing is asked.
    """
    enrolments = _ALL_BEGUN[is_holder(user)].objects(key_of(user))
    if not enrolments:
        return []
    rows = {row.page: row for row in courses_known(language, [one.course_id for one in enrolments])}
    files = Files.with_turns(enrolments)
    return [
        _told(_progress(enrolment, rows[enrolment.course_id], files, at))
        for enrolment in enrolments
        if enrolment.course_id in rows
    ]


def _told(mine: CourseProgress) -> CourseProgress:
    """Return what is told of a course: of one that was taken off what was done, without what it would ask."""
    if not mine.course.is_off:
        return mine
    asks = ("left", "changed", "changed_stories", "added", "moves", "refresher", "turn", "turn_again", "due")
    nothing = {one.name: one.default for one in fields(CourseProgress) if one.name in asks}
    withdrawn = tuple(one for one in mine.certificates if one.state == CertificateState.WITHDRAWN)
    none = {"next_lesson": None, "next_story": None, "certificates": withdrawn}
    return replace(mine, **nothing, **none, asks_test_again=False, may_take_pre=False, owes_checkup=False)


def _deadlines() -> dict[str, Subquery]:
    """Return the first day by which an enrolment is to be finished, of the groups in which its learner takes the course.

    With it, by which clock that day ends.
    """
    groups = Member.objects.inside().filter(enrolment=OuterRef("pk"), cohort__due_on__isnull=False)
    first = groups.order_by("cohort__due_on", "pk")
    return {
        "due_on": Subquery(first.values("cohort__due_on")[:1]),
        "due_zone": Subquery(first.values("cohort__country__time_zone")[:1]),
    }


def _is_late(enrolment: Enrolment, at: dt.datetime) -> bool:
    """Tell whether the day is over by which an enrolment is to be finished; false where there is none, or nobody asked."""
    day = getattr(enrolment, "due_on", None)
    return day is not None and at.astimezone(ZoneInfo(enrolment.due_zone)).date() > day


def begun_courses(user, language: str) -> list[CourseRow]:
    """Return the courses a person has begun, also those that were taken off; one query."""
    return courses_of_hers(language, **own(user, "page__course__enrolments__learner"))


def progress_in(user, course: CourseRow, *, at: dt.datetime) -> CourseProgress | None:
    """Return where a person is in one course, or None when she has not begun it; three queries at most."""
    found = _ONE_BEGUN[is_holder(user)].objects(key_of(user), course.page)
    return _progress(found[0], course, Files.with_turns(found), at) if found else None


def progress_by_key(user, key: str, language: str, *, at: dt.datetime) -> CourseProgress | None:
    """Return where a person is in the live course of a key, or None when she has not begun it; four queries at most."""
    course = next(iter(courses(language, page__course__key=key)), None)
    return progress_in(user, course, at=at) if course else None


def _begun(whose: str, learner: int):
    rows = Enrolment.objects.filter(**{whose: learner}).select_related("progress", "version", "learner__user")
    return with_last(with_completion(rows))


def _all_begun(whose: str, learner: int):
    last_first = (F("progress__last_at").desc(nulls_last=True), "-started_at")
    return _begun(whose, learner).annotate(**_deadlines()).order_by(*last_first)


def _one_begun(whose: str, learner: int, course: int):
    return _begun(whose, learner).filter(course=course)[:1]


_ALL_BEGUN = {holds: Prepared(partial(_all_begun, whose), -7) for holds, whose in WHOSE.items()}
_ONE_BEGUN = {holds: Prepared(partial(_one_begun, whose), -7, -8) for holds, whose in WHOSE.items()}


def _progress(enrolment: Enrolment, course: CourseRow, files: Files, at: dt.datetime) -> CourseProgress:
    row, place = enrolment.progress, place_in(enrolment)
    standing = files.standing(enrolment, at)
    asked = {activity.id for activity in standing.asked}
    version = versions.value_of(enrolment.version)
    own = {one.id for one in version.asked(row.track)}
    left = left_in(version, course, track=row.track, done=place.done, is_passed=row.passed_at is not None)
    lessons = tuple(lesson for lesson in course.lessons if lesson.id in own)
    counts = counts_in(version, course, track=row.track, done=place.done, row=(row.done, row.of))
    handed_in = {attempt.form for attempt in files.attempts[enrolment.pk] if attempt.submitted_at}
    return CourseProgress(
        enrolment=enrolment,
        course=course,
        place=place,
        lessons=lessons,
        done=counts.done,
        of=counts.of,
        gone=counts.gone,
        next_lesson=next((lesson for lesson in lessons if lesson.id not in place.done), None),
        next_story=next((story for story in course.stories if story.required and story.id not in place.done), None),
        passed_at=row.passed_at,
        completed_at=row.completed_at,
        standing=standing,
        left=Left() if row.completed_at else left,
        changed=() if row.completed_at else changed_lessons(enrolment, course, place, files.chain(enrolment)),
        changed_stories=() if row.completed_at else changed_stories(course, place, files.chain(enrolment)),
        added=added_lessons(enrolment, course, place),
        moves=moves_of(enrolment, course, place, files, at),
        refresher=tuple(one for one in (*course.lessons, *course.stories) if one.id in asked),
        asks_test_again=any(activity.kind == "test" for activity in standing.asked),
        turn=files.turn(enrolment, Form.POST, at),
        turn_again=files.turn(enrolment, Form.CHECKUP if course.checkup else Form.POST, at),
        may_take_pre=course.pre is not None and not place.done and not handed_in & {Form.PRE, Form.POST},
        owes_checkup=course.checkup is not None and files.owes_checkup(enrolment, at),
        due=_due(completed_work(enrolment, files, at), course),
        last_result=_last_result(files.attempts[enrolment.pk]),
        certificates=news_of(enrolment, at),
        counted_in=_counted_in(enrolment, course, files) if row.completed_at else "",
        is_late=_is_late(enrolment, at),
    )


def _counted_in(enrolment: Enrolment, course: CourseRow, files: Files) -> str:
    home = enrolment.learner.home or ""
    return course.country_names.get(home, home) if files.has_moved(enrolment) else ""


def _last_result(attempts: Iterable[Attempt]) -> Attempt | None:
    handed_in = [one for one in attempts if one.submitted_at and one.form != Form.PRE]
    return max(handed_in, key=lambda one: one.submitted_at, default=None)


def _due(work: progress.Standing | None, course: CourseRow) -> WorkDue | None:
    if work is None or not work.asked:
        return None
    asked = {activity.id for activity in work.asked}
    parts = tuple(one for one in (*course.lessons, *course.stories) if one.id in asked)
    return WorkDue(instant(work.until), work.minutes, parts, work.state == progress.LAPSED)


def has_begun(user, course: int) -> bool:
    """Tell whether a person has begun a course; one query."""
    return Enrolment.objects.filter(**own(user), course=course).exists()


def enrolments_of(user):
    """Return the enrolments that a person may act on: her own."""
    return Enrolment.objects.filter(**own(user)).select_related("learner__user", "version", "course", "progress")


def attempts_of(user):
    """Return the tests that a person may open: her own."""
    hers = Attempt.objects.filter(**own(user, "enrolment__learner"))
    hers = hers.select_related("enrolment__learner__user", "enrolment__progress", "enrolment__version", "version")
    return hers.defer("enrolment__version__body")
