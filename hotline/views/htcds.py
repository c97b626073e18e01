"""The file of contacts in the words of HTCDS, for supervisors and managers of the country."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hotline import htcds
from hotline.actions import exports
from hotline.forms.figures import HtcdsForm
from hotline.queries.htcds import records_between

TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json; charset=utf-8"}


@require_POST
def send(request, kind):
    """Send the records of a period, recorded with the reason; say so where they are too few."""
    form, country = HtcdsForm(request.POST), request.user.country
    if kind not in TYPES or country is None:
        raise Http404
    if not form.is_valid():
        messages.error(request, _("Choose a first and a last day, three years at most, and a reason."))
        return redirect("hotline:figures")
    data, at = form.cleaned_data, timezone.now()
    found = records_between(country, data["since"], data["until"])
    if not found.rows:
        words = _(
            "Fewer than %(least)s people said yes to being counted in this period, so no file is made. Choose a longer one."
        )
        messages.warning(request, words % {"least": htcds.SMALLEST})
        return redirect("hotline:figures")
    try:
        entry = exports.note_htcds_exported(
            country=country.pk, since=data["since"], until=data["until"], rows=len(found.rows), reason=data["reason"],
            by=request.user, at=at,
        )  # fmt: skip
    except exports.TooMany:
        messages.error(request, _("You exported as often today as anybody needs. Go on tomorrow."))
        return redirect("hotline:figures")
    mark = {
        "by": str(request.user),
        "at": at.isoformat(timespec="seconds"),
        "reason": data["reason"],
        "audit": str(entry.seq),
        "country": country.pk,
        "since": data["since"].isoformat(),
        "until": data["until"].isoformat(),
    }
    if found.is_practice:
        mark["practice"] = "yes"
    text = htcds.as_csv(found.rows) if kind == "csv" else htcds.as_json(found.rows, mark)
    kept = "practice-" if found.is_practice else ""
    name = f"htcds-2.0-{kept}{country.pk}-{data['since']}-to-{data['until']}-made-{timezone.localdate()}"
    answer = HttpResponse(text, content_type=TYPES[kind])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer
