"""What an operator does with a contact's sheet: answers, the note, safety, a case."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.rules import allowed
from hotline import triage
from hotline.actions import sheets
from hotline.actions.in_hand import InHand
from hotline.actions.meanwhile import SavedMeanwhile
from hotline.forms.console import GONE, AnswerForm, LanguageForm, NoteForm
from hotline.queries.sheet_forms import form_of
from hotline.queries.sheets import answer_words, newest_sheet, places_of
from hotline.rules import RULES
from hotline.views.access import (
    became_case,
    contact_for,
    go_to,
    in_hand_words,
    reads,
    tell_meanwhile,
)
from hotline.views.console import Console, console_url
from hotline.views.panels import note_panel, sheet_panel


def _sheet_answer(request, contact, key: str, **extra) -> HttpResponse:
    """Return the sheet with a question open: a part for htmx, else the whole console."""
    if not request.htmx:
        return go_to(request, console_url(contact, key))
    return render(request, "hotline/_sheet_answer.html", sheet_panel(request, contact, key, **extra))


@require_GET
def show_sheet(request, public_id):
    """Show the sheet with a question open."""
    contact = contact_for(request.user, public_id, "open_contact")
    return _sheet_answer(request, contact, request.GET.get("q", ""))


@require_POST
def answer(request, public_id):
    """Keep one answer and open the next question, or the one that is wanted `then`; show both values when somebody changed it meanwhile."""
    contact = contact_for(request.user, public_id, "open_contact")
    if not allowed(request.user, RULES, "edit_sheet", contact):
        return became_case(request, contact)
    sheet_form = form_of(newest_sheet(contact))
    form = AnswerForm(request.POST, form=sheet_form)
    key = request.POST.get("question", "")
    if not form.is_valid():
        return _unkept_answer(request, contact, key, form)
    data = form.cleaned_data
    try:
        saved = sheets.save_answer(
            contact=contact,
            key=key,
            values=data["answer"],
            version=data["version"],
            by=request.user,
            at=timezone.now(),
        )
    except sheets.AnswerChanged as changed:
        return _show_both(request, contact, key, data["answer"], changed.sheet)
    except InHand as other:
        return _in_hand(request, contact, key, data["answer"], other)
    except triage.NotAnAnswer:
        return _sheet_answer(request, contact, key, error=_("Choose one of the answers shown."))
    except triage.NoSuchQuestion:
        return _sheet_answer(request, contact, key, error=GONE)
    then = request.POST.get("then")
    following = then if then in sheet_form.by_key else triage.after(sheet_form, key, saved.answers).key
    return _sheet_answer(request, contact, following)


def _unkept_answer(request, contact, key: str, form: AnswerForm) -> HttpResponse:
    """Show why an answer was not kept; a number that is asked back stays in its field, without JavaScript too."""
    words = " ".join(error for errors in form.errors.values() for error in errors)
    told = {"error": words, "typed": request.POST.get("answer", "")[:40], "sure": form.asked_back}
    if not request.htmx and form.asked_back:
        return _whole_console(request, contact, sheet_panel(request, contact, key, **told), status=422)
    if not request.htmx:
        messages.error(request, words)
    return _sheet_answer(request, contact, key, **told)


def _in_hand(request, contact, key: str, values: list[str], other: InHand) -> HttpResponse:
    """Show the sheet as its operator has it now, and say who that is; nothing of this answer was kept, and it is shown."""
    words = in_hand_words(other)
    if not request.htmx:
        messages.error(request, words)
    asked = triage.question(key, form_of(newest_sheet(contact)))
    mine = answer_words(asked, triage.checked(asked, values), places_of(contact.country))
    return _sheet_answer(request, contact, key, error=words, typed=mine)


def _show_both(request, contact, key: str, values: list[str], sheet) -> HttpResponse:
    """Show the answer that stands and the one that was about to be saved; a person chooses."""
    asked = triage.question(key, form_of(sheet))
    who = sheet.saved_by.get_short_name() if sheet.saved_by else ""
    theirs = triage.answer_of(sheet.answers, key)
    both = {"mine": triage.checked(asked, values), "theirs": theirs, "by": who}
    if request.htmx:
        return _sheet_answer(request, contact, key, conflict=both)
    messages.warning(
        request, _("%(name)s saved another answer meanwhile. Read it, then answer again.") % {"name": who}
    )
    return go_to(request, console_url(contact, key))


@require_POST
def set_language(request, public_id):
    """Keep the language in which the person speaks; the script is shown in it from now on."""
    contact = contact_for(request.user, public_id, "open_contact")
    if not allowed(request.user, RULES, "edit_sheet", contact):
        return became_case(request, contact)
    form = LanguageForm(request.POST)
    if form.is_valid():
        language, seen = form.cleaned_data["language"], request.POST.get("seen")
        try:
            sheets.set_language(contact=contact, language=language, seen=seen, by=request.user, at=timezone.now())
        except InHand as other:
            messages.error(request, in_hand_words(other))
        except SavedMeanwhile as other:
            tell_meanwhile(request, other)
    else:
        messages.error(request, _("Choose one of the languages shown."))
    return go_to(request, console_url(contact, request.POST.get("q", "")))


@require_POST
def note(request, public_id):
    """Keep the note; show both when another one was saved meanwhile, by somebody else or in another window."""
    contact = contact_for(request.user, public_id, "open_contact")
    if not allowed(request.user, RULES, "edit_sheet", contact):
        return became_case(request, contact, request.POST.get("note", "").strip())
    form, other, page, holder = NoteForm(request.POST), None, "", None
    if form.is_valid():
        page = form.cleaned_data["page"]
        try:
            _keep_note(request, contact, form.cleaned_data)
            form = None
        except InHand as hers:
            holder = hers.holder
            form.add_error("note", in_hand_words(hers))
        except sheets.NoteChanged as changed:
            other = changed.sheet
    if form is None and not request.htmx:
        return go_to(request, console_url(contact))
    panel = _note_panel(request, contact, form, other, holder)
    if form is None and page:
        panel["note_form"].initial["page"] = page  # the same page goes on
    if request.htmx:
        return render(request, "hotline/_note.html", panel)
    return _whole_console(request, contact, panel, status=409 if other else 422)


def _keep_note(request, contact, data) -> None:
    sheets.save_note(
        contact=contact, text=data["note"], version=data["version"], page=data["page"], by=request.user,
        at=timezone.now(),
    )  # fmt: skip


def _note_panel(request, contact, form: NoteForm | None, other, holder) -> dict:
    """Return the note's part; `other` is the version of the sheet that holds a note saved meanwhile, read here.

    `holder` is the colleague who has the call by now, so that nothing of it was kept.
    """
    name = ""
    if other is not None:
        reads(request.user, contact)
        name = (other.saved_by and other.saved_by.get_short_name()) or "-"
    is_own = other is not None and other.saved_by_id == request.user.pk
    return note_panel(request, contact, form, name, holder) | {"note_is_own": is_own}


def _whole_console(request, contact, panel: dict, *, status: int) -> HttpResponse:
    """Show the whole console to a browser without JavaScript, with what was not kept in its field."""
    page = Console(request=request, opened=contact, args=(), kwargs={})
    return page.render_to_response(page.get_context_data() | panel, status=status)
