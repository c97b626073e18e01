"""Reads of the school."""

from training.queries.attendance import (
    AttendanceList,
    Listed,
    Said,
    Standing,
    attendance_list,
    last_said,
    standing_at,
)
from training.queries.bank import lacks_of, lacks_with, unread_modules
from training.queries.catalogue import (
    CourseCard,
    aide_of,
    catalogue,
    course_url_of,
    course_view,
    curriculum_view,
    gates,
)
from training.queries.certificates import (
    Held,
    certificate_with,
    certificates_matching,
    certificates_of,
    certificates_visible_to,
    counting_again,
    held,
)
from training.queries.clips import captions_of, clip_at
from training.queries.cohorts import (
    CohortView,
    Figures,
    Membership,
    cohort_view,
    cohorts_visible_to,
    completion_by_cohort,
    courses_to_begin,
    due_at,
    members_inside,
    members_visible_to,
    memberships_of,
    offices_of,
    sessions_visible_to,
    trainers_in,
)
from training.queries.completion import (
    Completion,
    completion,
    countries_visible_to,
    course_choices,
)
from training.queries.copies import copy_of, entries_visible_to, leaves_its_course
from training.queries.decisions import causes, withdrawals
from training.queries.entry_effects import entry_effects
from training.queries.finished import Finished, certified_for, finished_in
from training.queries.history import Entry, events_of, history
from training.queries.holders import Holder, holder_in, is_holder, mark_of, taken_over
from training.queries.issuers import did_document, status_list
from training.queries.joining import known_for_members, learners_by_key, learners_for
from training.queries.keeping import KeptCourse, kept_course, paper_of, store_of
from training.queries.learners import (
    is_told_all,
    learners_listed,
    learners_of_countries,
    learners_visible_to,
    with_progress,
)
from training.queries.learning import (
    CourseProgress,
    attempts_of,
    begun_courses,
    enrolments_of,
    progress_in,
    progress_of,
)
from training.queries.lessons import LessonView, lesson_view
from training.queries.news import last_edition, news_for, words_of_news
from training.queries.offers import Closed, closed_for, closed_to, draft_for, gate, may_begin
from training.queries.officials import course_files, enrolments_visible_to, officials_visible_to
from training.queries.outlines import CourseOutline, outline_of
from training.queries.pacing import Turn, turn
from training.queries.papers import items_of, kept_answers, paper_view, result_view, test_view, was_handed_in
from training.queries.previews import (
    LessonPreview,
    course_preview,
    course_row_of,
    lesson_preview,
    question_preview,
    story_preview,
)
from training.queries.proposals import live_of, proposal_for, told_of, told_of_entry
from training.queries.publishing import Publishing, publishing
from training.queries.reading import courses
from training.queries.refreshed import kinds_held, kinds_issued, refreshed_by
from training.queries.refusals import Refusals, refused_of
from training.queries.reminders import has_text_number, texted_reminders, words_of_reminder
from training.queries.standing import standing, standings
from training.queries.stories import PlayView, part_of_scenario, path_in, play_view, story_view
from training.queries.trained import Certified, certified
from training.queries.tree import (
    activity_of,
    belongs_to_school,
    courses_of,
    courses_with,
    homes_of,
    id_of_test,
    moved_lesson,
    page_at,
)
from training.queries.unasked import unasked_of
from training.queries.versions import overtaken
from training.queries.waiting import Waiting, waiting_of

__all__ = [
    "entry_effects",
    "Finished",
    "certified_for",
    "finished_in",
    "begun_courses",
    "causes",
    "AttendanceList",
    "Certified",
    "Closed",
    "CohortView",
    "Completion",
    "CourseCard",
    "CourseOutline",
    "CourseProgress",
    "Entry",
    "Figures",
    "Held",
    "Holder",
    "KeptCourse",
    "LessonPreview",
    "LessonView",
    "Listed",
    "Membership",
    "PlayView",
    "Publishing",
    "Refusals",
    "Said",
    "Standing",
    "Turn",
    "Waiting",
    "activity_of",
    "aide_of",
    "attempts_of",
    "attendance_list",
    "belongs_to_school",
    "captions_of",
    "catalogue",
    "certificate_with",
    "certificates_matching",
    "certificates_of",
    "certificates_visible_to",
    "certified",
    "clip_at",
    "closed_for",
    "closed_to",
    "draft_for",
    "cohort_view",
    "cohorts_visible_to",
    "completion",
    "completion_by_cohort",
    "countries_visible_to",
    "copy_of",
    "counting_again",
    "course_choices",
    "course_files",
    "course_preview",
    "course_row_of",
    "course_url_of",
    "course_view",
    "courses",
    "courses_of",
    "courses_to_begin",
    "courses_with",
    "curriculum_view",
    "did_document",
    "due_at",
    "enrolments_of",
    "enrolments_visible_to",
    "entries_visible_to",
    "events_of",
    "gate",
    "gates",
    "has_text_number",
    "held",
    "history",
    "holder_in",
    "homes_of",
    "id_of_test",
    "is_holder",
    "items_of",
    "kept_answers",
    "kept_course",
    "known_for_members",
    "lacks_of",
    "lacks_with",
    "last_said",
    "learners_by_key",
    "learners_for",
    "is_told_all",
    "learners_listed",
    "learners_of_countries",
    "learners_visible_to",
    "leaves_its_course",
    "lesson_preview",
    "kinds_held",
    "kinds_issued",
    "lesson_view",
    "live_of",
    "mark_of",
    "may_begin",
    "members_inside",
    "members_visible_to",
    "memberships_of",
    "moved_lesson",
    "offices_of",
    "officials_visible_to",
    "outline_of",
    "last_edition",
    "news_for",
    "words_of_news",
    "overtaken",
    "page_at",
    "paper_of",
    "paper_view",
    "part_of_scenario",
    "path_in",
    "play_view",
    "progress_in",
    "progress_of",
    "proposal_for",
    "publishing",
    "question_preview",
    "refreshed_by",
    "refused_of",
    "result_view",
    "sessions_visible_to",
    "standing",
    "standing_at",
    "standings",
    "status_list",
    "store_of",
    "story_preview",
    "story_view",
    "taken_over",
    "test_view",
    "texted_reminders",
    "told_of",
    "told_of_entry",
    "trainers_in",
    "turn",
    "unasked_of",
    "unread_modules",
    "waiting_of",
    "was_handed_in",
    "with_progress",
    "words_of_reminder",
    "withdrawals",
]
