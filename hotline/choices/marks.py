"""The marks on a contact or an inbox row, and the words of a contact's timeline."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# A text to the person was given up: the follow-up opens, at the latest when the call is over.
LOST_TEXT = "text_given_up"
# A recorded message was given up: nobody can hear it here, so somebody follows the contact up.
LOST_SOUND = "message_lost"
# A file that came with a text was given up: somebody follows the contact up.
LOST_FILE = "file_lost"
# A call of somebody in danger was cut, and somebody goes on with it: the follow-up is open.
CUT_IN_DANGER = "cut_in_danger"
# Its sheet closed while somebody still goes on: it was promised to call back, or the supervisors have it.
CALL_PROMISED = "call_promised"
HANDED_ON = "handed_on"
# It names somebody of an agency: who is of that agency does not see it.
SHIELDED = "shielded"
# A call that a rehearsal played: it stands in no figure.
REHEARSED = "rehearsed"
# Another number was given in place of this one, and went with what erasing takes: that it was given stays for the number.
OTHER_NUMBER = "other_number"
# A call to the draft of a call flow, by who tries it: it is nobody's work, and stands in no figure.
DRAFTED = "drafted"
# By whom the caller would be answered: one of them, the last that she told.
WISHES = frozenset({"wants_woman", "wants_man"})
# Lines of a timeline with which a follow-up may be closed.
CLOSINGS = ("follow_up_closed", "wrapped_up")
# Who supervises was told, once, that somebody is in danger: the line of the timeline says so, and is the memory of it.
DANGER_TOLD = "danger_told"
# A START that undid nothing, as nothing says whether it was sent before the STOP or after it.
START_EARLY = "text_start_early"

# Marks on a contact or an inbox row; each is a fact about the wire or the flow, never about the person.
FLAGS = {
    "unknown_number": _("Called a number that belongs to no line"),
    "unknown_call": _("Reported by the carrier before its first request"),
    "odd_text": _("Carried characters that were removed"),
    "second_answer": _("Sent twice with different keys; the first counted"),
    "not_now": _("Came when it could not apply; kept without effect"),
    "status_conflict": _("The carrier reported two different ends"),
    "blocked": _("Number blocked: not let into the queue"),
    "no_claim": _("A leg joined without a claim and was sent away"),
    "short_message": _("The recorded message is very short or silent"),
    "no_number": _("Asked to be called back, gave no number that works"),
    "trouble": _("A fault sent this call to the duty phone"),
    "degraded": _("Answered while the database was away"),
    "simulated": _("Played by the simulator"),
    "wants_woman": _("Asked for a woman to answer"),
    "wants_man": _("Asked for a man to answer"),
    REHEARSED: _("Played so that staff practise"),
    OTHER_NUMBER: _("Another number given for calling back"),
    DRAFTED: pgettext_lazy("call flow", "Draft"),
    "recording_refused": _("Refused recording"),
    "empty_message": _("Carried no words"),
    "has_media": _("Carried pictures or sound"),
    LOST_TEXT: _("A text message could not be sent"),
    LOST_SOUND: _("A message was left but could not be fetched"),
    LOST_FILE: _("A file came with it that could not be fetched."),
    CUT_IN_DANGER: _("The call was cut in danger"),
    CALL_PROMISED: _("We call back in a safe hour"),
    HANDED_ON: _("A supervisor goes on with it"),
    SHIELDED: _("Hidden from people whom it names"),
}


# What happened to a contact: the words of its timeline.
EVENTS = {
    "call_started": _("The call reached the line"),
    "language_chosen": _("Language chosen"),
    "danger_key": _("Danger key pressed"),
    "cannot_speak": _("Said by key: cannot speak"),
    "question_asked": _("Question asked by keys"),
    "voice_asked": _("Way back from a question by keys asked for"),
    "question_answered": _("Question answered by key"),
    "closed_heard": _("Heard that the line is closed"),
    "nobody_heard": _("Heard that nobody is free"),
    "blocked_heard": _("Number blocked: not let into the queue"),
    "queued": _("Joined the queue"),
    "choices_heard": _("Heard the choices while waiting"),
    "kept_waiting": _("Heard that the place is kept"),
    "claimed": _("Taken by an operator"),
    "claim_lapsed": _("The operator's telephone did not join in time"),
    "connected": _("Operator joined"),
    "hold_asked": _("Hold asked for"),
    "held": _("On hold, confirmed"),
    "unhold_asked": _("Taking back asked for"),
    "unheld": _("Taken back, confirmed"),
    "muted": _("Operator's microphone shut"),
    "unmuted": _("Operator's microphone open"),
    "returned": _("Operator lost; caller back at the head of the queue"),
    "end_asked": _("Operator ended the call"),
    "hung_up": _("The call ended"),
    "phone_rung": _("The telephone of somebody on shift was rung without the console"),
    "phone_unanswered": _("Nobody pressed 1 on that telephone"),
    "phone_answered": _("Answered with key 1 or the PIN on the telephone of somebody on shift"),
    "duty_dialled": _("Sent to the duty phone"),
    "forwarded": _("Forwarded to another number"),
    "forward_answered": _("The other number answered"),
    "forward_unanswered": _("The other number did not answer"),
    "duty_answered": _("The duty phone was answered"),
    "duty_unanswered": _("The duty phone was not answered"),
    "message_asked": _("Asked to leave a message"),
    "message_left": _("Message recorded"),
    "message_fetched": _("Recorded message fetched and sealed"),
    "message_lost": _("Recorded message given up: it could not be fetched"),
    "message_deleted": _("Provider's copy of the recorded message deleted"),
    "call_log_deleted": _("Provider's record of the call deleted"),
    "callback_asked": _("Chose the call-back menu"),
    "callback_agreed": _("Agreed by key to be called back"),
    "callback_refused": _("Said by key: do not call back on the number called from"),
    "callback_typed": _("Typed another number; it was read back"),
    "callback_number": _("Another number given for calling back"),
    "callback_no_time": _("Chose no time for being called back"),
    "not_a_choice": _("Pressed a key that is not a choice"),
    "nothing_pressed": _("Pressed nothing"),
    "other_number_heard": _("Heard the other number"),
    "trouble": _("A fault: sent to the duty phone"),
    "joined_refused": _("A telephone without a claim was sent away"),
    "third_agreed": _("The caller said yes to speaking with a service"),
    "third_asked": _("A third person is asked into the call"),
    "third_rung": _("A telephone rings for a third person"),
    "third_nobody": _("No third person answered"),
    "third_stopped": _("A third person is not asked any more"),
    "hand_over_asked": _("Handing over asked for"),
    "help_asked": _("The operator asked for help"),
    "help_duty": _("Nobody answered the call for help: the duty phone is rung"),
    "join_asked": _("A supervisor asks to come into the call"),
    "join_agreed": _("The caller agrees that a supervisor comes"),
    "join_refused": _("The supervisor was not let in"),
    "join_mode": _("A supervisor is heard by others than before"),
    "colleague_asked": _("A colleague is asked to take the call over"),
    "colleague_agreed": _("The colleague takes the call over"),
    "colleague_refused": _("The colleague does not take the call over"),
    "taken_over": _("A colleague has the call now"),
    "stays_in": _("The operator stays in the call with the service"),
    "handed_over": _("Handed over: the operator left the caller with the third person"),
    "third_joined": _("A third person joined"),
    "third_left": _("A third person left"),
    "text_received": _("Text message received"),
    "attachment_fetched": _("File of a message fetched and sealed"),
    "attachment_lost": _("File of a message given up: it could not be fetched, or is too large"),
    "attachment_deleted": _("Provider's copy of the file deleted"),
    "text_queued": _("Text message queued"),
    "text_sent": _("Text message handed to the carrier"),
    "text_blocked": _("Text message not sent: not safe, or not known to be safe"),
    "text_given_up": _("Text message given up: it could not be sent"),
    "text_stopped": _("Asked us to stop writing"),
    "text_started": _("Allowed us to write again"),
    START_EARLY: _(
        "START came within a minute after STOP and does not count: it may have been sent before it. It has to be written again."
    ),
    "call_back_begun": _("Call back begun: the operator's telephone rings first"),
    "override_asked": _("A second person is asked to agree to a call"),
    "override_agreed": _("A second person agreed to a call that is not known to be safe"),
    "call_back_confirmed": _("Called back: it is the person"),
    "call_back_reached": _("Called back and reached"),
    "call_back_strange": _("Called back: a stranger answered"),
    "call_back_over": _("Call back over"),
    "sheet_saved": _("Sheet saved"),
    "language_set": _("Language changed by the operator"),
    "messages_read": _("Text messages read"),
    "answer_claimed": _("Began to answer the conversation"),
    "answer_taken_over": _("Took the conversation over from a colleague"),
    "answer_left": _("Conversation given back: its answerer was away"),
    "case_answered": _("Conversation of a colleague's case given back: it is answered"),
    "safety_changed": _("Safety state changed"),
    "case_opened": _("Case opened"),
    "wrapped_up": _("Wrapped up"),
    "sheet_reopened": _("Sheet open again"),
    "danger_told": _("Who supervises the line was told of the danger by letter"),
    "cut_in_danger": _("The call was cut in danger: what happens now"),
    "ways_on": _("The sheet closes: what happens now"),
    "follow_up_closed": _("Follow-up closed"),
    "follow_up_opened": _("Follow-up open again"),
    "follow_up_reopened": _("Follow-up open again: it was closed while a text was unread"),
    "owner_changed": _("Follow-up given to another person"),
    "contact_written_down": _("Written down by staff"),
    "case_joined": _("Joined to a case"),
    "case_parted": _("Taken out of a case to which it was joined by mistake"),
    "contact_linked": _("Said to be of the same person as another contact"),
    "contact_unlinked": _("Not of the same person as another contact after all"),
    "shield_set": _("Hidden from people whom it names"),
    "shield_lifted": _("Not hidden any more"),
    "shield_met": _("Somebody from whom it is hidden tried to open it"),
    "stub_made": _("Heard of from a callback"),
    "erased": _("What was sealed was erased"),
    "number_blocked": _("The number was blocked"),
    "block_lifted": _("The number is let in again"),
    "hold_set": _("Held for a court"),
    "hold_lifted": _("Hold lifted"),
    "sound_erased": _("Our copy of the recorded message erased, thirty days after it was handled"),
    "pin_refused": _("A wrong PIN three times: the call was given back"),
    "wish_told": _("Said by key who is to answer: a woman or a man"),
    "limit_reached": _("Waited as long as the line allows"),
}

# The same of a conversation by WhatsApp.
WHATSAPP_EVENTS = {
    "text_received": _("WhatsApp message received"),
    "text_queued": _("WhatsApp message queued"),
    "text_sent": _("WhatsApp message handed to the provider"),
    "text_blocked": _("WhatsApp message not sent: not safe, or not known to be safe"),
    "text_given_up": _("WhatsApp message given up: it could not be sent"),
    "messages_read": _("WhatsApp messages read"),
}
