"""Countries with their calendars and public numbers, and the offices in them."""

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname

from accounts.choices import ContactKind, OfficeKind
from languages import table


class Country(models.Model):
    """A country in which the programme runs, with its languages, zone and calendar."""

    code = models.CharField(_("ISO code"), max_length=2, primary_key=True)
    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(unique=True)
    language_codes = models.CharField(
        _("languages, in order"), max_length=100, help_text=_("Codes separated by spaces.")
    )
    time_zone = models.CharField(_("time zone"), max_length=50)
    weekend = models.CharField(_("weekend"), max_length=20, default="5 6", help_text=_("Days off; 0 is Monday."))
    office_from = models.TimeField(_("offices open at"), default="08:00")
    office_until = models.TimeField(_("offices close at"), default="16:00")
    area_word = models.CharField(_("word for a region"), max_length=40, default="Region")
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("country")
        verbose_name_plural = _("countries")

    def __str__(self):
        return self.name

    @property
    def languages(self) -> list[str]:
        """Return the country's language codes, most used first."""
        return self.language_codes.split()

    @property
    def weekend_days(self) -> frozenset[int]:
        """Return the days off, Monday 0 to Sunday 6."""
        return frozenset(int(day) for day in self.weekend.split())


class Holiday(models.Model):
    """A day on which offices of a country are closed."""

    country = models.ForeignKey(Country, on_delete=models.CASCADE, related_name="holidays")
    day = models.DateField(_("day"))
    name = models.CharField(_("name"), max_length=150)
    is_estimate = models.BooleanField(_("estimated from the moon"), default=False)

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["country", "day"], name="one_holiday_a_day")]

    def __str__(self):
        return f"{self.day} {self.name}"


class PublicContact(models.Model):
    """A number or address that a country publishes, with the date on which it was last checked.

    The number of one of our own lines is kept by the `line`: number, price and hours are what that line says
    (`hotline.actions.keep_public_numbers`). Since `line_left_on` no line keeps it and nobody has written them again.
    """

    country = models.ForeignKey(Country, on_delete=models.CASCADE, related_name="contacts")
    kind = models.CharField(_("kind"), max_length=12, choices=ContactKind)
    name = models.CharField(_("name"), max_length=150)
    number = models.CharField(_("number as dialled in the country"), max_length=30, blank=True)
    hours = models.CharField(_("hours"), max_length=120, blank=True)
    is_free = models.BooleanField(_("free to call"), default=False)
    source_kind = models.CharField(_("kind of source"), max_length=20, default="official")
    source = models.CharField(_("source"), max_length=300, blank=True)
    checked_at = models.DateField(_("checked on"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    line = models.UUIDField(null=True, blank=True, editable=False)
    line_left_on = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["country", "position", "id"]
        verbose_name = _("public number")
        verbose_name_plural = _("public numbers")

    def __str__(self):
        return f"{self.name} {self.number}"

    @property
    def shown_name(self) -> str:
        """Return the name for who reads now: in her language, else the word of her language for such a number.

        A number that is known by its own name (a labour office, a referral contact) keeps that name in every language.
        """
        own = getattr(self, build_localized_fieldname("name", get_language() or table.SOURCE), "")
        return own or (str(self.get_kind_display()) if self.kind in ContactKind.known_by_kind() else self.name)

    @property
    def kept_fields(self) -> tuple[str, ...]:
        """Return the translated fields that translators leave alone: the line writes its hours in every language."""
        return ("hours",) if self.line else ()


class Office(models.Model):
    """A court, post, station or office in which officials work. A closed one takes no new people and stays in reports."""

    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="offices")
    name = models.CharField(_("name"), max_length=150)
    kind = models.CharField(_("kind"), max_length=20, choices=OfficeKind, default=OfficeKind.OTHER)
    area = models.CharField(_("region"), max_length=100, blank=True)
    staff_count = models.PositiveIntegerField(_("officials who work here"), null=True, blank=True)
    staff_counted_on = models.DateField(_("counted on"), null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["country", "name"]
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        constraints = [models.UniqueConstraint("country", Lower("name"), name="one_office_a_name")]

    def __str__(self):
        return self.name
