"""The triage form of a country in the editor: its questions, a question in each language, what differs, publishing."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from accounts.queries import names_of
from hotline import triage
from hotline.actions import sheet_forms
from hotline.forms.sheet_forms import NewQuestionForm, QuestionForm
from hotline.queries.sheet_form_words import Lost, differences, fault_words, lost_words, steps_of, taken_off
from hotline.queries.sheet_forms import (
    countries_kept_by,
    draft_form,
    earlier_bodies,
    form_history,
    form_now,
    languages_of,
    live_body,
)
from hotline.views.versions import VersionsPage, number_in, version_words, with_standing

QUESTION_MEANWHILE = gettext_lazy(
    "Somebody else changed this question meanwhile. Yours stands below and is not saved. Look at theirs, then save again."
)
MEANWHILE = gettext_lazy("Somebody else changed this form meanwhile. Nothing was done; look at it as it is now.")


def _country(user, code: str):
    """Return a country whose form this person keeps, else raise 404."""
    return get_object_or_404(countries_kept_by(user), pk=code)


def _draft_body(country) -> tuple[dict, str]:
    """Return what is being drafted, else what sheets begin with now, and the digest of the draft, "" without one."""
    draft = draft_form(country)
    return (draft.body, draft.digest) if draft else (live_body(country), "")


class FormPage(VersionsPage):
    """A page about the triage form of one country."""

    header_icon = "form"
    place = ("triage_forms:index", gettext_lazy("Triage forms"))
    thing_place = "triage_forms:form"
    country = None

    def setup(self, request, *args, **kwargs):
        """Find the country before anything else."""
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated and "country" in kwargs:
            self.country = _country(request.user, kwargs["country"])

    def thing(self):
        """Return the country."""
        return self.country

    def thing_words(self):
        """Return the words for its form."""
        return _("Triage form, %(country)s") % {"country": self.country}

    def thing_name(self):
        """Return the name of the country."""
        return str(self.country)


class Index(FormPage):
    """The countries whose form a person keeps, each with where it stands."""

    template_name = "hotline/admin/triage_forms.html"

    def get(self, request):
        """Show the list."""
        rows = with_standing(countries_kept_by(request.user), "sheet_forms")
        return self.render_to_response(self.get_context_data(rows=rows))


class Form(FormPage):
    """The triage form of one country: what is wrong with the draft, what it changes, its questions, earlier versions."""

    template_name = "hotline/admin/triage_form.html"

    def get(self, request, **kwargs):
        """Show it."""
        country, draft, live = self.country, draft_form(self.country), form_now(self.country.pk)
        body, seen = _draft_body(country)
        history = list(form_history(country)[:50])
        names = names_of({one.published_by for one in history} | ({draft.made_by} if draft else set()))
        return self.render_to_response(self.get_context_data(
            country=country, draft=draft, live=live, seen=seen, steps=steps_of(body, languages_of(country)),
            off=taken_off(body, earlier_bodies(country)),
            faults=fault_words(body, triage.faults_of(body)), differences=differences(live_body(country), body),
            history=[(one, names.get(one.published_by, one.published_by)) for one in history],
            drafted_by=names.get(draft.made_by, draft.made_by) if draft else "", new_form=NewQuestionForm(),
        ))  # fmt: skip


class Question(FormPage):
    """One question of the draft, in each language."""

    template_name = "hotline/admin/triage_question.html"

    def setup(self, request, *args, **kwargs):
        """Find the question in the draft."""
        super().setup(request, *args, **kwargs)
        if self.country is None:
            return
        self.body, self.digest = _draft_body(self.country)
        self.entry = triage.entry_of(self.body, kwargs["key"])
        if self.entry is None:
            raise Http404

    @property
    def leaf(self):
        """Return the name of the question."""
        return self.form().asked.label or "–"

    def form(self, told=None) -> QuestionForm:
        """Return the form, filled with the question as it is drafted."""
        return QuestionForm(
            told,
            body=self.body,
            entry=self.entry,
            languages=languages_of(self.country),
            seen=triage.digest_of(self.entry),
        )

    def get(self, request, **kwargs):
        """Show the form."""
        return self._show(self.form())

    def post(self, request, **kwargs):
        """Keep the question in the draft."""
        form = self.form(request.POST)
        if not form.is_valid():
            return self._show(form, status=422)
        body = triage.with_entry(self.body, form.entry)
        if form.cleaned_data["seen"] != triage.digest_of(self.entry):
            messages.error(request, QUESTION_MEANWHILE)
            form.renewed()
            return self._show(form, status=409)
        if not _keep(request, self.country, body, self.digest):
            return self._show(form, status=409)
        messages.success(request, _("The draft is saved. New sheets begin with it once it is published."))
        return redirect("triage_forms:form", self.country.pk)

    def _show(self, form: QuestionForm, status: int = 200):
        return self.render_to_response(self.get_context_data(country=self.country, form=form), status=status)


class Version(FormPage):
    """One version with which sheets began, and what it changed."""

    template_name = "hotline/admin/triage_version.html"
    version = None

    @property
    def leaf(self):
        """Return the number of the version and when it was published."""
        return version_words(self.version)

    def get(self, request, number, **kwargs):
        """Show its questions, and what differs from the version before, else from the house's."""
        rows = form_history(self.country)
        row = self.version = get_object_or_404(rows, number=number)
        before = rows.filter(number__lt=number).first()
        old = before.body if before else triage.body_of(triage.HOUSE)
        return self.render_to_response(self.get_context_data(
            country=self.country, version=row, differences=differences(old, row.body), seen=_draft_body(self.country)[1],
            steps=steps_of(row.body, languages_of(self.country), row.pk),
        ))  # fmt: skip


