"""Pages that edit: a step, its ways, a role, a question, the settings; add and remove steps."""

import re

from django.core.exceptions import ValidationError
from django.forms import CharField
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin import messages

from accounts.forms.differences import Difference, differences
from languages.text import whole
from referral import actions
from referral.forms.pathway_rows import Escalations, Ways, Windows
from referral.forms.pathways import (
    FactForm,
    ProfileForm,
    RoleForm,
    SettingsForm,
    StepForm,
)
from referral.models import Fact, PathwayRole, SharingProfile, Step
from referral.queries import editing
from referral.wagtail_hooks.base import PathwayPage

WINDOW_TEXT = re.compile(r"window-\d+-reference")


class EditPart(PathwayPage):
    """A form page for one row of the working copy."""

    needs_edit = True
    model = Step
    form_class = StepForm
    template_name = "referral/admin/part.html"
    owner = "pathway"

    def setup(self, request, *args, **kwargs):
        """Find the row with its pathway."""
        super().setup(request, *args, **kwargs)
        self.told = request.POST or None
        if request.user.is_authenticated:
            self.part = self.find_part(kwargs)
            if self.part is None:
                self.get = self.post = self.show_gone

    def lookup(self, kwargs):
        """Find the pathway by the row, or by the name that the form of a row bears which was removed meanwhile."""
        told = self.request.POST.get("part", "")
        gone = told and not self.model.objects.filter(pk=kwargs["part"]).exists()
        left = editing.removed_from(self.model, told) if gone else None
        return {"pk": left} if left else {f"{self.model._meta.model_name}_rows__pk": kwargs["part"]}

    def find_part(self, kwargs):
        """Return the row itself, or None when it was removed."""
        return self.model.objects.select_related("pathway").filter(pk=kwargs["part"]).first()

    def get_page_subtitle(self):
        """Return the row's words."""
        return str(self.part or "")

    def show_gone(self, request, **kwargs):
        """Say that the row was removed meanwhile, and give back what was typed."""
        self.template_name = "referral/admin/gone.html"
        return self.render_to_response(self.get_context_data(typed=self.typed()), status=410)

    def typed(self) -> list[tuple[str, str]]:
        """Return the texts that were sent, each with its label."""
        told = {name: str(value).strip() for name, value in (self.told or {}).items()}
        texts = [
            (field.label, told.get(name))
            for name, field in self.form_class.base_fields.items()
            if isinstance(field, CharField) and not field.widget.is_hidden
        ]
        further = [words for name, words in told.items() if WINDOW_TEXT.fullmatch(name)]
        return [
            (label, words) for label, words in [*texts, *((_("Further deadlines"), row) for row in further)] if words
        ]

    def get_form(self):
        """Return the form, filled or sent."""
        return self.form_class(self.told, instance=self.part, seen=self.pathway.edit_number)

    def get(self, request, **kwargs):
        """Show the form."""
        return self.render_form(self.get_form())

    def post(self, request, **kwargs):
        """Save, or show what to mend."""
        form = self.get_form()
        if not form.is_valid():
            return self.render_form(form)
        try:
            differs = self.save(form)
        except self.model.DoesNotExist:  # gone since this request began
            return self.show_gone(request)
        except actions.PathwayChangedMeanwhile as error:
            return self.show_both(str(error))
        except ValidationError as error:
            return self.refused(form, " ".join(error.messages), 400)
        saved = _("Saved in the working copy. Signatures under it are void; running cases do not change.")
        messages.success(request, saved if differs else _("Nothing was changed."))
        return redirect(self.back())

    def save(self, form) -> bool:
        """Save through one action; tell whether anything differs."""
        return bool(actions.save_part(
            part=self.part, changes=form.changes, change=form.cleaned_data["change"], by=self.request.user,
            at=timezone.now(), seen=form.cleaned_data["seen"],
        ))  # fmt: skip

    def show_both(self, sentence: str):
        """Show what was sent beside what stands now; saving it again is a new act on what stands now."""
        self.pathway.refresh_from_db()
        self.part = self.find_part(self.kwargs)
        if self.part is None:  # gone a moment ago
            return self.show_gone(self.request)
        self.take_up()
        self.told["seen"] = str(self.pathway.edit_number)
        sent = self.get_form()
        sent.is_valid()
        self.part = self.find_part(self.kwargs)
        return self.refused(sent, sentence, 409, stands=self.standing(sent))

    def take_up(self):
        """Let what was not changed be what stands now."""
        self.told = self.get_form().taken_up(self.form_class(instance=self.find_part(self.kwargs)))

    def standing(self, sent) -> list:
        """Return where what was sent differs from what stands now."""
        return differences(self.form_class(instance=self.part), sent)

    def refused(self, form, sentence: str, status: int, **context):
        """Show the form again with a sentence that stands for the whole of it."""
        form.add_error(None, sentence)
        response = self.render_form(form, **context)
        response.status_code = status
        return response

    def render_form(self, form, **context):
        """Render the page."""
        languages = editing.translations_of(self.part, self.pathway)
        return self.render_to_response(
            self.get_context_data(form=form, part=self.part, translations=languages, back=self.back(), **context)
        )

    def back(self) -> str:
        """Return where saving leads."""
        return reverse("pathways:detail", args=[self.pathway.pk])


