"""What the parts of the console show: the sheet, the note, the conversation by text."""

import hashlib
from dataclasses import dataclass, replace

from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from accounts import actions as accounts
from accounts.rules import allowed
from hotline import triage
from hotline.choices import QUESTIONS, Answer, ContactKind
from hotline.forms.console import LanguageForm, NoteForm
from hotline.models import Contact, KeyAnswer
from hotline.queries import answering, sheets
from hotline.queries.danger import clock, danger_of
from hotline.queries.safety import LIFTED_HERE, bar_words, safety_rows, safety_version, text_bar
from hotline.queries.sheet_forms import numbered_form
from hotline.queries.stopping import stopped_at
from hotline.rules import RULES
from hotline.views.access import may_answer, may_find_case, reads
from hotline.views.conversation import answering_panel, bubbles_panel
from languages.queries import in_language
from languages.text import beside
from referral.queries.runs import takes_new_cases
from referral.rules import RULES as CASE_RULES

SHAPES = {triage.YES: "tick", triage.NO: "x", triage.UNKNOWN: "half", triage.NOT_ASKED: "ring"}
DIGITS = 9
# What a person who cannot speak is not asked aloud: the recorded questions ask it by keys.
BY_KEYS_FIRST = ("safe", "talk")
STEP_SHAPES = {"done": "tick", "part": "half", "open": "ring"}


@dataclass(frozen=True)
class StepLink:
    """One step in the row of steps: title, first question, shape, whether it is open now."""

    title: str
    question: str
    state: str
    shape: str
    is_here: bool


@dataclass(frozen=True)
class AnswerRow:
    """One question of the open step, with its answer in words and shape."""

    key: str
    label: str
    words: str
    shape: str
    is_here: bool
    is_open: bool


@dataclass(frozen=True)
class Button:
    """One answer that can be given with one key."""

    value: str
    words: str
    key: str
    is_pressed: bool


def sheet_panel(request, contact: Contact, key="", conflict=None, error="", typed="", sure="") -> dict:
    """Return the sheet with one question open: the one asked for, else the first not asked; `sure` is asked back."""
    sheet = sheets.newest_sheet(contact)
    shown = _rights(request.user, contact) | {"contact": contact, "sheet_mark": sheet_mark(contact, sheet.version)}
    if not shown["may_read"]:
        return shown
    (form_number, form), answers = numbered_form(sheet), sheet.answers
    asked = _asked(form, answers, key)
    places = sheets.places_of(contact.country)
    spoken_to = contact.language or (contact.line.language_codes[0] if contact.line else "") or get_language()
    shown_now = {one.key for one in triage.open_questions(form, answers)} | {asked.key}
    rows = [one for one in form.questions if one.key in shown_now]
    order = [one.key for one in rows]
    place = order.index(asked.key)
    group = [one for one in rows if one.step == asked.step]
    is_sign = asked.key in triage.SIGN_KEYS
    counted = [one for one in group if (one.key in triage.SIGN_KEYS) == is_sign]
    says = in_language(asked.ask, spoken_to) if asked.ask else None
    aside = in_language(asked.ask, get_language()) if asked.ask else None
    given = list(contact.key_answers.all())
    return (
        shown
        | _by_keys(contact, asked, answers, given)
        | {
            "sheet": sheet,
            "asked": asked,
            "steps": _steps(rows, form, answers, asked),
            "branch": _branch(form, asked, answers, places),
            "is_closed_branch": not triage.is_open(form, asked, answers),
            "form_number": form_number,
            "rows": [_row(question, answers, places, asked) for question in group],
            "number": counted.index(asked) + 1,
            "count": len(counted),
            "is_sign": is_sign,
            "says": says,
            "reads": aside,
            "is_one_language": bool(says and aside and (says.language, says.text) == (aside.language, aside.text)),
            "buttons": _buttons(asked, triage.answer_of(answers, asked.key)),
            "choices": _choices(asked, triage.answer_of(answers, asked.key), places),
            "value": triage.answer_of(answers, asked.key),
            "before": order[place - 1] if place else "",
            "after": order[place + 1] if place + 1 < len(order) else "",
            "language_form": LanguageForm(initial={"language": spoken_to}),
            "facts": [*_facts(form, answers, places, given), *sheets.signs_so_far(form, answers)],
            "may_open_case": triage.may_open_case(answers),
            "is_child": triage.is_treated_as_child(answers),
            "danger": danger_of(contact) if triage.is_in_danger(answers) and not contact.is_danger else None,
            "conflict": conflict and _conflict(conflict, asked, places),
            "answer_error": error,
            "typed": typed,
            "sure": sure,
        }
    )


