"""Writes of the school. Each is one transaction; who and when are passed in."""

from training.actions.arriving import arrival_of, instant_from, read_json, uuid_of
from training.actions.attending import EARLY, LATE
from training.actions.certifying import issue_certificates, issue_left
from training.actions.claiming import Claimed, claim, record_of_code
from training.actions.codes import (
    CodeTaken,
    CodeUnknown,
    TooMany,
    begin_another,
    begin_without_account,
    found_by,
    open_with_code,
    replace_code,
)
from training.actions.cohorts import (
    NoTrainer,
    SessionAttended,
    SessionHeld,
    SessionShortened,
    change_cohort,
    change_session,
    close_joining,
    drop_session,
    make_cohort,
    open_joining,
    plan_session,
)
from training.actions.compiling import compile_course
from training.actions.copies import LeavesItsCourse, begin_copies, keep_in_course
from training.actions.counting import count_due_readiness, count_readiness
from training.actions.counting_lessons import count_due_lessons, count_lessons
from training.actions.courses import load_course, load_courses, offer_courses
from training.actions.deciding import (
    AlreadyVoid,
    NothingToWaive,
    NotWaived,
    take_back_waiver,
    void_attempt,
    waive_activity,
)
from training.actions.editions import (
    as_one_edition,
    course_changed,
    course_translated,
    is_gathering,
    lock_courses,
    publish_version,
)
from training.actions.enrolling import choose_track, move_to_newest, open_lesson
from training.actions.events import Arrival, NotRecorded, Outcome
from training.actions.exporting import (
    note_export,
    note_lowered,
    note_names_read,
    note_report_exported,
    note_statements_exported,
    number_of,
)
from training.actions.figures import (
    OUTCOMES,
    FindingSettled,
    NothingChanged,
    count_due_courses,
    count_figures,
    settle_finding,
)
from training.actions.forgetting import erase_learner_again, erase_progress, forget_unused
from training.actions.going_live import (
    CourseOfOthers,
    DraftChanged,
    NothingWaits,
    draft_mark,
    is_shown_draft,
    publish_draft,
)
from training.actions.importing import BankChanged, Imported, import_questions, note_questions_exported
from training.actions.indexing import index_names, indexes_of_name, is_named
from training.actions.issuer import NoSuchKey, remove_key, rotate_key, sign_lists
from training.actions.keeping import keep_course
from training.actions.kept_files import (
    ANSWERS,
    MARKS,
    BadFile,
    FileOfAnother,
    FileOfNobody,
    KeptFile,
    read_kept,
    send_kept,
    send_marks,
)
from training.actions.kept_marks import TAKEN, is_stay, take_marks
from training.actions.marking import NotPresent, NotTaken, SessionAhead, attend_by_code, mark_attendance, take_back
from training.actions.members import JoinRefused, add_members, add_office, follow_move, join_cohort, take_out
from training.actions.moving import let_go_all, move_overtaken
from training.actions.naming import Named, named_alike, names_on
from training.actions.news import note_countries, note_gone, note_part_off, tell_managers
from training.actions.outlining import AddressTaken, ModuleNotPublished, NotThere, OutlineChanged, move_part
from training.actions.overlays import overlay_changed, overlays_deleted, save_overlay
from training.actions.places import CodeGone, NotOffered, NoVersionYet, enrol, learner_of
from training.actions.playing import other_play, submit_choice
from training.actions.previewing import (
    course_preview_body,
    preview_body,
    question_preview_body,
    scenario_preview_body,
)
from training.actions.rebuilding import differences, rebuild, refold
from training.actions.recording import EventVanished, record_events
from training.actions.refreshing import write_refresher_reminders
from training.actions.refusals import drop_refused
from training.actions.regrading import REGRADED_AT_ONCE, regrade
from training.actions.reminding import step_on, write_reminders
from training.actions.retiring import QuestionNeeded, keep_fillable, retire_question
from training.actions.shipped import News
from training.actions.showing import badge_of, hide_name, printed_name, show_name
from training.actions.spans import fill_due_spans, fill_spans, mark_moved
from training.actions.testing import (
    NothingToAllow,
    TestNotOpen,
    TestUsedUp,
    TestWaits,
    allow_attempt,
    begin_test,
    handed_in,
    keep_answers,
    start_attempt,
    submit_attempt,
)
from training.actions.text_numbers import keep_text_number, remove_text_number
from training.actions.texting import send_reminder_texts
from training.actions.unasked import ask_later
from training.actions.withdrawing import (
    AlreadyWithdrawn,
    NamelessHolder,
    NameNotPrintable,
    NameUnchanged,
    withdraw_certificate,
)
from training.progress import NoQuestions

