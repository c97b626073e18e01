"""What is left before a course is finished: lessons, stories, the test, as her own edition asks them of her."""

from collections.abc import Container
from dataclasses import dataclass

from training import progress
from training.queries.course_rows import CourseRow, Outline, Story


@dataclass(frozen=True)
class Left:
    """What is asked of a learner and not done; nothing once it is all done."""

    lessons: tuple[Outline, ...] = ()
    stories: tuple[Story, ...] = ()
    test: bool = False

    def __bool__(self) -> bool:
        return bool(self.lessons or self.stories or self.test)


@dataclass(frozen=True)
class Counts:
    """How many lessons somebody has done, of how many that are asked of her; `gone` of those done were taken off since."""

    done: int = 0
    of: int = 0
    gone: int = 0


def counts_in(version: progress.Version, course: CourseRow, *, track: str, done: Container[str], row: tuple) -> Counts:
    """Return the counts of a learner's row as they are told: what was taken off is asked of nobody, and counts for who did it."""
    there = {lesson.id for lesson in course.lessons}
    off = [one.id for one in version.asked(track) if one.kind == "lesson" and one.id not in there]
    gone = sum(1 for key in off if key in done)
    return Counts(row[0], row[1] - (len(off) - gone), gone)


def left_in(
    version: progress.Version, course: CourseRow, *, track: str, done: Container[str], is_passed: bool
) -> Left:
    """Return what an edition asks of a track beyond what was done, where the course still has it."""
    asked = {one.id: one.kind for one in version.asked(track) if one.id not in done}
    return Left(
        lessons=tuple(lesson for lesson in course.lessons if lesson.id in asked),
        stories=tuple(story for story in course.stories if story.id in asked),
        test=not is_passed and "test" in asked.values(),
    )
