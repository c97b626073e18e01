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
