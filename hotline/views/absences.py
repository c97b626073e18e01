"""Who is away, and who takes a colleague's shift: one's own page, and the supervisor's."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import FormView

from accounts.models import User
from hotline.actions import absences, swaps
from hotline.forms.absences import AbsenceForm, SwapForm
from hotline.models import Absence, Shift, Swap
from hotline.queries.absences import (
    absences_ahead,
    absences_of,
    closed_swaps,
    colleagues_for,
    own_swaps,
    with_stretches,
)
from hotline.queries.holes import swaps_to_decide
from hotline.queries.outcomes import outcomes_for
from hotline.queries.reviews import MOST, reviews_of_work
from hotline.queries.rosters import people_for_shifts, shifts_ahead
from languages.text import beside

WHY = {
    "asked": gettext_lazy("Somebody was asked already to take this shift."),
    "away": gettext_lazy("Not possible: who would take the shift is away then."),
    "begun": gettext_lazy("Not possible: the shift has begun."),
    "changed": gettext_lazy("This changed meanwhile. What stands now is shown here."),
    "own": gettext_lazy("Another supervisor decides this: it is a shift of yours."),
    "role": gettext_lazy("Not possible: who would take the shift does not have the role for this duty."),
    "works": gettext_lazy(
        "Not possible: who would take the shift works at that time, or would work too long that day."
    ),
}
CANNOT_STAND = gettext_lazy("Choose days that are not over, within a year.")


class MyShifts(FormView):
    """One's own shifts, the days on which one is away, and the swaps one asks or is asked for; nobody else's."""

    template_name = "hotline/my_shifts.html"
    form_class = AbsenceForm

    def get_context_data(self, **kwargs):
        """Return what runs now or is to come."""
        user, at = self.request.user, timezone.now()
        swaps = with_stretches(own_swaps(user, at))
        offered = {swap.shift_id: swap for swap, _stretch in swaps if swap.asked_by_id == user.pk}
        return super().get_context_data(**kwargs) | {
            "shifts": [(shift, offered.get(shift.pk)) for shift in shifts_ahead(user, at=at)], "at": at, "absences": absences_of(user, at), "swaps": swaps,
            "closed_swaps": closed_swaps(user, at),
            "outcomes": outcomes_for(user, at), "reviews": reviews_of_work(user)[:MOST],
        }  # fmt: skip

    def form_valid(self, form):
        """Write down that the person is away."""
        return _noted(self, form, self.request.user, "hotline:my_shifts")


class Absences(FormView):
    """Who of the country's people is away, and the swaps that wait for a supervisor."""

    template_name = "hotline/absences.html"
    form_class = AbsenceForm

    def get_form_kwargs(self):
        """Return the people whom the form offers."""
        return super().get_form_kwargs() | {"people": people_for_shifts(self.request.user)}

    def get_context_data(self, **kwargs):
        """Return what runs now or is to come."""
        user, at = self.request.user, timezone.now()
        return super().get_context_data(**kwargs) | {
            "absences": absences_ahead(user, at), "swaps": with_stretches(swaps_to_decide(user, at)), "at": at,
        }  # fmt: skip

    def form_valid(self, form):
        """Write down that somebody is away."""
        person = User.objects.get(public_id=form.cleaned_data["person"])
        return _noted(self, form, person, "hotline:absences")


def _noted(view: FormView, form: AbsenceForm, person: User, back: str):
    starts_at, ends_at = form.span
    try:
        absences.note_absence(
            user=person, starts_at=starts_at, ends_at=ends_at, by=view.request.user, at=timezone.now()
        )
    except absences.AbsenceRefused:
        form.add_error("last", CANNOT_STAND)
        return view.form_invalid(form)
    except absences.AlreadyAway as known:
        messages.warning(view.request, _stands(known.absence))
        return redirect(back)
    messages.success(view.request, _("Written down. The roster counts on nobody who is away."))
    return redirect(back)


