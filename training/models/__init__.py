"""The nouns of the school: pages, the bank, and what learners do."""

from training.models.bank import (
    Blueprint,
    BrokenScenario,
    DoubledQuestion,
    Overlay,
    PublishedElsewhere,
    Question,
    Scenario,
)
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
from training.models.doubts import Look, RefusedEvent
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
    UnaskedChange,
)
from training.models.loading import Shipped
from training.models.pages import Course, Curriculum, Lesson, Module
from training.models.published import PublishedNews
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
    "DoubledQuestion",
    "PublishedElsewhere",
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
    "Look",
    "Member",
    "LessonCount",
    "Module",
    "MonthCount",
    "NameIndex",
    "OfficeCount",
    "OfficePeople",
    "Overlay",
    "Progress",
    "PublishedNews",
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
    "UnaskedChange",
    "Withdrawal",
]