def _by_keys(contact: Contact, asked, answers: dict, given: list) -> dict:
    """Return what was answered by telephone keys, and whether the open question may be said aloud to the caller."""
    is_by_keys = contact.is_live and contact.cannot_speak and triage.answer_of(answers, "may_talk") != triage.YES
    is_overheard = any(one.question == "overheard" and one.answer == Answer.YES for one in given)
    return {
        "key_answers": [
            {"words": label, "answer": Answer(one.answer).label, "at": clock(one.at), "fills": _filled(one.question)}
            for one in given
            if (label := _key_question(one.question))
        ],
        "is_by_keys": is_by_keys,
        "is_overheard": is_overheard,
        "is_aloud": not is_by_keys or not (is_overheard or asked.step in BY_KEYS_FIRST),
    }


def _rights(user, contact: Contact) -> dict:
    """Return what this person may do with a contact and its case; that she reads what was said is recorded here."""
    return {
        "may_read": reads(user, contact),
        "may_reach": allowed(user, RULES, "set_safety", contact),
        "may_answer": contact.kind == ContactKind.MESSAGE and may_answer(user, contact),
        "may_find_case": may_find_case(user, contact),
        "may_open_another": allowed(user, CASE_RULES, "open_case"),
        "has_pathway": contact.case_id is not None or takes_new_cases(contact.country),
    }


def _key_question(key: str) -> str:
    return str(QUESTIONS.get(key, ""))


def _asked(form: triage.Form, answers: dict, key: str) -> triage.Question:
    """Return the question that was asked for, else the first not asked; one of a closed branch only for its answer."""
    asked = form.by_key.get(key)
    if asked is not None and (triage.is_open(form, asked, answers) or triage.is_asked(answers, key)):
        return asked
    return triage.first_open(form, answers)


def _branch(form: triage.Form, asked: triage.Question, answers: dict, places: dict) -> str:
    """Return the answer that opened the branch of a question, in words; "" for one that is always asked."""
    if asked.when is None:
        return ""
    opener = form.by_key[asked.when.key]
    words = sheets.answer_words(opener, triage.answer_of(answers, opener.key), places)
    return beside(opener.label, words, get_language())


def _facts(form: triage.Form, answers: dict, places: dict, given: list[KeyAnswer]) -> list[sheets.Fact]:
    """Return the facts so far; what is as the caller said it by key says so."""
    by_key = triage.answers_from_keys((one.question, one.answer) for one in given)
    return [
        replace(fact, words=_("%(answer)s, by key") % {"answer": fact.words})
        if by_key.get(fact.key) == answers[fact.key]
        else fact
        for fact in sheets.facts_so_far(form, answers, places)
    ]


def _filled(key: str) -> str:
    """Return which question of the sheet asks the same as one by key, or ""."""
    return triage.FROM_KEYS.get(key, ("", False))[0]


def _steps(rows: list[triage.Question], form: triage.Form, answers: dict, asked: triage.Question) -> list[StepLink]:
    links = []
    for step in triage.STEPS:
        first = next((one.key for one in rows if one.step == step.key), "")
        if not first:
            continue  # a country may ask nothing in it
        state = triage.step_state(form, answers, step.key)
        here = step.key == asked.step
        links.append(StepLink(step.title, first, state, "full" if here else STEP_SHAPES[state], here))
    return links


def _row(question: triage.Question, answers: dict, places: dict, asked: triage.Question) -> AnswerRow:
    value = triage.answer_of(answers, question.key)
    here = question.key == asked.key
    is_open = value == triage.NOT_ASKED
    words = _("Asking now") if here and is_open else sheets.answer_words(question, value, places)
    shape = SHAPES.get(value, "tick") if isinstance(value, str) else "tick"
    return AnswerRow(question.key, question.label, words, "full" if here and is_open else shape, here, is_open)


