"""Who may do what on the hotline, and who may open its routes.

`RULES`: action -> any of (all of conditions). A contact belongs to the country of its line, and is handled by that country's people.
One that reached a number of no line is no country's: administrators see that it came, and close it.
"""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import LetterKind
from accounts.rules import (
    Route,
    Rules,
    allowed,
    is_administrator,
    is_manager,
    is_operator,
    is_supervisor,
    same_country,
)
from hotline.choices import NOT_GONE, ContactKind, Direction
from referral.rules import RULES as CASE_RULES

DESK = ("operator", "supervisor")
KEEPERS = ("administrator", "manager")
READERS = (*DESK, "administrator")
HEARERS = (*KEEPERS, *DESK)
SHEET_OPEN = timedelta(days=1)
MENDED_WITHIN = timedelta(hours=1)
HOOK = Route("POST", ("public",), action="signed webhook")


def is_kept(user, contact) -> bool:
    """Tell whether the contact was not erased: nothing is written on one that was, and nothing of it can be read."""
    return contact.erased_at is None


def is_of_no_line(user, contact) -> bool:
    """Tell whether the contact reached a number that belongs to no line: no country's people see it."""
    return contact.is_of_no_line


def is_talking(user, contact) -> bool:
    """Tell whether this person is the one who talks to the caller, or who answers the conversation by text now.

    Of a call she stays it until its sheet is finished, for a day at most.
    """
    at = timezone.now()
    if contact.claimed_by_id != user.pk:
        return False
    if contact.kind == ContactKind.MESSAGE:
        return contact.claimed_until is not None and contact.claimed_until >= at
    return contact.wrapped_up_at is None and (contact.ended_at is None or contact.ended_at > at - SHEET_OPEN)


def waits_for_answer(contact) -> bool:
    """Tell whether something waits in a conversation by text: a text is unread, or the last word is theirs and nobody closed it.

    It is what stands in the queue or among the missed contacts; a text of ours that did not leave is no answer.
    """
    if contact.kind != ContactKind.MESSAGE:
        return False
    if contact.messages.filter(direction=Direction.IN, read_at=None).exists():
        return True
    if contact.is_closed:
        return False
    last = contact.messages.order_by("-id").values_list("direction", "state").first()
    return last is not None and (last[0] == Direction.IN or last[1] in NOT_GONE)


def is_being_answered(contact) -> bool:
    """Tell whether who answers a conversation has something in it to answer: what waits, and what was read since our last text.

    What came in while ours was written may lie before it.
    """
    if waits_for_answer(contact):
        return True
    ours = contact.messages.filter(direction=Direction.OUT).order_by("-id").values("made_at")[:1]
    return not contact.is_closed and contact.messages.filter(direction=Direction.IN, read_at__gt=ours).exists()


def is_readable(user, contact) -> bool:
    """Tell whether this person may read what was said: of a contact that became a case, who may read the case.

    Whoever talks to the person reads it in any case; who answers her text until it is answered or the conversation closed.
    """
    if contact.case_id is None or allowed(user, CASE_RULES, "view_case", contact.case):
        return True
    return is_talking(user, contact) and (contact.kind != ContactKind.MESSAGE or is_being_answered(contact))


def may_reach(user, contact) -> bool:
    """Tell whether this person may see the number, and how it may be used: of a contact that became a case, who may read it.

    And who follows it up while that is open: whoever was promised a call back does not wait for one absent owner.
    """
    follows = contact.is_missed and contact.closed_at is None and contact.owner_id == user.pk
    return follows or is_readable(user, contact)


def may_answer(user, contact) -> bool:
    """Tell whether this person may answer by text: who may read what was said, and anybody of the desk while something waits."""
    return is_readable(user, contact) or waits_for_answer(contact)


def may_wrap_up(user, contact) -> bool:
    """Tell whether this person may close the conversation or sheet: who may not read it does not, while something waits in it."""
    return not waits_for_answer(contact) or is_readable(user, contact)


def may_end_follow_up(user, contact) -> bool:
    """Tell whether this person may close the follow-up: while something waits in it, who may read it or follows it up."""
    return not waits_for_answer(contact) or may_reach(user, contact)


def may_open_follow_up(user, contact) -> bool:
    """Tell whether this person may open a closed follow-up again: of a contact that became a case, who may read the case.

    While it is open, whoever takes it reaches the person, and reads what waits. So anybody else only takes back, within
    the hour, that she closed it herself.
    """
    if contact.case_id is None or allowed(user, CASE_RULES, "view_case", contact.case):
        return True
    is_fresh = contact.closed_at is not None and contact.closed_at > timezone.now() - MENDED_WITHIN
    return is_fresh and contact.closed_by == str(user.public_id)


