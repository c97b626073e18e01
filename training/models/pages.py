"""Curriculum > Course > Module > Lesson: each page exists once, in all languages."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, TitleFieldPanel
from wagtail.models import Page

from languages.revisions import CHANGE_PANEL, PREVIEWS, SourceOnlyRevisions, SourcePageForm
from training import blocks
from training.fields import StreamField
from training.models.changes import CHANGE_PANELS, MayLower

TITLE = [TitleFieldPanel("title", heading=_("name in the editor"), help_text=_("Readers see the heading, not this."))]


class SchoolPage(SourceOnlyRevisions, Page):
    """What the four kinds of page share."""

    show_in_menus_default = False
    preview_modes = []
    base_form_class = SourcePageForm

    class Meta:
        abstract = True


class Curriculum(SchoolPage):
    """A group of courses for one audience; it has no progress of its own."""

    heading = models.CharField(_("heading"), max_length=120)
    summary = models.CharField(_("summary"), max_length=300, blank=True)

    parent_page_types = ["cms.FrontPage"]
    subpage_types = ["training.Course"]
    content_panels = [*TITLE, FieldPanel("heading_en"), FieldPanel("summary_en"), CHANGE_PANEL]

    class Meta:
        verbose_name = _("curriculum")
        verbose_name_plural = _("curricula")


class Course(MayLower, SchoolPage):
    """A course: its lessons stand below it in modules; its test is drawn from its questions."""

    key = models.SlugField(_("key"), unique=True, help_text=_("Never changes: records refer to it."))
    heading = models.CharField(_("heading"), max_length=120)
    summary = models.CharField(_("summary"), max_length=300)
    audience = models.CharField(_("audience"), max_length=300, blank=True)
    disclaimer = models.CharField(_("fixed footer"), max_length=300, blank=True)
    aide = StreamField(blocks.AIDE, verbose_name=_("do and do not"), blank=True)
    glossary = StreamField(blocks.GLOSSARY, verbose_name=_("words"), blank=True)
    countries = ParentalManyToManyField("accounts.Country", verbose_name=_("countries"), blank=True)
    tracks = models.JSONField(
        _("groups of readers"),
        default=list,
        blank=True,
        help_text=_(
            "A reader chooses hers and is asked only the lessons that are for it. None: one way for everybody."
        ),
    )
    pass_minimum = models.PositiveSmallIntegerField(
        _("right answers to pass"),
        default=5,
        validators=[MinValueValidator(1)],
        help_text=_("Of the test after the course. All critical questions must be right as well."),
    )
    test_attempts = models.PositiveSmallIntegerField(
        _("tries at a test"),
        default=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        help_text=_(
            "How often a test may be taken until it is passed. Empty: as often as one likes. A trainer or a manager can "
            "allow one more."
        ),
    )
    test_wait_hours = models.PositiveSmallIntegerField(
        _("hours between two tries"),
        default=24,
        validators=[MaxValueValidator(720)],
        help_text=_("Counted from the moment of handing in, also on a phone without a network. 0: none."),
    )
    certificate_months = models.PositiveSmallIntegerField(
        _("certificates run for (months)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text=_("Empty: until the course changes in law, procedure or right answer."),
    )
    is_open = models.BooleanField(_("open to everybody"), default=True)
    without_account = models.BooleanField(
        _("may be begun without an account"),
        default=False,
        help_text=_("Whoever begins it so is asked for no name, address or number, and gets a code for her progress."),
    )

    parent_page_types = ["training.Curriculum"]
    subpage_types = ["training.Module"]
    preview_modes = PREVIEWS
    content_panels = [
        *TITLE,
        FieldPanel("key"),
        FieldPanel("heading_en"),
        FieldPanel("summary_en"),
        FieldPanel("audience_en"),
        FieldPanel("countries"),
        FieldPanel("tracks"),
        MultiFieldPanel(
            [
                InlinePanel(
                    "blueprint",
                    heading=_("Plan of the tests"),
                    label=_("row of the plan"),
                    help_text=_("How many questions of each objective a paper draws, critical ones first."),
                ),
                FieldPanel("pass_minimum"),
                FieldRowPanel([FieldPanel("test_attempts"), FieldPanel("test_wait_hours")]),
            ],
            heading=_("Tests"),
        ),
        FieldPanel(
            "certificate_months",
            help_text=_(
                "Counted from the day on which it was earned, also where it is issued later. Empty: until the course "
                "changes in law, procedure or right answer."
            ),
        ),
        FieldPanel("is_open"),
        FieldPanel("without_account"),
        FieldPanel("aide_en"),
        FieldPanel("glossary_en"),
        FieldPanel("disclaimer_en"),
        CHANGE_PANELS,
    ]

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")

    def plan(self) -> list[tuple[int, str, int]]:
        """Return the plan of the tests: form, objective, number of questions."""
        return [(row.form, row.objective, row.count) for row in self.blueprint.all()]


class Module(SchoolPage):
    """A part of a course."""

    heading = models.CharField(_("heading"), max_length=120)
    summary = models.CharField(_("summary"), max_length=300, blank=True)

    parent_page_types = ["training.Course"]
    subpage_types = ["training.Lesson"]
    content_panels = [*TITLE, FieldPanel("heading_en"), FieldPanel("summary_en"), CHANGE_PANEL]

    class Meta:
        verbose_name = _("module")
        verbose_name_plural = _("modules")


class Lesson(MayLower, SchoolPage):
    """Ten to fifteen minutes: one aim, six to nine screens, one check, one take-away, whom to call."""

    heading = models.CharField(_("heading"), max_length=120)
    aim = models.CharField(_("aim"), max_length=250)
    body = StreamField(blocks.SCREENS, verbose_name=_("screens"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=12)
    required = models.BooleanField(_("required"), default=True)
    tracks = models.JSONField(
        _("asked of"), default=list, blank=True, help_text=_("None chosen: of everybody who takes the course.")
    )
    objectives = models.JSONField(
        _("teaches"),
        default=list,
        blank=True,
        help_text=_("Who answers a question of this kind wrongly in a test is sent to this lesson again."),
    )

    parent_page_types = ["training.Module"]
    subpage_types = []
    preview_modes = PREVIEWS
    content_panels = [
        *TITLE,
        FieldPanel("heading_en"),
        FieldPanel("aim_en"),
        MultiFieldPanel([FieldPanel("minutes"), FieldPanel("required"), FieldPanel("tracks")], heading=_("Length")),
        FieldPanel("objectives"),
        FieldPanel("body_en"),
        CHANGE_PANELS,
    ]

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
