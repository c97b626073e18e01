"""Calling a person back: what to say, where the call stands, and what its operator does with it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import View

from accounts.models import SecondYes
from accounts.rules import allowed
from hotline.actions import call_back
from hotline.choices.calling import CALL_BARS, IN_BROWSER, SAID_BY_LINE, YOURS, CallBackState
from hotline.forms.log import NUMBER_REASONS, OverrideForm
from hotline.models import CallBack, Contact
from hotline.queries.back_help import asks_for_help
from hotline.queries.dialling import (
    bar_in_words,
    call_bar,
    is_outside_hours,
    last_call_back,
    may_be_overridden,
    may_leave_message,
    open_call_back,
    override_of,
    own_bar,
    talk_of,
)
from hotline.queries.safety import safety_rows
from hotline.queries.softphone import softphone_to_call_back
from hotline.queries.telephones import account_of
from hotline.rules import RULES
from hotline.views.access import became_case, contact_for, go_to, in_local_time

OVER = gettext_lazy("This call is over, or nobody has picked up yet.")


def page_context(request, contact: Contact, word: str | None = None) -> dict:
    """Return what the page shows: the call that goes on or the last one, what forbids another, what is safe."""
    at, going = timezone.now(), open_call_back(contact)
    row, asked = going or last_call_back(contact, request.user), override_of(contact, at)
    (code, why_not), own = bar_in_words(contact, at), own_bar(contact, request.user, at)
    is_mine = row is not None and row.by_id == request.user.pk
    leaves_message = may_leave_message(contact, at)
    phone = softphone_to_call_back(request.user, account_of(contact), row if is_mine else None)
    yours = YOURS | IN_BROWSER if phone else YOURS
    return {
        "contact": contact,
        "row": row,
        "is_mine": is_mine,
        "state_words": (yours.get(row.state) if is_mine else None) or row.get_state_display() if row else "",
        "bar": why_not or CALL_BARS.get(own, ""),
        "lacks_telephone": not code and own == "no_telephone",
        "why": CALL_BARS.get(row.blocked_by, "") if row else "",
        "closes": _closes(contact, row),
        "mark": _mark(contact, row, asked, code or own, leaves_message=leaves_message),
        "leaves_message": leaves_message,
        "asks_help": asks_for_help(row),
        "word": word,
        "phone": phone,
        "says_cover": contact.cover in SAID_BY_LINE,
        "override": asked,
        "is_outside_hours": is_outside_hours(contact, at),
        "override_why": dict(NUMBER_REASONS).get(asked.reason, "") if asked else "",
        "may_ask": may_be_overridden(contact, at) and allowed(request.user, RULES, "override_call", contact),
        "reason_form": OverrideForm(),
    }


def _closes(contact: Contact, row: CallBack | None) -> bool:
    """Tell whether the person was reached and the follow-up is what comes next: it is open still."""
    is_open = contact.is_missed and contact.closed_at is None and contact.erased_at is None
    return is_open and row is not None and row.state == CallBackState.REACHED


def _mark(contact: Contact, row: CallBack | None, asked: SecondYes | None, code: str, *, leaves_message: bool) -> str:
    """Return a mark that differs as soon as the live part of the page would look different."""
    stage = f"{row.pk}.{row.state}.{int(row.confirmed_at is not None)}.{int(_closes(contact, row))}" if row else ""
    told = f"{int(leaves_message)}{int(asks_for_help(row))}"
    return f"{stage}|{f'{asked.pk}.{int(asked.until is not None)}' if asked else ''}|{code}|{told}"


def show_page(request, contact: Contact, *, status: int = 200, word: str | None = None, **more) -> HttpResponse:
    """Return the whole page; `more` takes the place of what it shows by itself, as a form that was not fit."""
    context = page_context(request, contact, word) | {"safety_rows": safety_rows(contact)} | more
    return render(request, "hotline/call_back.html", context, status=status)


def _way_out(request, row: CallBack) -> HttpResponse:
    """Show how to leave a call back that is hidden from who talks in it, and nothing of what it is about."""
    context = {"contact": row.contact, "row": row, "says_cover": row.contact.cover in SAID_BY_LINE}
    return render(request, "hotline/call_back_hidden.html", context)


class CallBackPage(View):
    """The page from which a person is called back."""

    def dispatch(self, request, *args, **kwargs):
        """Find the contact; of a colleague's case it says so. Who talks while it was hidden from her sees how to leave alone."""
        talk = talk_of(request.user, kwargs["public_id"]) if request.method == "GET" else None
        if talk and talk.contact.hides_from(request.user):
            return _way_out(request, talk)
        self.contact = contact_for(request.user, kwargs["public_id"], "open_contact")
        if not allowed(request.user, RULES, "call_back", self.contact):
            return became_case(request, self.contact)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, public_id):
        """Show it."""
        return show_page(request, self.contact)

    def post(self, request, public_id):
        """Ring the operator's telephone, or say why nobody is called."""
        contact = self.contact
        try:
            call_back.begin_call_back(contact=contact, by=request.user, at=timezone.now())
        except call_back.CallRefused as refused:
            messages.error(request, CALL_BARS[refused.code])
        return redirect("hotline:call_back", public_id=public_id)


@require_GET
def live(request, public_id):
    """Answer whether the call, and whether one may be made, stands as it was seen: 204, or its part of the page anew."""
    contact, at = contact_for(request.user, public_id, "call_back"), timezone.now()
    row = open_call_back(contact) or last_call_back(contact, request.user)
    bar = call_bar(contact, at) or own_bar(contact, request.user, at)
    leaves_message = may_leave_message(contact, at)
    if request.GET.get("seen") == _mark(contact, row, override_of(contact, at), bar, leaves_message=leaves_message):
        return HttpResponse(status=204)
    return _part(request, contact, is_told=True)


@in_local_time
def _part(request, contact: Contact, *, word: str | None = None, is_told: bool = False) -> HttpResponse:
    """Return the live part; `is_told`: where the call stands is said aloud too."""
    return render(request, "hotline/_call_back.html", page_context(request, contact, word) | {"is_told": is_told})


ACTS = {
    "confirm": call_back.confirm,
    "help": call_back.ask_help,
    "stranger": call_back.meet_stranger,
    "end": call_back.end_call_back,
}
# What who talks does by her own part in the call, though its contact was hidden from her since.
LEAVES = frozenset({"stranger", "end"})


@require_POST
def act(request, public_id, act):
    """Say that it is the person, leave a stranger, end the call; or show the code word once."""
    talk = talk_of(request.user, public_id) if act in LEAVES else None
    contact = talk.contact if talk else contact_for(request.user, public_id, "call_back")
    values = {"contact": contact, "by": request.user, "at": timezone.now()}
    if act != "word" and act not in ACTS:
        raise Http404
    try:
        if act == "word":
            return _with_word(request, contact, call_back.show_code_word(**values))
        ACTS[act](**values)
    except call_back.NotTalking:
        messages.warning(request, OVER)
    else:
        if act == "stranger":
            messages.success(
                request, _("Hung up. Nobody calls or writes to this person any more; who supervises is told.")
            )
        elif act in ("confirm", "help") and request.htmx:
            return _part(request, contact, is_told=True)
    if contact.hides_from(request.user):
        return go_to(request, "hotline:console")
    return go_to(request, "hotline:call_back", public_id=public_id)


def _with_word(request, contact: Contact, word: str) -> HttpResponse:
    """Show the code word in its place; the address of the page stays one that can be loaded anew."""
    if request.htmx:
        return _part(request, contact, word=word)
    return show_page(request, contact, word=word)
