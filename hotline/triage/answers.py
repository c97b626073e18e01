"""What the answers of a sheet mean: what may be kept, what is asked next, which branches are open, the facts of a case.

An answer is "yes", "no", "unknown" (asked, not known), a code of the question's list, several codes, or a number; a
question that was not asked has no answer. The order is a suggestion: any question may be answered at any time. An answer
stays when its branch closes.
"""

from collections.abc import Iterable, Mapping

from hotline.triage.house import FROM_KEYS, HOUSE, MOST, REASON_OF_BASIS, UNDER_18
from hotline.triage.values import (
    CHILD,
    LONG,
    MANY,
    NO,
    NOT_ASKED,
    NUMBER,
    ONE,
    UNKNOWN,
    YES,
    YES_NO,
    Form,
    NoSuchQuestion,
    NotAnAnswer,
    Question,
)
from languages.text import latin_digits

ADULT = 18
DIGITS = 4  # a number with more of them is none of these, whatever zeros it begins with
BASIS = "basis"  # only for who cannot consent: it is never the next question
CODES = frozenset(code for code, _words in HOUSE.by_key[BASIS].choices)


def question(key: str, form: Form = HOUSE) -> Question:
    """Return a question of the form by its key."""
    try:
        return form.by_key[key]
    except KeyError as error:
        raise NoSuchQuestion(key) from error


def answers_from_keys(given: Iterable[tuple[str, str]]) -> dict[str, object]:
    """Return the answers of the sheet that a caller who cannot speak gave by key: what alone says as much (`FROM_KEYS`).

    Of a question that was asked twice the last answer counts.
    """
    return dict(FROM_KEYS[said] for said in dict(given).items() if said in FROM_KEYS)


def with_keys(answers: Mapping[str, object], given: Iterable[tuple[str, str]]) -> dict[str, object]:
    """Return the answers of a sheet with what the caller said by key where the operator has given no answer.

    "Not asked" is none, so it hides nothing that was said by key. Whether somebody is under 18 is no question of the sheet: what was said last by key stands beside its answers.
    """
    told = list(given)
    said = [(key, answer) for key, answer in told if key == UNDER_18 and answer in (YES, NO)]
    kept = {key: value for key, value in answers.items() if value != NOT_ASKED}
    return answers_from_keys(told) | kept | dict(said)


def checked(asked: Question, values: list[str]) -> object:
    """Return what to keep for the words that a form sent: a code, a list of codes in their order, a number."""
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
    allowed = {YES_NO: {YES, NO}, ONE: asked.codes, LONG: asked.codes}.get(asked.kind)
    if (allowed is not None and value not in allowed) or not 0 < len(value) <= 40:
        raise NotAnAnswer(asked.key)
    return value


def answer_of(answers: Mapping[str, object], key: str) -> object:
    """Return the answer to a question; "not_asked" where there is none."""
    return answers.get(key, NOT_ASKED)


def is_asked(answers: Mapping[str, object], key: str) -> bool:
    """Tell whether a question was asked."""
    return answer_of(answers, key) != NOT_ASKED


def is_open(form: Form, asked: Question, answers: Mapping[str, object]) -> bool:
    """Tell whether a question is to be asked: always, or since the answer on which it hangs was given."""
    when = asked.when
    if when is None:
        return True
    opener = form.by_key.get(when.key)
    if opener is None or not is_open(form, opener, answers):
        return False
    if opener.kind == NUMBER:
        return CHILD in when.answers and is_said_child(answers)
    given = answer_of(answers, when.key)
    said = set(given) if isinstance(given, list) else {given}
    return is_asked(answers, when.key) and not said.isdisjoint(when.answers)


def open_questions(form: Form, answers: Mapping[str, object], step: str = "") -> tuple[Question, ...]:
    """Return the questions that are to be asked with these answers, of one step or of all, in their order."""
    return tuple(q for q in form.questions if step in ("", q.step) and is_open(form, q, answers))


def step_state(form: Form, answers: Mapping[str, object], step: str) -> str:
    """Return how far a step is: `done` (every question asked), `part`, or `open`. A basis is only for who cannot consent."""
    keys = [asked.key for asked in open_questions(form, answers, step) if asked.key != BASIS]
    count = sum(is_asked(answers, key) for key in keys)
    return "done" if count == len(keys) else "part" if count else "open"


