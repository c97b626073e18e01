"""Courses, lessons, questions and scenarios in the editor."""

from collections.abc import Iterable, Iterator

from django import forms
from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Country
from languages.revisions import Change, SourceForm, SourcePageForm
from languages.text import listed
from training import progress, queries, scenarios
from training.blocks import PRACTICE_ONLY
from training.choices import (
    SCENARIO_FAULTS,
    WAY_TO_FAULT,
    ChangeReason,
    Form,
    Objective,
    Track,
)
from training.forms.countries import refused_moves
from training.forms.staying import StaysInCourse, refuse_doubled
from training.models import Course, Lesson


class KeyStays:
    """A form of a thing whose key others refer to: once it was published, the key is shown and stays."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and (self.instance.live or self.instance.first_published_at) and "key" in self.fields:
            self.fields["key"].disabled = True


def _tracks(of: type[Model] = Lesson) -> forms.MultipleChoiceField:
    """Return the field in which groups of readers are ticked, in the words of the model.

    Of a lesson or question those of whom it is asked; of a course those among which a reader chooses.
    """
    column = of._meta.get_field("tracks")
    return forms.MultipleChoiceField(
        label=capfirst(column.verbose_name), help_text=column.help_text, choices=Track, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip


class AsksKind:
    """A form that asks, at publish, which kind of change it is, and for a reason where that is less than proposed.

    It asks where readers have the thing and would read something else; of what is new, what is proposed counts.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not getattr(self.instance, "has_unpublished_changes", False):
            self.initial["lowered_because"] = ""  # of the last publishing; a draft keeps its own, as it keeps its kind
        if "change" in self.fields:
            self.fields["change"].help_text = (
                ""
                if self._is_read()
                else _(
                    "What this edit means for readers of the other languages. Left empty, what “What publishing does” "
                    "proposes counts; a material change is to be chosen."
                )
            )

    def _post_clean(self):
        """Compare what the form holds with what readers have, once it is in the instance."""
        super()._post_clean()
        if self.errors or not self._goes_out():
            return
        proposed, chosen = self._proposal(), self.cleaned_data.get("change", "")
        is_open = not chosen and bool(proposed.change) and self._is_read()
        if is_open:
            self.add_error("change", self.fields["change"].error_messages["required"])
        elif not chosen and proposed.change != Change.MATERIAL:
            self.instance.change = proposed.change  # new, and nothing chosen: what is proposed beside it
        if not proposed.is_above(chosen):
            self.instance.lowered_because = ""
        if is_open or proposed.is_above(chosen) and not self.instance.lowered_because:
            self._name_proposal(proposed)

    def _name_proposal(self, proposed) -> None:
        """Say beside the question which kind is proposed, and why; less than wording there is none."""
        because = listed((str(ChangeReason(code).label) for code in proposed.reasons), get_language())
        told = _("Proposed: %(change)s, because %(because)s. Choose it, or say below why it is less.")
        if proposed.change == Change.WORDING:
            told = _("Proposed: %(change)s, because %(because)s. Choose it, or the kind that it is.")
        kind = Change(proposed.change).label
        self.add_error("change", forms.ValidationError(told, params={"change": kind, "because": because}))

    def _is_read(self) -> bool:
        """Tell whether readers have an earlier text of it."""
        return bool(self.instance.pk) and self.instance.live

    def _goes_out(self) -> bool:
        """Tell whether this press is meant for readers; anything else keeps a draft."""
        return "action-publish" in self.data

    def _proposal(self):
        return queries.proposal_for(self.instance)