def _buttons(asked: triage.Question, value: object) -> list[Button]:
    shared = [
        (triage.UNKNOWN, pgettext("answer", "Not known")),
        (triage.NOT_ASKED, pgettext("answer", "Not asked")),
    ]
    if asked.kind == triage.YES_NO:
        listed = [(triage.YES, pgettext("answer", "Yes")), (triage.NO, pgettext("answer", "No")), *shared]
    elif asked.kind == triage.ONE:
        listed = [*asked.choices, *shared]
    else:
        listed = []
    given = value if value != triage.NOT_ASKED else None
    return [Button(code, words, str(place), given == code) for place, (code, words) in enumerate(listed, start=1)]


def _choices(asked: triage.Question, value: object, places: dict) -> list[dict]:
    """Return what a list offers; the boxes of a list have digits for keys while there are digits for all of them."""
    is_many = asked.kind == triage.MANY
    is_listed = is_many or asked.kind == triage.LONG
    listed = list(places.items()) if asked.kind == triage.PLACE else asked.choices if is_listed else []
    chosen = set(value) if isinstance(value, list) else {value}
    has_keys = is_many and len(listed) <= DIGITS
    return [
        {"value": code, "words": words, "is_chosen": code in chosen, "key": str(place) if has_keys else ""}
        for place, (code, words) in enumerate(listed, start=1)
    ]


def _conflict(conflict: dict, asked: triage.Question, places: dict) -> dict:
    """Return both values of an answer that somebody else changed, in words and as they are sent."""
    mine, theirs = conflict["mine"], conflict["theirs"]
    return {
        "mine": sheets.answer_words(asked, mine, places),
        "theirs": sheets.answer_words(asked, theirs, places),
        "mine_values": mine if isinstance(mine, list) else [mine],
        "by": conflict["by"],
    }


def note_panel(request, contact: Contact, form: NoteForm | None = None, other: str = "") -> dict:
    """Return the note as it stands, opened and recorded as read, in its form.

    A form that was not kept shows its own words; what `other` wrote meanwhile then stands beside it.
    """
    kept, newest = sheets.newest_note(contact), sheets.newest_sheet(contact)
    shown = [kept] if kept is not None and (form is None or other) else []
    words = accounts.reveal_many(shown, "note", by=request.user, at=timezone.now(), reason="console")
    text = next(iter(words.values()), "") or ""
    if form is None:
        form = NoteForm(initial={"note": text, "version": newest.version})
    elif other:
        form.renewed(newest.version)
    return {
        "contact": contact,
        "note_form": form,
        "note_saved_at": kept and kept.saved_at,
        "note_other": other,
        "note_theirs": text,
        "note_unopened": len(words) < len(shown),
    }


def live_panel(request, contact: Contact | None, at) -> dict:
    """Return what of the sheet and of the conversation changed since the page was shown; each names what it showed.

    A page that shows another contact's sheet keeps it.
    """
    told: dict = {}
    if contact is None:
        return told
    shown = request.GET.get("sheet") or request.POST.get("sheet", "")
    if shown.startswith(contact.public_id.hex) and shown != sheet_mark(contact):
        key = request.GET.get("q") or request.POST.get("q", "")
        told |= sheet_panel(request, contact, key) | {"sheet_changed": True, "safety_rows": safety_rows(contact)}
    bubbles = request.GET.get("thread") or request.POST.get("thread", "")
    if not bubbles.startswith(contact.public_id.hex):
        return told
    bar = text_bar(contact, at)
    told |= {"contact": contact, "answering": answering_panel(request, contact, at)}
    told |= {"text_bar": bar_words(bar), "may_lift": bar in LIFTED_HERE}
    rows = answering.texts_of(contact)
    if bubbles != f"{contact.public_id.hex}.{answering.bubbles_mark(rows)}":
        may_read = told["may_read"] if "may_read" in told else reads(request.user, contact)
        told |= bubbles_panel(request, contact, rows, may_read=may_read) | {"thread_changed": True}
    return told


def sheet_mark(contact: Contact, version: int | None = None) -> str:
    """Return a mark of everything that the sheet's parts show of a contact: another one says that they changed."""
    if version is None:
        version = sheets.newest_sheet(contact).version
    by_key = list(contact.key_answers.values_list("question", "answer", "at"))
    called_back = (contact.callback_time, contact.callback_number is not None)
    facts = (
        contact.language, contact.case_id, safety_version(contact), stopped_at(contact), contact.is_live, by_key,
        called_back,
    )  # fmt: skip
    return f"{contact.public_id.hex}.{version}.{hashlib.sha256(repr(facts).encode()).hexdigest()[:16]}"
