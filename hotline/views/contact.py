"""The page of one contact: its timeline and sheet, its numbers opened once, its recorded messages heard."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import View

from accounts.reports import clock_words
from accounts.rules import allowed
from hotline import retention, triage
from hotline.actions import exports
from hotline.choices import FLAGS
from hotline.choices.blocks import BLOCKED
from hotline.choices.calling import CALL_BARS
from hotline.choices.reviews import ReviewState
from hotline.forms.blocks import BlockForm
from hotline.forms.log import FollowUpForm, NumberForm, OwnerForm
from hotline.forms.offline import UndoLinkForm
from hotline.models import Recording
from hotline.queries import log, sheets
from hotline.queries.answering import answerer_of, newest_text
from hotline.queries.blocks import block_of, marks_of
from hotline.queries.dialling import bars_of, number_bar
from hotline.queries.followers import followers_of
from hotline.queries.joinable import may_part
from hotline.queries.needs import closings, is_left_in_need
from hotline.queries.retention import BARS, facts_of
from hotline.queries.reviews import reviews_on
from hotline.queries.safety import has_callback_number, safety_rows
from hotline.queries.same_person import linked, suggested
from hotline.queries.sheet_forms import form_of
from hotline.queries.standing import standing_of
from hotline.rules import RULES, may_end_follow_up, may_open_follow_up
from hotline.views.access import became_case, contact_for, go_to, may_find_case, reads


def contact_context(request, contact) -> dict:
    """Return everything that the page of a contact shows."""
    user, now = request.user, timezone.now()
    may_read = reads(user, contact)
    return {
        "contact": contact,
        "now": now,
        "standing": standing_of(contact, now),
        "answerer": answerer_of(contact, now),
        "newest_text": newest_text(contact),
        "may_read": may_read,
        "entries": log.folded(log.whole_timeline(contact, tells=may_read)),
        "legs": log.telephones_of(contact),
        "recordings": contact.recordings.all(),
        "texts": contact.messages.order_by("made_at", "id"),
        "suggested": suggested(user, contact),
        "linked": linked(user, contact),
        "undo_form": UndoLinkForm(),
        "safety_rows": safety_rows(contact),
        "has_callback_number": has_callback_number(contact),
        "flag_words": _marks(contact),
        "number_form": NumberForm(),
        **bars_of(contact, user, now),
        **_rights(user, contact),
        **_sheet(contact, may_read),
        **_kept(user, contact, now),
        **_followed_up(user, contact),
        **_blocked(request, contact, now),
        **_reviewed(user, contact),
    }


def _marks(contact) -> list[str]:
    words = FLAGS | {BLOCKED: marks_of([contact]).get(contact.pk)}
    return [words.get(flag, flag) for flag in contact.flag_codes]


def _rights(user, contact) -> dict:
    return {
        "may_edit": allowed(user, RULES, "open_contact", contact),
        "may_reach": allowed(user, RULES, "see_number", contact),
        "may_hear": allowed(user, RULES, "hear_message", contact),
        "may_find_case": may_find_case(user, contact),
        "may_part": may_part(user, contact),
    }


def _sheet(contact, may_read: bool) -> dict:
    """Return what the sheet says, to who may read it."""
    sheet, places = sheets.newest_sheet(contact), sheets.places_of(contact.country)
    form, answers, by_key = form_of(sheet), sheet.answers if may_read else {}, sheets.told_by_key(sheet)
    signs = [
        (asked.label, sheets.sheet_words(asked, value, places, by_key))
        for asked in form.questions
        if asked.key in triage.SIGN_KEYS and (value := triage.answer_of(answers, asked.key)) != triage.NOT_ASKED
    ]
    differing = sheets.differing(form, sheet)
    return {"facts": sheets.facts_so_far(form, answers, places, by_key, differing), "signs": signs}


def _kept(user, contact, now) -> dict:
    """Return until when the contact is kept, why, and who may change that."""
    facts, may_hold = facts_of(contact), allowed(user, RULES, "hold_contact", contact)
    is_free = not (contact.legal_hold or contact.case or contact.erased_at)
    return {
        "erased_on": retention.erased_on(facts),
        "why_kept": BARS.get(retention.bar(facts, now), ""),
        "may_lift": contact.legal_hold and may_hold,
        "may_hold": is_free and may_hold,
        "may_erase": allowed(user, RULES, "erase_contact", contact) and not contact.erased_at,
    }


def _followed_up(user, contact) -> dict:
    is_open = contact.is_missed and contact.closed_at is None
    return {
        "may_end_follow_up": may_end_follow_up(user, contact),
        "may_open_follow_up": contact.closed_at is not None and may_open_follow_up(user, contact),
        "follow_up_form": FollowUpForm(closings=closings(is_open=is_open and is_left_in_need(contact))),
        "owner_form": OwnerForm(people=followers_of(user, contact), owner=contact.owner, nobodys=contact.nobodys),
    }


def _block_form(data) -> BlockForm:
    """Return the form of a block; the one that could not be sent says what it lacks, and the keyboard stands there."""
    if "block" not in data:
        return BlockForm()
    form = BlockForm({"why": "", "hours": data["block"]})
    form.fields["why"].widget.attrs["autofocus"] = True
    return form


def _blocked(request, contact, now) -> dict:
    may_block = allowed(request.user, RULES, "block_number", contact)
    return {
        "may_block": may_block and bool(contact.number_index),
        "held_out": block_of(contact, now) if may_block else None,  # "block" is a word of templates
        "block_form": _block_form(request.GET),
    }


def _reviewed(user, contact) -> dict:
    found = reviews_on(user, contact)
    return {
        "reviews": found,
        "open_review": next((one for one in found if one.state == ReviewState.ASKED), None),
        "may_ask_review": allowed(user, RULES, "ask_review", contact),
        "may_review": allowed(user, RULES, "review_contact", contact),
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
