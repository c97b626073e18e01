"""The house's triage form: its steps, and its questions in two versions.

A country's own form begins from the newest. The keys are known to the code: their answers become facts of a case, decide
who is treated as a child, and are counted in the words of HTCDS. So kind and answers of a question of the house, and what
its answers promise, stay as they are, and those of `FIXED` are on every form; the words of all may be changed.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hotline.triage.values import (
    CALL_BACK,
    CHILD,
    LONG,
    MANY,
    NO,
    NUMBER,
    ONE,
    PLACE,
    REFER,
    YES,
    Form,
    Question,
    Step,
    When,
)
from referral.choices.cases import WritingReason
from referral.choices.forms import EXPLOITATION, NEEDS, OLDEST
from referral.choices.signs import ASKED_BY_HOTLINE

# The greatest number that can be right: years of an age; children that somebody has with her.
MOST = {"age": OLDEST, "children_with": 30}

SEXES = (
    ("female", pgettext_lazy("sex of a person", "Woman")),
    ("male", pgettext_lazy("sex of a person", "Man")),
    ("other", pgettext_lazy("sex of a person", "Neither")),
)
BASES = (
    ("life", _("Danger to life, and she or he cannot answer")),
    ("child", _("Best interests of a child")),
    ("duty", _("A law that obliges us to report")),
)
REASON_OF_BASIS = {"life": WritingReason.DANGER, "child": WritingReason.DANGER, "duty": WritingReason.LAW}
NEXT_STEPS = (
    ("refer", _("Refer to an agency")),
    ("inform", _("Information was enough")),
    ("call_again", _("The person will call again")),
    ("call_back", _("We call back in a safe hour")),
    ("police", _("Police called, with consent or for danger to life")),
)
THREATS = (
    ("hurt", _("To hurt the person")),
    ("police", _("To call the police or the immigration office")),
    ("family", _("To harm children or family")),
)
VIOLENCE = (("body", _("Bodily violence")), ("sexual", _("Sexual violence")))
WORK = (
    ("homes", _("Work in a home")),
    ("farming", _("Farming, forestry or fishing")),
    ("building", _("Building")),
    ("mining", _("Mining")),
    ("factory", _("Factory work")),
    ("hotels", _("Hotels, restaurants or bars")),
    ("trade", _("Shops, markets or repair")),
    ("transport", _("Transport")),
    ("cleaning", _("Cleaning or guarding")),
    ("care", _("Care or health")),
    ("entertainment", _("Music, dance or sport")),
    ("other", pgettext_lazy("kind of work", "Other work")),
)
BEGINNINGS = (
    ("family", _("Through family")),
    ("friends", _("Through friends")),
    ("work", _("At work")),
    ("business", _("At a shop or an agency")),
    ("school", _("At a school")),
    ("networks", _("On social networks")),
    ("online", _("An advertisement online")),
    ("television", _("An advertisement on television or radio")),
    ("newspaper", _("An advertisement in a newspaper")),
    ("other", pgettext_lazy("how it began", "In another way")),
)
RELATIONS = (
    ("family", pgettext_lazy("who exploits", "Family")),
    ("known", pgettext_lazy("who exploits", "Known before")),
    ("stranger", pgettext_lazy("who exploits", "Strangers")),
)

STEPS = (
    Step("safe", pgettext_lazy("step of the sheet", "Safe now")),
    Step("talk", pgettext_lazy("step of the sheet", "May we talk")),
    Step("age", pgettext_lazy("step of the sheet", "Age")),
    Step("need", pgettext_lazy("step of the sheet", "Need")),
    Step("where", pgettext_lazy("step of the sheet", "Where")),
    Step("signs", pgettext_lazy("step of the sheet", "Signs")),
    Step("consent", pgettext_lazy("step of the sheet", "Consent")),
    Step("next", pgettext_lazy("step of the sheet", "Next step")),
)

_HELP = _("It decides which help fits, and nothing else.")
_SIGN = _("One of eleven signs by which the law and the agencies recognise exploitation. It is no verdict.")

_FIRST = (
    Question("safe_now", "safe", _("Safe now"), _("Are you safe where you are now?"),
             _("Danger comes before everything: if the answer is no, the supervisor and the police number come first."),
             fact="immediate_danger", is_reversed=True),
    Question("may_talk", "talk", _("Can talk freely"), _("Can you talk freely for a few minutes?"),
             _("Somebody may be listening. If not, ask only questions that yes or no can answer.")),
    Question("age", "age", _("Age in years"), _("How old are you?"),
             _("Under 18 the child way is taken. While the age is not known, so is the person treated. An estimate is enough."),
             kind=NUMBER, fact="age"),
    Question("sex", "age", _("Woman, man or neither"), _("Are you a woman, a man, or neither?"),
             _("Many shelters take only women or only men."), kind=ONE, choices=SEXES, fact="sex"),
    Question("children_with", "age", _("Children with the person"), _("Are children with you? How many?"),
             _("A safe place must take the children too."), kind=NUMBER, fact="children_with"),
    Question("needs", "need", _("Needs"), _("What do you need most now?"), _HELP, kind=MANY, choices=NEEDS, fact="needs"),
    Question("needs_shelter", "need", _("Needs a safe place tonight"), _("Do you need a safe place to sleep tonight?"),
             _HELP, fact="needs_shelter"),
    Question("area", "where", _("Where"), _("In which part of the country are you now?"),
             _("The nearest agency is asked first. No street and no house is needed."), kind=PLACE),
    Question("national", "where", _("Citizen of this country"), _("Are you a citizen of this country?"),
             _("Foreigners have further rights: their embassy, and help to go home."), fact="national"),
    *(Question(sign.key, "signs", sign.label, sign.ask, _SIGN, fact=sign.key) for sign in ASKED_BY_HOTLINE),
    Question("consent_case", "consent", _("Agrees that help is looked for"),
             _("May I write down what you told me, so that an agency can help you? Nothing goes to an agency before you say yes to that agency."),
             _("Without a yes nothing is passed on. She or he may take the yes back at any time.")),
    Question("wants_police", "consent", _("Wants a report to the police"),
             _("Do you want the police to be told? Help does not depend on it."),
             _("Some people are in more danger when the police know. Her or his answer decides."), fact="wants_police"),
    Question("basis", "consent", _("Basis without consent"), "",
             _("Only where a law names it. Write it down before a case is opened without an answer on consent."),
             kind=ONE, choices=BASES),
    Question("next_step", "next", _("Next step"), _("This is what I will do now, and this is what you can do."),
             _("Say what happens next, and that she or he may call again at any time."), kind=ONE, choices=NEXT_STEPS,
             promises={"call_back": CALL_BACK, "refer": REFER}),
)  # fmt: skip

_COUNTED = _("It is counted without a name, so that others can be warned. Leave it out where it is too much now.")
_IN_DANGER, _A_CHILD = When("safe_now", (NO,)), When("age", (CHILD,))

_DANGER = (
    Question("danger_near", "safe", _("The person feared is near"), _("Is the person you are afraid of near you now?"),
             _("If so, ask only what yes or no can answer. She or he may hang up at any time."), when=_IN_DANGER),
    Question("danger_hurt", "safe", _("Somebody is hurt"), _("Is anybody hurt who needs a doctor now?"),
             _("Medical help comes before every other question."), when=_IN_DANGER),
    Question("danger_way", "safe", _("There is a safe way out"),
             _("Can you get to a place with other people without being stopped?"),
             _("Tell nobody to flee. Where there is no safe way out, it may be safer to stay until help comes."),
             when=_IN_DANGER),
)  # fmt: skip
_CHILD = (
    Question("child_adult", "age", _("An adult of trust is there"), _("Is a grown-up with you whom you trust?"),
             _("A child does not decide alone. Somebody she or he trusts may stay on the telephone."), when=_A_CHILD),
    Question("child_home", "age", _("Afraid of somebody at home"),
             _("Are you afraid of somebody at home, or of somebody who looks after you?"),
             _("Then nobody at home is called, and the agency for children is told so."), when=_A_CHILD),
    Question("child_alone", "age", _("Without family here"), _("Are you here without your family?"),
             _("A child without family gets a guardian of her or his own first."), when=_A_CHILD),
)  # fmt: skip
_HOW = (
    Question("threats_how", "signs", _("What is threatened"), _("What do they say they will do?"), _HELP,
             kind=MANY, choices=THREATS, when=When("sign_threats", (YES,))),
    Question("violence_how", "signs", _("Kind of violence"),
             _("You need not answer. Was your body hurt, or were you made to do sexual acts?"),
             _("Medical care helps most within 72 hours. Do not ask for details."),
             kind=MANY, choices=VIOLENCE, when=When("sign_violence", (YES,))),
    Question("exploitation", "signs", _("Form of exploitation, as told"),
             _("What were you made to do, or what was planned?"), _COUNTED,
             kind=MANY, choices=EXPLOITATION, fact="exploitation_type"),
    Question("work", "signs", _("Kind of work"), _("What kind of work is it?"), _COUNTED, kind=LONG, choices=WORK),
    Question("beginning", "signs", _("How it began"), _("How did you hear of it, or meet those who brought you?"),
             _COUNTED, kind=MANY, choices=BEGINNINGS),
    Question("relation", "signs", _("Who does it"), _("Are the people who do this family, known to you, or strangers?"),
             _COUNTED, kind=ONE, choices=RELATIONS),
    Question("happened_here", "signs", _("It happened in this country"), _("Did it happen in this country?"), _COUNTED),
)  # fmt: skip
_CONSENT = (
    Question("consent_research", "consent", _("Agrees to statistics without a name"),
             _("May what you told me be counted, without your name?"),
             _("Without a yes nothing of it stands in a file for others. Help does not depend on it."),
             fact="consent_research"),
)  # fmt: skip


def _with_branches() -> tuple[Question, ...]:
    """Return the questions of the first form with those of the second where they belong."""
    after = {"safe_now": _DANGER, "age": _CHILD, "sign_hours": _HOW, "consent_case": _CONSENT}
    return tuple(one for asked in _FIRST for one in (asked, *after.get(asked.key, ())))


# A sheet keeps the number of the form with which it began, so none of them is ever changed: a new one is added.
FORMS = {1: Form(_FIRST), 2: Form(_with_branches())}
NEWEST = 2
HOUSE = FORMS[NEWEST]
SIGN_KEYS = tuple(sign.key for sign in ASKED_BY_HOTLINE)
FIXED = frozenset({"safe_now", "may_talk", "age", "area", "consent_case", "basis", *SIGN_KEYS})
# Questions by key, and the question of the sheet at which what was said by key is shown.
# The one by key on the age tells less than an age: it fills no answer (`with_keys`).
UNDER_18 = "under_18"
SHOWN_AT = {UNDER_18: "age", "danger": "safe_now", "locked_in": "sign_movement", "hurt": "sign_violence"}
# What alone fills an answer: (key question, answer) -> (question, answer). Who presses "no" may be listened to, so it makes
# nobody safe; who is not locked in may be kept in other ways; a hurt is not always violence, and violence leaves no hurt.
FROM_KEYS = {("danger", YES): ("safe_now", NO), ("locked_in", YES): ("sign_movement", YES)}
# What leaves somebody in need now, by key or on the sheet: in danger, not free to leave, hurt, or waiting for the police.
# No sheet closes on it before it is said what happens now, and whoever is missed is followed up within the hour: she may
# not come to a telephone again. Of the signs it is those that tell of a person who is held or hurt; the others tell how.
PRESSING = {
    "danger": YES,
    "safe_now": NO,
    "locked_in": YES,
    "sign_movement": YES,
    "hurt": YES,
    "danger_hurt": YES,
    "sign_violence": YES,
    "send_police": YES,
    "wants_police": YES,
}
