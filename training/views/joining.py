"""Groups as a learner meets them: joined by a code, her meetings, the code on the board, reminders by text."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.views.clocks import in_own_time
from training import actions, queries
from training.choices import Reason
from training.forms.cohorts import AttendForm, JoinForm, TextNumberForm
from training.views.pages import form_answer


@require_http_methods(["GET", "POST"])
def join(request):
    """Let an official into a group by the code that its trainer shows."""
    form = JoinForm(
        request.POST if request.method == "POST" else None, initial={"code": request.GET.get("code", "")[:20]}
    )
    wait = 0
    if request.method == "POST" and form.is_valid():
        try:
            cohort = actions.join_cohort(user=request.user, code=form.cleaned_data["code"], at=timezone.now())
        except actions.JoinRefused as refusal:
            form.add_error("code", str(refusal))
            wait = refusal.wait
        except (actions.NotOffered, actions.NoVersionYet):
            form.add_error("code", _("The course of this group cannot be begun now. Ask your trainer."))
        else:
            messages.success(request, _("You are in the group “%(name)s”.") % {"name": cohort.name})
            return redirect("training:my_groups")
    return form_answer(request, "training/join.html", {"form": form}, wait)


@never_cache
@require_GET
@in_own_time
def my_groups(request):
    """Show a learner her groups: when they meet, by when the course is to be finished, where she was."""
    return render(request, "training/my_groups.html", _facts(request, AttendForm()))


def _facts(request, form: AttendForm) -> dict:
    now = timezone.now()
    groups = queries.memberships_of(request.user, get_language(), at=now, early=actions.EARLY, late=actions.LATE)
    return {
        "groups": groups,
        "form": form,
        "who": actions.learner_of(request.user).public_id,
        "has_number": queries.has_text_number(request.user),
        "is_open": any(meeting.is_open and not meeting.is_present for one in groups for meeting in one.meetings),
    }


@require_POST
@in_own_time
def attend(request):
    """Take the code on the board from a phone whose page sends forms; with script the page keeps it until it is sent."""
    form = AttendForm(request.POST)
    if not form.is_valid():
        return render(request, "training/my_groups.html", _facts(request, form), status=422)
    given = form.cleaned_data
    outcome = actions.attend_by_code(
        user=request.user, session=given["session"], code=given["code"], at=timezone.now()
    )
    if outcome.status == "rejected":
        form.add_error("code", Reason(outcome.reason).label)
        return render(request, "training/my_groups.html", _facts(request, form), status=422)
    messages.success(request, _("You are down as present."))
    return redirect("training:my_groups")


@never_cache
@require_http_methods(["GET", "POST"])
def text_number(request):
    """Let a learner give the mobile number to which her reminders go too, or take it away."""
    if request.method == "POST" and "remove" in request.POST:
        actions.remove_text_number(user=request.user, at=timezone.now())
        messages.success(request, _("The number is deleted. Reminders come by e-mail only."))
        return redirect("training:text_number")
    form = TextNumberForm(request.POST if request.method == "POST" else None, country=request.user.country_id or "")
    if request.method == "POST" and form.is_valid():
        actions.keep_text_number(user=request.user, number=form.cleaned_data["number"], at=timezone.now())
        messages.success(request, _("Reminders come to this number too."))
        return redirect("training:text_number")
    context = {"form": form, "has_number": queries.has_text_number(request.user)}
    return render(request, "training/text_number.html", context, status=422 if form.errors else 200)
