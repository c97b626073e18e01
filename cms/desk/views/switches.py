"""The languages: whether each is offered, how far its catalogue is, how much awaits a native reader."""

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from accounts.rules import allowed
from cms.desk import actions, queries
from cms.desk.forms import ChooseSwitchForm, SwitchForm
from cms.rules import RULES
from languages import catalogues, table
from languages.actions import SwitchedMeanwhile
from languages.models import Language, Unit
from languages.queries import standing_switch
from languages.voices import voice_for


@dataclass(frozen=True)
class LanguageRow:
    """One language as this page shows it."""

    row: table.Row
    state: str
    needs_second: bool
    switches: tuple[Language, ...]
    count: catalogues.Count
    live: int
    unread: int
    voice: str


class Languages(TemplateView):
    """Every language in one table; an administrator chooses one, sees what stands, and switches it."""

    template_name = "desk/languages.html"

    def get_context_data(self, **kwargs):
        """Add the table, and for an administrator what stands for the language she chose."""
        context = super().get_context_data(**kwargs) | {
            "rows": language_rows(),
            "reviews": queries.reviews_for(self.request.user),
            "may_switch": allowed(self.request.user, RULES, "switch_languages"),
        }
        if not context["may_switch"]:
            return context
        choose = ChooseSwitchForm(self.request.GET or None)
        if "form" not in context and choose.is_bound and choose.is_valid():
            context |= _asked(choose.cleaned_data["code"], choose.cleaned_data["country"])
        return {"choose": choose} | context

    def post(self, request):
        """Switch, unless what stands is no longer what was shown."""
        if not allowed(request.user, RULES, "switch_languages"):
            raise Http404
        form = SwitchForm(request.POST)
        if not form.is_valid():
            return self._again(form, form.cleaned_data, form=form)
        chosen = form.cleaned_data
        country = chosen["country"].code if chosen["country"] else ""
        try:
            actions.switch_language(**chosen | {"country": country}, by=request.user, at=timezone.now())
        except SwitchedMeanwhile:
            return self._again(form, chosen, 409, overtaken=True)
        messages.success(request, _("Switched. Texts and recordings stay as they are."))
        return redirect("desk:languages")

    def _again(self, sent, chosen: dict, status: int = 200, **told):
        """Show what stands with the reason that was typed; without a language there is nothing to show."""
        asked = {"form": None}
        if "code" in chosen:
            asked = _asked(chosen["code"], chosen.get("country"), reason=sent.data.get("reason", ""))
        return self.render_to_response(self.get_context_data(**asked | told), status=status)


def _asked(code: str, country, reason: str = "") -> dict:
    """Return the form of a switch, filled with what stands."""
    stands = standing_switch(code, country.code if country else "")
    values = {name: getattr(stands, name) for name in ("code", "state", "needs_second_person")}
    form = SwitchForm(initial=values | {"country": country, "seen": stands.mark, "reason": reason})
    return {"form": form, "stands": stands, "chosen": table.BY_CODE[code], "country": country}


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
        general = next((switch for switch in found if not switch.country), Language(code=row.code))
        numbers = units.get(row.code, {"live": 0, "unread": 0})
        voice = voice_for(row.code)
        rows.append(
            LanguageRow(row, general.state, general.needs_second_person,
                        tuple(switch for switch in found if switch.country), counted[row.code], numbers["live"],
                        numbers["unread"], voice.name if voice else "")
        )  # fmt: skip
    return rows
