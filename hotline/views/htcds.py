"""The file of contacts in the words of HTCDS, for supervisors and managers of the country."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.queries.clocks import day_in
from hotline import htcds
from hotline.actions import exports
from hotline.forms.figures import HtcdsForm
from hotline.queries import figures
from hotline.queries.htcds import records_between
from hotline.reports import figures as drawn
from hotline.views.figures import team_page

TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json; charset=utf-8"}


@require_POST
def send(request, kind):
    """Send the records of a quarter, recorded with the reason; say so where they are too few."""
    country, at = request.user.country, timezone.now()
    if kind not in TYPES or country is None:
        raise Http404
    quarters = {one.first.isoformat(): one for one in figures.quarters(country, day_in(country, at))}
    form = HtcdsForm(request.POST, quarters=drawn.quarter_choices(list(quarters.values())))
    if not form.is_valid():
        return team_page(request, form, status=422)
    period, reason = quarters[form.cleaned_data["quarter"]], form.cleaned_data["reason"]
    found = records_between(country, period.first, period.last)
    if not found.rows:
        words = _("Fewer than %(least)s people said yes to being counted in this quarter, so no file is made.")
        messages.warning(request, words % {"least": htcds.SMALLEST})
        return redirect("hotline:figures")
    try:
        entry = exports.note_htcds_exported(
            country=country.pk, since=period.first, until=period.last, rows=len(found.rows), reason=reason,
            by=request.user, at=at,
        )  # fmt: skip
    except exports.TooMany:
        messages.error(request, _("You exported as often today as anybody needs. Go on tomorrow."))
        return redirect("hotline:figures")
    mark = {
        "by": str(request.user),
        "at": at.isoformat(timespec="seconds"),
        "reason": reason,
        "audit": str(entry.seq),
        "country": country.pk,
        "since": period.first.isoformat(),
        "until": period.last.isoformat(),
    }
    if found.is_practice:
        mark["practice"] = "yes"
    text = htcds.as_csv(found.rows) if kind == "csv" else htcds.as_json(found.rows, mark)
    kept = "practice-" if found.is_practice else ""
    name = f"htcds-2.0-{kept}{country.pk}-{period.first}-to-{period.last}-made-{timezone.localdate()}"
    answer = HttpResponse(text, content_type=TYPES[kind])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer
