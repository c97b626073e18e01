"""The editor: source beside target, one text open; and what is decided about texts."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from accounts.rules import allowed
from cms.desk import actions, editing, queries
from cms.desk.forms import DecisionForm, TargetForm, WholeForm
from cms.desk.views.review import one_text
from cms.desk.views.things import permitted_thing
from cms.desk.words import sentence
from cms.rules import RULES
from languages import actions as language_actions
from languages import queries as language_queries
from languages.choices import State
from languages.models import Segment, Unit

SAVED = "desk_saved"  # what the next editor page says beside its buttons

REFUSALS = (
    language_actions.MachineDraftUnread,
    language_actions.SourceChangedSinceDraft,
    language_actions.SecondPersonNeeded,
    language_actions.NothingToSend,
    language_actions.TargetChangedMeanwhile,
    language_actions.NothingApproved,
)


class Editor(TemplateView):
    """All texts of a thing in a language; one of them open to write."""

    template_name = "desk/editor.html"

    def get_context_data(self, **kwargs):
        """Add the lines, with everything that helps to translate the open one."""
        thing = permitted_thing(self.request, kwargs["model"], kwargs["pk"], kwargs["language"])
        context = editing.page(thing, kwargs["language"], self.request.user, self.request.GET)
        context["saved"] = self.request.session.pop(SAVED, "")
        return super().get_context_data(**kwargs) | context


@require_POST
def save(request, model, pk, language, segment):
    """Keep one text; go to the next, stay, or send it to review."""
    thing = permitted_thing(request, model, pk, language)
    line = get_object_or_404(language_queries.segments_of(thing), pk=segment)
    form = TargetForm(request.POST)
    if not form.is_valid():
        return _again(
            request, thing, language, line, form, [str(error) for found in form.errors.values() for error in found]
        )
    act = actions.save_and_submit if form.cleaned_data["then"] == "review" else actions.save
    try:
        unit = act(
            segment=line, language=language, text=form.cleaned_data["text"], version=form.cleaned_data["version"],
            source=form.cleaned_data["source"], by=request.user, at=timezone.now(),
        )  # fmt: skip
    except actions.EmptiesText:
        words = _("Write something first."), _("Nothing was changed.")
        return _again(request, thing, language, line, form, [" ".join(words)])
    except language_actions.TargetRefused as error:
        return _again(request, thing, language, line, form, [sentence(fault) for fault in error.faults])
    except language_actions.TargetChangedMeanwhile as error:
        return _again(request, thing, language, line, form, [], theirs=error.unit, status=409)
    after = editing.next_segment(thing, language, line) if form.cleaned_data["then"] != "stay" else line
    request.session[SAVED] = _kept(unit)
    return redirect(f"{queries.thing_address('thing', thing, language, unit=after.pk)}#open")


def _kept(unit: Unit) -> str:
    """Return how a text was kept, in words: as a draft, or waiting for review."""
    if unit.state == State.DRAFT:
        return ngettext("%(count)s text is kept as draft.", "%(count)s texts are kept as drafts.", 1) % {"count": 1}
    if unit.state == State.IN_REVIEW:
        return ngettext("%(count)s text waits for review.", "%(count)s texts wait for review.", 1) % {"count": 1}
    return _("Nothing was changed.")


def _again(request, thing, language: str, line: Segment, form, faults, theirs: Unit | None = None, status: int = 422):
    """Show the editor with what the person wrote, and what is wrong with it or whose text stands there now."""
    written = form.data.get("text", "")
    context = editing.page(thing, language, request.user, {"unit": line.pk}, written.strip())
    context |= {"written": written, "faults": faults, "theirs": theirs, "has_written": bool(written.strip())}
    return render(request, "desk/editor.html", context, status=status)


@require_POST
def decide(request, pk):
    """Carry out what a person decides about one text, as her page showed it."""
    unit = get_object_or_404(Unit.objects.select_related("segment", "content_type"), pk=pk)
    kind = unit.content_type
    thing = permitted_thing(request, f"{kind.app_label}.{kind.model}", unit.object_id, unit.language)
    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            _carry_out(request, form.cleaned_data, unit, thing)
        except actions.ChangedSinceSeen:
            return _as_it_is_now(request, form.cleaned_data, thing, Unit.objects.get(pk=pk))
    else:
        for found in form.errors.values():
            messages.error(request, " ".join(found))
    if form.data.get("back") == "review":
        return redirect("desk:review", unit.language)
    return redirect(f"{queries.thing_address('thing', thing, unit.language, unit=unit.segment_id)}#open")


def _as_it_is_now(request, chosen: dict, thing, unit: Unit):
    """Show a text that changed since the page was made, with the reason that was typed; nothing was written."""
    told = {"overtaken": True, "verb": chosen["verb"], "reason": chosen["reason"]}
    if chosen["back"] == "review" and unit.state == State.IN_REVIEW:
        return render(request, "desk/review.html", one_text(request.user, unit) | told, status=409)
    context = editing.page(thing, unit.language, request.user, {"unit": unit.segment_id})
    return render(request, "desk/editor.html", context | told, status=409)


def _carry_out(request, chosen: dict, unit: Unit, thing) -> None:
    verb, now = chosen["verb"], {"seen": chosen["seen"], "by": request.user, "at": timezone.now()}
    if verb == "read" and not allowed(request.user, RULES, "read_as_native", unit.language):
        raise Http404
    acts = {
        "submit": lambda: actions.submit(unit=unit, **now),
        "approve": lambda: actions.approve(unit=unit, **now),
        "return": lambda: actions.send_back(unit=unit, reason=chosen["reason"], **now),
        "confirm": lambda: actions.confirm(unit=unit, **now),
        "read": lambda: actions.read_as_native(unit=unit, **now),
        "withdraw": lambda: actions.withdraw(thing=thing, unit=unit, reason=chosen["reason"], **now),
    }
    try:
        acts[verb]()
    except language_actions.TargetRefused as error:
        messages.error(request, " ".join(sentence(fault) for fault in error.faults))
    except REFUSALS as error:
        messages.error(request, editing.refusal(error))


@require_POST
def whole(request, model, pk, language):
    """Carry out what a person does with all texts of a thing in a language, as her page listed them."""
    thing = permitted_thing(request, model, pk, language)
    form = WholeForm(request.POST)
    if not form.is_valid():
        raise Http404
    try:
        messages.success(request, _all(request, form.cleaned_data, thing, language))
    except actions.ChangedSinceSeen:
        context = editing.page(thing, language, request.user, {}) | {"whole_overtaken": True}
        return render(request, "desk/editor.html", context, status=409)
    except actions.NothingLeft:
        messages.info(request, _("Nothing is left to do here. Nothing was changed."))
    except language_actions.TargetRefused as error:
        messages.error(request, " ".join(sentence(fault) for fault in error.faults))
    except REFUSALS as error:
        messages.error(request, editing.refusal(error))
    return redirect(queries.thing_address("thing", thing, language))


def _all(request, chosen: dict, thing, language: str) -> str:
    """Do it and return what to say."""
    now = {"seen": chosen["seen"], "by": request.user, "at": timezone.now()}
    if chosen["verb"] == "publish":
        count = actions.publish(thing=thing, language=language, **now)
        return ngettext("%(count)s text is live.", "%(count)s texts are live.", count) % {"count": count}
    if chosen["verb"] == "submit":
        count = actions.submit_all(thing=thing, language=language, **now)
        words = ngettext("%(count)s text waits for review.", "%(count)s texts wait for review.", count)
        return words % {"count": count}
    if not allowed(request.user, RULES, "read_as_native", language):
        raise Http404
    actions.read_all(thing=thing, language=language, **now)
    return _("Noted: a native reader has read all of it.")
