"""What the parts of the console show: the sheet, the note, the conversation by text."""

import hashlib

from django.utils import timezone
from django.utils.translation import get_language

from accounts import actions as accounts
from accounts.models import User
from accounts.rules import allowed
from hotline import triage
from hotline.choices import QUESTIONS, Answer, ContactKind
from hotline.forms.console import LanguageForm, NoteForm
from hotline.models import Contact
from hotline.queries import answering, sheets
from hotline.queries.danger import clock, danger_of
from hotline.queries.in_hand import holder_of
from hotline.queries.safety import barred_here, safety_rows, safety_version, text_bar
from hotline.queries.sheet_forms import numbered_form
from hotline.queries.stopping import stopped_at
from hotline.rules import RULES
from hotline.views.access import may_answer, may_find_case, reads
from hotline.views.conversation import answering_panel, bar_panel, bubbles_panel
from hotline.views.sheet_parts import (
    answer_row,
    both_values,
    branch_of,
    buttons_of,
    choices_of,
    filled_by,
    step_links,
)
from languages.queries import in_language
from referral.queries.runs import takes_new_cases
from referral.rules import RULES as CASE_RULES

# What a person who cannot speak is not asked aloud: the recorded questions ask it by keys.
BY_KEYS_FIRST = ("safe", "talk")


def sheet_panel(request, contact: Contact, key="", conflict=None, error="", typed="", sure="") -> dict:
    """Return the sheet with one question open: the one asked for, else the first not asked; `sure` is asked back."""
    sheet = sheets.newest_sheet(contact)
    holder = holder_of(contact, request.user, timezone.now())
    shown = _rights(request.user, contact) | {"contact": contact, "holder": holder}
    shown["sheet_mark"] = sheet_mark(contact, holder, sheet.version)
    if not shown["may_read"]:
        return shown
    (form_number, form), answers = numbered_form(sheet), sheet.answers
    asked = _asked(form, answers, key)
    places = sheets.places_of(contact.country)
    given = list(contact.key_answers.all())
    shown |= _place_of(form, answers, asked, places) | _open_question(form, answers, asked, places)
    shown |= _spoken(contact, asked) | _by_keys(contact, asked, answers, given)
    differing = sheets.differing(form, sheet)
    return shown | {
        "sheet": sheet,
        "differing": list(differing.values()),
        "form_number": form_number,
        "facts": [
            *sheets.facts_so_far(form, answers, places, sheets.told_by_key(sheet), differing),
            *sheets.signs_so_far(form, answers),
        ],
        "may_open_case": triage.may_open_case(answers),
        "needs_reason": triage.needs_reason(answers),
        "is_child": triage.is_treated_as_child(answers),
        "is_adult_by_key": triage.is_adult_by_key(answers),
        "danger": danger_of(contact) if triage.is_in_danger(answers) and not contact.is_danger else None,
        "conflict": conflict and both_values(conflict, asked, places),
        "answer_error": error,
        "typed": typed,
        "sure": sure,
    }


def _place_of(form: triage.Form, answers: dict, asked: triage.Question, places: dict) -> dict:
    """Return where the open question stands: its step, the rows of that, its number, what is before and after."""
    shown_now = {one.key for one in triage.open_questions(form, answers)} | {asked.key}
    rows = [one for one in form.questions if one.key in shown_now]
    order = [one.key for one in rows]
    place = order.index(asked.key)
    group = [one for one in rows if one.step == asked.step]
    is_sign = asked.key in triage.SIGN_KEYS
    counted = [one for one in group if (one.key in triage.SIGN_KEYS) == is_sign]
    return {
        "steps": step_links(rows, form, answers, asked),
        "rows": [answer_row(question, answers, places, asked) for question in group],
        "number": counted.index(asked) + 1,
        "count": len(counted),
        "is_sign": is_sign,
        "before": order[place - 1] if place else "",
        "after": order[place + 1] if place + 1 < len(order) else "",
    }


def _open_question(form: triage.Form, answers: dict, asked: triage.Question, places: dict) -> dict:
    """Return the open question, what opened its branch, and the ways to answer it."""
    value = triage.answer_of(answers, asked.key)
    return {
        "asked": asked,
        "branch": branch_of(form, asked, answers, places),
        "is_closed_branch": not triage.is_open(form, asked, answers),
        "buttons": buttons_of(asked, value),
        "choices": choices_of(asked, value, places),
        "value": value,
    }


