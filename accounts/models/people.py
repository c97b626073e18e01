"""People with accounts, and the invitations by which they came."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.dispatch import Signal
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.choices import SECOND_FACTOR_ROLES, Role
from accounts.models.places import Country, Office
from languages import table

# Sent when a person came to another country, inside that transaction and before its first record, with `person`, `by`
# and `at`.
moved = Signal()


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

    is_guest = False  # whom rooms above let in without an account is no row here
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
