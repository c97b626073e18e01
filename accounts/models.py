"""The people, their countries and offices, the keys of what is sealed, and the audit log."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.choices import SECOND_FACTOR_ROLES, ContactKind, OfficeKind, Role
from accounts.fields import SealedField
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
    """A number or address that a country publishes, with the date on which it was last checked."""

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

    class Meta:
        ordering = ["country", "position", "id"]
        verbose_name = _("public number")
        verbose_name_plural = _("public numbers")

    def __str__(self):
        return f"{self.name} {self.number}"


class Office(models.Model):
    """A court, post, station or office in which officials work."""

    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="offices")
    name = models.CharField(_("name"), max_length=150)
    kind = models.CharField(_("kind"), max_length=20, choices=OfficeKind, default=OfficeKind.OTHER)
    area = models.CharField(_("region"), max_length=100, blank=True)
    staff_count = models.PositiveIntegerField(_("officials who work here"), null=True, blank=True)
    staff_counted_on = models.DateField(_("counted on"), null=True, blank=True)

    class Meta:
        ordering = ["country", "name"]
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        constraints = [models.UniqueConstraint("country", Lower("name"), name="one_office_a_name")]

    def __str__(self):
        return self.name


class UserManager(BaseUserManager):
    """Makes people by e-mail address."""

    use_in_migrations = True

    def create_user(self, email, password=None, **fields):
        """Make a person; without a password the account has none that works."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        """Make a technical superuser. This is no role: it opens no case."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def with_role(self, role):
        """Return the active people who have a role."""
        return self.filter(is_active=True, roles__contains=f",{role},")


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account: e-mail for signing in, country, language, roles."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    country = models.ForeignKey(Country, on_delete=models.PROTECT, null=True, blank=True, related_name="people")
    language = models.CharField(_("language"), max_length=5, choices=table.LANGUAGES, default=table.SOURCE)
    spoken = models.CharField(_("languages spoken"), max_length=100, blank=True)
    roles = models.CharField(_("roles"), max_length=150, blank=True, default="", editable=False)
    office = models.ForeignKey(Office, on_delete=models.SET_NULL, null=True, blank=True, related_name="people")
    is_staff = models.BooleanField(_("may enter the editor"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    theme = models.CharField(max_length=5, blank=True, choices=[("light", _("Light")), ("dark", _("Dark"))])
    session_round = models.PositiveIntegerField(default=0, editable=False)
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []
    objects = UserManager()

    class Meta:
        ordering = ["name", "email"]
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self):
        return self.name or self.email

    def get_full_name(self):
        """Return the name, or the address where no name is known."""
        return self.name or self.email

    def get_short_name(self):
        """Return the name as above; names are not cut into parts."""
        return self.get_full_name()

    @property
    def role_codes(self) -> frozenset[str]:
        """Return the codes of this person's roles."""
        return frozenset(filter(None, self.roles.split(",")))

    @role_codes.setter
    def role_codes(self, codes):
        unknown = set(codes) - set(Role.values)
        if unknown:
            raise ValueError(f"Unknown roles: {', '.join(sorted(unknown))}")
        self.roles = f",{','.join(sorted(codes))}," if codes else ""

    @property
    def needs_second_factor(self) -> bool:
        """Tell whether one of this person's roles never works without a second factor."""
        return not SECOND_FACTOR_ROLES.isdisjoint(self.role_codes)

    def has_role(self, *codes: str) -> bool:
        """Tell whether this person is active and has one of the roles."""
        return self.is_active and not self.role_codes.isdisjoint(codes)

    def _get_session_auth_hash(self, secret=None):
        """Return what a session must carry; a new round ends every session of this person."""
        return salted_hmac(
            "accounts.session", f"{self.password}|{self.session_round}", secret=secret, algorithm="sha256"
        ).hexdigest()

    @property
    def speaks(self) -> list[str]:
        """Return the language codes this person works in, own language first."""
        return list(dict.fromkeys([self.language, *self.spoken.split()]))


class DataKey(models.Model):
    """The wrapped data key of one case or one contact; destroying it erases what it sealed."""

    owner = models.UUIDField(unique=True)
    scope = models.CharField(max_length=8)
    wrapped = models.TextField()
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return f"{self.scope} {self.owner}"


class ErasedOwner(models.Model):
    """The erasure ledger: a case, contact or month whose key was destroyed; nothing is ever sealed for it again."""

    append_only = True
    owner = models.UUIDField(unique=True)
    at = models.DateTimeField()

    def __str__(self):
        return str(self.owner)


class AuditHead(models.Model):
    """The one row that is locked at each append: the last number and hash of the chain."""

    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)

    def __str__(self):
        return f"{self.seq} {self.hash}"


class AuditEntry(models.Model):
    """One act or reading, chained to the one before it; append-only by trigger. No foreign keys, no personal text."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.CharField(max_length=32)
    body = models.TextField()
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    verb = models.CharField(max_length=60, db_index=True)
    actor = models.CharField(max_length=40, blank=True, db_index=True)
    thing = models.CharField(max_length=80, blank=True, db_index=True)
    country = models.CharField(max_length=2, blank=True)

    append_only = True

    class Meta:
        ordering = ["seq"]
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")

    def __str__(self):
        return f"{self.seq} {self.verb}"


class RateCount(models.Model):
    """How often a key was used in a window; keys are HMACs and go after the window."""

    key = models.CharField(max_length=64)
    window = models.BigIntegerField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "window"], name="one_count_a_window")]

    def __str__(self):
        return f"{self.key[:8]} {self.count}"


class Letter(models.Model):
    """One e-mail to be sent: the outbox. Rendered in its reader's language when queued.

    Address and text may hold a link that still works: they are sealed while they wait and emptied once sent. What stays
    is that it was sent, when, and to whom by id.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=120, unique=True)
    receiver = models.CharField(max_length=80, blank=True)
    to = SealedField()
    language = models.CharField(max_length=5)
    subject = models.CharField(max_length=120)
    text = SealedField()
    queued_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    fault = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["-queued_at", "-id"]
        indexes = [models.Index(fields=["sent_at", "claimed_until"])]

    def __str__(self):
        return f"{self.key} {self.language}"


class Invitation(models.Model):
    """An invitation by e-mail to open an account with given roles; one use, fourteen days."""

    digest = models.CharField(max_length=64, unique=True)
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="invitation")
    invited_by = models.CharField(max_length=40)
    invited_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return f"{self.user} {self.invited_at:%Y-%m-%d}"
