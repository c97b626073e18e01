"""The nouns of the school: pages, the bank, and what learners do."""

from training.models.bank import Blueprint, BrokenScenario, Overlay, Question, Scenario
from training.models.certificates import (
    AwaitedCertificate,
    Certificate,
    IssuerKey,
    NameIndex,
    ShownName,
    StatusList,
    Withdrawal,
)
from training.models.clips import Clip
from training.models.cohorts import Cohort, FormerTime, Member, Reminder, Session, TextNumber
from training.models.figures import CourseFigures, LanguageFinding
from training.models.learning import (
    Allowance,
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
from training.models.readiness import (
    Counted,
    DaysCount,
    HolderCount,
    LessonCount,
    MonthCount,
    OfficeCount,
    OfficePeople,
    TrainedSpan,
)

__all__ = [
    "Allowance",
    "Attempt",
    "AwaitedCertificate",
    "Blueprint",
    "BrokenScenario",
    "Certificate",
    "Clip",
    "Cohort",
    "Compiled",
    "Content",
    "Counted",
    "Course",
    "CourseFigures",
    "CourseVersion",
    "Curriculum",
    "DaysCount",
    "Enrolment",
    "Event",
    "FormerTime",
    "HolderCount",
    "IssuerKey",
    "LanguageFinding",
    "Learner",
    "Lesson",
    "Member",
    "LessonCount",
    "Module",
    "MonthCount",
    "NameIndex",
    "OfficeCount",
    "OfficePeople",
    "Overlay",
    "Progress",
    "Question",
    "RefusedEvent",
    "Reminder",
    "Scenario",
    "Session",
    "Shipped",
    "ShownName",
    "StatusList",
    "TextNumber",
    "TrainedSpan",
    "Withdrawal",
]
