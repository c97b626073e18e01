"""Who may do what in this room."""

from django.utils.translation import gettext_lazy as _

from accounts.choices import LetterKind
from accounts.rules import (
    Route,
    Rules,
    is_administrator,
    is_analyst,
    is_manager,
    is_supervisor,
    is_trainer,
    same_country,
)


def is_another(user, thing) -> bool:
    """Tell whether an account is somebody else's: nobody decides about her own learning."""
    return thing.pk != user.pk


def is_of_another(user, thing) -> bool:
    """Tell whether a certificate is somebody else's: nobody takes back, or has written anew, her own."""
    return thing.learner.user_id != user.pk


RULES: Rules = {
    "view_completion": [[is_manager], [is_analyst], [is_supervisor], [is_trainer], [is_administrator]],
    # A trainer reaches those who are or were in her groups, by queries.learners_visible_to; so in allow_attempt.
    "view_names": [[is_trainer], [is_manager]],
    "decide_work": [[is_manager, same_country, is_another]],
    "allow_attempt": [[is_trainer, same_country, is_another], [is_manager, same_country, is_another]],
    # Of what a learner sent, refused or in doubt; whose she reaches: queries.doubts.senders_visible_to. Where the deadline
    # of a group that she does not run rests on it, actions.looking leaves it to others.
    "look_at_doubt": [[is_trainer, same_country, is_another], [is_manager, same_country, is_another]],
    "send_kept": [[is_trainer], [is_manager]],
    "exchange_questions": [[is_manager], [is_administrator]],
    # Answers of officials and of holders of a code of the own country, never one's own, by queries.regrading.
    "regrade": [[is_manager], [is_administrator]],
    "order_course": [[is_manager], [is_administrator]],
    "export_learners": [[is_manager]],
    "export_statements": [[is_manager], [is_administrator]],
    "view_figures": [[is_manager], [is_administrator]],
    "view_gates": [[is_manager], [is_administrator]],
    "view_certificates": [[is_manager]],
    "withdraw_certificate": [[is_manager, same_country, is_of_another]],
    "view_publishing": [[is_manager], [is_administrator]],
    "publish_draft": [[is_manager], [is_administrator]],
    "view_cohorts": [[is_trainer], [is_manager]],
    # A trainer reaches the cohorts that she trains, by queries.cohorts_visible_to.
    "run_cohort": [[is_trainer, same_country], [is_manager, same_country]],
}

LETTERS = {
    "reminder": LetterKind(_("A reminder of a deadline"), _("Tell the person yourself.")),
    "published": LetterKind(_("What was published for a country"), _("It stands on the page of reports as well.")),
    "regraded": LetterKind(_("Answer marked anew"), _("Tell the person yourself.")),
    "not_published": LetterKind(_("A planned course that was not published"), _("Tell the person yourself.")),
}

NUMBERS = ("manager", "analyst", "supervisor", "trainer", "administrator")

