"""The bank: questions from which tests are drawn by a plan, and what is true in one country only."""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.models import DraftStateMixin, LockableMixin, PreviewableMixin, RevisionMixin

from languages.revisions import PREVIEWS, Change, SourceForm, SourceOnlyRevisions
from training import blocks, scenarios
from training.choices import Form, Objective, Slot, SourceKind
from training.fields import StreamField
from training.models.changes import CHANGE_PANELS, MayLower

KINDS_OF_QUESTIONS = _(
    "A test asks one answer, several answers, pairs, an order or a number. A short text is for practice in a lesson: here it "
    "stays a draft, since a word may be as right as the listed ones and not be among them."
)


class BrokenScenario(ValueError):
    """Raised when a scenario that cannot be played would be published; open it and press Publish to see its faults."""

    def __init__(self, key: str):
        super().__init__(f"The scenario {key} cannot be played as it stands.")


class PublishedElsewhere(ValueError):
    """Raised when a question or story would be published in another course than before; copy it there instead."""

    def __init__(self, key: str):
        super().__init__(f"{key} was published in another course and stays there.")


class DoubledQuestion(ValueError):
    """Raised when two questions of one course would bear the same id; copy the new one in the editor, publish the copy."""

    def __init__(self, key: str, other: str):
        super().__init__(f"The question {key} bears the same id as {other}.")


class OfOneCourse:
    """Mixin: what was published stays in its course; answers and plays refer to it there."""

    def publish(self, revision, *args, **kwargs):
        """Publish where it was published before; no road leads what readers had to another course."""
        stood = (
            models.QuerySet(type(self)).filter(pk=self.pk, first_published_at__isnull=False).values_list("course_id")
        )
        if any(course != revision.as_object().course_id for (course,) in stood):
            raise PublishedElsewhere(self.key)
        return super().publish(revision, *args, **kwargs)


