"""The roof's pages: the front page that asks for the country, a home per country, standing pages; safety settings."""

from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname
from wagtail.admin.panels import FieldPanel, TitleFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting
from wagtail.contrib.settings.registry import register_setting
from wagtail.fields import StreamField
from wagtail.models import Page, PagePermissionTester

from accounts.models import Country
from accounts.rules import RULES as PEOPLE
from accounts.rules import allowed
from cms import home
from cms.blocks import BodyBlock
from cms.exits import NEUTRAL
from cms.rules import RULES
from languages.revisions import SourceOnlyRevisions, SourcePageForm


def may_edit_shared(user) -> bool:
    """Tell whether a person may change what all countries share: the front page, what stands right below it."""
    return user.is_superuser or allowed(user, RULES, "edit_shared_pages")


class OwnCountry(PagePermissionTester):
    """What a person may do with a home or a standing page.

    A manager works on those of her own country only; standing pages of no country are the administrators'.
    """

    def __init__(self, user, page):
        super().__init__(user, page)
        home = HomePage.objects.ancestor_of(page, inclusive=True).only("country").first()
        is_theirs = allowed(user, PEOPLE, "edit_country", home) if home else may_edit_shared(user)
        if not (is_theirs or user.is_superuser):
            self.permissions = set()

    def can_move_to(self, destination):
        """Refuse to make a country's page one that all countries share."""
        return super().can_move_to(destination) and self._may_stand_below(destination)

    def can_copy_to(self, destination, recursive=False):
        """Refuse to make a copy that all countries share."""
        return super().can_copy_to(destination, recursive) and self._may_stand_below(destination)

    def _may_stand_below(self, destination) -> bool:
        return may_edit_shared(self.user) or not isinstance(destination.specific, FrontPage)


class SharedFront(PagePermissionTester):
    """What a person may do with the front page: it is the administrators'; a manager may add a curriculum below it."""

    def __init__(self, user, page):
        super().__init__(user, page)
        if not may_edit_shared(user):
            self.permissions &= {"add"}

    def can_publish_subpage(self):
        """Let who may add a curriculum publish it in one go; what else may stand here is refused before."""
        return super().can_publish_subpage() or "add" in self.permissions


class FrontPage(SourceOnlyRevisions, Page):
    """The root of the site: the reader chooses her country here; curricula stand below it once."""

    heading = models.CharField(_("heading"), max_length=120)
    summary = models.TextField(_("summary"), blank=True, validators=[MaxLengthValidator(600)])

    content_panels = [
        TitleFieldPanel("title"),
        FieldPanel("heading_en"),
        FieldPanel("summary_en"),
        FieldPanel("change"),
    ]
    parent_page_types = ["wagtailcore.Page"]
    max_count = 1
    template = "cms/front_page.html"
    base_form_class = SourcePageForm

    def permissions_for_user(self, user):
        """Return what a person may do with this page."""
        return SharedFront(user, self)

    def get_context(self, request, *args, **kwargs):
        """Add the countries that have a home page."""
        homes = HomePage.objects.child_of(self).live().select_related("country").order_by("country__name")
        return super().get_context(request, *args, **kwargs) | {"homes": homes.defer_streamfields()}


class HomePage(SourceOnlyRevisions, Page):
    """The home of one country: its number large, find help, courses."""

    country = models.OneToOneField(
        Country, on_delete=models.PROTECT, related_name="home_page", verbose_name=_("country")
    )
    heading = models.CharField(_("heading"), max_length=120)
    summary = models.TextField(_("summary"), blank=True, validators=[MaxLengthValidator(600)])
    body = StreamField(BodyBlock(required=False), blank=True, verbose_name=_("text"))

    content_panels = [
        TitleFieldPanel("title"), FieldPanel("country", permission="cms.add_homepage"), FieldPanel("heading_en"),
        FieldPanel("summary_en"), FieldPanel("body_en"), FieldPanel("change"),
    ]  # fmt: skip
    parent_page_types = ["cms.FrontPage"]
    subpage_types = ["cms.StandardPage"]
    template = "cms/home_page.html"
    base_form_class = SourcePageForm

    def permissions_for_user(self, user):
        """Return what a person may do with this page."""
        return OwnCountry(user, self)

    def get_context(self, request, *args, **kwargs):
        """Add the line, the courses and the ways to help of this country."""
        return super().get_context(request, *args, **kwargs) | home.home_context(self.country, request)


class StandardPage(SourceOnlyRevisions, Page):
    """A standing page: privacy, accessibility, about."""

    heading = models.CharField(_("heading"), max_length=120)
    summary = models.TextField(_("summary"), blank=True, validators=[MaxLengthValidator(600)])
    body = StreamField(BodyBlock(required=False), blank=True, verbose_name=_("text"))

    content_panels = [
        TitleFieldPanel("title"), FieldPanel("heading_en"), FieldPanel("summary_en"), FieldPanel("body_en"), FieldPanel("change"),
    ]  # fmt: skip
    parent_page_types = ["cms.FrontPage", "cms.HomePage"]
    subpage_types = []
    template = "cms/standard_page.html"
    base_form_class = SourcePageForm

    def permissions_for_user(self, user):
        """Return what a person may do with this page."""
        return OwnCountry(user, self)


@register_setting(icon="warning")
class SafetySettings(BaseGenericSetting):
    """Where Leave leads, and the banner over every page."""

    class Kind(models.TextChoices):
        """How loud the banner is."""

        INFO = "info", _("Information")
        WAIT = "wait", _("Mind this")
        BAD = "bad", _("Danger or outage")

    exit_address = models.URLField(
        _("page that Leave opens"), default=NEUTRAL,
        help_text=_("A neutral page that loads fast and says nothing about this site."),
    )  # fmt: skip
    is_banner_on = models.BooleanField(_("show the banner"), default=False)
    banner_kind = models.CharField(_("kind of banner"), max_length=5, choices=Kind, default=Kind.INFO)
    banner = models.CharField(_("words of the banner"), max_length=300, blank=True)

    panels = [
        FieldPanel("exit_address"),
        FieldPanel("is_banner_on", help_text=_(
            "Every page follows within 20 seconds. An open console shows it without being loaded again, and the pages for "
            "agencies show it too; only this editor does not."
        )),
        FieldPanel("banner_kind"),
        FieldPanel("banner_en", help_text=_(
            "Readers of other languages see these words until they are translated at the desk. When you change them, "
            "every translation goes out of date and is shown no more until it is translated anew."
        )),
    ]  # fmt: skip

    class Meta:
        verbose_name = _("safety settings")

    def __str__(self):
        return str(self._meta.verbose_name)

    def words_in(self, language: str) -> str:
        """Return the banner's words of one language, "" when there are none."""
        return getattr(self, build_localized_fieldname("banner", language)) or ""


class Heartbeat(models.Model):
    """When a part of the product that runs by itself was last alive."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self):
        return self.name
