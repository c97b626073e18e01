"""The triage sheet: its steps, the questions of each, the words to say, and the fact that each answer becomes.

The order is a suggestion: any question may be answered at any time. An answer is "yes", "no", "unknown" (asked, not
known), a code of the question's list, several codes, or a number; a question that was not asked has no answer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from languages.text import latin_digits
from referral.choices.cases import WritingReason
from referral.choices.forms import NEEDS, OLDEST
from referral.choices.signs import ASKED_BY_HOTLINE

YES_NO, ONE, MANY, NUMBER, PLACE = "yes_no", "one", "many", "number", "place"
YES, NO, UNKNOWN, NOT_ASKED = "yes", "no", "unknown", "not_asked"
ADULT = 18
# The greatest number that can be right: years of an age; children that somebody has with her.
MOST = {"age": OLDEST, "children_with": 30}
DIGITS = 4  # a number with more of them is none of these, whatever zeros it begins with

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


@dataclass(frozen=True)
class Question:
    """One question: key, short label, words to say, why it is asked, kind, choices, the fact of a case it fills."""

    key: str
    step: str
    label: str
    ask: str
    why: str
    kind: str = YES_NO
    choices: tuple[tuple[str, str], ...] = ()
    fact: str = ""
    is_reversed: bool = False

    @property
    def codes(self) -> frozenset[str]:
        """Return the answers of its list."""
        return frozenset(code for code, _words in self.choices)


@dataclass(frozen=True)
class Step:
    """One step of the sheet: key and short title."""

    key: str
    title: str


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

QUESTIONS = (
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
             _("Say what happens next, and that she or he may call again at any time."), kind=ONE, choices=NEXT_STEPS),
)  # fmt: skip

BY_KEY = {question.key: question for question in QUESTIONS}
SIGN_KEYS = tuple(question.key for question in QUESTIONS if question.step == "signs")
# Questions by key that the sheet asks too: key question -> (question, reversed).
FROM_KEYS = {"danger": ("safe_now", True), "locked_in": ("sign_movement", False), "hurt": ("sign_violence", False)}
REVERSED = {YES: NO, NO: YES}


class NoSuchQuestion(LookupError):
    """Raised for a key that is not on the sheet; reload the page to get the sheet that is valid now."""


class NotAnAnswer(ValueError):
    """Raised when an answer does not fit its question; choose one of the answers shown."""


def question(key: str) -> Question:
    """Return a question of the sheet by its key."""
    try:
        return BY_KEY[key]
    except KeyError as error:
        raise NoSuchQuestion(key) from error


def answers_from_keys(given: Iterable[tuple[str, str]]) -> dict[str, object]:
    """Return the answers of the sheet that a caller who cannot speak gave by key: yes and no; no answer asks again."""
    known = [(FROM_KEYS[key], answer) for key, answer in given if key in FROM_KEYS and answer in REVERSED]
    return {name: REVERSED[answer] if reverse else answer for (name, reverse), answer in known}


def questions_of(step: str) -> tuple[Question, ...]:
    """Return the questions of a step, in the order in which they are asked."""
    return tuple(asked for asked in QUESTIONS if asked.step == step)


def checked(asked: Question, values: list[str]) -> object:
    """Return what to keep for the words that a form sent: a code, a sorted list of codes, a number."""
    given = [value for value in values if value]
    if given in ([], [NOT_ASKED]):
        return NOT_ASKED
    if given == [UNKNOWN]:
        return UNKNOWN
    if asked.kind == MANY:
        if not asked.codes.issuperset(given):
            raise NotAnAnswer(asked.key)
        return [code for code, _words in asked.choices if code in given]
    (value,) = given if len(given) == 1 else ("",)
    if asked.kind == NUMBER:
        value = latin_digits(value)
        if not (value.isdecimal() and len(value) <= DIGITS and int(value) <= MOST[asked.key]):
            raise NotAnAnswer(asked.key)
        return int(value)
    allowed = {YES_NO: {YES, NO}, ONE: asked.codes}.get(asked.kind)
    if (allowed is not None and value not in allowed) or not 0 < len(value) <= 40:
        raise NotAnAnswer(asked.key)
    return value


def answer_of(answers: Mapping[str, object], key: str) -> object:
    """Return the answer to a question; "not_asked" where there is none."""
    return answers.get(key, NOT_ASKED)


def is_asked(answers: Mapping[str, object], key: str) -> bool:
    """Tell whether a question was asked."""
    return answer_of(answers, key) != NOT_ASKED


def step_state(answers: Mapping[str, object], step: str) -> str:
    """Return how far a step is: `done` (every question asked), `part`, or `open`. A basis is only for who cannot consent."""
    keys = [asked.key for asked in questions_of(step) if asked.key != "basis"]
    count = sum(is_asked(answers, key) for key in keys)
    return "done" if count == len(keys) else "part" if count else "open"


def first_open(answers: Mapping[str, object]) -> Question:
    """Return the first question that was not asked yet, or the last one of the sheet."""
    skipped = {"basis"}
    return next((q for q in QUESTIONS if q.key not in skipped and not is_asked(answers, q.key)), QUESTIONS[-1])


def after(key: str, answers: Mapping[str, object]) -> Question:
    """Return the question to show once `key` is answered: the next one down that was not asked, else the very next."""
    place = [asked.key for asked in QUESTIONS].index(key)
    below = QUESTIONS[place + 1 :]
    return next((q for q in below if q.key != "basis" and not is_asked(answers, q.key)), (below or QUESTIONS[-1:])[0])


def is_treated_as_child(answers: Mapping[str, object]) -> bool:
    """Tell whether the child way holds: under 18, or the age is not known."""
    age = answer_of(answers, "age")
    return not isinstance(age, int) or age < ADULT


def is_in_danger(answers: Mapping[str, object]) -> bool:
    """Tell whether the person said that she or he is not safe now."""
    return answer_of(answers, "safe_now") == NO


def may_open_case(answers: Mapping[str, object]) -> bool:
    """Tell whether a case may be opened: consent was asked, or a basis without it is written down."""
    return is_asked(answers, "consent_case") or answer_of(answers, "basis") in BY_KEY["basis"].codes


def needs_reason(answers: Mapping[str, object]) -> bool:
    """Tell whether a case is opened only for a reason: the person did not say yes to being written down."""
    return answer_of(answers, "consent_case") != YES


def reason_of(answers: Mapping[str, object]) -> str:
    """Return the reason for opening a case without a yes that the basis on the sheet names, or ""."""
    return REASON_OF_BASIS.get(str(answer_of(answers, "basis")), "")


def facts_of(answers: Mapping[str, object]) -> dict[str, object]:
    """Return the facts with which a case begins; None means asked and not known, a question not asked is left out."""
    facts: dict[str, object] = {}
    for asked in QUESTIONS:
        value = answer_of(answers, asked.key)
        if not asked.fact or value == NOT_ASKED:
            continue
        if value == UNKNOWN:
            facts[asked.fact] = None
        elif asked.kind == YES_NO:
            facts[asked.fact] = (value == YES) != asked.is_reversed
        else:
            facts[asked.fact] = value
    return facts
