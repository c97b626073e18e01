"""The directory: organisations, their services, places, conditions, capacity, hours, and who fills a role."""

import uuid
from typing import NamedTuple

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.fields import SealedField
from accounts.models import Country, User
from referral.choices import AgencyKind, Need, PlaceKind, ServiceStatus, TrustState, Visibility


class Area(models.Model):
    """A region of a country, of any depth."""

    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="areas")
    name = models.CharField(_("name"), max_length=100)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts")

    class Meta:
        ordering = ["country", "name"]
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        constraints = [
            models.UniqueConstraint("country", "parent", Lower("name"), name="one_area_a_name"),
            models.UniqueConstraint("country", Lower("name"), name="one_top_area_a_name", condition=Q(parent=None)),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="area_not_in_itself"),
        ]

    def __str__(self):
        return self.name


class Organisation(models.Model):
    """A body that gives services."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="organisations")
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("description"), max_length=2000)
    kind = models.CharField(_("kind"), max_length=20, choices=AgencyKind, default=AgencyKind.NGO)
    trust = models.CharField(_("checked"), max_length=20, choices=TrustState, default=TrustState.UNCONFIRMED)
    identifiers = models.CharField(_("registration numbers"), max_length=200, blank=True)
    website = models.URLField(_("website"), blank=True)
    public_number = models.CharField(_("public number"), max_length=30, blank=True)
    is_example = models.BooleanField(_("example, not a real organisation"), default=False)
    focal_points = models.ManyToManyField(User, blank=True, related_name="organisations")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [models.UniqueConstraint("country", Lower("name"), name="one_organisation_a_name")]

    def __str__(self):
        return self.name


class Count(NamedTuple):
    """How many places of a service are free, and how many there are; both None where nobody counts."""

    available: int | None = None
    maximum: int | None = None

    def __str__(self):
        return "none" if self.available is None else f"{self.available}/{self.maximum}"


class Service(models.Model):
    """One service of an organisation: what it gives, for whom, where, and when it was last checked."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="services")
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    term = models.CharField(_("what it gives"), max_length=30, choices=Need, db_index=True)
    status = models.CharField(_("status"), max_length=10, choices=ServiceStatus, default=ServiceStatus.ACTIVE)
    minimum_age = models.PositiveSmallIntegerField(_("from age"), null=True, blank=True)
    maximum_age = models.PositiveSmallIntegerField(_("up to age"), null=True, blank=True)
    language_codes = models.CharField(_("languages spoken"), max_length=100, blank=True)
    fees = models.CharField(_("fees"), max_length=200, blank=True)
    papers_needed = models.CharField(_("papers needed"), max_length=300, blank=True)
    areas = models.ManyToManyField(Area, blank=True, related_name="services", verbose_name=_("areas served"))
    is_round_the_clock = models.BooleanField(_("open round the clock"), default=False)
    assured_date = models.DateField(_("checked on"), null=True, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    changed_at = models.DateTimeField()
    key = models.CharField(max_length=120, blank=True, help_text="The writer's own key: a repeat adds nothing.")

    class Meta:
        ordering = ["organisation__name", "name"]
        verbose_name = _("service")
        verbose_name_plural = _("services")
        constraints = [
            models.UniqueConstraint("organisation", Lower("name_en"), name="one_service_a_name"),
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="one_service_a_key"),
            models.CheckConstraint(
                condition=Q(minimum_age=None) | Q(maximum_age=None) | Q(minimum_age__lte=F("maximum_age")),
                name="service_ages_in_order",
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_from__lte=F("valid_until")),
                name="service_dates_in_order",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def languages(self) -> list[str]:
        """Return the codes of the languages spoken."""
        return self.language_codes.split()

    @property
    def count(self) -> Count:
        """Return what the directory counts of its places now."""
        return Count(*self.capacities.values_list("available", "maximum").first() or (None, None))


class Place(models.Model):
    """Where a service is given. A secret place has no plain address: it is sealed here and shown nowhere."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="places")
    kind = models.CharField(_("kind"), max_length=10, choices=PlaceKind, default=PlaceKind.PHYSICAL)
    visibility = models.CharField(_("who may see it"), max_length=10, choices=Visibility, default=Visibility.PUBLIC)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="places")
    address = models.CharField(_("address"), max_length=300, blank=True)
    sealed_address = SealedField()
    access_notes = models.CharField(_("how to get in"), max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(visibility=Visibility.SECRET) | Q(address="", access_notes=""),
                name="secret_place_has_no_plain_address",
            ),
        ]

    def __str__(self):
        return self.get_visibility_display()

    @property
    def seal_owner(self) -> uuid.UUID:
        """Return whose data key seals the address: the place's own."""
        return self.public_id

    @property
    def seal_scope(self) -> str:
        """Return the country whose key wraps it."""
        return self.service.organisation.country_id


class Eligibility(models.Model):
    """Whether a service takes a group; no row means "not stated", never yes."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="eligibilities")
    criterion = models.CharField(
        _("criterion"),
        max_length=20,
        choices=[
            ("sex", _("Sex")), ("nationality", _("Nationality")), ("disability", _("Disability")),
            ("children", _("With children")), ("form", _("Form of trafficking")),
        ],
    )  # fmt: skip
    value = models.CharField(_("group"), max_length=30)
    is_taken = models.BooleanField(_("taken"))

    class Meta:
        ordering = ["criterion", "value"]
        constraints = [models.UniqueConstraint(fields=["service", "criterion", "value"], name="one_answer_a_group")]

    def __str__(self):
        return f"{self.criterion} {self.value}"


class Capacity(models.Model):
    """How many units (beds) of a service are free, and when that was said."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="capacities")
    unit = models.CharField(_("unit"), max_length=20, default="bed")
    available = models.PositiveIntegerField(_("free"))
    maximum = models.PositiveIntegerField(_("in all"))
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "unit"], name="one_capacity_a_unit"),
            models.CheckConstraint(condition=Q(available__lte=F("maximum")), name="free_not_above_all"),
        ]

    def __str__(self):
        return f"{self.available}/{self.maximum} {self.unit}"