class EditStep(EditPart):
    """A step and who is told when it is late."""

    template_name = "referral/admin/step.html"
    let_be = frozenset()  # the rows that were sent as they were shown, while others changed them

    def take_up(self):
        """Let the rows that were not changed be what stands now, too."""
        super().take_up()
        rows = [self.get_rules(), self.get_windows()]
        self.let_be = {one.prefix for one in rows if not one.is_touched}

    def told_rows(self, prefix: str):
        """Return what was sent, for rows that count as the sender's."""
        return None if prefix in self.let_be else self.told

    def get_rules(self):
        """Return the escalations, filled or sent."""
        roles = [(role.key, role.name_en) for role in self.pathway.pathwayrole_rows.all()]
        rows = [{"offset": rule.offset, "to": rule.to, "action": rule.action} for rule in self.part.escalations.all()]
        return Escalations(self.told_rows("late"), initial=rows, prefix="late", form_kwargs={"roles": roles})

    def get_windows(self):
        """Return the further deadlines, filled or sent."""
        windows = list(self.part.windows.all())
        names = ("amount", "unit", "anchor", "deadline_type", "basis", "reference")
        initial = [{name: getattr(window, name) for name in names} for window in windows]
        facts = list(self.pathway.fact_rows.prefetch_related("choices"))
        return Windows(
            self.told_rows("window"), initial=initial, whens=[window.when for window in windows], prefix="window",
            form_kwargs={"step": self.part, "facts": facts},
        )  # fmt: skip

    def render_form(self, form, **context):
        """Show further deadlines and escalations below the step."""
        has_time = "amount" in form.fields
        rules = self.get_rules() if "role" in form.fields else None
        return super().render_form(form, rules=rules, windows=self.get_windows() if has_time else None, **context)

    def standing(self, sent) -> list:
        """Add who is told when the step is late, and the further deadlines, where they differ."""
        found, stands = super().standing(sent), editing.step_row_of(self.part)
        if "role" in sent.fields and self.get_rules().differs:
            found.append(Difference(_("If it is late"), " · ".join(stands.late) or "–", _("as below")))
        if "amount" in sent.fields and self.get_windows().differs:
            found.append(Difference(_("Further deadlines"), " · ".join(stands.deadlines[1:]) or "–", _("as below")))
        return found

    def save(self, form) -> bool:
        """Save the step with its rows in one action; a row with a fault stops everything."""
        told = self.get_rules() if "role" in form.fields else None
        windows = self.get_windows() if "amount" in form.fields else None
        if told is not None and not told.is_valid():
            raise ValidationError(
                _("Look at who is told when the step is late: a row is not complete, or stands twice.")
            )
        if windows is not None and not windows.is_valid():
            raise ValidationError(_("Look at the further deadlines: one of them is not complete."))
        escalations, further = (
            rows.rows if rows is not None and rows.is_touched else None for rows in (told, windows)
        )
        return actions.edit_step(
            step=self.part, changes=form.changes, change=form.cleaned_data["change"], by=self.request.user,
            at=timezone.now(), seen=form.cleaned_data["seen"], escalations=escalations, windows=further,
        )  # fmt: skip


class EditWays(EditPart):
    """The ways out of a step, in the order in which they are tried."""

    template_name = "referral/admin/ways.html"

    def get_form(self):
        """Return the ways, filled or sent."""
        ways = list(self.part.ways.select_related("to_step"))
        initial = [{"to_step": way.to_step_id, "outcome": way.outcome, "on_unknown": way.on_unknown} for way in ways]
        facts = list(self.pathway.fact_rows.prefetch_related("choices"))
        return Ways(
            self.told, initial=initial, whens=[way.when for way in ways], prefix="ways",
            form_kwargs={"step": self.part, "facts": facts},
        )  # fmt: skip

    def render_form(self, form, **context):
        """Show the ways."""
        conditions = editing.conditions_of(self.part)
        return super().render_form(form, conditions=conditions, seen=self.pathway.edit_number, **context)

    def take_up(self):
        """Keep what was sent: the ways count as one."""
        self.told = self.told.copy()

    def standing(self, sent) -> list:
        """Return the ways as they stand, in words."""
        stands = " · ".join(f"{number}. {way}" for number, way in enumerate(editing.ways_of(self.part), 1))
        return [Difference(_("Ways"), stands or "–", _("as below"))]

    def refused(self, form, sentence: str, status: int, **context):
        """Show the ways again with a sentence above them."""
        messages.error(self.request, sentence)
        response = self.render_form(form, **context)
        response.status_code = status
        return response

    def save(self, form) -> bool:
        """Save all ways in one action; those sent as they were shown are nobody's change."""
        return form.is_touched and actions.set_ways(
            step=self.part, rows=form.rows, by=self.request.user, at=timezone.now(),
            seen=whole(self.request.POST.get("seen", "")),
        )  # fmt: skip


class EditRole(EditPart):
    """A role of the pathway."""

    model = PathwayRole
    form_class = RoleForm


class EditFact(EditPart):
    """A question of the pathway."""

    model = Fact
    form_class = FactForm


class EditProfile(EditPart):
    """What may be shared, field by field."""

    model = SharingProfile
    form_class = ProfileForm


class EditSettings(EditPart):
    """The pathway's own words, languages and dates."""

    form_class = SettingsForm

    def lookup(self, kwargs):
        """Find the pathway by its own key."""
        return {"pk": kwargs["pk"]}

    def find_part(self, kwargs):
        """Return the pathway: it is its own row here."""
        return self.pathway

    def get_page_subtitle(self):
        """Name the page, not the pathway again."""
        return _("Title, languages, dates")
