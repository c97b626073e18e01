"""My telephone: the number on which calls reach an operator on a live line, verified by a call."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import FormView

from accounts import actions as accounts
from accounts.sealing import NoSealKey, SealError
from hotline import actions
from hotline.actions.pins import remove_pin, set_pin
from hotline.actions.telephones import answer_as
from hotline.choices import CheckResult
from hotline.forms.telephone import AnswersAsForm, PinForm, TelephoneForm
from hotline.models import Line, OperatorState
from hotline.queries.console import my_state
from hotline.queries.telephones import is_out_of_reach, last_check, line_to_ring_from, pin_of, rings_by_itself
from hotline.rules import DESK
from hotline.views.access import go_to

SHOWN_DIGITS = 3


def refused(error: Exception) -> str:
    """Return why a telephone is not rung, and what to do."""
    if isinstance(error, actions.TooManyCalls):
        return _("This telephone was rung three times within the hour. Wait an hour, then try again.")
    if isinstance(error, actions.NoLine):
        return _("Your country has no line yet from which your telephone could be rung. Ask an administrator.")
    if isinstance(error, actions.NoNumber):
        return _("Enter the number again: the one that is kept cannot be opened.")
    return _("The number cannot be kept now. Tell an administrator that a seal key is missing.")


def last_digits(state: OperatorState | None, user) -> str | None:
    """Return the last digits of the number, "" where there is none, None where it cannot be opened."""
    if state is None or state.phone is None:
        return ""
    at = timezone.now()
    try:
        number = accounts.reveal(state, "phone", by=user, at=at, reason="own telephone")
    except accounts.CannotOpen as error:
        accounts.record_unopened(error, by=user, at=at)
        return None
    except NoSealKey:
        return None
    return (number or "")[-SHOWN_DIGITS:]


class Telephone(FormView):
    """The number, whether it is verified, and the last call to it."""

    template_name = "hotline/telephone.html"
    form_class = TelephoneForm

    def get_form_kwargs(self):
        """Return whose national numbers need no country code."""
        return super().get_form_kwargs() | {"country": self.request.user.country_id or ""}

    def get_context_data(self, **kwargs):
        """Return what stands: the last digits, the last call, what a live line misses."""
        user, state = self.request.user, my_state(self.request.user)
        lines = list(Line.objects.filter(country_id=user.country_id, is_active=True))
        line, digits = line_to_ring_from(user), last_digits(state, user)
        return super().get_context_data(**kwargs) | {
            "state": state,
            "digits": digits,
            "cannot_open": digits is None,
            "is_verified": bool(state and state.has_telephone) and digits is not None,
            "check": last_check(user) if digits else None,
            "is_desk": user.has_role(*DESK),
            "pin_form": kwargs.get("pin_form") or PinForm(),
            "as_form": AnswersAsForm(instance=state),
            "has_pin": pin_of(user.pk) is not None,
            "open_result": CheckResult.OPEN,
            "is_needed": is_out_of_reach(state, lines, timezone.now()),
            "is_simulated": settings.SIMULATOR and line is not None and rings_by_itself(line),
        }

    def form_valid(self, form):
        """Keep the number and have it rung, or say why not."""
        try:
            actions.set_telephone(
                user=self.request.user, number=form.cleaned_data["number"], by=self.request.user, at=timezone.now()
            )
        except (actions.TooManyCalls, actions.NoLine, NoSealKey, SealError) as error:
            form.add_error("number", refused(error))
            return self.form_invalid(form)
        return go_to(self.request, "hotline:telephone")


class Pin(Telephone):
    """The PIN of the telephone: set, changed, removed; the same page shows what is wrong."""

    http_method_names = ("post",)

    def post(self, request, *args, **kwargs):
        """Keep the PIN, or take it away."""
        at, who = timezone.now(), {"user": request.user, "by": request.user}
        if "remove" in request.POST:
            remove_pin(**who, at=at)
            messages.success(request, _("Your telephone asks for key 1 again."))
            return redirect("hotline:telephone")
        form = PinForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=TelephoneForm(), pin_form=form))
        set_pin(**who, pin=form.cleaned_data["pin"], forced=form.cleaned_data["forced"], at=at)
        messages.success(request, _("Your telephone asks for the PIN from now on."))
        if not form.cleaned_data["forced"]:  # said now alone: nothing that stands on the page tells of the other one
            messages.warning(request, _("There is no PIN for when you are forced to answer."))
        return redirect("hotline:telephone")


@require_POST
def answers_as(request):
    """Keep as whom the person answers."""
    form = AnswersAsForm(request.POST)
    if form.is_valid():
        answer_as(user=request.user, who=form.cleaned_data["answers_as"], at=timezone.now())
        messages.success(request, _("Kept."))
    return redirect("hotline:telephone")


@require_POST
def call_again(request):
    """Ring the number that is entered once more."""
    try:
        actions.ring_again(user=request.user, by=request.user, at=timezone.now())
    except (actions.TooManyCalls, actions.NoLine, actions.NoNumber) as error:
        messages.error(request, refused(error))
    return redirect("hotline:telephone")


@require_POST
def remove(request):
    """Wipe the number."""
    actions.remove_telephone(user=request.user, by=request.user, at=timezone.now())
    messages.success(request, _("Your telephone is removed. It rings no more."))
    return redirect("hotline:telephone")


@require_GET
def live(request):
    """Answer whether the call that was seen ringing is over: 204, or the page anew."""
    check = last_check(request.user)
    if check is not None and check.result == CheckResult.OPEN and request.GET.get("seen") == str(check.pk):
        return HttpResponse(status=204)
    return HttpResponse(status=200, headers={"HX-Refresh": "true"})