# The acts of this room as the audit log words them.
ACTS: dict[str, str] = {
    "training.answers_regraded": _("Marked answers of a test anew"),
    "training.activity_waived": _("Let a lesson count as done for somebody"),
    "training.waiver_taken_back": _("Took back that a lesson counts as done for somebody"),
    "training.attempt_voided": _("Set a test aside"),
    "training.attempt_allowed": _("Allowed somebody one more try at a test"),
    "training.attendance_marked": _("Noted who was at a session"),
    "training.attendance_voided": _("Took back that somebody was at a session"),
    "training.certificate_issued": _("Issued a certificate"),
    "training.certificate_withdrawn": _("Withdrew a certificate"),
    "training.change_lowered": _("Published a change as less than what was proposed"),
    "training.planned_end_held": _("Kept a question whose end was planned, since its course needs it"),
    "training.planned_publish_held": _("Held back a planned course that lacks something"),
    "training.code_replaced": _("Made a new progress code in place of one"),
    "training.cohort_changed": _("Changed a group of learners"),
    "training.cohort_made": _("Made a group of learners"),
    "training.completion_exported": _("Exported the table of completion"),
    "training.course_loaded": _("Loaded a course"),
    "training.outline_changed": _("Changed the order of a course"),
    "training.kept_sent": _("Sent a file of answers from a phone"),
    "training.doubt_looked_at": _("Looked at refused or doubtful records"),
    "training.entry_changed": _("Changed what a course says about a country"),
    "training.entry_deleted": _("Removed what a course says about a country"),
    "training.joining_closed": _("Closed the code of a group"),
    "training.joining_opened": _("Opened a group to whoever has its code"),
    "training.key_made": _("Made a key to sign badges with"),
    "training.key_removed": _("Removed a key to sign badges with"),
    "training.member_left": _("Took somebody out of a group"),
    "training.members_added": _("Let people into a group"),
    "training.name_hidden": _("Took a name off the page of a certificate"),
    "training.name_shown": _("Let the page of a certificate say a name"),
    "training.enrolments_exported": _("Exported a list of enrolments"),
    "training.finding_settled": _("Compared a question in two languages"),
    "training.names_read": _("Read the names of learners"),
    "training.progress_claimed": _("Took progress without an account into an account"),
    "training.progress_erased": _("Erased progress without an account"),
    "training.progress_rebuilt": _("Counted progress anew"),
    "training.questions_exported": _("Exported the questions of a course"),
    "training.questions_imported": _("Read questions of a course from a file"),
    "training.report_exported": _("Exported the table of a report"),
    "training.results_exported": _("Exported a list of test results"),
    "training.session_changed": _("Changed a session of a group"),
    "training.session_dropped": _("Took a session out of a timetable"),
    "training.session_planned": _("Planned a session of a group"),
    "training.statements_exported": _("Exported events as statements"),
    "training.text_number_kept": _("Gave a number for reminders"),
    "training.text_number_removed": _("Took a number for reminders away"),
    "training.version_published": _("Published a version of a course"),
}