class Hours(models.Model):
    """When a service is open on a weekday (0 is Monday); closing before opening means over midnight."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField(_("weekday"))
    opens_at = models.TimeField(_("opens"))
    closes_at = models.TimeField(_("closes"))

    class Meta:
        ordering = ["weekday", "opens_at"]
        constraints = [
            models.UniqueConstraint(fields=["service", "weekday", "opens_at"], name="one_opening_a_time"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="weekday_in_week"),
            models.CheckConstraint(condition=~Q(opens_at=F("closes_at")), name="opening_has_length"),
        ]

    def __str__(self):
        return f"{self.weekday} {self.opens_at} {self.closes_at}"


class RoleAssignment(models.Model):
    """Who fills a role of a pathway: agencies in order, or the people with a role in this house (the duty roster)."""

    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="role_assignments")
    role = models.SlugField(_("role in the pathway"), max_length=64)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="role_assignments")
    service = models.ForeignKey(
        Service, on_delete=models.CASCADE, null=True, blank=True, related_name="role_assignments"
    )
    staff_role = models.CharField(_("role in this house"), max_length=20, choices=Role, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        ordering = ["country", "role", "position", "id"]
        verbose_name = _("role assignment")
        verbose_name_plural = _("role assignments")
        constraints = [
            models.CheckConstraint(
                condition=Q(service__isnull=False, staff_role="") | (Q(service=None) & ~Q(staff_role="")),
                name="assignment_to_service_or_staff",
            ),
        ]

    def __str__(self):
        return f"{self.role} {self.position}"


class AgencyContact(models.Model):
    """The enrolled contact of an organisation for referrals. A new number or address waits for a second person."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(_("desk or function"), max_length=100)
    language = models.CharField(_("language"), max_length=5, default="en")
    email = SealedField()
    number = SealedField()
    number_index = models.CharField(max_length=64, blank=True, db_index=True)
    new_email = SealedField()
    new_number = SealedField()
    change_asked_by = models.CharField(max_length=40, blank=True)
    change_asked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["organisation", "id"]
        constraints = [
            models.UniqueConstraint(fields=["organisation"], name="one_contact_an_agency"),
            models.CheckConstraint(
                condition=Q(change_asked_at=None, change_asked_by="")
                | (Q(change_asked_at__isnull=False) & ~Q(change_asked_by="")),
                name="contact_change_has_asker",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def country_id(self) -> str:
        """Return the code of the country in which the organisation works."""
        return self.organisation.country_id

    @property
    def seal_owner(self) -> uuid.UUID:
        """Return whose data key seals the number: the contact's own."""
        return self.public_id

    @property
    def seal_scope(self) -> str:
        """Return the country whose key wraps it."""
        return self.organisation.country_id
