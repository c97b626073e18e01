"""The call log: the list, one contact, its number, the file, and the ledger of missed contacts."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import TemplateView, View

from accounts.reports import clock_words, export_mark
from accounts.rules import allowed
from hotline import retention, triage
from hotline.actions import exports
from hotline.choices import FLAGS, Closing
from hotline.choices.calling import CALL_BARS
from hotline.choices.reviews import ReviewState
from hotline.forms.blocks import BlockForm
from hotline.forms.log import ExportForm, FollowUpForm, LogFilter, NumberForm, OwnerForm
from hotline.forms.offline import UndoLinkForm
from hotline.models import Recording
from hotline.queries import log, sheets
from hotline.queries.answering import answerer_of, newest_text, with_answerers
from hotline.queries.blocks import block_of
from hotline.queries.contacts import cases_found_by
from hotline.queries.dialling import bars_of, calls_to_agree, number_bar, with_call_bars
from hotline.queries.followers import followers_today
from hotline.queries.retention import BARS, facts_of
from hotline.queries.reviews import reviews_on
from hotline.queries.safety import has_callback_number, safety_rows, with_hours
from hotline.queries.same_person import linked, suggested
from hotline.queries.sheet_forms import form_of
from hotline.queries.standing import standing_of
from hotline.queries.unfinished import unfinished_contacts
from hotline.reports import ROW_LIMIT, as_csv, too_many_words
from hotline.rules import RULES, may_end_follow_up, may_open_follow_up
from hotline.views.access import (
    became_case,
    contact_for,
    go_to,
    may_find_case,
    reads,
)

PER_PAGE = 30


def filtered(request):
    """Return the filter form of a request and the contacts that it leaves."""
    form = LogFilter(request.GET or None, lines=log.lines_of(request.user))
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    since, until = form.days(timezone.get_current_timezone()) if wanted else (None, None)
    return form, log.logged_contacts(request.user, wanted, since, until)


class CallLog(TemplateView):
    """Every contact of the country, newest first; for administrators those of no line."""

    template_name = "hotline/call_log.html"

    def get_context_data(self, **kwargs):
        """Return a page of the log and its filters."""
        form, contacts = filtered(self.request)
        page = Paginator(contacts, PER_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(**kwargs) | {
            "form": form,
            "page": page,
            "found_cases": cases_found_by(self.request.user, page),
            "reads_no_line": self.request.user.has_role("administrator"),
            "to_agree": calls_to_agree(self.request.user, timezone.now()),
            "export_form": ExportForm(),
            "may_export": allowed(self.request.user, RULES, "export_log", self.request.user),
            "too_many": too_many_words(page.paginator.count),
            "query": self.request.GET.urlencode(),
        }


class Missed(TemplateView):
    """The ledger of missed contacts: who follows up, by when, and how it ended; and the sheets that nobody finishes."""

    template_name = "hotline/missed.html"

    def get_context_data(self, **kwargs):
        """Return a page of the ledger."""
        now = timezone.now()
        outcome = "callback" if self.request.GET.get("outcome") == "callback" else ""
        contacts = log.missed_contacts(self.request.user, outcome)
        page = Paginator(contacts, PER_PAGE).get_page(self.request.GET.get("page"))
        rows = with_call_bars(with_answerers(with_hours(page.object_list), now), now)
        page.object_list = log.with_closers(rows, self.request.user, now)
        return super().get_context_data(**kwargs) | {
            "page": page,
            "to_agree": calls_to_agree(self.request.user, now),
            "closings": Closing.choices,
            "people": followers_today(self.request.user),
            "only_callbacks": bool(outcome),
            "answered": [] if outcome else log.answered_texts(self.request.user)[:PER_PAGE],
            "reads_no_line": self.request.user.has_role("administrator"),
            "unfinished": [] if outcome else unfinished_contacts(self.request.user, now)[:PER_PAGE],
            "now": now,
        }


def contact_context(request, contact) -> dict:
    """Return everything that the page of a contact shows."""
    may_read = reads(request.user, contact)
    sheet = sheets.newest_sheet(contact)
    form, answers = form_of(sheet), sheet.answers if may_read else {}
    places = sheets.places_of(contact.country)
    facts = facts_of(contact)
    found = reviews_on(request.user, contact)
    may_block = allowed(request.user, RULES, "block_number", contact)
    return {
        "contact": contact,
        "standing": standing_of(contact),
        "now": timezone.now(),
        "answerer": answerer_of(contact, timezone.now()),
        "newest_text": newest_text(contact),
        "may_end_follow_up": may_end_follow_up(request.user, contact),
        "may_open_follow_up": contact.closed_at is not None and may_open_follow_up(request.user, contact),
        "erased_on": retention.erased_on(facts),
        "why_kept": BARS.get(retention.bar(facts, timezone.now()), ""),
        "may_block": may_block and bool(contact.number_index),
        "held_out": block_of(contact, timezone.now()) if may_block else None,  # "block" is a word of templates
        "block_form": BlockForm(),
        "reviews": found,
        "open_review": next((one for one in found if one.state == ReviewState.ASKED), None),
        "may_ask_review": allowed(request.user, RULES, "ask_review", contact),
        "may_review": allowed(request.user, RULES, "review_contact", contact),
        "may_edit": allowed(request.user, RULES, "open_contact", contact),
        "may_read": may_read,
        "may_reach": allowed(request.user, RULES, "see_number", contact),
        **bars_of(contact, request.user, timezone.now()),
        "may_hear": allowed(request.user, RULES, "hear_message", contact),
        "may_find_case": may_find_case(request.user, contact),
        "may_lift": contact.legal_hold and allowed(request.user, RULES, "hold_contact", contact),
        "may_hold": not (contact.legal_hold or contact.case or contact.erased_at)
        and allowed(request.user, RULES, "hold_contact", contact),
        "may_erase": allowed(request.user, RULES, "erase_contact", contact) and not contact.erased_at,
        "entries": log.folded(log.whole_timeline(contact, tells=may_read)),
        "legs": log.telephones_of(contact),
        "recordings": contact.recordings.all(),
        "texts": contact.messages.order_by("made_at", "id"),
        "facts": sheets.facts_so_far(form, answers, places),
        "signs": [
            (asked.label, sheets.answer_words(asked, value, places))
            for asked in form.questions
            if asked.key in triage.SIGN_KEYS and (value := triage.answer_of(answers, asked.key)) != triage.NOT_ASKED
        ],
        "suggested": suggested(request.user, contact),
        "linked": linked(request.user, contact),
        "undo_form": UndoLinkForm(),
        "safety_rows": safety_rows(contact),
        "has_callback_number": has_callback_number(contact),
        "flag_words": [FLAGS.get(flag, flag) for flag in contact.flag_codes],
        "number_form": NumberForm(),
        "follow_up_form": FollowUpForm(),
        "owner_form": OwnerForm(people=followers_today(request.user), owner=contact.owner, nobodys=contact.nobodys),
    }


class ContactPage(View):
    """One contact with its whole timeline."""

    def get(self, request, public_id):
        """Show the contact; that what was said is read is recorded first, else nothing of it is shown."""
        contact = contact_for(request.user, public_id, "see_log")
        return render(request, "hotline/contact.html", contact_context(request, contact))


@require_POST
def show_number(request, public_id):
    """Show a contact's numbers once, with a reason, recorded: first the one given for calling back."""
    contact = contact_for(request.user, public_id, "open_contact")
    if not allowed(request.user, RULES, "see_number", contact):
        return became_case(request, contact)
    if bar := number_bar(contact, request.user, timezone.now()):
        messages.error(request, CALL_BARS[bar])
        return go_to(request, "hotline:contact", public_id=public_id)
    form = NumberForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose why you need the number."))
        return go_to(request, "hotline:contact", public_id=public_id)
    try:
        numbers = exports.show_number(
            contact=contact, by=request.user, at=timezone.now(), reason=form.cleaned_data["reason"]
        )
    except exports.TooMany as error:
        words = _(
            "You opened as many numbers in 24 hours as one person may. You can open the next one from %(when)s. If it"
            " cannot wait, ask a colleague or your supervisor to open it."
        )
        messages.error(request, words % {"when": clock_words(error.opens_at)})
        return go_to(request, "hotline:contact", public_id=public_id)
    context = contact_context(request, contact) | {"numbers": numbers, "is_number_shown": True}
    return render(request, "hotline/contact.html", context)


