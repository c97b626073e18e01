"""Who may do what on the hotline, and who may open its routes.

`RULES`: action -> any of (all of conditions). A contact belongs to the country of its line, and is handled by that country's people.
One that reached a number of no line is no country's: administrators see that it came, and close it.
"""

from datetime import timedelta

from django.utils import timezone

from accounts.rules import (
    Rules,
    allowed,
    is_administrator,
    is_manager,
    is_operator,
    is_supervisor,
    same_country,
)
from hotline.choices import NOT_GONE, ContactKind, Direction
from hotline.rules.acts import ACTS, LETTERS
from hotline.rules.routes import DESK, KEEPERS, ON_SHIFT, ROUTES
from referral.rules import RULES as CASE_RULES

__all__ = ["ACTS", "DESK", "KEEPERS", "LETTERS", "ON_SHIFT", "ROUTES", "RULES"]

SHEET_OPEN = timedelta(days=1)
MENDED_WITHIN = timedelta(hours=1)


def is_kept(user, contact) -> bool:
    """Tell whether the contact was not erased: nothing is written on one that was, and nothing of it can be read."""
    return contact.erased_at is None


def is_here(user, contact) -> bool:
    """Tell whether the contact is of the person's country, and not hidden from her since it names her or her office."""
    return same_country(user, contact) and not contact.hides_from(user)


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


def is_over(user, contact) -> bool:
    """Tell whether nobody is on the line any more: what goes on is not looked at afterwards."""
    return not contact.is_live


def is_own_work(user, contact) -> bool:
    """Tell whether this person talked to whom the contact is of, answered her, wrote it down or called back."""
    return contact.is_work_of(user)


def is_others_work(user, contact) -> bool:
    """Tell whether this person did not work on the contact: nobody reviews what she did herself."""
    return not contact.is_work_of(user)


RULES: Rules = {
    "take_call": [[is_operator, is_here, is_kept], [is_supervisor, is_here, is_kept]],
    "open_contact": [[is_operator, is_here, is_kept], [is_supervisor, is_here, is_kept]],
    "read_sheet": [[is_operator, is_here, is_readable], [is_supervisor, is_here, is_readable]],
    "edit_sheet": [
        [is_operator, is_here, is_kept, is_readable],
        [is_supervisor, is_here, is_kept, is_readable],
    ],
    "see_number": [[is_operator, is_here, is_kept, may_reach], [is_supervisor, is_here, is_kept]],
    "call_back": [[is_operator, is_here, is_kept, may_reach], [is_supervisor, is_here, is_kept]],
    "supervise_call": [[is_supervisor, is_here, is_kept]],
    "override_call": [[is_supervisor, is_here, is_kept]],
    "block_number": [[is_supervisor, is_here, is_kept]],
    "set_safety": [[is_operator, is_here, is_kept, may_reach], [is_supervisor, is_here, is_kept]],
    "hear_message": [
        [is_operator, is_here, is_kept, is_readable],
        [is_supervisor, is_here, is_kept, is_readable],
    ],
    "see_log": [[is_operator, is_here], [is_supervisor, is_here], [is_administrator, is_of_no_line]],
    "close_follow_up": [
        [is_operator, is_here, is_kept],
        [is_supervisor, is_here, is_kept],
        [is_administrator, is_of_no_line, is_kept],
    ],
    "export_log": [[is_supervisor, same_country]],
    "edit_roster": [[is_supervisor, same_country]],
    "see_trained": [[is_supervisor, same_country], [is_manager, same_country]],
    "set_mode": [[is_supervisor, same_country]],
    "send_message": [
        [is_operator, is_here, is_kept, may_answer],
        [is_supervisor, is_here, is_kept, may_answer],
    ],
    "edit_line": [[is_administrator], [is_manager, same_country]],
    "hear_prompt": [
        [is_administrator],
        [is_manager, same_country],
        [is_supervisor, same_country],
        [is_operator, same_country],
    ],
    "erase_contact": [[is_supervisor, is_here]],
    "hold_contact": [[is_supervisor, is_here]],
    "shield_contact": [[is_operator, is_here, is_kept], [is_supervisor, is_here, is_kept]],
    "lift_shield": [[is_supervisor, is_here]],
    "ask_review": [
        [is_operator, is_here, is_kept, is_over, is_own_work],
        [is_supervisor, is_here, is_kept, is_over, is_own_work],
    ],
    "review_contact": [[is_supervisor, is_here, is_kept, is_over, is_readable, is_others_work]],
}