def _waits(answers: Mapping[str, object], asked: Question) -> bool:
    return asked.key != BASIS and not is_asked(answers, asked.key)


def first_open(form: Form, answers: Mapping[str, object]) -> Question:
    """Return the first question that was not asked yet, or the last one of the sheet."""
    shown = open_questions(form, answers)
    return next((asked for asked in shown if _waits(answers, asked)), shown[-1])


def after(form: Form, key: str, answers: Mapping[str, object]) -> Question:
    """Return the question to show once `key` is answered: what its answer opened, else the next one down not asked yet.

    A branch is gone through from the place of the answer that opened it, wherever its questions stand on the form; then
    the sheet goes on below that answer. Where nothing is left, it is the very next one.
    """
    here = question(key, form)
    shown = open_questions(form, answers)
    opened = [one for one in shown if one.when and one.when.key == key and _waits(answers, one)]
    if opened:
        return opened[0]
    place, passed = form.places[key], set()
    while here.when is not None:
        branch = [one for one in shown if one.when and one.when.key == here.when.key]
        left = [one for one in branch if form.places[one.key] > form.places[here.key] and _waits(answers, one)]
        if left:
            return left[0]
        passed |= {one.key for one in branch}
        here = form.by_key[here.when.key]
    below = [one for one in shown if form.places[one.key] > form.places[here.key] and one.key not in passed]
    waiting = next((one for one in below if _waits(answers, one)), None)
    very_next = next((one for one in shown if form.places[one.key] > place), form.questions[-1])
    return waiting or very_next


def is_below_age(given: object) -> bool:
    """Tell whether an answer to the age is that of a child: under 18, or asked and not known."""
    return given == UNKNOWN or (isinstance(given, int) and given < ADULT)


def is_said_child(answers: Mapping[str, object]) -> bool:
    """Tell whether the age on the sheet is that of a child or not known; without an age, whether a yes by key says so."""
    return is_below_age(answer_of(answers, "age")) if is_asked(answers, "age") else answers.get(UNDER_18) == YES


def is_adult_by_key(answers: Mapping[str, object]) -> bool:
    """Tell whether only a no by key says that the person is not under 18: an age on the sheet is worth more."""
    return not is_asked(answers, "age") and answers.get(UNDER_18) == NO


def is_treated_as_child(answers: Mapping[str, object]) -> bool:
    """Tell whether the child way holds: under 18, or neither an age nor a no by key tells that she or he is not."""
    age = answer_of(answers, "age")
    is_adult = isinstance(age, int) and age >= ADULT
    return not (is_adult or is_adult_by_key(answers))


def is_in_danger(answers: Mapping[str, object]) -> bool:
    """Tell whether the person said that she or he is not safe now."""
    return answer_of(answers, "safe_now") == NO


def promised(form: Form, answers: Mapping[str, object]) -> dict[str, Question]:
    """Return what the sheet promises to the person that somebody has to keep, each with the question that says so."""
    found = {}
    for asked in form.questions:
        value = answer_of(answers, asked.key) if asked.promises else NOT_ASKED
        for code in value if isinstance(value, list) else [value]:
            if code in asked.promises:
                found[asked.promises[code]] = asked
    return found


def may_open_case(answers: Mapping[str, object]) -> bool:
    """Tell whether a case may be opened: consent was asked, or a basis without it is written down."""
    return is_asked(answers, "consent_case") or answer_of(answers, BASIS) in CODES


def needs_reason(answers: Mapping[str, object]) -> bool:
    """Tell whether a case is opened only for a reason: the person did not say yes to being written down."""
    return answer_of(answers, "consent_case") != YES


def may_join_case(answers: Mapping[str, object]) -> bool:
    """Tell whether a contact may be joined to a case: the person said yes, or a basis without it is written down."""
    return not needs_reason(answers) or reason_of(answers) != ""


def reason_of(answers: Mapping[str, object]) -> str:
    """Return the reason for opening a case without a yes that the basis on the sheet names, or ""."""
    return REASON_OF_BASIS.get(str(answer_of(answers, BASIS)), "")


def facts_of(answers: Mapping[str, object], form: Form = HOUSE) -> dict[str, object]:
    """Return the facts with which a case begins; None means asked and not known, a question not asked is left out."""
    facts: dict[str, object] = {}
    for asked in form.questions:
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
