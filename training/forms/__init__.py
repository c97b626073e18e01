"""What comes in by form."""

from training.forms.answers import (
    StartForm,
    TokenForm,
    TrackForm,
    asks_for_units,
    changed_in,
    owner_of,
    said_in,
    shown_in,
    sign,
    sign_own,
    sound_response,
)
from training.forms.certificates import CodeForm, NameForm, WithdrawalForm
from training.forms.countries import refused_moves
from training.forms.editor import (
    CourseForm,
    LessonForm,
    QuestionForm,
    ScenarioForm,
    said_of,
    said_of_emptiness,
    said_of_need,
    told_fault,
)
from training.forms.entries import ClipForm, OverlayForm, digest_of_entry
from training.forms.files import (
    ExportQuestions,
    KeptFileForm,
    LearnersFile,
    MarksFileForm,
    QuestionFile,
    StatementsForm,
)
from training.forms.filters import (
    CertificateFilter,
    CompletionFilter,
    CourseReportFilter,
    ReadinessFilter,
    ReportFilter,
)
from training.forms.officials import AllowForm, UnwaiveForm, VoidTestForm, WaiveForm
from training.forms.outlines import OutlineForm
from training.forms.own_courses import (
    said_of_an_order_of_others,
    said_of_drafts,
    said_of_ordering,
    said_of_publishing,
    said_of_taking_off,
)
from training.forms.publishing import ShownForm
from training.forms.staying import CopyAsDrafts, CurriculumForm

__all__ = [
    "AllowForm",
    "CertificateFilter",
    "ClipForm",
    "CodeForm",
    "CompletionFilter",
    "CopyAsDrafts",
    "CourseForm",
    "CourseReportFilter",
    "CurriculumForm",
    "ExportQuestions",
    "KeptFileForm",
    "LearnersFile",
    "LessonForm",
    "MarksFileForm",
    "NameForm",
    "OutlineForm",
    "OverlayForm",
    "QuestionFile",
    "QuestionForm",
    "ReadinessFilter",
    "ReportFilter",
    "ScenarioForm",
    "ShownForm",
    "StartForm",
    "StatementsForm",
    "TokenForm",
    "TrackForm",
    "UnwaiveForm",
    "VoidTestForm",
    "WaiveForm",
    "WithdrawalForm",
    "asks_for_units",
    "changed_in",
    "digest_of_entry",
    "owner_of",
    "said_in",
    "shown_in",
    "refused_moves",
    "said_of",
    "said_of_emptiness",
    "said_of_need",
    "said_of_an_order_of_others",
    "said_of_drafts",
    "said_of_ordering",
    "said_of_publishing",
    "said_of_taking_off",
    "sign",
    "sign_own",
    "sound_response",
    "told_fault",
]
