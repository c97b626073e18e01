"""What is done to a country's triage form in the editor: questions moved, added, taken off and put back, a draft let go, published."""

from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from accounts.queries import names_of
from hotline import triage
from hotline.actions import sheet_forms
from hotline.forms.sheet_forms import NewQuestionForm
from hotline.queries.sheet_form_words import Lost, differences, lost_words
from hotline.queries.sheet_forms import draft_form, earlier_bodies, form_history, live_body
from hotline.views.sheet_forms import MEANWHILE, FormPage, country_of, draft_body, keep
from hotline.views.versions import number_in


@require_POST
def change(request, country, act):
    """Move a question of the draft, or put back one that was taken off, as the newest version or the house has it."""
    row, key = country_of(request.user, country), request.POST.get("key", "")
    body, _digest = draft_body(row)
    put_back = triage.kept_entry(earlier_bodies(row), key) if act == "back" else None
    changed = {
        "up": lambda: triage.moved(body, key, up=True),
        "down": lambda: triage.moved(body, key, up=False),
        "back": lambda: triage.with_entry(body, put_back) if put_back and not triage.entry_of(body, key) else body,
    }[act]()
    keep(request, row, changed, request.POST.get("seen", ""))
    return redirect(reverse("triage_forms:form", args=[row.pk]) + f"#q-{key}")


class TakeOff(FormPage):
    """Takes a question off the draft; words that no version has are shown first, as nothing brings them back."""

    template_name = "hotline/admin/triage_off.html"
    http_method_names = ("post",)

    def post(self, request, **kwargs):
        """Ask where words would be lost; done at once where none are."""
        key, (body, _digest) = request.POST.get("key", ""), draft_body(self.country)
        entry = triage.entry_of(body, key)
        if entry is not None and (lost := self._lost(entry)):
            return self._ask(entry, lost)
        keep(request, self.country, triage.without(body, key), request.POST.get("seen", ""))
        return redirect("triage_forms:form", self.country.pk)

    def _lost(self, entry: dict) -> list[Lost]:
        """Return the words of which the person was not told yet that they would go."""
        if entry["key"] in triage.FIXED or self.request.POST.get("sure") == triage.digest_of(entry):
            return []
        return lost_words(entry, triage.kept_entry(earlier_bodies(self.country), entry["key"]))

    def _ask(self, entry: dict, lost: list[Lost]):
        """Show the words that would go, before they go."""
        seen, sure = self.request.POST.get("seen", ""), triage.digest_of(entry)
        context = self.get_context_data(country=self.country, entry=entry, lost=lost, seen=seen, sure=sure)
        return self.render_to_response(context, status=409)


@require_POST
def add(request, country):
    """Add a question of the country's own to the draft; its words are written next."""
    row = country_of(request.user, country)
    form = NewQuestionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a step and an answer."))
        return redirect("triage_forms:form", row.pk)
    body, _digest = draft_body(row)
    bodies = [body, *form_history(row).values_list("body", flat=True)]
    entry = triage.new_entry(bodies, **form.cleaned_data)
    if not keep(request, row, triage.with_entry(body, entry), request.POST.get("seen", "")):
        return redirect("triage_forms:form", row.pk)
    return redirect("triage_forms:question", row.pk, entry["key"])


class Again(FormPage):
    """Lets the draft go, or begins it from an earlier version; where it says something of its own, that is shown first."""

    template_name = "hotline/admin/triage_again.html"
    leaf = gettext_lazy("The draft says something of its own")
    http_method_names = ("post",)

    def post(self, request, **kwargs):
        """Ask where words would be lost; done at once where none are."""
        row, number, seen = self.country, request.POST.get("version", ""), request.POST.get("seen", "")
        chosen = form_history(row).filter(number=number_in(number)).first() if number else None
        draft, after = draft_form(row), chosen.body if chosen else live_body(row)
        is_sure = draft is None or request.POST.get("sure") == draft.digest or (number and chosen is None)
        if not is_sure and triage.changes(live_body(row), draft.body) and triage.changes(draft.body, after):
            return self._ask(draft, number, differences(draft.body, after))
        if number:
            if chosen is not None and keep(request, row, chosen.body, seen):
                messages.success(request, _("The draft says now what that version says."))
            return redirect("triage_forms:form", row.pk)
        try:
            sheet_forms.drop_form(country=row, by=request.user, at=timezone.now(), seen=seen)
        except sheet_forms.FormChangedMeanwhile:
            messages.error(request, MEANWHILE)
        return redirect("triage_forms:form", row.pk)

    def _ask(self, draft, number, lost):
        """Name who saved the draft and what would go, before it goes."""
        name = names_of({draft.made_by}).get(draft.made_by, draft.made_by)
        context = self.get_context_data(
            country=self.country, draft=draft, number=number, differences=lost, drafted_by=name
        )
        return self.render_to_response(context, status=409)


class Publish(FormPage):
    """Lets new sheets begin with the draft; where operators would read another language, that is shown first."""

    template_name = "hotline/admin/triage_publish.html"
    leaf = gettext_lazy("Some languages await words")
    http_method_names = ("post",)

    def post(self, request, **kwargs):
        """Publish it, or say what stands against it; what is wrong with it stands on the page of the form."""
        told = {"seen": request.POST.get("seen", ""), "seen_live": number_in(request.POST.get("live", ""))}
        told["accepts"] = request.POST.get("sure", "")
        try:
            version = sheet_forms.publish_form(country=self.country, by=request.user, at=timezone.now(), **told)
        except sheet_forms.FormChangedMeanwhile:
            messages.error(request, MEANWHILE)
        except sheet_forms.FormRefused:
            messages.error(request, _("It was not published. What must be mended first stands below."))
        except sheet_forms.WordsAwaited as found:
            context = self.get_context_data(
                country=self.country, awaited=found.rows, live=told["seen_live"], seen=told["seen"]
            )
            return self.render_to_response(context, status=409)
        else:
            words = _(
                "Version %(number)s is published. New sheets begin with it; those begun before stay with theirs."
            )
            messages.success(request, words % {"number": version.number})
        return redirect("triage_forms:form", self.country.pk)
