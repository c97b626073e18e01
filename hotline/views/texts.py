"""What an operator does with a conversation by text: opens it, answers it, takes it over from a colleague."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.rules import allowed
from hotline import actions
from hotline.actions import answering, desks
from hotline.actions.answering import AnsweredBy, CaseOfColleague
from hotline.actions.in_hand import InHand
from hotline.actions.messages import ConversationMoved, TextRefused
from hotline.actions.sent_once import OtherWords
from hotline.choices import NOT_GONE
from hotline.forms.console import NO_CALL, OVER, READ_BY_OTHERS, TextForm
from hotline.queries.answering import was_queued
from hotline.queries.safety import TEXT_BARS, bar_words, text_bar
from hotline.rules import RULES
from hotline.views.access import became_case, contact_for, go_to, in_hand_words, may_answer, may_write, reads
from hotline.views.console import Console, console_url, live_parts
from hotline.views.conversation import thread_panel

TEXT_FAULTS = {
    "number": gettext_lazy("Take the phone number out: only the numbers of the line may be in a text message."),
    "subject": gettext_lazy("Take out the word that says what the line is for: somebody else may read it."),
    "names": gettext_lazy("Take out the name or address of a service or place: somebody else may read it."),
    "read_by_others": READ_BY_OTHERS,
    "erased": TEXT_BARS["erased"],
    "no_call": NO_CALL,
    "window": OVER,
}
MOVED = gettext_lazy("Not sent: the conversation changed while you wrote. Read what is new above, then send it again.")
SENT_BEFORE = gettext_lazy(
    "Your words before were sent already: they stand above. What you changed is not sent. Send it again if it is still needed."
)
SENT_IN_CASE = gettext_lazy(
    "Your text is on its way. This is a colleague's case; what comes next is offered to everybody."
)
BARRED = gettext_lazy("Not sent. %(why)s Your words stay in their field.")


@require_POST
def read_messages(request, public_id):
    """Open a conversation to answer it, its messages noted as read; what a colleague answers is only shown."""
    contact = contact_for(request.user, public_id, "open_contact")
    if not may_answer(request.user, contact):
        return became_case(request, contact)
    try:
        desks.open_conversation(contact=contact, by=request.user, at=timezone.now())
    except AnsweredBy as other:
        messages.warning(request, _("%(name)s is answering this conversation.") % {"name": other.holder})
    except CaseOfColleague:
        return became_case(request, contact)
    return go_to(request, console_url(contact))


@require_POST
def claim(request, public_id):
    """Make the operator the answerer with her first key; the live parts say who is."""
    contact = contact_for(request.user, public_id, "open_contact")
    if not may_write(request.user, contact):
        return _not_answered(request, contact)
    try:
        answering.claim_answer(contact=contact, by=request.user, at=timezone.now())
    except AnsweredBy as other:
        _tell(request, other)
    except CaseOfColleague:
        return _not_answered(request, contact)
    return live_parts(request) if request.htmx else go_to(request, console_url(contact))


@require_POST
def take_over(request, public_id):
    """Make the operator the answerer in the place of a colleague, and say who that was."""
    contact = contact_for(request.user, public_id, "open_contact")
    if not may_write(request.user, contact):
        return _not_answered(request, contact)
    seen, before = request.POST.get("holder", ""), None
    try:
        before = answering.take_over_answer(contact=contact, by=request.user, at=timezone.now(), seen=seen)
    except AnsweredBy as other:
        _tell(request, other)
    except CaseOfColleague:
        return _not_answered(request, contact)
    if request.htmx:
        return live_parts(request, taken_from=before)
    if before is not None:
        words = _("You answer this conversation now. Before you it was %(name)s, whose console says so.")
        messages.success(request, words % {"name": before})
    return go_to(request, console_url(contact))


def _not_answered(request, contact) -> HttpResponse:
    """Say that a conversation became a case; the live parts say it beside the words that may stand in their field."""
    return live_parts(request) if request.htmx else became_case(request, contact)


def _tell(request, other: AnsweredBy) -> None:
    """Say on the page that is shown next who answers; parts that are shown at once say it themselves."""
    if not request.htmx:
        messages.warning(request, _("%(name)s is answering this conversation.") % {"name": other.holder})


@require_POST
def send_text(request, public_id):
    """Queue an answer by text message; the worker sends it if the safety state allows."""
    contact = contact_for(request.user, public_id, "open_contact")
    key = f"console:{contact.public_id}:{_click(request)}"
    if not may_write(request.user, contact) and not was_queued(key):  # once more what she sent while she might
        return became_case(request, contact, _own_words(request))
    at = timezone.now()
    form = TextForm(request.POST, line=contact.line, contact=contact, at=at)
    if not form.is_valid():
        return _kept(request, contact, form, 422)
    try:
        message = actions.queue_message(
            contact=contact,
            text_key=form.cleaned_data["ready"],
            text=form.cleaned_data["text"],
            by=request.user,
            at=at,
            key=key,
            seen=request.POST.get("seen", ""),
        )
    except TextRefused as refused:
        form.add_error("text", TEXT_FAULTS.get(refused.code, _("This text cannot be sent as it is. Write it anew.")))
        return _kept(request, contact, form, 422)
    except CaseOfColleague:
        return became_case(request, contact, _own_words(request))
    except AnsweredBy as other:
        words = _("Not sent: %(name)s is answering this conversation. Your words stay in their field.")
        form.add_error(None, words % {"name": other.holder})
        return _kept(request, contact, form, 409)
    except InHand as other:
        form.add_error(None, in_hand_words(other))
        return _kept(request, contact, form, 409)
    except (ConversationMoved, OtherWords) as refused:
        bar = text_bar(contact, at)
        why = SENT_BEFORE if isinstance(refused, OtherWords) else MOVED
        form.add_error(None, BARRED % {"why": bar_words(contact, bar)} if bar else why)
        return _kept(request, contact, form, 409)
    if message.state == "blocked_by_safety":
        bar = text_bar(contact, at)
        unsafe = _("Not sent: the safety state does not say that we may text this person.")
        messages.error(request, unsafe if bar in ("", "not_safe") else bar_words(contact, bar))
    elif message.state not in NOT_GONE and not allowed(request.user, RULES, "read_sheet", contact):
        messages.success(request, SENT_IN_CASE)
    return go_to(request, console_url(contact))


def _kept(request, contact, form, status: int) -> HttpResponse:
    """Show why a text was not sent, with its words still in their field, beside the conversation as it stands."""
    contact = contact_for(request.user, contact.public_id, "open_contact")
    if not may_write(request.user, contact):
        return became_case(request, contact, _own_words(request))
    seen = request.POST.get("seen", "")
    if request.htmx:  # it shows no answer of the 400s by itself
        panel = thread_panel(request, contact, form, seen, may_read=reads(request.user, contact))
        return render(request, "hotline/_thread.html", panel)
    page = Console(request=request, opened=contact, typed=(form, seen), args=(), kwargs={})
    return page.render_to_response(page.get_context_data(), status=status)


def _own_words(request) -> str:
    """Return what the person wrote herself."""
    return request.POST.get("text", "").strip()


def _click(request) -> str:
    """Return the key of one click, so that a double click sends once."""
    try:
        return uuid.UUID(request.POST.get("click", "")).hex
    except ValueError:
        return uuid.uuid4().hex
