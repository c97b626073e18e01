"""The triage form of a country in the editor: its questions, a question in each language, what differs, earlier versions."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin import messages

from accounts.queries import names_of
from hotline import triage
from hotline.actions import sheet_forms
from hotline.forms.sheet_forms import NewQuestionForm, QuestionForm
from hotline.queries.sheet_form_awaits import awaited_by, awaiting
from hotline.queries.sheet_form_words import differences, fault_words, steps_of, taken_off
from hotline.queries.sheet_forms import (
    countries_kept_by,
    draft_form,
    earlier_bodies,
    form_history,
    form_now,
    languages_of,
    live_body,
)
from hotline.views.versions import VersionsPage, version_words, with_standing
from languages.text import listed

QUESTION_MEANWHILE = gettext_lazy(
    "Somebody else changed this question meanwhile. Yours stands below and is not saved. Look at theirs, then save again."
)
AWAITING = gettext_lazy(
    "These languages await words for the new English: %(languages)s. What was said before stands beside each field, marked"
    " as out of date; operators read it so too."
)
MEANWHILE = gettext_lazy("Somebody else changed this form meanwhile. Nothing was done; look at it as it is now.")


def country_of(user, code: str):
    """Return a country whose form this person keeps, else raise 404."""
    return get_object_or_404(countries_kept_by(user), pk=code)


def draft_body(country) -> tuple[dict, str]:
    """Return what is being drafted, else what sheets begin with now, and the digest of the draft, "" without one."""
    draft = draft_form(country)
    return (draft.body, draft.digest) if draft else (live_body(country), "")


def keep(request, country, body: dict, seen: str) -> bool:
    """Keep a draft; say so and return False where somebody else changed it meanwhile."""
    try:
        sheet_forms.keep_form(country=country, body=body, by=request.user, at=timezone.now(), seen=seen)
    except sheet_forms.FormChangedMeanwhile:
        messages.error(request, MEANWHILE)
        return False
    return True


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
            self.country = country_of(request.user, kwargs["country"])

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
        body, seen = draft_body(country)
        history = list(form_history(country)[:50])
        names = names_of({one.published_by for one in history} | ({draft.made_by} if draft else set()))
        return self.render_to_response(self.get_context_data(
            country=country, draft=draft, live=live, seen=seen, steps=steps_of(body, languages_of(country)),
            off=taken_off(body, earlier_bodies(country)),
            awaited=awaited_by(body, live_body(country), languages_of(country)),
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
        self.body, self.digest = draft_body(self.country)
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
        if not keep(request, self.country, body, self.digest):
            return self._show(form, status=409)
        messages.success(request, _("The draft is saved. New sheets begin with it once it is published."))
        if waiting := awaiting(form.entry):
            names = listed((one.own for one in waiting), get_language())
            messages.warning(request, AWAITING % {"languages": names})
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
            country=self.country, version=row, differences=differences(old, row.body), seen=draft_body(self.country)[1],
            steps=steps_of(row.body, languages_of(self.country), row.pk),
        ))  # fmt: skip
