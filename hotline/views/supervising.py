"""Somebody in a colleague's call: a supervisor who asks to come, answers a call for help, is heard; and who leaves it."""

from functools import partial

from django.contrib import messages
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django.views.generic import FormView

from hotline import actions
from hotline.choices import JoinMode, JoinReason
from hotline.forms.supervising import JoinForm
from hotline.queries.colleagues import joining
from hotline.queries.sheets import speech_with
from hotline.views.access import contact_for, go_to

# Why a supervisor cannot come, or not so.
NOT_NOW: dict[type[Exception], str] = {
    actions.NobodyRings: _("Calls cannot be rung through now, so you cannot be brought into it."),
    actions.NotInRoom: _("This is not possible any more: the call is over, or you are not in it."),
    actions.NotReady: _("Finish your own call and its sheet first."),
    actions.NoTelephone: _("No call of this line can reach you: you have no verified telephone."),
    actions.CallerAlone: _(
        "You would leave the caller alone. Stay until a colleague is in the call, or the caller has hung up."
    ),
    actions.AnotherIsThere: _("Another supervisor is in this call, or is awaited in it."),
}
HELP = {"mode": JoinMode.COACH, "reason": JoinReason.HELP}
ACTS = {
    "help": partial(actions.offer_join, **HELP),
    "leave": actions.leave_supervised,
    "open": partial(actions.set_join_mode, mode=JoinMode.OPEN),
    "coach": partial(actions.set_join_mode, mode=JoinMode.COACH),
}


def _tried(request, act):
    """Do it, or say on the next page why not; without a telephone that can ring that page is the one of her telephone."""
    try:
        act(by=request.user, at=timezone.now())
    except tuple(NOT_NOW) as error:
        messages.warning(request, NOT_NOW[type(error)])
        if isinstance(error, actions.NoTelephone):
            return go_to(request, "hotline:telephone")
    mine = joining(request.user, timezone.now())
    is_by_browser = mine is not None and mine.by_browser and not mine.is_there  # the console tells its window
    is_of_console = is_by_browser or request.POST.get("from") == "console"
    return go_to(request, "hotline:console" if is_of_console else "hotline:board")


class Supervise(FormView):
    """Choose how to come into a call and why; the operator is asked before anything rings."""

    template_name = "hotline/supervise.html"
    form_class = JoinForm

    def setup(self, request, *args, **kwargs):
        """Load the call."""
        super().setup(request, *args, **kwargs)
        self.contact = contact_for(request.user, kwargs["public_id"], "supervise_call")

    def get_context_data(self, **kwargs):
        """Add whose call it is, and how one may speak with its caller."""
        return super().get_context_data(**kwargs) | {"contact": self.contact, "speech": speech_with(self.contact)}

    def form_valid(self, form):
        """Ask the operator."""
        return _tried(self.request, partial(actions.offer_join, contact=self.contact, **form.cleaned_data))


@require_POST
def act(request, public_id, act):
    """Answer a call for help, be heard by all or by the operator alone, or leave."""
    contact = contact_for(request.user, public_id, "supervise_call")
    if act not in ACTS:
        raise Http404
    return _tried(request, partial(ACTS[act], contact=contact))


@require_POST
def leave(request):
    """Leave the colleague's call in which one is; her page says that she left once the network has told it."""
    return _tried(request, actions.leave_colleague)