@require_GET
def hear_message(request, public_id, recording):
    """Give the sound of a recorded message, recorded as heard; the page asks for it only when somebody presses play."""
    contact = contact_for(request.user, public_id, "hear_message")
    row = get_object_or_404(Recording.objects.select_related("contact"), contact=contact, public_id=recording)
    if row.audio is None:
        raise Http404
    try:
        sound = exports.hear_message(recording=row, by=request.user, at=timezone.now())
    except exports.TooMany as error:
        seconds = int((error.opens_at - timezone.now()).total_seconds()) + 1
        return HttpResponse(status=429, headers={"Retry-After": str(seconds)})
    return HttpResponse(sound, content_type=row.content_type or "audio/wav")


@require_POST
def export(request):
    """Give the filtered log as a file, with a reason, recorded."""
    if not allowed(request.user, RULES, "export_log", request.user):
        raise Http404
    form, back = ExportForm(request.POST), f"{reverse('hotline:call_log')}?{request.GET.urlencode()}"
    if not form.is_valid():
        messages.error(request, _("Choose why you export the log."))
        return redirect(back)
    wanted, rows = filtered(request)
    contacts, now, reason = list(rows[: ROW_LIMIT + 1]), timezone.now(), form.cleaned_data["reason"]
    if wanted.errors or len(contacts) > ROW_LIMIT:  # the log says what is wrong, and how many there are
        return redirect(back)
    try:
        entry = exports.export_log(contacts=contacts, by=request.user, at=now, reason=reason)
    except exports.TooMany as error:
        words = _(
            "You exported the log as often in 24 hours as one person may. You can export it again from %(when)s. If it"
            " cannot wait, ask another supervisor to export it."
        )
        messages.error(request, words % {"when": clock_words(error.opens_at)})
        return redirect(back)
    words = str(dict(form.fields["reason"].choices)[reason])
    mark = export_mark(by=request.user, at=now, entry=entry, reason=words)
    response = HttpResponse(as_csv(contacts, mark), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="contacts-{timezone.localdate():%Y-%m-%d}.csv"'
    return response
