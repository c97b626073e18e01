"""Where a learner is in each of her courses, and her tests."""

import datetime as dt
from dataclasses import dataclass, replace
from functools import partial

from django.db.models import F, OuterRef, Subquery

from languages.statements import Prepared
from training import grading, progress
from training.choices import ClaimReason, Form, Objective, Verb
from training.models import Attempt, Compiled, Enrolment, Event, Member, Progress
from training.queries import versions
from training.queries.changes import added_lessons, changed_lessons
from training.queries.holders import WHOSE, is_holder, key_of, own
from training.queries.lessons import Place, place_in
from training.queries.moments import instant
from training.queries.pacing import Turn, turn, turn_by
from training.queries.questions import Question, question_of
from training.queries.reading import CourseRow, Outline, Reader, Story, best, chain_of, courses
from training.queries.refreshed import refreshed_to
from training.queries.standing import Files


@dataclass(frozen=True)
class CourseProgress:
    """A learner's place in one course, counted on her own edition and track.

    `lessons` are those asked of her, as they stand now. `completed_at` stays true whatever comes later; `standing` says
    what a newer edition asks anew, `refresher` the lessons and stories of that. `turn` is how she stands with the test,
    `turn_again` with the questions of a refresher or check-up.
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
    changed: tuple[Outline, ...] = ()
    added: tuple[Outline, ...] = ()
    refresher: tuple[Outline | Story, ...] = ()
    asks_test_again: bool = False
    turn: Turn = Turn()
    turn_again: Turn = Turn()
    may_take_pre: bool = False
    owes_checkup: bool = False

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
        return frozenset(lesson.id for lesson in (*self.changed, *self.refresher))

    @property
    def untouched(self) -> int:
        """Return how many of the lessons she has done are as they were."""
        return self.done - len(self.changed)


def progress_of(user, language: str = "en", *, at: dt.datetime) -> list[CourseProgress]:
    """Return a person's courses, the one she was last in first; six queries at most, however many courses.

    One more where a test was failed: who was allowed to take it once more.
    """
    enrolments = _ALL_BEGUN[is_holder(user)].objects(key_of(user))
    if not enrolments:
        return []
    rows = {row.page: row for row in courses(language, page__in=[one.course_id for one in enrolments])}
    files = Files.of(enrolments).with_turns()
    return [
        _progress(enrolment, rows[enrolment.course_id], files, at)
        for enrolment in enrolments
        if enrolment.course_id in rows
    ]


def _deadline() -> Subquery:
    """Return the first day by which an enrolment is to be finished, of the groups in which its learner takes the course."""
    groups = Member.objects.filter(enrolment=OuterRef("pk"), left_at=None, cohort__due_on__isnull=False)
    return Subquery(groups.order_by("cohort__due_on").values("cohort__due_on")[:1])


def begun_courses(user, language: str) -> list[CourseRow]:
    """Return the courses a person has begun; one query."""
    return courses(language, **own(user, "page__course__enrolments__learner"))


def progress_in(user, course: CourseRow, *, at: dt.datetime) -> CourseProgress | None:
    """Return where a person is in one course, or None when she has not begun it; five queries at most."""
    found = _ONE_BEGUN[is_holder(user)].objects(key_of(user), course.page)
    return _progress(found[0], course, Files.of(found).with_turns(), at) if found else None


def _begun(whose: str, learner: int):
    return Enrolment.objects.filter(**{whose: learner}).select_related("progress", "version", "learner__user")


def _all_begun(whose: str, learner: int):
    last_first = (F("progress__last_at").desc(nulls_last=True), "-started_at")
    return _begun(whose, learner).annotate(due_on=_deadline()).order_by(*last_first)


def _one_begun(whose: str, learner: int, course: int):
    return _begun(whose, learner).filter(course=course)[:1]


_ALL_BEGUN = {holds: Prepared(partial(_all_begun, whose), -7) for holds, whose in WHOSE.items()}
_ONE_BEGUN = {holds: Prepared(partial(_one_begun, whose), -7, -8) for holds, whose in WHOSE.items()}


def _progress(enrolment: Enrolment, course: CourseRow, files: Files, at: dt.datetime) -> CourseProgress:
    row, place = enrolment.progress, place_in(enrolment)
    standing = files.standing(enrolment, at)
    asked = {activity.id for activity in standing.asked}
    own = {one.id for one in versions.value_of(enrolment.version).asked(row.track)}
    lessons = tuple(lesson for lesson in course.lessons if lesson.id in own)
    gone = own - {one.id for one in course.lessons} - {one.id for one in (*course.tests, *course.stories)} - place.done
    handed_in = {attempt.form for attempt in files.attempts[enrolment.pk] if attempt.submitted_at}
    return CourseProgress(
        enrolment=enrolment,
        course=course,
        place=place,
        lessons=lessons,
        done=row.done,
        of=row.of - len(gone),
        next_lesson=next((lesson for lesson in lessons if lesson.id not in place.done), None),
        next_story=next((story for story in course.stories if story.required and story.id not in place.done), None),
        passed_at=row.passed_at,
        completed_at=row.completed_at,
        standing=standing,
        changed=() if row.completed_at else changed_lessons(enrolment, course, place, files.chain(enrolment)),
        added=added_lessons(enrolment, course, place),
        refresher=tuple(one for one in (*course.lessons, *course.stories) if one.id in asked),
        asks_test_again=any(activity.kind == "test" for activity in standing.asked),
        turn=files.turn(enrolment, Form.POST, at),
        turn_again=files.turn(enrolment, Form.CHECKUP if course.checkup else Form.POST, at),
        may_take_pre=course.pre is not None and not place.done and not handed_in & {Form.PRE, Form.POST},
        owes_checkup=course.checkup is not None and files.owes_checkup(enrolment, at),
    )


def enrolments_of(user):
    """Return the enrolments that a person may act on: her own."""
    return Enrolment.objects.filter(**own(user)).select_related("learner__user", "version", "course", "progress")


def attempts_of(user):
    """Return the tests that a person may open: her own."""
    hers = Attempt.objects.filter(**own(user, "enrolment__learner"))
    return hers.select_related("enrolment__learner__user", "enrolment__progress", "version")


@dataclass(frozen=True)
class PaperItem:
    """A question of a test, asked or explained.

    `is_anew`: it was marked anew by a corrected key; `is_kept`: by that it would not be right, and counts all the same.
    """

    number: int
    question: Question
    critical: bool
    language: str
    direction: str
    is_own: bool
    source: Question | None = None
    objective: str = ""
    is_anew: bool = False
    is_kept: bool = False

    @property
    def is_right(self) -> bool:
        """Tell whether it counts as right: by its key, or by the earlier one under which it was answered."""
        return self.question.is_right or self.is_kept

    @property
    def is_about(self) -> str:
        """Return what the question tests, in words."""
        return str(Objective(self.objective).label) if self.objective in Objective.values else ""


@dataclass(frozen=True)
class PaperView:
    """A test as its page shows it; `again` are the lessons that teach what was not right.

    `refreshed_to` is the edition up to which she is trained since, where handing it in ended a refresher.
    """

    attempt: Attempt
    course: CourseRow
    items: tuple[PaperItem, ...]
    minimum: int
    has_critical: bool
    is_explained: bool = True
    gains: tuple[progress.Gain, ...] = ()
    turn: Turn = Turn()
    again: tuple[Outline, ...] = ()
    anew_at: dt.datetime | None = None
    is_void: bool = False
    is_practice: bool = False
    refreshed_to: int = 0

    @property
    def anew(self) -> int:
        """Return how many questions were marked anew since she handed in."""
        return sum(1 for item in self.items if item.is_anew)

    @property
    def wrong(self) -> int:
        """Return how many questions were not wholly right."""
        return sum(1 for item in self.items if not item.is_right)

    @property
    def missed_critical(self) -> int:
        """Return how many critical questions were not wholly right."""
        return sum(1 for item in self.items if item.critical and not item.is_right)


def paper_view(attempt: Attempt, language: str, responses: dict | None = None, keys: dict | None = None) -> PaperView:
    """Return a test in a language; with responses, or once handed in, each question is explained.

    `keys` are the keys by which questions were marked anew.
    """
    page, parts = attempt.enrolment.course_id, ("", "test")
    found = Compiled.objects.filter(page=page, part__in=parts, language__in=chain_of(language))
    rows = best(found, language)
    words, reader = progress.read(rows[(page, "test")].body)["items"], Reader(language)
    paper = progress.read(attempt.paper)
    if responses is None:
        responses = _handed_in(_facts(attempt)) if attempt.submitted_at else {}
    items = tuple(
        _paper_item(number, entry, words[entry["id"]], attempt.seed, responses, reader, (keys or {}).get(entry["id"]))
        for number, entry in enumerate(paper["items"], 1)
        if entry["id"] in words
    )
    course = reader.course(rows[(page, "")])
    return PaperView(attempt, course, items, paper["minimum"], bool(paper["critical"]))


def test_view(attempt: Attempt, language: str, at: dt.datetime, responses: dict) -> PaperView:
    """Return an open test with how its learner stands with it."""
    return replace(paper_view(attempt, language, responses), turn=turn(attempt.enrolment, attempt.form, at))


def result_view(attempt: Attempt, language: str, at: dt.datetime) -> PaperView:
    """Return a test that was handed in; a pre-test is explained, and compared, once the test was handed in too.

    A test is explained once she has passed it, this time or later: who has not is told which questions were not right
    and where to read again, never the right answer, since the same questions may come once more.
    """
    attempts = list(Attempt.objects.filter(enrolment=attempt.enrolment_id).order_by("number"))
    others, facts = [one for one in attempts if one.submitted_at is not None], _facts(attempt)
    anew_at, keys = _marked_anew(facts)
    view = replace(paper_view(attempt, language, _handed_in(facts), keys), anew_at=anew_at)
    if attempt.form == Form.PRE:
        return replace(view, is_explained=any(one.form == Form.POST for one in others))
    state = progress.read_state(attempt.enrolment.progress.state)
    view = replace(
        view,
        items=tuple(_kept(one, state["points"].get(str(attempt.public_id), {})) for one in view.items),
        is_void=str(attempt.public_id) in state["voided"],
        is_practice=str(attempt.public_id) in state["voided"] and _is_beyond(attempt),
        is_explained=any(_explains(one, attempt, state) for one in others),
        refreshed_to=refreshed_to(attempt, state),
    )
    if not view.is_explained:
        view = replace(view, turn=_turn(view, attempts, at))
    view = replace(view, again=_to_read_again(view, track=progress.track_of(state)))
    before = next((one for one in others if one.form == Form.PRE), None)
    if attempt.form != Form.POST or before is None:
        return view
    points = state["points"]
    one, other = (points.get(str(each.public_id), {}) for each in (before, attempt))
    return replace(view, gains=progress.gain(progress.read(before.paper), one, progress.read(attempt.paper), other))


def _turn(view: PaperView, attempts: list[Attempt], at: dt.datetime) -> Turn:
    """Return how she stands with a test that is not passed, by the newest edition that its course names."""
    enrolment = view.attempt.enrolment
    newest = view.course.version_for(enrolment.learner.home)
    return turn_by(enrolment, view.attempt.form, at, attempts, versions.values_of([newest])[newest])


def _facts(attempt: Attempt) -> list:
    """Return what is recorded of a test that was handed in: its answers, and each that was marked anew, oldest first."""
    columns = ("verb", "payload", "activity", "course_version__public_id", "received_at")
    rows = Event.objects.filter(verb__in=(Verb.SUBMITTED, Verb.REGRADED), attempt=attempt.public_id)
    return list(rows.order_by("received_at").values_list(*columns, named=True))


def _marked_anew(facts: list) -> tuple[dt.datetime | None, dict]:
    """Return when answers of a test were last marked anew, and the keys by which they were."""
    rows = [row for row in facts if row.verb == Verb.REGRADED]
    editions = versions.values_of(str(row.course_version__public_id) for row in rows) if rows else {}
    keys = {}
    for row in rows:
        asked = progress.read(row.payload)["item"]
        test = editions[str(row.course_version__public_id)].activity(str(row.activity))
        keys |= {item.id: item for item in test.items if item.id == asked}
    return (rows[-1].received_at if rows else None), keys


def _handed_in(facts: list) -> dict:
    event = next(row for row in facts if row.verb == Verb.SUBMITTED)
    return {answer["item"]: answer["response"] for answer in progress.read(event.payload)["answers"]}


def _is_beyond(attempt: Attempt) -> bool:
    """Tell whether a test that counts for nothing was set aside when an account took it over, and by no person."""
    rows = Event.objects.filter(enrolment=attempt.enrolment_id, verb=Verb.VOIDED)
    told = (progress.read(payload) for payload in rows.values_list("payload", flat=True))
    return any(one["reason"] == ClaimReason.BEYOND and str(attempt.public_id) in one["attempts"] for one in told)


def _kept(item: PaperItem, points: dict[str, int]) -> PaperItem:
    is_full = points.get(item.question.id) == grading.FULL
    return replace(item, is_kept=True) if item.is_anew and is_full and not item.question.is_right else item


def _explains(passed: Attempt, attempt: Attempt, state: progress.State) -> bool:
    """Tell whether an attempt is a pass, not set aside, of the same test, this one or a later one."""
    is_later = passed.form == attempt.form and passed.number >= attempt.number
    return is_later and bool(passed.passed) and str(passed.public_id) not in state["voided"]


def _to_read_again(view: PaperView, track: str) -> tuple[Outline, ...]:
    missed = {item.objective for item in view.items if not item.is_right}
    lessons = (lesson for lesson in view.course.lessons if lesson.is_for(track))
    return tuple(lesson for lesson in lessons if missed & set(lesson.objectives))


def _paper_item(number: int, entry: dict, words: dict, seed: str, given: dict, reader: Reader, anew=None) -> PaperItem:
    key = anew or progress.item_of(entry)
    text = reader.text("", words["lang"])
    source = words["state"] and words.get("source")
    return PaperItem(
        number=number,
        question=question_of(words, given.get(entry["id"]), seed, key),
        critical=entry["critical"],
        language=text.language,
        direction=text.direction,
        is_own=text.is_own,
        source=question_of(source | {"id": words["id"], "kind": words["kind"]}, None, seed, key) if source else None,
        objective=entry.get("objective", ""),
        is_anew=anew is not None,
    )


def kept_answers(attempt: Attempt) -> dict:
    """Return the answers of an open test that were kept on the way, by item."""
    last = progress.read(Progress.objects.get(enrolment=attempt.enrolment_id).state)["last"]
    found = {key.partition("/")[2]: entry for key, entry in last.items() if key.startswith(f"{attempt.public_id}/")}
    return {item: entry[3] for item, entry in found.items()}


def items_of(attempt: Attempt) -> list:
    """Return the keys of a test's questions, in order."""
    return list(progress.paper_of(str(attempt.public_id), attempt.paper).items)
