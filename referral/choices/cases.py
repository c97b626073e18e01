"""Words of running cases: age groups, purposes, answers of matching, what stands in the work list."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from referral.choices.codes import ConsentPurpose, EscalationAction, Need

ADULT_AGE = 18


class AgeBand(TextChoices):
    """Age groups; agencies see the group, never the age."""

    UNDER_6 = "under_6", _("Child under 6")
    UNDER_12 = "under_12", _("Child of 6 to 11")
    UNDER_18 = "under_18", _("Child of 12 to 17")
    UNDER_25 = "under_25", _("Adult of 18 to 24")
    UNDER_60 = "under_60", _("Adult of 25 to 59")
    OLDER = "older", _("Adult of 60 or more")


BAND_LIMITS = (
    (6, AgeBand.UNDER_6), (12, AgeBand.UNDER_12), (18, AgeBand.UNDER_18), (25, AgeBand.UNDER_25),
    (60, AgeBand.UNDER_60),
)  # fmt: skip

PURPOSE_OF_NEED: dict[str, str] = {
    Need.SHELTER: ConsentPurpose.SHELTER,
    Need.HEALTH: ConsentPurpose.HEALTH,
    Need.PSYCHOSOCIAL: ConsentPurpose.PSYCHOSOCIAL,
    Need.LEGAL_AID: ConsentPurpose.LEGAL_AID,
    Need.POLICE_INVESTIGATION: ConsentPurpose.POLICE_REPORT,
    Need.RETURN: ConsentPurpose.RETURN,
}

# A child is heard beside the adult who consents, and nothing is shared against its own no.
CHILD_NOT_ASKED = _("Ask the child too, and write down the answer; or that the child is too young to be asked.")
CHILD_SAYS_NO = _(
    "The child says no, so nothing may be shared. Hear the child again, or write down that the answer is no."
)

# Why a case cannot be closed for a reason that is not true of it.
NOT_WALKED = _("Steps are still open: the pathway is not completed. Finish them, or choose another reason.")
NOT_HELPED = _("No agency has accepted in this case. Choose another reason.")

# Needs that are met now or not at all: there is no place to wait for, so nobody is put on a waiting list.
ACCEPT, HOLD, DECLINE = "accept", "hold", "decline"  # what an agency answers
WITHOUT_WAITING_LIST = frozenset({Need.EMERGENCY_POLICE, Need.POLICE_INVESTIGATION, Need.INTERPRETATION})

# What the agency is asked, as the title of its page.
OFFER_QUESTIONS: dict[str, str] = {
    Need.EMERGENCY_POLICE: _("Can you send help now?"),
    Need.HEALTH: _("Can you see a patient?"),
    Need.SHELTER: _("Can you give a safe place?"),
    Need.PSYCHOSOCIAL: _("Can you give counselling?"),
    Need.LEGAL_AID: _("Can you give legal aid?"),
    Need.POLICE_INVESTIGATION: _("Can you take a report?"),
    Need.CHILD_PROTECTION: _("Can you act for a child?"),
    Need.SOCIAL: _("Can you give social support?"),
    Need.INTERPRETATION: _("Can you interpret?"),
    Need.RETURN: _("Can you help somebody home?"),
    Need.LIVELIHOOD: _("Can you give work or training?"),
    Need.DOCUMENTS: _("Can you help with identity papers?"),
    Need.FOOD: _("Can you give food and household goods?"),
}

CRITERION_WORDS: dict[str, str] = {
    "term": _("Gives what is asked for"),
    "running": _("Is running today"),
    "area": _("Serves the area"),
    "sex": _("Takes this sex"),
    "age": _("Takes this age"),
    "nationality": _("Takes this nationality group"),
    "disability": _("Can meet a disability"),
    "children": _("Takes children along"),
    "form": _("Takes this form of trafficking"),
    "language": _("Speaks the language"),
    "open": _("Is open now"),
    "capacity": _("Has a free place"),
    "conflict": _("No conflict known in this case"),
}

# The same where the answer is no, as it is said of an agency.
CRITERION_NOES: dict[str, str] = {
    "term": _("Does not give what is asked for"),
    "running": _("Is not running today"),
    "area": _("Does not serve the area"),
    "sex": _("Does not take this sex"),
    "age": _("Does not take this age"),
    "nationality": _("Does not take this nationality group"),
    "disability": _("Cannot meet a disability"),
    "children": _("Does not take children along"),
    "form": _("Does not take this form of trafficking"),
    "language": _("Does not speak the language"),
    "open": _("Is not open now"),
    "capacity": _("Has no free place now"),
    "conflict": _("A conflict is known in this case"),
}

ANSWER_WORDS: dict[str, str] = {
    "yes": pgettext_lazy("answer", "Yes"),
    "no": pgettext_lazy("answer", "No"),
    "not_known": pgettext_lazy("answer", "Not known"),
    "not_asked": pgettext_lazy("answer", "Not asked"),
}


class CloseOutcome(TextChoices):
    """How the person stands when the case is closed."""

    SAFE = "safe", _("In safety, as far as she or he says")
    PARTLY = "partly", _("Helped in part")
    NOT_HELPED = "not_helped", _("No help arrived")
    NOT_KNOWN = "not_known", _("Not known")


class WritingReason(TextChoices):
    """Why a case is opened for a person who did not say yes to being written down."""

    DANGER = "life_danger", _("Danger to life or to a child")
    AGREED = "agreed_after", _("The person has changed her or his mind")
    LAW = "law", _("A law that obliges us to report")


class OpenReason(TextChoices):
    """Why a step is opened by hand."""

    PLACE_FREE = "place_free", _("A place may be free now")
    NEW_AGENCY = "new_agency", _("There is another agency to ask")
    FACTS_CHANGED = "facts_changed", _("Facts changed")
    WISH = "wish", _("The person asks for it")
    MISTAKE = "mistake", _("The step was ended by mistake")
    OTHER = "other", _("Another reason")


# What is told with changed facts: where the pathway would lead now; a person opens it by hand.
WOULD_OPEN = _("Would be opened now: %(steps)s.")

LETTER_LOST = _("The letter to an agency could not leave. Call the agency, or send a new link.")

# Work-list rows that do not come from a deadline: rule -> words. A rule may carry a number after a colon.
WORK_WORDS: dict[str, str] = {
    "link_dead": _("A link was closed after five wrong codes. Call the agency at its number in the directory."),
    "conflict": _("An agency sees a conflict. No other agency is asked until you decide."),
    "held": _("An agency has put the person on its waiting list. Nobody else is asked until its answer is due."),
    "consent": _("The next agency needs the person's consent."),
    "code": _("A new link was sent. Give the agency its six digits by phone."),
    "deletion": _(
        "An agency has not confirmed that it deleted what it was shown. Call it: give it a new code, send a new link, or "
        "write down what it says by phone."
    ),
    "opened_anew": _(
        "Consent was taken back from the agency of this step, and the need stays. Ask another agency for which "
        "there is consent, or ask for consent to one."
    ),
    "reopened": _("A case was opened again."),
    "blocked": _("No way leads on from this step. Look at the case."),
    "danger_unknown": _("It could not be learnt whether the person is in danger. The safety plan was begun."),
    "facts_changed": _("Facts changed on which an earlier way was chosen. Look whether a step must be opened again."),
    "text_failed": _("The text to an agency could not leave. Call the agency, or send a new link another way."),
    "letter_failed": LETTER_LOST,
    "untold": _("A request was taken back, and an agency could not be told. Tell it yourself."),
    "consent_over": _("A consent has run out, so nothing more is shared. Ask the person again, or take it back."),
    "passed_over": _(
        "An agency could not be written to, so it was passed over. The case says which: ask a manager to enrol its "
        "address again."
    ),
    "nobody": _("No agency is left that could be asked."),
}

# What was done about a late step by itself, beside what is left to do.
NEXT_ASKED = _("The next agency was asked.")

# What is left to the people who were told: nothing leaves this house by itself. `role` is the role of the pathway.
LEFT_TO_DO_WORDS: dict[str, str] = {
    EscalationAction.NOTIFY: _("%(role)s does not know yet: please tell them yourself."),
    EscalationAction.REASSIGN: _("To be handed over by you to: %(role)s."),
    EscalationAction.OFFER_NEXT: _("%(role)s does not know yet: please tell them yourself."),
    EscalationAction.CASE_CONFERENCE: _("A case conference is to be called with: %(role)s."),
}

# The roles that are always this house: the one of a pathway, and whoever is told of a question that nobody answers.
HOUSE_ROLES = ("hotline", "supervisor")

# A case whose owner has no account any more, moved to another country, or has no role that has cases.
LEFT_BEHIND = _("Nobody who can work on this case has it. Give it to a colleague.")


def is_adult(age: object) -> bool:
    """Tell whether an age is known and an adult's; an age that is not known counts as a child's."""
    return isinstance(age, int) and age >= ADULT_AGE


def age_band(age: int | None) -> str | None:
    """Return the code of the group that an age falls into; None where the age is not known."""
    if age is None:
        return None
    return next((band for limit, band in BAND_LIMITS if age < limit), AgeBand.OLDER)


def purpose_of(need: str) -> str:
    """Return the purpose for which information goes to a service."""
    return PURPOSE_OF_NEED.get(need, ConsentPurpose.PROTECTION)
