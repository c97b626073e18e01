"""One official, for her trainer and the manager of her country: her standing, and what a person may decide about it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.rules import allowed
from accounts.views.clocks import in_own_time
from training import actions, queries
from training.choices import AllowReason, CertificateKind, UnwaiveReason, WaiveReason
from training.forms import AllowForm, UnwaiveForm, VoidTestForm, WaiveForm
from training.models import Attempt
from training.rules import RULES


@require_GET
@in_own_time
def official(request, learner):
    """Show how far an official is and which tests she took, never what she answered; that it was read is recorded."""
    found = queries.officials_visible_to(request.user).filter(public_id=learner).first()
    if found is None:
        raise Http404
    now = timezone.now()
    actions.note_names_read(by=request.user, rows=1, at=now)
    context = {
        "learner": found,
        "files": queries.course_files(found, get_language(), at=now, reader=request.user),
        "may_allow": allowed(request.user, RULES, "allow_attempt", found.user),
        "may_decide": allowed(request.user, RULES, "decide_work", found.user),
        "allow_reasons": AllowReason.choices,
        "waive_reasons": WaiveReason.choices,
        "unwaive_reasons": UnwaiveReason.choices,
    }
    return render(request, "training/official.html", context)


def enrolment_for(request, enrolment, action: str):
    """Return an enrolment of which a person may decide something, or answer 404."""
    found = queries.enrolments_visible_to(request.user).filter(public_id=enrolment).first()
    if found is None or not allowed(request.user, RULES, action, found.learner.user):
        raise Http404
    return found


@require_POST
def allow_attempt(request, enrolment):
    """Allow an official one more try at a test of which she used all of hers."""
    found, form = enrolment_for(request, enrolment, "allow_attempt"), AllowForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose why you allow one more try."))
        return redirect("training:official", found.learner.public_id)
    try:
        actions.allow_attempt(enrolment=found, by=request.user, at=timezone.now(), **form.cleaned_data)
    except actions.NothingToAllow as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, _("One more try is open to her or him. Who, when and why stands below."))
    return redirect("training:official", found.learner.public_id)


@require_POST
def waive(request, enrolment):
    """Let a lesson or a story count as done for an official, with a reason."""
    found, form = enrolment_for(request, enrolment, "decide_work"), WaiveForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a lesson or story, and why it is waived."))
        return redirect("training:official", found.learner.public_id)
    activity, reason = str(form.cleaned_data["activity"]), form.cleaned_data["reason"]
    try:
        actions.waive_activity(enrolment=found, activity=activity, reason=reason, by=request.user, at=timezone.now())
    except (actions.NothingToWaive, actions.NotRecorded) as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, _("It counts as done for her or him. Who, when and why stands below."))
    return redirect("training:official", found.learner.public_id)


@require_POST
def unwaive(request, enrolment):
    """Take back that a lesson or a story counts as done for an official, with a reason."""
    found, form = enrolment_for(request, enrolment, "decide_work"), UnwaiveForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a lesson or story, and why the waiver is taken back."))
        return redirect("training:official", found.learner.public_id)
    activity, reason = str(form.cleaned_data["activity"]), form.cleaned_data["reason"]
    try:
        gone = actions.take_back_waiver(
            enrolment=found, activity=activity, reason=reason, by=request.user, at=timezone.now()
        )
    except (actions.NotWaived, actions.NotRecorded) as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, _("The waiver is taken back. Who, when and why stands below."))
        _tell_withdrawn(request, gone)
    return redirect("training:official", found.learner.public_id)


@require_http_methods(["GET", "POST"])
@in_own_time
def void_test(request, attempt):
    """Set a test of an official aside, with a reason; what rests on it is told before."""
    row = Attempt.objects.filter(public_id=attempt, submitted_at__isnull=False).first()
    if row is None:
        raise Http404
    row.enrolment = enrolment_for(request, row.enrolment.public_id, "decide_work")
    form = VoidTestForm(request.POST if request.method == "POST" else None)
    if request.method == "GET" and queries.is_set_aside(row):
        messages.info(request, str(actions.AlreadyVoid()))
        return redirect("training:official", row.enrolment.learner.public_id)
    if request.method == "GET" or not form.is_valid():
        context = {"attempt": row, "form": form}
        return render(request, "training/void_test.html", context, status=422 if form.errors else 200)
    try:
        gone = actions.void_attempt(attempt=row, by=request.user, at=timezone.now(), **form.cleaned_data)
    except (actions.AlreadyVoid, actions.NotRecorded) as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, _("The test is set aside. Who, when and why stands below."))
        _tell_withdrawn(request, gone)
    return redirect("training:official", row.enrolment.learner.public_id)


def _tell_withdrawn(request, gone) -> None:
    """Say how many certificates fell with what was decided, and of which kinds."""
    if not gone:
        return
    kinds = " · ".join(dict.fromkeys(str(CertificateKind(one.kind).label) for one in gone))
    told = ngettext(
        "%(count)s certificate that rested on it is withdrawn: %(kinds)s. Its holder gets a letter.",
        "%(count)s certificates that rested on it are withdrawn: %(kinds)s. Their holder gets a letter.",
        len(gone),
    )  # fmt: skip
    messages.info(request, told % {"count": len(gone), "kinds": kinds})
