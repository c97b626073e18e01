"""What reports are read from: since when somebody is trained, and counts made ahead, so that a page reads few rows.

All of it is worked out from other rows and may be counted anew at any time; nobody writes it by hand.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from languages import table
from training.choices import Trained


class TrainedSpan(models.Model):
    """From when until when somebody's certificate of a course stood in one state; also what is sure to come.

    `minutes` is how long the refresher takes that would make her current again.
    """

    enrolment = models.ForeignKey("training.Enrolment", on_delete=models.CASCADE, related_name="spans")
    course = models.ForeignKey("training.Course", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=5, choices=table.LANGUAGES)
    state = models.CharField(max_length=13, choices=Trained)
    begins = models.DateTimeField()
    ends = models.DateTimeField(null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "begins"], name="one_span_begins_at_an_instant"),
            models.CheckConstraint(condition=Q(ends=None) | Q(ends__gt=F("begins")), name="span_ends_after_it_begins"),
        ]
        indexes = [
            models.Index(fields=["course", "begins"], name="spans_of_a_course"),
            models.Index(fields=["state", "begins"], name="spans_by_state"),
        ]

    def __str__(self):
        return f"{self.enrolment_id} {self.state}"


READINESS = "readiness"  # under which the hourly count is noted
PERIODS = {"": "finished", "3": "finished_3", "6": "finished_6", "12": "finished_12"}  # months -> column


class FinishedByPeriod(models.Model):
    """How many have finished: ever, and in the last 3, 6 and 12 months (of 30 days) before the count."""

    finished = models.PositiveIntegerField(default=0)
    finished_3 = models.PositiveIntegerField(default=0)
    finished_6 = models.PositiveIntegerField(default=0)
    finished_12 = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True


class OfficePeople(FinishedByPeriod):
    """How many officials an office has (none: those of a country without one), and how many are trained on any course."""

    country = models.ForeignKey("accounts.Country", on_delete=models.CASCADE, related_name="+")
    office = models.ForeignKey("accounts.Office", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    officials = models.PositiveIntegerField(_("officials"))
    begun = models.PositiveIntegerField(default=0)
    current = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["country", "office"], name="office_counted_once")]

    def __str__(self):
        return f"{self.office_id} {self.officials}"


class OfficeCount(FinishedByPeriod):
    """How the officials of an office stand in one course and language, as last counted."""

    course = models.ForeignKey("training.Course", on_delete=models.CASCADE, related_name="+")
    country = models.ForeignKey("accounts.Country", on_delete=models.CASCADE, related_name="+")
    office = models.ForeignKey("accounts.Office", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    language = models.CharField(max_length=5, blank=True)
    begun = models.PositiveIntegerField(default=0)
    current = models.PositiveIntegerField(default=0)
    refresher_due = models.PositiveIntegerField(default=0)
    lapsed = models.PositiveIntegerField(default=0)
    lapsing = models.PositiveIntegerField(default=0)
    minutes = models.PositiveIntegerField(default=0)
    least = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "country", "office", "language"], name="counted_once_a_language")
        ]
        indexes = [models.Index(fields=["country", "course"], name="counts_of_a_country")]

    def __str__(self):
        return f"{self.course_id} {self.office_id} {self.language}"


class MonthCount(models.Model):
    """How many officials of a country finished a course in a month (its first day, by UTC); small offices left out."""

    course = models.ForeignKey("training.Course", on_delete=models.CASCADE, related_name="+")
    country = models.ForeignKey("accounts.Country", on_delete=models.CASCADE, related_name="+")
    month = models.DateField()
    finished = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["course", "country", "month"], name="month_counted_once")]

    def __str__(self):
        return f"{self.course_id} {self.month}"


class DaysCount(FinishedByPeriod):
    """How many officials of a country took so many whole days from their first lesson to the end of a course."""

    course = models.ForeignKey("training.Course", on_delete=models.CASCADE, related_name="+")
    country = models.ForeignKey("accounts.Country", on_delete=models.CASCADE, related_name="+")
    days = models.PositiveIntegerField(_("days"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["course", "country", "days"], name="days_counted_once")]

    def __str__(self):
        return f"{self.course_id} {self.days}"


class HolderCount(models.Model):
    """How many who learn without an account began and finished a course, by the country they chose (none: another)."""

    course = models.ForeignKey("training.Course", on_delete=models.CASCADE, related_name="+")
    country = models.ForeignKey("accounts.Country", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    begun = models.PositiveIntegerField()
    finished = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["course", "country"], name="holders_counted_once")]

    def __str__(self):
        return f"{self.course_id} {self.country_id} {self.begun}"


class LessonCount(models.Model):
    """How many officials of a country opened a lesson or test of a course, reached its end, and stopped before it."""

    course = models.ForeignKey("training.Course", on_delete=models.CASCADE, related_name="+")
    country = models.ForeignKey("accounts.Country", on_delete=models.CASCADE, related_name="+")
    activity = models.UUIDField(null=True, blank=True)
    opened = models.PositiveIntegerField(default=0)
    ended = models.PositiveIntegerField(default=0)
    stopped = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "country", "activity"], name="lesson_counted_once"),
            models.UniqueConstraint(
                fields=["course", "country"], condition=Q(activity=None), name="course_counted_once"
            ),
        ]

    def __str__(self):
        return f"{self.course_id} {self.activity}"


class Counted(models.Model):
    """When something was last counted, and up to which row it had been seen then."""

    what = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()
    seen = models.BigIntegerField(default=0)

    def __str__(self):
        return f"{self.what} {self.at:%Y-%m-%d %H:%M}"
