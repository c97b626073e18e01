"""Who belongs to a group: let in from a file after a dry run, with an office; taken out.

Between dry run and yes the file waits in the session of whoever brought it, for an hour; a yes carries the mark of what
the report showed.
"""

import base64
import hashlib
import zlib

from django.contrib import messages
from django.core.files.base import ContentFile
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.choices import ROW_FAULTS
from accounts.forms.officials import PLAN_LASTS
from training import actions, member_files, queries
from training.choices import MEMBER_FAULTS, Road
from training.forms.cohorts import MembersFile, OfficeForm
from training.models import Cohort
from training.views.cohorts import cohort_for

KEPT = "members_file"
MOST_SIGNS = 60
NOT_OFFERED = gettext_lazy("The course of this group is not on offer in its country now. Nobody was let in.")


@require_http_methods(["GET", "POST"])
def members_file(request, cohort):
    """Take a file of members and show, row by row, what would happen. Nothing is written here."""
    row = cohort_for(request, cohort)
    if request.method == "POST":
        return _keep(request, row)
    if "report" in request.GET:
        return _report(request, row)
    if "no" in request.GET:
        request.session.pop(KEPT, None)
        messages.info(request, _("Nothing was written."))
    return render(request, "training/members_file.html", {"cohort": row, "form": MembersFile(cohort=row)})


def _keep(request, row: Cohort):
    form = MembersFile(request.POST, request.FILES, cohort=row)
    if not form.is_valid():
        return render(request, "training/members_file.html", {"cohort": row, "form": form}, status=422)
    packed = base64.b64encode(zlib.compress(form.content)).decode()
    kept = {"cohort": str(row.public_id), "file": packed, "at": timezone.now().timestamp()}
    request.session[KEPT] = kept
    return redirect(f"{reverse('training:members_file', args=[row.public_id])}?report")


def _reading(request, row: Cohort) -> member_files.Reading | None:
    """Read the file that waits for a yes about this group again, with what is known now."""
    kept = request.session.get(KEPT)
    if kept is None or timezone.now().timestamp() - kept["at"] > PLAN_LASTS:
        request.session.pop(KEPT, None)
        return None
    if kept["cohort"] != str(row.public_id):
        return None
    file = ContentFile(zlib.decompress(base64.b64decode(kept["file"])), name="members.csv")
    form = MembersFile({}, {"file": file}, cohort=row)
    return form.reading if form.is_valid() else None


def _mark(reading: member_files.Reading) -> str:
    """Return the mark of a report: whom a yes to it lets in."""
    return hashlib.sha256(repr([row.person for row in reading.new]).encode()).hexdigest()


def _report(request, row: Cohort):
    reading = _reading(request, row)
    if reading is None:
        messages.info(
            request, _("This report was answered, or is older than an hour. Read the file again to see one.")
        )
        return redirect("training:members_file", row.public_id)
    people = queries.learners_by_key(row, [each.person for each in reading.rows if each.person])
    rows = [{"row": each, "person": people.get(each.person), "fault": _told(each)} for each in reading.rows]
    context = {"cohort": row, "reading": reading, "rows": rows, "mark": _mark(reading), "most": MOST_SIGNS}
    return render(request, "training/members_report.html", context)


def _told(row: member_files.Row) -> str:
    """Return in words what is wrong with a row; nothing when it is right."""
    return (ROW_FAULTS | MEMBER_FAULTS)[row.fault.code] % {"detail": row.fault.detail} if row.fault else ""


@require_POST
def confirm_members(request, cohort):
    """Let in whom the dry run showed."""
    row = cohort_for(request, cohort)
    reading = _reading(request, row)
    if reading is None:
        messages.error(request, _("This report is too old or was answered. Read the file again."))
        return redirect("training:members_file", row.public_id)
    if request.POST.get("mark") != _mark(reading):
        messages.error(request, _("Something changed meanwhile. Look at the new report and confirm again."))
        return redirect(f"{reverse('training:members_file', args=[row.public_id])}?report")
    request.session.pop(KEPT, None)
    people = queries.learners_by_key(row, [each.person for each in reading.new])
    users = [people[each.person] for each in reading.new]
    return _let_in(request, row, lambda: actions.add_members(
        cohort=row, users=users, road=Road.FILE, by=request.user, at=timezone.now()
    ))  # fmt: skip


@require_POST
def add_office(request, cohort):
    """Let everybody in who learns in an office of the country."""
    row = cohort_for(request, cohort)
    form = OfficeForm(request.POST, cohort=row)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors["office"]))
        return redirect("training:cohort", row.public_id)
    office = form.cleaned_data["office"]
    return _let_in(
        request,
        row,
        lambda: actions.add_office(cohort=row, office=office, by=request.user, at=timezone.now()),
    )


def _let_in(request, row: Cohort, add):
    """Let people in and say how many are new."""
    try:
        count = add()
    except (actions.NotOffered, actions.NoVersionYet):
        messages.error(request, NOT_OFFERED)
        return redirect("training:cohort", row.public_id)
    words = ngettext("%(count)s official is in the group now.", "%(count)s officials are in the group now.", count)
    told = words % {"count": count} if count else _("Everybody was in the group already.")
    messages.success(request, told)
    return redirect("training:cohort", row.public_id)


@require_POST
def take_out(request, cohort, member):
    """Take somebody out of a group; what she did stays hers."""
    row = cohort_for(request, cohort)
    found = queries.members_inside(request.user, row).filter(public_id=member).first()
    if found is None:
        raise Http404
    actions.take_out(member=found, by=request.user, at=timezone.now())
    messages.success(request, _("She or he is out of the group. What was done and attended stays."))
    return redirect("training:cohort", row.public_id)