RULES: Rules = {
    "take_call": [[is_operator, same_country, is_kept], [is_supervisor, same_country, is_kept]],
    "open_contact": [[is_operator, same_country, is_kept], [is_supervisor, same_country, is_kept]],
    "read_sheet": [[is_operator, same_country, is_readable], [is_supervisor, same_country, is_readable]],
    "edit_sheet": [
        [is_operator, same_country, is_kept, is_readable],
        [is_supervisor, same_country, is_kept, is_readable],
    ],
    "see_number": [[is_operator, same_country, is_kept, may_reach], [is_supervisor, same_country, is_kept]],
    "set_safety": [[is_operator, same_country, is_kept, may_reach], [is_supervisor, same_country, is_kept]],
    "hear_message": [
        [is_operator, same_country, is_kept, is_readable],
        [is_supervisor, same_country, is_kept, is_readable],
    ],
    "see_log": [[is_operator, same_country], [is_supervisor, same_country], [is_administrator, is_of_no_line]],
    "close_follow_up": [
        [is_operator, same_country, is_kept],
        [is_supervisor, same_country, is_kept],
        [is_administrator, is_of_no_line, is_kept],
    ],
    "export_log": [[is_supervisor, same_country]],
    "edit_roster": [[is_supervisor, same_country]],
    "see_trained": [[is_supervisor, same_country], [is_manager, same_country]],
    "set_mode": [[is_supervisor, same_country]],
    "send_message": [
        [is_operator, same_country, is_kept, may_answer],
        [is_supervisor, same_country, is_kept, may_answer],
    ],
    "edit_line": [[is_administrator], [is_manager, same_country]],
    "hear_prompt": [
        [is_administrator],
        [is_manager, same_country],
        [is_supervisor, same_country],
        [is_operator, same_country],
    ],
    "erase_contact": [[is_supervisor, same_country]],
    "hold_contact": [[is_supervisor, same_country]],
}

# The acts of this room as the audit log words them.
ACTS: dict[str, str] = {
    "hotline.answer_taken_over": _("Took over a conversation by text from a colleague"),
    "hotline.call_ended": _("Ended a call"),
    "hotline.call_taken": _("Took a call"),
    "hotline.case_opened": _("Opened a case from a call"),
    "hotline.contact_erased": _("Erased a call or message"),
    "hotline.contact_read": _("Read a call or message"),
    "hotline.exception_dropped": _("Took back other hours for a day"),
    "hotline.exception_set": _("Set other hours for a day"),
    "hotline.follow_up_closed": _("Closed a follow-up"),
    "hotline.follow_up_opened": _("Opened a follow-up again"),
    "hotline.hold_lifted": _("Lifted the hold on a call or message"),
    "hotline.hold_set": _("Held a call or message for a court"),
    "hotline.hours_set": _("Set the hours of a line"),
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
    "hotline.text_given_up": _("Gave up a text message that could not be sent"),
    "hotline.trained_exported": _("Exported who is trained on each shift"),
    "hotline.wrapped_up": _("Finished the sheet of a call"),
    "operator.phone_set": _("Entered a telephone for shifts"),
    "operator.phone_verified": _("Verified a telephone for shifts"),
    "operator.phone_removed": _("Removed a telephone for shifts"),
}

LETTERS = {"own_telephone": LetterKind(_("The telephone for your shifts"), _("Tell the person yourself."))}

