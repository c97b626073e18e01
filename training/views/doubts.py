"""What phones sent that was refused or bears a time in doubt, for a manager and for the trainers of the groups."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.rules import allowed
from accounts.views.clocks import in_own_time
from training import actions
from training.actions.looking import LEFT, LeftToOthers, LookedAtMeanwhile, NothingToLookAt, note_look
from training.choices import Deadline, Verdict
from training.forms.doubts import LookForm
from training.queries.doubts import doubtful, holder_of, senders_visible_to, sendings_visible_to
from training.rules import RULES

ON_A_PAGE = 25


@require_GET
@in_own_time
def doubts(request):
    """Show what waits for somebody to look, or what was looked at; that the names were read is recorded."""
    now, looked = timezone.now(), request.GET.get("looked") == "1"
    found = sendings_visible_to(request.user, at=now, looked=looked)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    rows = doubtful(request.user, page.object_list, get_language())
    actions.note_names_read(by=request.user, rows=len(rows), at=now)
    context = {"page": page, "rows": rows, "looked": looked, "words": [Verdict.RIGHT, Verdict.WRONG]}
    context |= {"deadline_waits": Deadline.WAITS.label, "left": LEFT}
    return render(request, "training/doubts.html", context)


@require_POST
def look(request, learner):
    """Note that somebody has looked at a sending, and whether its time is right where that is in doubt."""
    sender, form = senders_visible_to(request.user).filter(public_id=learner).first(), LookForm(request.POST)
    if sender is None or not allowed(request.user, RULES, "look_at_doubt", holder_of(sender)) or not form.is_valid():
        raise Http404
    try:
        note_look(sender=sender, by=request.user, at=timezone.now(), **form.cleaned_data)
    except NothingToLookAt as error:
        raise Http404 from error
    except (LookedAtMeanwhile, LeftToOthers) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Noted, with your name."))
    looked = "?looked=1" if form.cleaned_data["before"] else ""
    return redirect(reverse("training:doubts") + looked)
