"""Groups that take a course together: when and where they meet, who belongs, how they are reminded."""

import datetime as dt
import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.fields import SealedField
from languages import table
from training.choices import OF_REFRESHERS, Road, Step, TextState


class Cohort(models.Model):
    """Officials of one country who take a course together, with their trainers, their place, and by when they finish.

    `join_code` lets officials in by themselves, until the end of the day `join_until` by the country's clock; "" when
    nobody comes in that way.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name of the group"), max_length=120)
    course = models.ForeignKey("training.Course", on_delete=models.PROTECT, related_name="cohorts")
    country = models.ForeignKey("accounts.Country", on_delete=models.PROTECT, related_name="cohorts")
    trainers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="cohorts")
    office = models.ForeignKey(
        "accounts.Office", on_delete=models.SET_NULL, null=True, blank=True, related_name="cohorts"
    )
    place = models.CharField(_("place"), max_length=150, blank=True)
    language_codes = models.CharField(_("languages"), max_length=100, blank=True)
    begins_on = models.DateField(_("begins on"))
    due_on = models.DateField(_("to be finished by"), null=True, blank=True)
    join_code = models.CharField(max_length=8, null=True, blank=True, unique=True)
    join_until = models.DateField(null=True, blank=True)
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-begins_on", "name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(join_code=None, join_until=None)
                | models.Q(join_code__isnull=False, join_until__isnull=False),
                name="join_code_has_an_end",
            )
        ]

    def __str__(self):
        return self.name

    @property
    def languages(self) -> list[str]:
        """Return the codes of the languages in which the group works."""
        return self.language_codes.split()


class Session(models.Model):
    """One meeting of a cohort. Its code, on the board, shows that who types it on her phone is there."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="sessions")
    starts_at = models.DateTimeField(_("begins"))
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=120, validators=[MinValueValidator(10), MaxValueValidator(600)]
    )
    place = models.CharField(_("place"), max_length=150, blank=True)
    code = models.CharField(max_length=6)

    class Meta:
        ordering = ["starts_at", "pk"]

    def __str__(self):
        return f"{self.cohort_id} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def key(self) -> str:
        """Return its public id as events tell it."""
        return str(self.public_id)

    @property
    def ends_at(self) -> dt.datetime:
        """Return when the meeting is over."""
        return self.starts_at + dt.timedelta(minutes=self.minutes)


class FormerTime(models.Model):
    """When a meeting was to be, until it was moved: what a phone kept before that is judged by it."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="former_times")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    until = models.DateTimeField()

    class Meta:
        ordering = ["until", "pk"]

    def __str__(self):
        return f"{self.session_id} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def ends_at(self) -> dt.datetime:
        """Return when the meeting would have been over."""
        return self.starts_at + dt.timedelta(minutes=self.minutes)


class Members(models.QuerySet):
    """Members of groups, by where their accounts are now: a group is of one country, and so is who may see its names."""

    def of_the_country(self):
        """Return who is of the group's country now; who moved to another one is shown to nobody there."""
        return self.filter(enrolment__learner__user__country=models.F("cohort__country"))

    def inside(self):
        """Return who belongs to the group now: who neither left it nor moved away."""
        return self.filter(left_at=None).of_the_country()


class Member(models.Model):
    """An official in a cohort. Her number stands on printed lists and stays hers; who left keeps it too."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="members")
    enrolment = models.ForeignKey("training.Enrolment", on_delete=models.PROTECT, related_name="memberships")
    number = models.PositiveSmallIntegerField()
    road = models.CharField(max_length=8, choices=Road)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    objects = Members.as_manager()

    class Meta:
        ordering = ["cohort", "number"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "enrolment"], name="once_in_a_cohort"),
            models.UniqueConstraint(fields=["cohort", "number"], name="one_member_a_number"),
        ]

    def __str__(self):
        return f"{self.cohort_id} {self.number}"


class TextNumber(models.Model):
    """The mobile number to which a learner wants her reminders too: given by herself, sealed, gone when she says so."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="text_number")
    number = SealedField()
    given_at = models.DateTimeField()

    def __str__(self):
        return str(self.public_id)

    @property
    def seal_owner(self) -> uuid.UUID:
        """Return whose data key seals the number: its own, which is destroyed with it."""
        return self.public_id

    @property
    def seal_scope(self) -> str:
        """Return the country under whose key that data key is wrapped."""
        return self.user.country_id or "*"


class Reminder(models.Model):
    """One reminder to one person: written once a step and day, by e-mail at once, by text when she gave a number.

    `member` is whose deadline it is about, in her group; a refresher is nobody's deadline but her own, so it has none.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey("training.Enrolment", on_delete=models.CASCADE, related_name="reminders")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, null=True, blank=True, related_name="reminders")
    step = models.CharField(max_length=8, choices=Step)
    due_on = models.DateField()
    at = models.DateTimeField()
    language = models.CharField(max_length=5, choices=table.LANGUAGES)
    text = models.CharField(max_length=8, choices=TextState, blank=True)
    text_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["member", "step", "due_on"], name="one_reminder_a_step_and_deadline"),
            models.UniqueConstraint(
                fields=["enrolment", "step", "due_on"],
                condition=models.Q(member=None),
                name="one_reminder_a_refresher",
            ),
            models.CheckConstraint(
                condition=models.Q(member=None, step__in=OF_REFRESHERS)
                | models.Q(~models.Q(step__in=OF_REFRESHERS), member__isnull=False),
                name="reminder_of_member_or_refresher",
            ),
        ]
        indexes = [
            models.Index(fields=["text_at"], name="texts_of_reminders", condition=models.Q(text="waiting")),
        ]

    def __str__(self):
        return f"{self.enrolment_id} {self.step} {self.due_on}"

    @property
    def country(self):
        """Return the country by whose clock its day is told: of the group; of the person, where it is a refresher."""
        return self.member.cohort.country if self.member else self.enrolment.learner.user.country
