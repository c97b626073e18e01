"""The list of officials as a file, recorded; and what is said when a list may not leave."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import actions
from accounts.choices import COLUMN_WORDS
from accounts.forms import ListForm
from accounts.queries.officials import official_cells, officials_for_export
from accounts.reports import clock_words, export_mark
from accounts.views.clocks import in_own_time
from accounts.views.files import table_file


def list_refused(request, error: Exception) -> None:
    """Say why a list was not exported, and what to do."""
    if isinstance(error, actions.TooManyRows):
        words = _("These are %(rows)s rows, and a file holds 10,000 at most. Choose fewer.") % {"rows": error.rows}
    else:
        words = _(
            "You exported lists as often in 24 hours as one person may. You can export one again from %(when)s. If it"
            " cannot wait, ask a colleague to export it."
        ) % {"when": clock_words(error.opens_at)}
    messages.error(request, words)


@require_POST
@in_own_time
def export_officials(request):
    """Send the officials whom this person may see, in the columns in which they are read in again."""
    form, now = ListForm(request.POST), timezone.now()
    if not form.is_valid():
        messages.error(request, _("Choose why you export the list."))
        return redirect("accounts:people")
    found = officials_for_export(request.user)
    try:
        actions.refuse_long(found.count())
        people = list(found)
        told = {"ids": [str(person.public_id) for person in people], "reason": form.cleaned_data["reason"]}
        entry = actions.export_list(verb="officials.exported", by=request.user, at=now, **told)
    except (actions.TooManyExports, actions.TooManyRows) as error:
        list_refused(request, error)
        return redirect("accounts:people")
    reason = str(dict(form.fields["reason"].choices)[form.cleaned_data["reason"]])
    return table_file(
        name="officials",
        kind=form.cleaned_data["kind"],
        title=_("Officials"),
        heads=list(COLUMN_WORDS.values()),
        rows=[official_cells(person) for person in people],
        mark=export_mark(by=request.user, at=now, entry=entry, reason=reason),
    )