class QuestionForm(AsksKind, KeyStays, StaysInCourse, SourceForm):
    """A question of a test; what tests cannot ask stays a draft."""

    tracks = _tracks()

    def clean(self):
        """Refuse a group of readers that the course does not know, and to publish a short text, or an id twice.

        A test would mark one word where several are as right.
        """
        cleaned = super().clean()
        if course := cleaned.get("course"):
            refuse_foreign_tracks(self, course)
        body = cleaned.get("body_en")
        stands = bool(self.instance.pk) and self.instance.live
        goes_live = stands or "action-publish" in self.data or bool(cleaned.get("go_live_at"))
        if body and body[0].block_type in PRACTICE_ONLY and goes_live:
            self.add_error("body_en", _("A short text is for practice: put it into a lesson. No test asks it."))
        if "action-publish" in self.data:
            refuse_doubled(self)
        return cleaned

    def _post_clean(self):
        """Refuse to publish a change by which its live course could not fill a test any more; a draft may be kept."""
        super()._post_clean()
        lacks = queries.lacks_with(self.instance) if self._goes_out() and not self.errors else []
        for lack in lacks[:1]:
            self.add_error(None, said_of_need(lack))


class LessonForm(AsksKind, SourcePageForm):
    """A lesson; it may be for some groups of readers only, and leads to scenarios of its own course only.

    Its readers play and keep the scenarios there.
    """

    tracks = _tracks()
    objectives = forms.MultipleChoiceField(
        label=capfirst(_("teaches")), choices=Objective, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Who answers a question of this kind wrongly in a test is sent to this lesson again."),
    )  # fmt: skip

    def clean(self):
        """Refuse a group of readers that the course does not know, and a scenario of another course, with its name."""
        cleaned = super().clean()
        path = self.parent_page.path[: -self.parent_page.steplen]
        course = Course.objects.filter(path=path).first()
        if course:
            refuse_foreign_tracks(self, course)
        for block in cleaned.get("body_en") or ():
            chosen = block.value["scenario"] if block.block_type == "scenario" else None
            if chosen is not None and chosen.course.path != path:
                told = _("“%(heading)s” is a scenario of another course. Choose one of this course.")
                self.add_error("body_en", told % {"heading": chosen.heading_en})
        return cleaned

    def save(self, commit=True):
        """Begin a new lesson as a draft, whichever button was pressed: it goes live by its first publishing."""
        if self.instance._state.adding:
            self.instance.live = False
        return super().save(commit=commit)


def refuse_foreign_tracks(form, course: Course) -> None:
    """Refuse groups of readers among whom nobody chooses in this course."""
    foreign = [track for track in form.cleaned_data.get("tracks", []) if track not in course.tracks]
    if foreign:
        told = _("The course does not have these groups of readers: %(tracks)s. Add them to the course first.")
        form.add_error("tracks", told % {"tracks": listed((str(Track(one).label) for one in foreign), get_language())})


class ScenarioForm(AsksKind, KeyStays, StaysInCourse, SourceForm):
    """A scenario; what is published can be played from its first scene to each end."""

    def clean(self):
        """Refuse to publish a story that cannot be played: each fault with its node and the way there."""
        cleaned = super().clean()
        if "action-publish" in self.data and not self.errors.get("nodes_en"):
            blocks = cleaned["nodes_en"].get_prep_value()
            for fault in scenarios.faults_of(scenarios.graph_of_blocks(cleaned.get("start", ""), blocks)):
                self.add_error("nodes_en", told_fault(fault))
        return cleaned


def told_fault(fault: scenarios.Fault) -> str:
    """Return what is wrong with a scenario, as a sentence, with the way that leads there where there is one."""
    told = SCENARIO_FAULTS[fault.code] % vars(fault)
    return WAY_TO_FAULT % {"fault": told, "path": " → ".join(fault.path)} if len(fault.path) > 1 else told