def _spoken(contact: Contact, asked: triage.Question) -> dict:
    """Return the words of the open question in the caller's language and in the reader's."""
    spoken_to = contact.language or (contact.line.language_codes[0] if contact.line else "") or get_language()
    says = in_language(asked.ask, spoken_to) if asked.ask else None
    aside = in_language(asked.ask, get_language()) if asked.ask else None
    return {
        "says": says,
        "reads": aside,
        "earlier": asked.earlier.get(says.wanted) if says and says.is_fallback else None,
        "is_one_language": bool(says and aside and (says.language, says.text) == (aside.language, aside.text)),
        "language_form": LanguageForm(initial={"language": spoken_to}),
    }


def _by_keys(contact: Contact, asked, answers: dict, given: list) -> dict:
    """Return what was answered by telephone keys, and whether the open question may be said aloud to the caller."""
    said = {(one.question, one.answer) for one in given}
    by_keys = sheets.by_keys_of(contact, answers, said)
    is_covert = sheets.cannot_talk_freely(contact, answers, said)
    return {
        "key_answers": [
            {"words": label, "answer": Answer(one.answer).label, "at": clock(one.at), "fills": filled_by(one.question)}
            for one in given
            if (label := _key_question(one.question))
        ],
        "is_covert": is_covert,
        "speech": sheets.Speech(by_keys, is_covert),
        "is_aloud": _is_aloud(asked, by_keys, is_covert),
    }


def _is_aloud(asked: triage.Question, by_keys: sheets.ByKeys | None, is_covert: bool) -> bool:
    """Tell whether the words of a question may be said to the caller: who is listened to is asked what yes or no answers."""
    if by_keys is None:
        return not is_covert or asked.kind == triage.YES_NO
    return not (is_covert or asked.step in BY_KEYS_FIRST)


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


def note_panel(request, contact: Contact, form: NoteForm | None = None, other: str = "", holder=None) -> dict:
    """Return the note as it stands, opened and recorded as read, in its form.

    A form that was not kept shows its own words; what `other` wrote meanwhile then stands beside it. While `holder`, a
    colleague, has the call it can be read and copied, not written.
    """
    kept, newest = sheets.newest_note(contact), sheets.newest_sheet(contact)
    shown = [kept] if kept is not None and (form is None or other) else []
    words = accounts.reveal_many(shown, "note", by=request.user, at=timezone.now(), reason="console")
    text = next(iter(words.values()), "") or ""
    if form is None:
        form = NoteForm(initial={"note": text, "version": newest.version})
    elif other:
        form.renewed(newest.version)
    if holder is not None:
        form.fields["note"].widget.attrs["readonly"] = True
    held = {} if holder is None else {"holder": holder}
    return held | {
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
    if shown.startswith(contact.public_id.hex) and shown != sheet_mark(contact, holder_of(contact, request.user, at)):
        key = request.GET.get("q") or request.POST.get("q", "")
        told |= sheet_panel(request, contact, key) | {"sheet_changed": True, "safety_rows": safety_rows(contact)}
    bubbles = request.GET.get("thread") or request.POST.get("thread", "")
    if not bubbles.startswith(contact.public_id.hex):
        return told
    told |= {"contact": contact, "answering": answering_panel(request, contact, at)}
    told |= bar_panel(contact, text_bar(contact, at))
    rows = answering.texts_of(contact)
    if bubbles != f"{contact.public_id.hex}.{answering.bubbles_mark(rows)}":
        may_read = told["may_read"] if "may_read" in told else reads(request.user, contact)
        told |= bubbles_panel(request, contact, rows, may_read=may_read) | {"thread_changed": True}
    return told


def sheet_mark(contact: Contact, holder: User | None = None, version: int | None = None) -> str:
    """Return a mark of everything that the sheet's parts show of a contact: another one says that they changed.

    `holder` is the colleague of who looks who has the call, so that its sheet is only read.
    """
    if version is None:
        version = sheets.newest_sheet(contact).version
    by_key = list(contact.key_answers.values_list("question", "answer", "at"))
    called_back = (contact.callback_time, contact.callback_number is not None)
    facts = (
        contact.language, contact.case_id, safety_version(contact), stopped_at(contact), contact.is_live, by_key,
        called_back, holder and holder.pk, sorted(barred_here(contact)),
    )  # fmt: skip
    return f"{contact.public_id.hex}.{version}.{hashlib.sha256(repr(facts).encode()).hexdigest()[:16]}"
