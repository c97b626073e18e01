"""A draft of a lesson as one reader would see it: for its editor, before anything is published."""

from dataclasses import dataclass, replace

from languages import table
from languages.queries import State
from training import grading, progress
from training.models import Compiled, Course, Lesson
from training.queries.compiled import Built, built_for, course_in
from training.queries.course_rows import CourseRow, Words
from training.queries.lessons import around, law_of, state_with_law
from training.queries.questions import Question, question_of
from training.queries.reading import Reader
from training.queries.screens import Around, Screen, screens_of
from training.queries.stories import story_of
from training.queries.story_rows import Story


@dataclass(frozen=True)
class LessonPreview:
    """A draft in a language and a country; `explained` holds each question as it is shown after a right answer."""

    heading: Words
    aim: Words
    state: State
    screens: tuple[Screen, ...]
    explained: dict[str, Question]
    around: Around


@dataclass(frozen=True)
class QuestionPreview:
    """A question of the bank as it is asked, and as it is explained after a right answer."""

    question: Question
    explained: Question
    state: State
    language: str

    @property
    def is_own(self) -> bool:
        """Tell whether it stands in the reader's language."""
        return not self.state.fallback

    @property
    def direction(self) -> str:
        """Return in which direction its language is written."""
        return table.BY_CODE[self.language].direction


def course_row_of(page: Lesson, language: str) -> Built | None:
    """Return the compiled row of a lesson's course that serves readers of a language; None before it is published."""
    return built_for("", page.path[: -2 * page.steplen], language)[1]


def lesson_preview(body: dict, row: Built | None, *, language: str, country: str) -> LessonPreview:
    """Return a draft, compiled into `body` in the language of its course's row, for readers of a language in a country."""
    course = course_in(row, language) if row else None
    reader, served = Reader(language), row.language if row else language
    entries = {entry["id"]: entry for entry in body["screens"]}
    screens = screens_of(body, reader, served, course.stories if course else ())
    shown = tuple(_with_law(screen, course, country) for screen in screens)
    return LessonPreview(
        heading=reader.words(body["heading"]),
        aim=reader.words(body["aim"]),
        state=state_with_law(reader.state(body["state"], served), shown),
        screens=shown,
        explained={one.id: _explained(entries[one.id]) for one in screens if one.question},
        around=around(course, country) if course else Around(country),
    )


def question_preview(body: dict, language: str) -> QuestionPreview:
    """Return a question of the bank, compiled into `body`, for readers of a language."""
    return QuestionPreview(
        question=question_of(body),
        explained=_explained(body),
        state=Reader(language).state(body["state"], language),
        language=body["lang"] or language,
    )


def story_preview(body: dict, language: str) -> Story:
    """Return a story, compiled into `body`, for readers of a language; it may be one that cannot be played yet."""
    return story_of(body, language, language)


def course_preview(draft: Course, body: dict, language: str) -> CourseRow:
    """Return a course, compiled into `body`, for readers of a language."""
    return Reader(language).course(Compiled(page_id=draft.pk, language=language, body=progress.canonical(body)))


def _with_law(screen: Screen, course: CourseRow | None, country: str) -> Screen:
    return law_of(screen, course, country) if course and screen.kind == "law" else screen


def _explained(entry: dict) -> Question:
    """Return a question answered as it should be, with every reason that it has beside its answers."""
    asked = question_of(entry)
    right = _right_answer(asked.item, entry)
    shown = question_of(entry, right)
    feedback = {part["id"]: part.get("feedback", "") for part in entry["parts"]}
    choices = tuple(replace(choice, feedback=feedback[choice.id]) for choice in shown.choices)
    return replace(shown, choices=choices)


def _right_answer(item: grading.Item, entry: dict):
    if item.kind == "single":
        return next(iter(item.right), "")
    if item.kind == "multiple":
        return list(item.right)
    if item.kind == "match":
        return [list(pair) for pair in item.groups]
    if item.kind == "order":
        return list(item.right)
    return next(iter(entry["answer"].splitlines()), "")