def _stands(absence: Absence) -> str:
    """Return that nothing was written, and the time away that stands already, as its row in the table tells it."""
    days = ((_("First day away"), absence.starts_at), (pgettext("column, time", "Back again"), absence.ends_at))
    language = get_language()
    told = (beside(words, date_format(timezone.localtime(day), "DATE_FORMAT"), language) for words, day in days)
    return f"{_('Nothing was written.')} {' · '.join(told)}"


@require_POST
def end_own_absence(request, absence):
    """Take one's own absence back."""
    return _ended(request, absences_of(request.user, timezone.now()).filter(pk=absence).first(), "hotline:my_shifts")


@require_POST
def end_absence(request, absence):
    """Take somebody's absence back."""
    return _ended(request, absences_ahead(request.user, timezone.now()).filter(pk=absence).first(), "hotline:absences")


def _ended(request, absence: Absence | None, back: str):
    if absence is None:
        messages.warning(request, WHY["changed"])
    else:
        absences.end_absence(absence=absence, by=request.user, at=timezone.now())
        messages.success(request, _("Taken back. The roster counts on this person again."))
    return redirect(back)


class AskSwap(FormView):
    """Ask a colleague to take a shift of one's own."""

    template_name = "hotline/ask_swap.html"
    form_class = SwapForm

    def setup(self, request, *args, **kwargs):
        """Load the shift, which must be the person's own."""
        super().setup(request, *args, **kwargs)
        rows = Shift.objects.select_related("line__country", "user")
        self.shift = get_object_or_404(rows, pk=kwargs["shift"], user_id=request.user.pk)

    def get_form_kwargs(self):
        """Return whom the form offers: who may have this duty on the line."""
        return super().get_form_kwargs() | {"people": colleagues_for(self.shift)}

    def get_context_data(self, **kwargs):
        """Return the shift."""
        return super().get_context_data(**kwargs) | {"shift": self.shift}

    def form_valid(self, form):
        """Ask, or say why not."""
        to = User.objects.get(public_id=form.cleaned_data["person"])
        try:
            swaps.ask_swap(shift=self.shift, to=to, by=self.request.user, at=timezone.now())
        except swaps.SwapRefused as refused:
            form.add_error("person", WHY[refused.code])
            return self.form_invalid(form)
        messages.success(
            self.request,
            _("%(name)s is asked. The shift stays yours until a supervisor approves.") % {"name": to.get_short_name()},
        )
        return redirect("hotline:my_shifts")


ANSWERS = {
    "agree": lambda swap, user, at: swaps.answer_swap(swap=swap, agrees=True, by=user, at=at),
    "refuse": lambda swap, user, at: swaps.answer_swap(swap=swap, agrees=False, by=user, at=at),
    "withdraw": lambda swap, user, at: swaps.withdraw_swap(swap=swap, by=user, at=at),
}
DECISIONS = {
    "approve": lambda swap, user, at: swaps.decide_swap(swap=swap, approves=True, by=user, at=at),
    "refuse": lambda swap, user, at: swaps.decide_swap(swap=swap, approves=False, by=user, at=at),
}


@require_POST
def answer_swap(request, swap):
    """Agree, refuse, or take one's own asking back."""
    return _done(
        request, own_swaps(request.user, timezone.now()).filter(pk=swap).first(), ANSWERS, "hotline:my_shifts"
    )


@require_POST
def decide_swap(request, swap):
    """Approve a swap, or refuse it."""
    rows = swaps_to_decide(request.user, timezone.now())
    return _done(request, rows.filter(pk=swap).first(), DECISIONS, "hotline:absences")


def _done(request, swap: Swap | None, acts: dict, back: str):
    act = acts.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    try:
        if swap is None:
            raise swaps.SwapRefused("changed")  # noqa: TRY301 -- told as the others are
        act(swap, request.user, timezone.now())
    except swaps.SwapRefused as refused:
        messages.warning(request, WHY[refused.code])
    else:
        messages.success(request, _("Saved."))
    return redirect(back)