class CourseForm(AsksKind, KeyStays, SourcePageForm):
    """A course; its tests can be drawn and passed with the questions that there are."""

    tracks = _tracks(of=Course)

    def clean(self):
        """Refuse a plan that the bank cannot fill, and a pass rule that nobody can meet, with the numbers."""
        cleaned = super().clean()
        self._refuse_foreign_countries(cleaned)
        plan, minimum = self._plan(), cleaned.get("pass_minimum")
        places = [(form, objective) for form, objective, _count in plan]
        if len(set(places)) < len(places):
            self.add_error(None, _("The plan has two rows for one form and objective. Keep one, with the sum."))
        by_form = progress.asked_by_form(plan)
        for form in [form for form, count in by_form.items() if count > progress.MOST_ASKED]:
            told = {"form": Form(form).label, "asked": by_form[form], "most": progress.MOST_ASKED}
            words = _("%(form)s: the plan asks %(asked)s questions. A test has %(most)s at most: lower the numbers.")
            self.add_error(None, words % told)
        asked = by_form.get(Form.POST, 0)
        if asked and minimum and minimum > asked:
            told = _("The test has %(draw)s questions: choose that number or fewer.") % {"draw": asked}
            self.add_error("pass_minimum", told)
        if self._is_for_readers():
            for lack in queries.lacks_of(self.instance, plan, cleaned.get("tracks", [])):
                self.add_error(None, said_of(lack))
        if "action-publish" in self.data:
            modules = None if self.instance.live else queries.unread_modules(self.instance)
            for words in said_of_emptiness(modules, plan):
                self.add_error(None, words)
        return cleaned

    def _refuse_foreign_countries(self, cleaned) -> None:
        """Refuse to put a course into another country, or to take it off there: a manager decides for her own alone.

        Published, it is compared with what readers have: a draft in hand may be somebody else's.
        """
        if "countries" in cleaned:
            for told in refused_moves(self.for_user, self._countries_before(), cleaned["countries"]):
                self.add_error("countries", told)

    def _countries_before(self) -> Iterable[Country]:
        """Return the countries of the draft in hand; where it goes out, those in which readers have or had the course."""
        if not self.instance.pk:
            return ()
        was_out = self._goes_out() and self.instance.first_published_at
        return (Course.objects.get(pk=self.instance.pk) if was_out else self.instance).countries.all()

    def _proposal(self):
        """Compare with plan and countries as they are typed: they come into the course only when the form is saved."""
        return queries.proposal_for(
            self.instance, self._plan(), [country.pk for country in self.cleaned_data.get("countries", ())]
        )

    def _plan(self) -> list[tuple[int, str, int]]:
        """Return the plan as it is typed."""
        rows = self.formsets["blueprint"].forms if "blueprint" in self.formsets else []
        kept = [row.cleaned_data for row in rows if row.is_valid() and not row.cleaned_data.get("DELETE")]
        return [(row["form"], row["objective"], row["count"]) for row in kept if row.get("form") and row.get("count")]

    def _is_for_readers(self) -> bool:
        """Tell whether the course goes to readers; a draft waits for its questions."""
        return self.instance.live or "action-publish" in self.data


def said_of_emptiness(modules: list[str] | None, plan: list[tuple[int, str, int]]) -> Iterator[str]:
    """Yield what a course lacks before anybody can take it: a module, a lesson, the test at its end."""
    if modules:
        told = _("No lesson is published yet in %(modules)s. Publish a lesson there first, then the course.")
        yield told % {"modules": listed((f"“{one}”" for one in modules), get_language())}
    elif modules is not None:
        yield _(
            "The course has no published module yet. Save it as a draft, publish a module and a lesson, then the course."
        )
    if not any(form == Form.POST and count for form, _objective, count in plan):
        yield _(
            "The course has no test yet: add a row to its plan that says how many questions are asked after the course."
        )


def said_of_need(lack: progress.Lack) -> str:
    """Return why a question stays as it is: what its course would lack, in words."""
    return _("This question stays: the plan of its course needs it. %(lack)s") % {"lack": said_of(lack)}


def said_of(lack: progress.Lack) -> str:
    """Return what is missing for a row of the plan, in words."""
    words = {
        "form": Form(lack.form).label,
        "objective": Objective(lack.objective).label if lack.objective else _("any objective"),
        "asked": lack.asked,
        "there": lack.there,
        "track": Track(lack.track).label if lack.track else "",
    }
    if lack.track:
        return (
            _(
                "%(form)s, %(objective)s, for “%(track)s”: the plan asks %(asked)s, the bank holds %(there)s. Lower the "
                "number, or publish more questions first."
            )
            % words
        )
    return (
        _(
            "%(form)s, %(objective)s: the plan asks %(asked)s, the bank holds %(there)s. Lower the number, or publish more "
            "questions first."
        )
        % words
    )
