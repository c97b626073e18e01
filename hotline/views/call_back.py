"""Calling a person back: what to say, where the call stands, and what its operator does with it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import View

from accounts.rules import allowed
from hotline.actions import call_back
from hotline.choices.calling import CALL_BARS
from hotline.forms.log import NUMBER_REASONS, NumberForm
from hotline.models import CallBack, Contact
from hotline.queries.dialling import call_bar, last_call_back, may_be_overridden, open_call_back, override_of
from hotline.queries.safety import safety_rows
from hotline.rules import RULES
from hotline.views.access import became_case, contact_for

OVER = gettext_lazy("This call is over, or nobody has picked up yet.")


def page_context(request, contact: Contact, word: str | None = None) -> dict:
    """Return what the page shows: the call that goes on or the last one, what forbids another, what is safe."""
    at, going = timezone.now(), open_call_back(contact)
    row = going or last_call_back(contact, request.user)
    return {
        "contact": contact,
        "row": row,
        "is_mine": going is not None and going.by_id == request.user.pk,
        "bar": CALL_BARS.get(call_bar(contact, at), ""),
        "why": CALL_BARS.get(row.blocked_by, "") if row else "",
        "safety_rows": safety_rows(contact),
        "mark": _mark(row),
        "word": word,
        "override": (asked := override_of(contact, at)),
        "override_why": dict(NUMBER_REASONS).get(asked.reason, "") if asked else "",
        "may_ask": may_be_overridden(contact, at) and allowed(request.user, RULES, "override_call", contact),
        "reason_form": NumberForm(),
    }


def _mark(row: CallBack | None) -> str:
    return f"{row.pk}.{row.state}.{int(row.confirmed_at is not None)}" if row else ""


class CallBackPage(View):
    """The page from which a person is called back."""

    def dispatch(self, request, *args, **kwargs):
        """Find the contact; of a colleague's case it says so."""
        self.contact = contact_for(request.user, kwargs["public_id"], "open_contact")
        if not allowed(request.user, RULES, "call_back", self.contact):
            return became_case(request, self.contact)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, public_id):
        """Show it."""
        return render(request, "hotline/call_back.html", page_context(request, self.contact))

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
    """Answer whether the call stands as it was seen: 204, or the page anew."""
    contact = contact_for(request.user, public_id, "call_back")
    row = open_call_back(contact) or last_call_back(contact, request.user)
    if request.GET.get("seen") == _mark(row):
        return HttpResponse(status=204)
    return HttpResponse(status=200, headers={"HX-Refresh": "true"})


ACTS = {"confirm": call_back.confirm, "stranger": call_back.meet_stranger, "end": call_back.end_call_back}


@require_POST
def act(request, public_id, act):
    """Say that it is the person, leave a stranger, end the call; or show the code word once."""
    contact = contact_for(request.user, public_id, "call_back")
    values = {"contact": contact, "by": request.user, "at": timezone.now()}
    if act != "word" and act not in ACTS:
        raise Http404
    try:
        if act == "word":
            word = call_back.show_code_word(**values)
            return render(request, "hotline/call_back.html", page_context(request, contact, word))
        ACTS[act](**values)
    except call_back.NotTalking:
        messages.warning(request, OVER)
    else:
        if act == "stranger":
            messages.success(
                request, _("Hung up. Nobody calls or writes to this person any more; who supervises is told.")
            )
    return redirect("hotline:call_back", public_id=public_id)
