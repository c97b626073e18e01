"""The nouns of the school: pages, the bank, and what learners do."""

from training.models.bank import Overlay, Question
from training.models.learning import (
    Attempt,
    Compiled,
    Content,
    CourseVersion,
    Enrolment,
    Event,
    Learner,
    Progress,
    RefusedEvent,
)
from training.models.loading import Shipped
from training.models.pages import Course, Curriculum, Lesson, Module

__all__ = [
    "Attempt",
    "Compiled",
    "Content",
    "Course",
    "CourseVersion",
    "Curriculum",
    "Enrolment",
    "Event",
    "Learner",
    "Lesson",
    "Module",
    "Overlay",
    "Progress",
    "Question",
    "RefusedEvent",
    "Shipped",
]
