"""Tests as somebody meets them: the paper, what she kept of it, and its result."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import NamedTuple

from training import grading, progress
from training.choices import ClaimReason, Form, Objective, Verb
from training.models import Attempt, Compiled, Event, Progress
from training.queries import versions
from training.queries.course_rows import CourseRow, Outline
from training.queries.left import Left, left_in
from training.queries.pacing import Turn, turn, turn_by
from training.queries.paper_words import Asked, Marks, asked_in, key_in
from training.queries.questions import Question, question_of
from training.queries.reading import Reader, best, chain_of
from training.queries.refreshed import NOTHING, Reached, refreshed_to


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
    """A test as its page shows it; `again` are the lessons that teach what was not right, of her group where she chose one.

    `refreshed_to` is the edition up to which she is trained since, where handing it in ended a refresher;
    `left` is what she has to do before the course is finished, once the test is passed.
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
    track: str = ""
    anew_at: dt.datetime | None = None
    is_void: bool = False
    is_practice: bool = False
    refreshed_to: Reached = NOTHING
    left: Left = Left()

    @property
    def anew(self) -> int:
        """Return how many questions were marked anew since she handed in."""
        return sum(1 for item in self.items if item.is_anew)

    @property
    def is_of_every_group(self) -> bool:
        """Tell whether lessons of several groups of readers are to be read again, since she chose none."""
        return not self.track and any(lesson.tracks for lesson in self.again)

    @property
    def wrong(self) -> int:
        """Return how many questions were not wholly right."""
        return sum(1 for item in self.items if not item.is_right)

    @property
    def missed_critical(self) -> int:
        """Return how many critical questions were not wholly right."""
        return sum(1 for item in self.items if item.critical and not item.is_right)


def paper_view(
    attempt: Attempt, language: str, responses: dict | None = None, marks: Marks | None = None
) -> PaperView:
    """Return a test in a language; with responses, or once handed in, each question is explained.

    It says what it said when it was drawn; with `marks`, what is right is told as it stands.
    """
    page, parts = attempt.enrolment.course_id, ("", "test")
    found = Compiled.objects.filter(page=page, part__in=parts, language__in=chain_of(language))
    rows = best(found, language)
    words, reader = progress.read(rows[(page, "test")].body)["items"], Reader(language)
    paper = progress.read(attempt.paper)
    if responses is None:
        responses = _handed_in(_facts(attempt)) if attempt.submitted_at else {}
    course, entries = reader.course(rows[(page, "")]), {entry["id"]: entry for entry in paper["items"]}
    places = {key: number for number, key in enumerate(entries, 1)}
    items = tuple(
        _paper_item(places[one.key.id], entries[one.key.id], one, attempt.seed, responses, reader)
        for one in asked_in(attempt, language, words, course.version_for(""), marks)
    )
    return PaperView(attempt, course, items, paper["minimum"], bool(paper["critical"]))


def units_of(attempt: Attempt, language: str) -> dict[str, tuple[str, str]]:
    """Return the units that may stand behind the numbers of a test, by question."""
    asked = [one.question for one in paper_view(attempt, language, {}).items]
    return {one.id: one.units for one in asked if one.unit}


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
    answers = _handed_in(facts)
    marks = Marks(answers, _marked_anew(attempt, facts))
    anew_at = max((row.received_at for row in facts if row.verb == Verb.REGRADED), default=None)
    view = replace(paper_view(attempt, language, answers, marks), anew_at=anew_at)
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
    if attempt.passed and not view.is_void and attempt.enrolment.progress.completed_at is None:
        view = replace(view, left=_left(view, state))
    if not view.is_explained:
        view = replace(view, turn=_turn(view, attempts, at))
    track = progress.track_of(state)
    view = replace(view, again=_to_read_again(view, track), track=track)
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


def _left(view: PaperView, state: progress.State) -> Left:
    """Return what her own edition asks beside the test that she has passed."""
    key = str(view.attempt.enrolment.version.public_id)
    done = {*state["ended"], *progress.waived(state)}
    own = versions.values_of([key])[key]
    return left_in(own, view.course, track=progress.track_of(state), done=done, is_passed=True)


def _facts(attempt: Attempt) -> list:
    """Return what is recorded of a test that was handed in: its answers, and each that was marked anew, oldest first."""
    columns = ("verb", "payload", "activity", "course_version__public_id", "received_at")
    rows = Event.objects.filter(verb__in=(Verb.SUBMITTED, Verb.REGRADED), attempt=attempt.public_id)
    return list(rows.order_by("received_at").values_list(*columns, named=True))


def _marked_anew(attempt: Attempt, facts: list) -> dict[str, tuple]:
    """Return the keys by which answers of a test were marked anew, of each the last one last."""
    rows = [row for row in facts if row.verb == Verb.REGRADED]
    editions = versions.values_of(str(row.course_version__public_id) for row in rows) if rows else {}
    keys: dict[str, tuple] = {}
    for row in rows:
        asked = progress.read(row.payload)["item"]
        key = key_in(attempt, asked, editions[str(row.course_version__public_id)])
        keys[asked] = (*keys.get(asked, ()), key)
    return keys


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


def _paper_item(number: int, entry: dict, asked: Asked, seed: str, given: dict, reader: Reader) -> PaperItem:
    words, key = asked.words, asked.key
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
        is_anew=asked.is_anew,
    )


class Kept(NamedTuple):
    """An answer of an open test that was kept on the way, and its turn: a later one is greater."""

    turn: int
    response: object


def kept_entries(attempt: Attempt) -> dict[str, Kept]:
    """Return what was kept of an open test, by item; None where an answer was taken out."""
    last = progress.read(Progress.objects.get(enrolment=attempt.enrolment_id).state)["last"]
    found = {key.partition("/")[2]: entry for key, entry in last.items() if key.startswith(f"{attempt.public_id}/")}
    return {item: Kept(entry[0], entry[3]) for item, entry in found.items()}


def kept_answers(attempt: Attempt) -> dict:
    """Return the answers of an open test that were kept on the way, by item."""
    return {item: entry.response for item, entry in kept_entries(attempt).items()}


def was_handed_in(attempt: Attempt, responses: dict) -> bool:
    """Tell whether a test was handed in with these very answers, as when a form is sent twice; any way of none is one."""
    counted = _handed_in(_facts(attempt))
    return all((counted.get(item) or None) == (one or None) for item, one in responses.items())


def items_of(attempt: Attempt) -> list:
    """Return the keys of a test's questions, in order."""
    return list(progress.paper_of(str(attempt.public_id), attempt.paper).items)
