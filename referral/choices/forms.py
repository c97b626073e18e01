"""The form register: forms that steps may carry, their fields, what to say, and the fact each field fills."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from referral.choices.codes import Sensitivity
from referral.choices.signs import BY_DIMENSION, DIMENSIONS

YES_NO = "bool"
NUMBER = "int"
CHOICE = "choice"
MULTI = "multi"
TEXT = "text"
INSTANT = "datetime"


@dataclass(frozen=True)
class FormField:
    """One question: key of the fact it fills, kind, short label, words to say, choices, limits, how it is kept.

    `asked_if` names the question with yes or no that makes this one needless when it is answered with no. `group` is the
    heading under which it stands with others: the dimension of a sign of exploitation. A number above `plausible` is asked
    back once.
    """

    key: str
    kind: str
    label: str
    script: str = ""
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    plausible: int | None = None
    sensitivity: str = Sensitivity.PLAIN
    is_required: bool = False
    asked_if: str = ""
    group: str = ""


@dataclass(frozen=True)
class Form:
    """A form: key, title, what to say first, its fields, and points that must be said one by one."""

    key: str
    title: str
    intro: str
    fields: tuple[FormField, ...]
    points: tuple[str, ...] = ()


SEXES = (("female", _("Female")), ("male", _("Male")), ("other", _("Other")))
RISKS = (("low", _("Low")), ("medium", _("Medium")), ("high", _("High")))
NEEDS = (
    ("health", _("Medical care")),
    ("shelter", _("A safe place to stay")),
    ("psychosocial", _("Counselling")),
    ("legal_aid", _("Legal aid")),
    ("documents", _("Identity papers")),
    ("food", _("Food and household goods")),
    ("livelihood", _("Work and training")),
    ("return", _("Help to go home")),
)
EXPLOITATION = (
    ("forced_labour", _("Forced labour")),
    ("domestic", _("Domestic work")),
    ("sexual", _("Sexual exploitation")),
    ("marriage", _("Forced marriage")),
    ("begging", _("Forced begging")),
    ("crime", _("Forced crime")),
    ("organs", _("Organ removal")),
    ("other", _("Another form")),
)
HELPED = (("yes", _("Yes")), ("partly", _("In part")), ("no", _("No")))
OLDEST = 99  # in every form that asks for the age of a person, on the hotline's sheet too: what is above was mistyped
IS_IT_RIGHT = _("Is %(number)s right? If so, send it again; if not, correct it.")
P, ID = Sensitivity.PERSONAL, Sensitivity.IDENTITY

SCREENING = Form(
    "screening",
    _("Screening"),
    _("I will ask a few questions so that I can help you in the right way. You need not answer any of them."),
    (
        FormField("age", NUMBER, _("Age in years"), _("How old are you?"),
                  _("An estimate is enough. If it cannot be known, the child way is taken."), minimum=0, maximum=OLDEST),
        FormField("immediate_danger", YES_NO, _("Immediate danger to life"), _("Are you in danger right now?")),
        FormField("sex", CHOICE, _("Sex"), _("Are you a woman, a man, or neither?"), choices=SEXES),
        FormField("needs_shelter", YES_NO, _("Needs a safe place to stay"),
                  _("Do you need a safe place to sleep tonight?")),
        FormField("sexual_violence", YES_NO, _("Sexual violence"),
                  _("Has anybody touched you or used your body against your will?"),
                  _("Ask only when she or he is alone. Do not ask for details.")),
        FormField("violence_at", INSTANT, _("When it last happened"), _("When did it last happen?"),
                  _("Medical care helps most within 72 hours."), asked_if="sexual_violence"),
        FormField("national", YES_NO, _("National of this country"), _("Are you a citizen of this country?")),
        FormField("children_with", NUMBER, _("Children with the person"), _("Are children with you? How many?"),
                  minimum=0, maximum=30, plausible=10),
        FormField("needs", MULTI, _("Needs"), _("What do you need most now?"), choices=NEEDS),
        FormField("exploitation_type", MULTI, _("Form of exploitation, as told"),
                  _("What were you made to do, or what was planned?"), choices=EXPLOITATION),
        FormField("location_now", TEXT, _("Where the person is now"), _("Where are you now?"), sensitivity=P),
        FormField("danger_description", TEXT, _("What the danger is"), _("What are you afraid of?"), sensitivity=P),
        *(FormField(sign.key, YES_NO, sign.label, sign.ask, group=DIMENSIONS[sign.dimension]) for sign in BY_DIMENSION),
    ),
)  # fmt: skip

SAFETY_PLAN = Form(
    "safety_plan",
    _("Safety plan"),
    _("Let us agree how I can reach you safely, and what you do if you feel in danger."),
    (
        FormField("safe_contact", TEXT, _("Safe way and time of contact"),
                  _("How and when may I reach you without putting you at risk?"), sensitivity=P, is_required=True),
        FormField("may_leave_message", YES_NO, _("A message may be left"), _("May I leave a message?")),
        FormField("risk_level", CHOICE, _("Risk level"), choices=RISKS, is_required=True),
        FormField("safe_word", TEXT, _("Word that means danger"),
                  _("Which word will you say if you cannot speak freely?"), sensitivity=P),
        FormField("safety_steps", TEXT, _("What the person will do in danger"),
                  _("Where can you go, and whom can you call?"), sensitivity=P),
    ),
)  # fmt: skip

BIA = Form(
    "bia",
    _("Best interests of the child"),
    _("The child is heard, in words that fit the child's age."),
    (
        FormField("guardian_found", YES_NO, _("Independent guardian found"), is_required=True),
        FormField("caregiver_suspected", YES_NO, _("A caregiver may be involved in the harm")),
        FormField("child_wish", TEXT, _("What the child wishes"), _("What would you like to happen?"), sensitivity=P),
        FormField("best_interests", TEXT, _("Assessment so far"), sensitivity=P),
    ),
)

CONSENT = Form(
    "consent",
    _("Consent"),
    _("I will read seven points. Stop me at any time. You may say yes to one agency and no to another."),
    (
        FormField("interview_consent", YES_NO, _("Agrees to talk"), _("Do you agree to talk with me now?")),
        FormField("wants_police", YES_NO, _("Wants a report to the police"),
                  _("Do you want the police to be told? Help does not depend on it.")),
        FormField("consent_research", YES_NO, _("Agrees to statistics without a name"),
                  _("May what you told me be counted, without your name?")),
        FormField("interpreter_used", YES_NO, _("An interpreter was used")),
    ),
    points=(
        _("I would like to ask you some questions. You decide whether to answer."),
        _("I ask them to find the help that fits you, and for nothing else."),
        _("Only the agencies you name receive something about you, and only what you allow for each of them."),
        _("Numbers without names may be used to improve help. You may say no to that."),
        _("You may see what is written about you, and have it corrected."),
        _("It is kept locked, and each time somebody opens it is written down. Ask us how long it is kept."),
        _("You may take back your yes at any time, by calling this number. Help goes on all the same."),
    ),
)  # fmt: skip

SUPPORT_PLAN = Form(
    "support_plan",
    _("Support plan"),
    _("We write down together what comes next, who does it, and by when."),
    (
        FormField("medical_need", TEXT, _("Medical need"), sensitivity=P),
        FormField("disability_needs", TEXT, _("Needs because of a disability"), sensitivity=P),
        FormField("plan_goals", TEXT, _("Goals of the person"), _("What do you want to reach?"), sensitivity=P,
                  is_required=True),
        FormField("plan_steps", TEXT, _("Steps agreed"), sensitivity=P, is_required=True),
        FormField("plan_agreed", YES_NO, _("The person agrees with the plan"), is_required=True),
    ),
)  # fmt: skip

FEEDBACK = Form(
    "feedback",
    _("Feedback"),
    _("I would like to know whether help came. Whatever you say has no bad effect for you."),
    (
        FormField("help_arrived", CHOICE, _("Help arrived"), _("Did the help arrive?"), choices=HELPED,
                  is_required=True),
        FormField("felt_respected", CHOICE, _("Treated with respect"), _("Were you treated with respect?"),
                  choices=HELPED),
        FormField("felt_safe", CHOICE, _("Feels safe"), _("Do you feel safe now?"), choices=HELPED),
        FormField("feedback_words", TEXT, _("In the person's own words"), sensitivity=P),
    ),
)  # fmt: skip

IDENTITY = Form(
    "identity",
    _("Identity"),
    _("Kept sealed. Opened only with a reason, and every opening is recorded."),
    (
        FormField("name", TEXT, _("Name"), sensitivity=ID),
        FormField("contact", TEXT, _("Number or address"), sensitivity=ID),
        FormField("account", TEXT, _("Account of what happened"), sensitivity=ID),
        FormField("suspect", TEXT, _("Suspected persons"), sensitivity=ID),
    ),
)

FORMS: dict[str, Form] = {
    form.key: form for form in (SCREENING, SAFETY_PLAN, BIA, CONSENT, SUPPORT_PLAN, FEEDBACK, IDENTITY)
}


def form_of(key: str) -> Form | None:
    """Return a form by its key, or None for a step without form."""
    return FORMS.get(key)
