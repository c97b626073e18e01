"""What happened in a case, as sentences. Kind of event -> words; named placeholders only."""

from django.utils.translation import gettext_lazy as _

from referral.choices.cases import LEFT_BEHIND

HAPPENING_WORDS: dict[str, str] = {
    "opened": _("Case opened: %(source)s"),
    "writing_yes": _("Agreed to be written down, so that help is looked for. This is no consent to sharing."),
    "writing_no": _("Said no to being written down. The case was opened all the same: %(reason)s"),
    "writing_unknown": _("Gave no clear answer on being written down. The case was opened all the same: %(reason)s"),
    "writing_not_asked": _("Was not asked about being written down. The case was opened all the same: %(reason)s"),
    "language_known": _("%(step)s: %(outcome)s"),
    "facts": _("Answers written down: %(facts)s"),
    "done": _("Step done: %(step)s"),
    "outcome": _("%(step)s: %(outcome)s"),
    "elapsed": _("Waiting time over: %(step)s"),
    "wish": _("Waiting time ended by the person's own wish: %(step)s"),
    "withdrawn": _("The pathway went the way for consent that is taken back"),
    "recalled": _("Step ended, consent was taken back: %(step)s"),
    "opened_anew": _("Step open again, since consent was taken back: %(step)s"),
    "consent_given": _("Consent given by: %(giver)s; agencies named: %(agencies)s"),
    "consent_refused": _("Consent refused by: %(giver)s"),
    "consent_withdrawn": _("Consent taken back; requests recalled: %(recalled)s"),
    "referral_sent": _("%(agency)s asked"),
    "agency_passed_over": _("%(agency)s passed over: its address cannot be opened"),
    "referral_accepted": _("%(agency)s accepted"),
    "referral_declined": _("%(agency)s declined: %(reason)s"),
    "referral_held": _("%(agency)s put the person on its waiting list"),
    "referral_no_answer": _("%(agency)s did not answer in time"),
    "referral_no_place": _("%(agency)s had no place in time; the person was on its waiting list"),
    "waiting_ended": _("%(agency)s was told that the person no longer waits on its list"),
    "waiting_ended_untold": _("The person no longer waits on the list of %(agency)s; it could not be written to"),
    "referral_given_up": _("No agency left to ask: %(step)s"),
    "referral_in_progress": _("%(agency)s has begun"),
    "referral_completed": _("%(agency)s has completed its part"),
    "referral_failed": _("With %(agency)s it did not work out"),
    "referral_cancelled": _("Request to %(agency)s cancelled"),
    "referral_entered_in_error": _("Request to %(agency)s was entered in error"),
    "link_sent": _("New link sent to %(agency)s"),
    "link_opened": _("%(agency)s opened its link"),
    "link_dead": _("Link of %(agency)s closed after five wrong codes"),
    "letter_failed": _("The letter to %(agency)s could not leave"),
    "text_failed": _("The text to %(agency)s could not leave"),
    "deletion_confirmed": _("%(agency)s confirmed that it deleted what it was shown"),
    "deletion_told": _("%(agency)s said by phone that it deleted what it was shown"),
    "escalated": _("Told: %(role)s, about %(step)s"),
    "opened_by_hand": _("Step opened by hand: %(step)s. %(reason)s"),
    "opened_by_supervisor": _("Opened by a supervisor with a reason"),
    "assigned": _("Given to another owner"),
    "left": LEFT_BEHIND,
    "contact_joined": _("Joined a call or message to a case"),
    "contact_parted": _("Took a call or message out of a case to which it was joined"),
    "closed": _("Case closed: %(reason)s"),
    "reopened": _("Case opened again"),
    "hold_set": _("Held for a court: %(reason)s"),
    "hold_lifted": _("Hold lifted: %(reason)s"),
}

# What sealed words are about that belong to no step.
NOTE_WORDS: dict[str, str] = {
    "reason_hold_set": _("Hold for a court"),
    "reason_hold_lifted": _("Lift the hold"),
    "reason_reopened": _("Case opened again"),
    "withdrawal_words": _("Consent is taken back"),
}

BY_KEY = "hotline_keys"
SOURCE_WORDS: dict[str, str] = {
    "call": _("from a call"),
    "hotline": _("from the hotline"),
    BY_KEY: _("by telephone key, to the hotline"),
    "message": _("from a message"),
    "walk_in": _("came to the office"),
    "official": _("brought by an official"),
    "agency": _("sent by an agency"),
    "letter": _("wrote to us"),
    "other": _("came another way"),
}

AUDIT_WORDS: dict[str, str] = {
    "referral.case_opened": _("opened the case"),
    "referral.case_read": _("read the case"),
    "referral.opened_with_reason": _("opened it with a reason"),
    "referral.fact_read": _("opened a sealed answer"),
    "referral.case_moved": _("wrote in the case"),
    "referral.step_opened": _("opened a step by hand"),
    "referral.case_assigned": _("gave it to another owner"),
    "referral.case_closed": _("closed it"),
    "referral.case_reopened": _("opened it again"),
    "referral.hold_set": _("held it for a court"),
    "referral.hold_lifted": _("lifted the hold"),
    "referral.consent_given": _("wrote down consent"),
    "referral.consent_refused": _("wrote down a refusal"),
    "referral.consent_withdrawn": _("wrote down that consent was taken back"),
    "referral.escalated": _("told somebody that a step is late"),
}

# Where a request stands whose time ended while the agency had the person on its waiting list: it did answer.
NO_PLACE = _("Waiting list; no place in time")
NO_PLACE_CHIP = ("tri", "wait")

# The same once that list was ended: another agency accepted, the case was closed, consent was taken back.
LIST_ENDED = _("Waiting list; the person no longer waits")
LIST_ENDED_CHIP = ("sq", "")

# The states of a referral as shape and kind of its chip.
REFERRAL_CHIPS: dict[str, tuple[str, str]] = {
    "draft": ("ring", ""),
    "requested": ("half", "wait"),
    "on_hold": ("half", "wait"),
    "accepted": ("tick", "ok"),
    "in_progress": ("full", "info"),
    "completed": ("tick", "ok"),
    "rejected": ("x", "bad"),
    "no_answer": ("tri", "bad"),
    "failed": ("x", "bad"),
    "cancelled": ("sq", ""),
    "recalled": ("sq", ""),
    "entered_in_error": ("sq", ""),
}

REVEAL_REASONS = (
    ("call", _("I am about to talk with the person")),
    ("safety", _("Somebody is in danger")),
    ("referral", _("An agency that accepted needs it")),
    ("correction", _("The person asked what is written, or had it corrected")),
)