def _keep(request, country, body: dict, seen: str) -> bool:
    """Keep a draft; say so and return False where somebody else changed it meanwhile."""
    try:
        sheet_forms.keep_form(country=country, body=body, by=request.user, at=timezone.now(), seen=seen)
    except sheet_forms.FormChangedMeanwhile:
        messages.error(request, MEANWHILE)
        return False
    return True


@require_POST
def change(request, country, act):
    """Move a question of the draft, or put back one that was taken off, as the newest version or the house has it."""
    row, key = _country(request.user, country), request.POST.get("key", "")
    body, _digest = _draft_body(row)
    put_back = triage.kept_entry(earlier_bodies(row), key) if act == "back" else None
    changed = {
        "up": lambda: triage.moved(body, key, up=True),
        "down": lambda: triage.moved(body, key, up=False),
        "back": lambda: triage.with_entry(body, put_back) if put_back and not triage.entry_of(body, key) else body,
    }[act]()
    _keep(request, row, changed, request.POST.get("seen", ""))
    return redirect(reverse("triage_forms:form", args=[row.pk]) + f"#q-{key}")


class TakeOff(FormPage):
    """Takes a question off the draft; words that no version has are shown first, as nothing brings them back."""

    template_name = "hotline/admin/triage_off.html"
    http_method_names = ("post",)

    def post(self, request, **kwargs):
        """Ask where words would be lost; done at once where none are."""
        key, (body, _digest) = request.POST.get("key", ""), _draft_body(self.country)
        entry = triage.entry_of(body, key)
        if entry is not None and (lost := self._lost(entry)):
            return self._ask(entry, lost)
        _keep(request, self.country, triage.without(body, key), request.POST.get("seen", ""))
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
    row = _country(request.user, country)
    form = NewQuestionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a step and an answer."))
        return redirect("triage_forms:form", row.pk)
    body, _digest = _draft_body(row)
    bodies = [body, *form_history(row).values_list("body", flat=True)]
    entry = triage.new_entry(bodies, **form.cleaned_data)
    if not _keep(request, row, triage.with_entry(body, entry), request.POST.get("seen", "")):
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
            if chosen is not None and _keep(request, row, chosen.body, seen):
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


@require_POST
def publish(request, country):
    """Let new sheets begin with the draft; what is wrong with it stands on the page."""
    row = _country(request.user, country)
    told = {"seen": request.POST.get("seen", ""), "seen_live": number_in(request.POST.get("live", ""))}
    try:
        version = sheet_forms.publish_form(country=row, by=request.user, at=timezone.now(), **told)
    except sheet_forms.FormChangedMeanwhile:
        messages.error(request, MEANWHILE)
    except sheet_forms.FormRefused:
        messages.error(request, _("It was not published. What must be mended first stands below."))
    else:
        words = _("Version %(number)s is published. New sheets begin with it; those begun before stay with theirs.")
        messages.success(request, words % {"number": version.number})
    return redirect("triage_forms:form", row.pk)
