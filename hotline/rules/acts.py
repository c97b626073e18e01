"""The acts and letters of this room as the audit log and the outbox word them."""

from django.utils.translation import gettext_lazy as _

from accounts.choices import LetterKind

# The acts of this room as the audit log words them.
ACTS: dict[str, str] = {
    "hotline.answer_taken_over": _("Took over a conversation by text from a colleague"),
    "hotline.called_back": _("Called somebody back"),
    "hotline.call_ended": _("Ended a call"),
    "hotline.call_taken": _("Took a call"),
    "hotline.case_opened": _("Opened a case from a call"),
    "hotline.contact_erased": _("Erased a call or message"),
    "hotline.contact_read": _("Read a call or message"),
    "hotline.exception_dropped": _("Took back other hours for a day"),
    "hotline.exception_set": _("Set other hours for a day"),
    "hotline.figures_exported": _("Exported the figures of a line"),
    "hotline.flow_drafted": _("Saved a draft of a call flow"),
    "hotline.flow_published": _("Published a call flow"),
    "hotline.follow_up_closed": _("Closed a follow-up"),
    "hotline.follow_up_opened": _("Opened a follow-up again"),
    "hotline.forward_added": _("Added a number to forward calls to"),
    "hotline.forward_confirmed": _("Confirmed a number to forward calls to"),
    "hotline.forward_removed": _("Removed a number to forward calls to"),
    "hotline.hold_lifted": _("Lifted the hold on a call or message"),
    "hotline.hold_set": _("Held a call or message for a court"),
    "hotline.hours_set": _("Set the hours of a line"),
    "hotline.interpreter_set": _("Changed what is kept of an interpreter"),
    "hotline.language_added": _("Put a language on a line"),
    "hotline.line_changed": _("Changed the settings of a line"),
    "hotline.line_off": _("Switched a line off"),
    "hotline.line_on": _("Switched a line on"),
    "hotline.line_opened": _("Set up a line"),
    "hotline.log_exported": _("Exported the call log"),
    "hotline.message_lost": _("Gave up a recorded message that could not be fetched"),
    "hotline.mode_set": _("Changed how a line answers"),
    "hotline.notice_refused": _("A text to an agency was refused by the carrier"),
    "hotline.presence_set": _("Began, paused or ended a shift"),
    "hotline.safety_changed": _("Changed how a caller may be reached"),
    "hotline.prompt_heard": _("Heard a recording and let callers hear it"),
    "hotline.prompt_recorded": _("Recorded a prompt of the line"),
    "hotline.prompt_removed": _("Removed a recording of the line"),
    "hotline.shift_added": _("Added a shift to the roster"),
    "hotline.shift_removed": _("Removed a shift from the roster"),
    "hotline.template_dropped": _("Took approved words for WhatsApp out"),
    "hotline.template_kept": _("Wrote down approved words for WhatsApp"),
    "hotline.text_given_up": _("Gave up a text message that could not be sent"),
    "hotline.trained_exported": _("Exported who is trained on each shift"),
    "hotline.wrapped_up": _("Finished the sheet of a call"),
    "hotline.handed_over": _("Left a caller with a service"),
    "hotline.third_asked": _("Asked a third person into a call"),
    "operator.phone_set": _("Entered a telephone for shifts"),
    "operator.phone_verified": _("Verified a telephone for shifts"),
    "operator.phone_removed": _("Removed a telephone for shifts"),
}

LETTERS = {"own_telephone": LetterKind(_("The telephone for your shifts"), _("Tell the person yourself."))}