__all__ = [
    "QuestionNeeded",
    "keep_fillable",
    "retire_question",
    "AddressTaken",
    "AlreadyVoid",
    "AlreadyWithdrawn",
    "Arrival",
    "ANSWERS",
    "MARKS",
    "TAKEN",
    "BadFile",
    "BankChanged",
    "Claimed",
    "CodeGone",
    "CodeTaken",
    "CodeUnknown",
    "EARLY",
    "EventVanished",
    "FileOfAnother",
    "FileOfNobody",
    "CourseOfOthers",
    "DraftChanged",
    "LeavesItsCourse",
    "FindingSettled",
    "Imported",
    "JoinRefused",
    "KeptFile",
    "LATE",
    "ModuleNotPublished",
    "NamelessHolder",
    "News",
    "NameNotPrintable",
    "NameUnchanged",
    "Named",
    "NoQuestions",
    "NoSuchKey",
    "NoTrainer",
    "NoVersionYet",
    "NotOffered",
    "NotPresent",
    "NotRecorded",
    "NotWaived",
    "NotTaken",
    "NotThere",
    "NothingChanged",
    "NothingToAllow",
    "NothingToWaive",
    "NothingWaits",
    "OUTCOMES",
    "Outcome",
    "OutlineChanged",
    "REGRADED_AT_ONCE",
    "SessionAhead",
    "SessionAttended",
    "SessionHeld",
    "SessionShortened",
    "TestNotOpen",
    "TestUsedUp",
    "TestWaits",
    "TooMany",
    "add_members",
    "add_office",
    "allow_attempt",
    "arrival_of",
    "as_one_edition",
    "ask_later",
    "attend_by_code",
    "badge_of",
    "begin_another",
    "begin_copies",
    "begin_test",
    "begin_without_account",
    "change_cohort",
    "change_session",
    "choose_track",
    "claim",
    "close_joining",
    "compile_course",
    "count_due_courses",
    "count_due_lessons",
    "count_due_readiness",
    "count_figures",
    "count_lessons",
    "count_readiness",
    "course_changed",
    "course_preview_body",
    "course_translated",
    "differences",
    "draft_mark",
    "drop_refused",
    "drop_session",
    "enrol",
    "erase_learner_again",
    "erase_progress",
    "fill_due_spans",
    "fill_spans",
    "follow_move",
    "forget_unused",
    "found_by",
    "handed_in",
    "hide_name",
    "import_questions",
    "instant_from",
    "is_gathering",
    "index_names",
    "indexes_of_name",
    "is_named",
    "is_shown_draft",
    "is_stay",
    "issue_certificates",
    "issue_left",
    "join_cohort",
    "keep_in_course",
    "keep_answers",
    "keep_course",
    "keep_text_number",
    "learner_of",
    "load_course",
    "load_courses",
    "lock_courses",
    "make_cohort",
    "mark_attendance",
    "mark_moved",
    "let_go_all",
    "move_overtaken",
    "move_part",
    "move_to_newest",
    "named_alike",
    "names_on",
    "note_countries",
    "note_gone",
    "tell_managers",
    "note_export",
    "note_lowered",
    "note_part_off",
    "note_names_read",
    "note_questions_exported",
    "note_report_exported",
    "note_statements_exported",
    "number_of",
    "offer_courses",
    "open_joining",
    "open_lesson",
    "open_with_code",
    "other_play",
    "overlay_changed",
    "overlays_deleted",
    "plan_session",
    "preview_body",
    "printed_name",
    "publish_draft",
    "publish_version",
    "question_preview_body",
    "read_json",
    "read_kept",
    "rebuild",
    "record_events",
    "record_of_code",
    "refold",
    "regrade",
    "remove_key",
    "remove_text_number",
    "replace_code",
    "rotate_key",
    "save_overlay",
    "scenario_preview_body",
    "send_kept",
    "send_marks",
    "send_reminder_texts",
    "settle_finding",
    "show_name",
    "sign_lists",
    "start_attempt",
    "step_on",
    "submit_attempt",
    "submit_choice",
    "take_back",
    "take_back_waiver",
    "take_marks",
    "take_out",
    "uuid_of",
    "void_attempt",
    "waive_activity",
    "withdraw_certificate",
    "write_refresher_reminders",
    "write_reminders",
]