ROUTES: dict[str, Route] = {
    "hotline_plain:voice": HOOK,
    "hotline_plain:voice_step": HOOK,
    "hotline_plain:status": HOOK,
    "hotline_plain:message": HOOK,
    "hotline_plain:message_status": HOOK,
    "hotline_plain:audio": Route("GET", ("public",)),
    "hotline:console": Route("GET", DESK, second_factor=True),
    "hotline:console_live": Route("GET", DESK, second_factor=True, by_itself=True),
    "hotline:at_hand": Route("GET", DESK, second_factor=True, by_itself=True),
    "hotline:alarm": Route("GET", DESK, second_factor=True, by_itself=True),
    "hotline:operator_state": Route("POST", DESK, second_factor=True),
    "hotline:telephone": Route("GET POST", DESK, second_factor=True),
    "hotline:telephone_call": Route("POST", DESK, second_factor=True),
    "hotline:telephone_remove": Route("POST", DESK, second_factor=True),
    "hotline:telephone_live": Route("GET", DESK, second_factor=True, by_itself=True),
    "hotline:take": Route("POST", DESK, second_factor=True, action="take_call"),
    "hotline:control": Route("POST", DESK, second_factor=True, action="take_call"),
    "hotline:ask": Route("POST", DESK, second_factor=True, action="take_call"),
    "hotline:sheet": Route("GET", DESK, second_factor=True, action="open_contact"),
    "hotline:answer": Route("POST", DESK, second_factor=True, action="edit_sheet"),
    "hotline:set_language": Route("POST", DESK, second_factor=True, action="edit_sheet"),
    "hotline:note": Route("POST", DESK, second_factor=True, action="edit_sheet"),
    "hotline:safety": Route("GET POST", DESK, second_factor=True, action="set_safety"),
    "hotline:open_case": Route("GET POST", DESK, second_factor=True, action="edit_sheet"),
    "hotline:wrap_up": Route("POST", DESK, second_factor=True, action="open_contact"),
    "hotline:read_messages": Route("POST", DESK, second_factor=True, action="send_message"),
    "hotline:claim_text": Route("POST", DESK, second_factor=True, action="send_message"),
    "hotline:take_over_text": Route("POST", DESK, second_factor=True, action="send_message"),
    "hotline:send_text": Route("POST", DESK, second_factor=True, action="send_message"),
    "hotline:call_log": Route("GET", READERS, second_factor=True, action="see_log"),
    "hotline:missed": Route("GET", READERS, second_factor=True, action="see_log"),
    "hotline:contact": Route("GET", READERS, second_factor=True, action="see_log"),
    "hotline:show_number": Route("POST", DESK, second_factor=True, action="see_number"),
    "hotline:hear_message": Route("GET", DESK, second_factor=True, action="hear_message"),
    "hotline:erase_contact": Route("GET POST", ("supervisor",), second_factor=True, action="erase_contact"),
    "hotline:hold_contact": Route("GET POST", ("supervisor",), second_factor=True, action="hold_contact"),
    "hotline:give_owner": Route("POST", DESK, second_factor=True, action="open_contact"),
    "hotline:close_follow_up": Route("POST", READERS, second_factor=True, action="close_follow_up"),
    "hotline:reopen_follow_up": Route("POST", READERS, second_factor=True, action="close_follow_up"),
    "hotline:export_log": Route("POST", ("supervisor",), second_factor=True, action="export_log"),
    "hotline:roster": Route("GET POST", DESK, second_factor=True),
    "hotline:my_shifts": Route("GET", ("interpreter",)),
    "hotline:remove_shift": Route("GET POST", ("supervisor",), second_factor=True, action="edit_roster"),
    "hotline:set_mode": Route("POST", ("supervisor",), second_factor=True, action="set_mode"),
    # On a shift of one person a number is that person: nobody else is told, whatever other reports tell them.
    "hotline:trained": Route("GET", ("supervisor", "manager"), second_factor=True, action="see_trained"),
    "hotline:trained_file": Route("POST", ("supervisor", "manager"), second_factor=True, action="see_trained"),
    "hotline:lines": Route("GET", KEEPERS, second_factor=True),
    "hotline:line": Route("GET POST", KEEPERS, second_factor=True, action="edit_line"),
    "hotline:line_switch": Route("GET POST", KEEPERS, second_factor=True, action="edit_line"),
    "hotline:exception_add": Route("POST", KEEPERS, second_factor=True, action="edit_line"),
    "hotline:exception_remove": Route("POST", KEEPERS, second_factor=True, action="edit_line"),
    "hotline:prompts": Route("GET", HEARERS, second_factor=True, action="hear_prompt"),
    "hotline:prompts_in": Route("GET", HEARERS, second_factor=True, action="hear_prompt"),
    "hotline:prompts_upload": Route("POST", KEEPERS, second_factor=True, action="edit_line"),
    "hotline:prompt_upload": Route("POST", KEEPERS, second_factor=True, action="edit_line"),
    "hotline:prompt_heard": Route("POST", HEARERS, second_factor=True, action="hear_prompt"),
    "hotline:prompt_remove": Route("POST", KEEPERS, second_factor=True, action="edit_line"),
    # The on-screen phone of the demo; its views answer 404 wherever the simulator is off.
    "hotline:phone": Route("GET POST"),
    "hotline:phone_screen": Route("GET"),
    "hotline:phone_live": Route("GET"),
    "hotline:phone_act": Route("GET POST"),
}