ROUTES: dict[str, Route] = {
    "training:catalogue": Route(guests=True),
    "training:aide": Route(guests=True),
    "training:learning": Route("GET", ("signed_in",), guests=True),
    "training:history": Route("GET", ("signed_in",), guests=True),
    "training:history_csv": Route("GET", ("signed_in",), guests=True),
    "training:move": Route("POST", ("signed_in",), guests=True),
    "training:start_test": Route("GET POST", ("signed_in",), guests=True),
    "training:scenario": Route("GET POST", guests=True),
    "training:scenario_cards": Route(),
    "training:scenario_debrief": Route(),
    # Sound, film and captions belong to lessons, which everybody may read.
    "training:captions": Route(),
    "training_plain:clip": Route(),
    "training:choose_track": Route("GET POST", ("signed_in",), guests=True),
    "training:go_on": Route("GET", ("signed_in",), guests=True),
    "training:test": Route("GET POST", ("signed_in",), guests=True),
    "training:result": Route("GET", ("signed_in",), guests=True),
    "training:keep": Route("GET", ("signed_in",), guests=True),
    "training:paper": Route("POST", ("signed_in",), guests=True, by_script=True),
    # What a phone keeps is the same for everybody; the list of it, which writes every page, is for who keeps it.
    "training:kept_index": Route(),
    "training:kept_lists": Route(),
    "training:kept_wipe": Route(),
    "training:kept_course": Route(),
    "training:kept_lesson": Route(),
    "training:kept_test": Route(),
    "training:kept_story": Route(),
    "training:keep_manifest": Route("GET", ("signed_in",), guests=True, by_script=True),
    "training:webmanifest": Route(),
    "training:waiting": Route("GET", ("signed_in",), guests=True),
    "training:wipe": Route("GET POST", guests=True),
    # Without an account. Who is there and what may be done the pages ask by the code, or by the session it opened.
    "training:begin": Route("GET POST", guests=True),
    "training:open_code": Route("GET POST", guests=True),
    "training:new_code": Route("GET POST", guests=True),
    "training:erase": Route("GET POST", guests=True),
    "training:claim": Route("GET POST", ("signed_in",)),
    "training:completion": Route("GET", NUMBERS, second_factor=True, action="view_completion"),
    "training:completion_csv": Route(
        "POST", ("manager", "analyst", "administrator"), second_factor=True, action="view_completion"
    ),
    "training:completion_xlsx": Route(
        "POST", ("manager", "analyst", "administrator"), second_factor=True, action="view_completion"
    ),
    **{
        f"training:{name}": Route("GET", NUMBERS, second_factor=True, action="view_completion")
        for name in ("reports", "readiness", "dropoff", "freshness")
    },
    "training:report_file": Route(
        "POST", ("manager", "analyst", "administrator"), second_factor=True, action="view_completion"
    ),
    "training:learners_file": Route("POST", ("manager",), second_factor=True, action="export_learners"),
    "training:statements": Route("POST", ("manager", "administrator"), second_factor=True, action="export_statements"),
    "training:figures": Route("GET", ("manager", "administrator"), second_factor=True, action="view_figures"),
    **{
        f"training:{name}": Route(
            methods, ("manager", "administrator"), second_factor=True, action="exchange_questions"
        )
        for name, methods in (
            ("questions", "GET"),
            ("import_questions", "GET POST"),
            ("confirm_questions", "POST"),
            ("export_questions", "POST"),
        )
    },
    "training:regrade": Route("GET POST", ("manager", "administrator"), second_factor=True, action="regrade"),
    "training:outline": Route("GET POST", ("manager", "administrator"), second_factor=True, action="order_course"),
    "training:official": Route("GET", ("trainer", "manager"), second_factor=True, action="view_names"),
    "training:allow_attempt": Route("POST", ("trainer", "manager"), second_factor=True, action="allow_attempt"),
    "training:waive": Route("POST", ("manager",), second_factor=True, action="decide_work"),
    "training:unwaive": Route("POST", ("manager",), second_factor=True, action="decide_work"),
    "training:void_test": Route("GET POST", ("manager",), second_factor=True, action="decide_work"),
    "training:people": Route("GET", ("trainer", "manager"), second_factor=True, action="view_names"),
    "training:doubts": Route("GET", ("trainer", "manager"), second_factor=True, action="view_names"),
    "training:look": Route("POST", ("trainer", "manager"), second_factor=True, action="look_at_doubt"),
    "training:kept_file": Route("GET POST", ("trainer", "manager"), second_factor=True, action="send_kept"),
    "training:publishing": Route("GET", ("manager", "administrator"), second_factor=True, action="view_publishing"),
    "training:publish": Route("POST", ("manager", "administrator"), second_factor=True, action="publish_draft"),
    "training:gates": Route("GET", ("manager", "administrator"), second_factor=True, action="view_gates"),
    "training:certificates": Route("GET", ("signed_in",)),
    "training:certificate_name": Route("POST", ("signed_in",)),
    "training:certificate_pdf": Route("GET", ("signed_in",)),
    "training:certificate_badge": Route("GET", ("signed_in",)),
    "training:issued": Route("GET", ("manager",), second_factor=True, action="view_certificates"),
    "training:withdraw": Route("GET POST", ("manager",), second_factor=True, action="withdraw_certificate"),
    "training:join": Route("GET POST", ("signed_in",)),
    "training:my_groups": Route("GET", ("signed_in",)),
    "training:attend": Route("POST", ("signed_in",)),
    "training:text_number": Route("GET POST", ("signed_in",)),
    **{
        f"training:{name}": Route(methods, ("trainer", "manager"), second_factor=True, action=action)
        for action, methods, names in (
            ("view_cohorts", "GET", "cohorts"),
            ("view_cohorts", "GET POST", "new_cohort"),
            ("view_cohorts", "POST", "cohorts_csv cohorts_xlsx"),
            ("run_cohort", "GET", "cohort attendance_sheet keep_list"),
            ("run_cohort", "GET POST", "change_cohort members_file marks_file new_session session change_session"),
            ("run_cohort", "POST", "open_joining close_joining confirm_members add_office take_out"),
            ("run_cohort", "POST", "take_back drop_session list_data"),
        )
        for name in names.split()
    },
    "training:type_code": Route(),
    "training:verify": Route("GET POST"),
    # For the verifiers of badges, which know no language and no page.
    "training_plain:did": Route(),
    "training_plain:status_list": Route(),
    # Answers 401 itself: a page that sends from a phone cannot follow a redirect to a form.
    "training_plain:progress": Route("GET POST", guests=True),
    # A phone asks that knows an id and may be signed in no more; the id stands in the body, so in no log of addresses.
    "training_plain:erased": Route("POST"),
    # Who is signed in it tells to anybody; of whom a mark may speak the action asks, for each.
    "training_plain:attendance": Route("GET POST", ("signed_in",), by_script=True),
    "training_plain:worker": Route(),
}
