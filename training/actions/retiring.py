"""A question that leaves its test, or a row of its plan: judged once the course is locked, so that two at once empty none."""

from django.db import models, transaction
from wagtail.actions.unpublish import UnpublishAction

from accounts.models import User
from training import progress
from training.actions.editions import lock_courses
from training.models import Course, Question
from training.queries import lacks_of, lacks_with


class QuestionNeeded(ValueError):
    """Raised when the plan of a live course cannot be filled without a question as it is; publish more of them first."""

    def __init__(self, key: str, lack: progress.Lack):
        super().__init__(f"The plan of its course needs the question {key}.")
        self.lack = lack


@transaction.atomic
def retire_question(*, question: Question, by: User | None) -> None:
    """Take a question off, unless its live course needs it to fill a test; without a person it is a plan whose time has come."""
    lock_courses(models.QuerySet(Course).filter(pk=question.course_id))
    course = Course.objects.get(pk=question.course_id)
    if course.live:
        _refuse(question, lacks_of(course, course.plan(), course.tracks, without=question.pk))
    if by is None:
        question.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    else:  # as the editor does, who may has been asked
        UnpublishAction(question, user=by).execute(skip_permission_checks=True)


def keep_fillable(question: Question) -> None:
    """Refuse to publish a question as it is in hand where its live course needs it as it stands; the course stays locked."""
    stored = models.QuerySet(Question).filter(pk=question.pk).values("course")
    lock_courses(models.QuerySet(Course).filter(models.Q(pk__in=stored) | models.Q(pk=question.course_id)))
    _refuse(question, lacks_with(question))


def _refuse(question: Question, lacks: list[progress.Lack]) -> None:
    if lacks:
        raise QuestionNeeded(question.key, lacks[0])