class Question(
    OfOneCourse,
    MayLower,
    SourceOnlyRevisions,
    PreviewableMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    models.Model,
):
    """One item of a course's test. Its published revision is its version."""

    key = models.SlugField(_("key"), unique=True, help_text=_("Never changes: answers refer to it."))
    course = models.ForeignKey(
        "training.Course", on_delete=models.CASCADE, related_name="questions", verbose_name=_("course")
    )
    objective = models.CharField(
        _("objective"),
        max_length=20,
        choices=Objective,
        blank=True,
        help_text=_("What the question is about. The plan of the course draws so many of each."),
    )
    critical = models.BooleanField(
        _("critical"), default=False, help_text=_("Must be right, whatever the other answers are.")
    )
    form = models.PositiveSmallIntegerField(
        _("form"), choices=Form, default=Form.POST, help_text=_("Each question belongs to one paper.")
    )
    tracks = models.JSONField(
        _("asked of"), default=list, blank=True, help_text=_("None chosen: of everybody who takes the course.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    body = StreamField(blocks.CHECKS, verbose_name=_("question"), min_num=1, max_num=1)

    base_form_class = SourceForm
    preview_modes = PREVIEWS
    panels = [
        FieldPanel("key"),
        FieldPanel("course"),
        FieldRowPanel([FieldPanel("form"), FieldPanel("objective")]),
        FieldRowPanel([FieldPanel("critical"), FieldPanel("position")]),
        FieldPanel("tracks"),
        FieldPanel("body_en", help_text=KINDS_OF_QUESTIONS),
        CHANGE_PANELS,
    ]

    class Meta:
        ordering = ["course", "position", "key"]
        verbose_name = _("question")
        verbose_name_plural = _("questions")

    def __str__(self):
        return self.key

    @property
    def approved_schedule(self) -> bool:
        """Tell whether a revision waits for its time; a list asks for all of its questions at once (`is_scheduled`)."""
        known = getattr(self, "is_scheduled", None)
        return super().approved_schedule if known is None else known

    @property
    def twin(self) -> "Question | None":
        """Return a published question of its course that bears the id of its block; a paper could not tell them apart."""
        ids = {block["id"] for block in self.body_en.get_prep_value()}
        bank = models.QuerySet(Question).filter(course=self.course_id, live=True).exclude(pk=self.pk).order_by("key")
        found = (
            one for one in bank.only("key", "body_en") if ids & {block["id"] for block in one.body_en.get_prep_value()}
        )
        return next(found, None)

    def publish(self, revision, *args, **kwargs):
        """Publish what a paper can tell apart; the form says so first."""
        drafted = revision.as_object()
        if (other := drafted.twin) is not None:
            raise DoubledQuestion(self.key, other.key)
        return super().publish(revision, *args, **kwargs)


class Scenario(
    OfOneCourse,
    MayLower,
    SourceOnlyRevisions,
    PreviewableMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    models.Model,
):
    """A branching story of a course: scenes with choices, and ends. It passes `training.scenarios` before publish."""

    key = models.SlugField(_("key"), unique=True, help_text=_("Never changes: what learners played refers to it."))
    activity = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    course = models.ForeignKey(
        "training.Course", on_delete=models.CASCADE, related_name="scenarios", verbose_name=_("course")
    )
    heading = models.CharField(_("heading"), max_length=120)
    intro = models.TextField(_("who the player is"), max_length=900, help_text=_("Say that the story is made up."))
    note = models.CharField(_("content note"), max_length=300)
    start = models.CharField(
        _("first scene"), max_length=32, blank=True, help_text=_("Its key. Left empty, the first one below is it.")
    )
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=10)
    required = models.BooleanField(
        _("required"), default=True, help_text=_("One of its ends must be reached to finish the course.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    nodes = StreamField(blocks.NODES, verbose_name=_("scenes and ends"))

    base_form_class = SourceForm
    preview_modes = PREVIEWS
    panels = [
        FieldPanel("key"),
        FieldPanel("course"),
        FieldPanel("heading_en"),
        FieldPanel("intro_en"),
        FieldPanel("note_en"),
        FieldRowPanel([FieldPanel("start"), FieldPanel("minutes"), FieldPanel("required"), FieldPanel("position")]),
        FieldPanel("nodes_en"),
        CHANGE_PANELS,
    ]

    class Meta:
        ordering = ["course", "position", "key"]
        verbose_name = _("scenario")
        verbose_name_plural = _("scenarios")

    def __str__(self):
        return self.heading_en or self.key

    @property
    def graph(self) -> scenarios.Graph:
        """Return the story as the engine walks it, in the source language."""
        return scenarios.graph_of_blocks(self.start, self.nodes_en.get_prep_value())

    def publish(self, revision, *args, **kwargs):
        """Publish what can be played; a broken graph stops every road to readers, the form tells its faults first."""
        if scenarios.faults_of(revision.as_object().graph):
            raise BrokenScenario(self.key)
        return super().publish(revision, *args, **kwargs)


class Blueprint(models.Model):
    """One row of a course's plan: how many questions of an objective each paper of a form draws.

    The editor sees to it that a form and an objective stand once; the database cannot, as a publish of a course stores
    the new rows before it drops the old ones.
    """

    course = ParentalKey("training.Course", on_delete=models.CASCADE, related_name="blueprint")
    form = models.PositiveSmallIntegerField(_("form"), choices=Form)
    objective = models.CharField(
        _("objective"),
        max_length=20,
        choices=Objective,
        blank=True,
        help_text=_("Empty: whatever is left in the bank."),
    )
    count = models.PositiveSmallIntegerField(_("questions"), validators=[MinValueValidator(1), MaxValueValidator(30)])

    panels = [FieldRowPanel([FieldPanel("form"), FieldPanel("objective"), FieldPanel("count")])]

    class Meta:
        ordering = ["form", "pk"]
        verbose_name = _("row of the plan")
        verbose_name_plural = _("rows of the plan")

    def __str__(self):
        return f"{self.get_form_display()}: {self.get_objective_display()} {self.count}"


class Overlay(MayLower):
    """One national fact: country, slot, text, what it rests on, when it was checked and by which kind of source."""

    country = models.ForeignKey(
        "accounts.Country", on_delete=models.CASCADE, related_name="overlays", verbose_name=_("country")
    )
    curriculum = models.ForeignKey(
        "training.Curriculum",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="overlays",
        verbose_name=_("curriculum"),
        help_text=_("Empty: for every curriculum."),
    )
    slot = models.CharField(_("slot"), max_length=20, choices=Slot)
    text = models.TextField(_("text"), max_length=1200)
    source_kind = models.CharField(_("kind of source"), max_length=10, choices=SourceKind)
    source = models.CharField(_("source"), max_length=300)
    article = models.CharField(_("article"), max_length=60, blank=True)
    checked_at = models.DateField(_("checked on"), null=True, blank=True)
    confirmed = models.BooleanField(
        _("confirmed"), default=False, help_text=_("A competent person in the country has confirmed the text.")
    )
    review_at = models.DateField(_("check again on"), null=True, blank=True)
    change = models.CharField(_("kind of change"), max_length=10, choices=Change, blank=True)

    panels = [
        MultiFieldPanel([FieldPanel("country"), FieldPanel("curriculum"), FieldPanel("slot")], heading=_("Where")),
        FieldPanel("text_en"),
        MultiFieldPanel(
            [FieldPanel("source_kind"), FieldPanel("source_en"), FieldPanel("article")], heading=_("Source")
        ),
        MultiFieldPanel(
            [FieldPanel("checked_at"), FieldPanel("confirmed"), FieldPanel("review_at")], heading=_("Checked")
        ),
        MultiFieldPanel(
            [HelpPanel(template="training/entry_link.html"), FieldPanel("change"), FieldPanel("lowered_because")],
            heading=_("What this edit means"),
        ),
    ]

    class Meta:
        ordering = ["country", "slot"]
        verbose_name = _("country entry")
        verbose_name_plural = _("country entries")
        constraints = [
            models.UniqueConstraint(fields=["country", "curriculum", "slot"], name="one_entry_a_slot"),
            models.UniqueConstraint(
                fields=["country", "slot"], condition=models.Q(curriculum=None), name="one_general_entry_a_slot"
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed=False) | models.Q(checked_at__isnull=False),
                name="confirmed_entry_has_a_date",
            ),
        ]

    def __str__(self):
        return f"{self.country_id}: {self.get_slot_display()}"
