"""The languages: whether each is offered, how far its catalogue is, how much awaits a native reader."""

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView

from accounts.rules import allowed
from cms.desk import actions, queries
from cms.desk.forms import SwitchForm
from cms.rules import RULES
from languages import catalogues, table
from languages.models import Language, Unit
from languages.voices import voice_for


@dataclass(frozen=True)
class LanguageRow:
    """One language as this page shows it."""

    row: table.Row
    state: str
    switches: tuple[Language, ...]
    count: catalogues.Count
    live: int
    unread: int
    voice: str


class Languages(FormView):
    """Every language in one table; an administrator switches them."""

    template_name = "desk/languages.html"
    form_class = SwitchForm

    def get_context_data(self, **kwargs):
        """Add the table."""
        return super().get_context_data(**kwargs) | {
            "rows": language_rows(),
            "reviews": queries.reviews_for(self.request.user),
            "may_switch": allowed(self.request.user, RULES, "switch_languages"),
        }

    def post(self, request, *args, **kwargs):
        """Refuse who may not switch."""
        if not allowed(request.user, RULES, "switch_languages"):
            raise Http404
        return super().post(request, *args, **kwargs)

    def form_valid(self, form):
        """Switch."""
        chosen = form.cleaned_data
        country = chosen.pop("country")
        actions.switch_language(
            **chosen, country=country.code if country else "", by=self.request.user, at=timezone.now()
        )
        messages.success(self.request, _("Switched. Texts and recordings stay as they are."))
        return redirect("desk:languages")


def language_rows() -> list[LanguageRow]:
    """Return every language with its switches and counts; two queries and the catalogues."""
    switches: dict[str, list[Language]] = {}
    for switch in Language.objects.all():
        switches.setdefault(switch.code, []).append(switch)
    units = {
        row["language"]: row
        for row in Unit.objects.filter(is_retired=False, live_version__gte=1)
        .order_by()
        .values("language")
        .annotate(live=Count("pk"), unread=Count("pk", filter=Q(native_read_at=None)))
    }
    counted = catalogues.counts()
    rows = []
    for row in table.TABLE:
        found = tuple(switches.get(row.code, ()))
        general = next((switch.state for switch in found if not switch.country), "public")
        numbers = units.get(row.code, {"live": 0, "unread": 0})
        voice = voice_for(row.code)
        rows.append(
            LanguageRow(row, general, tuple(switch for switch in found if switch.country), counted[row.code],
                        numbers["live"], numbers["unread"], voice.name if voice else "")
        )  # fmt: skip
    return rows
