"""What learners do: versions, enrolments, events that are only added, attempts, and the state folded from them."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from languages import table
from training.choices import AllowReason, Form, Source, Track, Verb


class Content(models.Model):
    """One source text by its hash: what exactly was taught. Append-only."""

    append_only = True

    sha256 = models.CharField(max_length=64, primary_key=True)
    body = models.TextField()

    def __str__(self):
        return self.sha256[:12]


class CourseVersion(models.Model):
    """One edition of a course, for a country or for all: canonical JSON, hashed, never changed."""

    append_only = True

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    course = models.ForeignKey("training.Course", on_delete=models.PROTECT, related_name="versions")
    country = models.ForeignKey("accounts.Country", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    number = models.PositiveIntegerField()
    body = models.TextField()
    sha256 = models.CharField(max_length=64)
    change_class = models.CharField(max_length=10, blank=True)
    published_by = models.CharField(max_length=40)
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["course", "country", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["course", "country", "number"], name="one_course_version_a_number"),
            models.UniqueConstraint(
                fields=["course", "number"],
                condition=models.Q(country=None),
                name="one_international_course_version",
            ),
        ]

    def __str__(self):
        return f"{self.course_id} {self.country_id or ''} {self.number}"


class UnaskedChange(models.Model):
    """Something was said to be material while no edition could hold it: nobody is asked before one does.

    `what` is the id of an activity, or `country:slot` of a country entry; it waits in one chain of editions.
    """

    course = models.ForeignKey("training.Course", on_delete=models.CASCADE, related_name="+")
    country = models.ForeignKey("accounts.Country", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    what = models.CharField(max_length=64)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "country", "what"], name="one_unasked_change"),
            models.UniqueConstraint(
                fields=["course", "what"],
                condition=models.Q(country=None),
                name="one_international_unasked_change",
            ),
        ]

    def __str__(self):
        return f"{self.course_id} {self.country_id or ''} {self.what}"


class Compiled(models.Model):
    """What one page shows in one language, ready to be read in one query; rebuilt at publish and at re-apply."""

    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="+")
    part = models.CharField(max_length=8, blank=True)
    language = models.CharField(max_length=5, choices=table.LANGUAGES)
    body = models.TextField()
    built_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["page", "language", "part"], name="one_compiled_row_a_language")
        ]

    def __str__(self):
        return f"{self.page_id} {self.language}"


class Learner(models.Model):
    """The subject of every record: a person with an account, or the holder of a progress code.

    Of a holder nothing is known but the country she chose and when she last typed her code (`used_at`). `code_key`: the
    mark of the index key under which her code is found (empty: from before marks were kept). `merged_into`:
    an account took her progress over. `erased_at` stands for the moment of an erasing only: it lets her events go.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="learner"
    )
    code_hmac = models.CharField(max_length=64, null=True, blank=True, unique=True)
    code_key = models.CharField(max_length=16, blank=True)
    country = models.ForeignKey("accounts.Country", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    used_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user__isnull=False, code_hmac__isnull=True)
                | models.Q(user__isnull=True, code_hmac__isnull=False),
                name="learner_is_account_or_code",
            ),
            models.CheckConstraint(
                condition=models.Q(user=None) | models.Q(country=None, used_at=None, merged_into=None, erased_at=None),
                name="learner_with_an_account_is_that_alone",
            ),
        ]

    def __str__(self):
        return str(self.public_id)

    @property
    def home(self) -> str | None:
        """Return the code of the country whose editions hold for her: her account's, else the one she chose."""
        return self.user.country_id if self.user_id else self.country_id


class Enrolment(models.Model):
    """A learner's place in a course, pinned to the version from which her counts come."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.PROTECT, related_name="enrolments")
    course = models.ForeignKey("training.Course", on_delete=models.PROTECT, related_name="enrolments")
    version = models.ForeignKey(CourseVersion, on_delete=models.PROTECT, related_name="enrolments")
    started_at = models.DateTimeField()
    # Begun with a progress code in a course that the account which took it over had begun too: the fold reads both.
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")

    class Meta:
        ordering = ["-started_at"]
        constraints = [models.UniqueConstraint(fields=["learner", "course"], name="one_enrolment_a_course")]

    def __str__(self):
        return str(self.public_id)


class Event(models.Model):
    """One fact that a learner, her page or the system reported. Append-only; its id is made where it happened.

    Only with a learner who is being erased, which nobody with an account is, her events are deleted.
    """

    append_only = True
    erased_with = ("learner_id", "training_learner")

    id = models.UUIDField(primary_key=True)
    learner = models.ForeignKey(Learner, on_delete=models.PROTECT, related_name="events")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="events")
    course_version = models.ForeignKey(CourseVersion, on_delete=models.PROTECT, related_name="+")
    device = models.UUIDField(null=True, blank=True)
    device_seq = models.BigIntegerField(null=True, blank=True)
    verb = models.CharField(max_length=12, choices=Verb)
    activity = models.UUIDField(null=True, blank=True)
    attempt = models.UUIDField(null=True, blank=True)
    language = models.CharField(max_length=5)
    occurred_at = models.DateTimeField()
    clock_offset_ms = models.BigIntegerField(default=0)
    received_at = models.DateTimeField()
    payload = models.TextField(default="{}")
    sha256 = models.CharField(max_length=64)
    source = models.CharField(max_length=6, choices=Source)
    by = models.CharField(max_length=40, blank=True)
    flags = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["received_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["device", "device_seq"], name="one_event_a_device_number"),
            models.UniqueConstraint(
                fields=["attempt"], condition=models.Q(verb="submitted"), name="one_paper_an_attempt"
            ),
        ]
        indexes = [
            models.Index(fields=["received_at"], name="events_in_doubt", condition=~models.Q(flags="")),
        ]

    def __str__(self):
        return f"{self.id} {self.verb}"


class Attempt(models.Model):
    """One test: the questions drawn, their order, and the pass rule as it stood when it began.

    `opens_at` is set where it was drawn for a phone before the time to wait was over.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="attempts")
    version = models.ForeignKey(CourseVersion, on_delete=models.PROTECT, related_name="+")
    form = models.PositiveSmallIntegerField(choices=Form, default=Form.POST)
    number = models.PositiveSmallIntegerField()
    seed = models.CharField(max_length=32)
    paper = models.TextField()
    language = models.CharField(max_length=5)
    started_at = models.DateTimeField()
    opens_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    right = models.PositiveSmallIntegerField(null=True, blank=True)
    passed = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering = ["enrolment", "number"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "number"], name="one_attempt_a_number"),
            models.CheckConstraint(
                condition=models.Q(submitted_at=None, passed=None, right=None)
                | models.Q(submitted_at__isnull=False, passed__isnull=False, right__isnull=False)
                | models.Q(submitted_at__isnull=False, passed=None, right__isnull=False, form=Form.PRE),
                name="attempt_has_a_result_once_handed_in",
            ),
        ]

    def __str__(self):
        return str(self.public_id)


class Allowance(models.Model):
    """A named person allowed one more try at a test, with her reason. Append-only."""

    append_only = True

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="allowances")
    form = models.PositiveSmallIntegerField(choices=Form)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=12, choices=AllowReason)

    class Meta:
        ordering = ["enrolment", "at"]

    def __str__(self):
        return str(self.public_id)


class Progress(models.Model):
    """The state folded from an enrolment's events, with columns for lists. Never written by hand."""

    enrolment = models.OneToOneField(Enrolment, on_delete=models.CASCADE, related_name="progress")
    fold = models.PositiveSmallIntegerField()
    state = models.TextField()
    sha256 = models.CharField(max_length=64)
    done = models.PositiveSmallIntegerField(_("lessons done"), default=0)
    of = models.PositiveSmallIntegerField(_("lessons"), default=0)
    best = models.PositiveSmallIntegerField(default=0)
    passed_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    seconds = models.PositiveIntegerField(default=0)
    language = models.CharField(max_length=5, blank=True)
    track = models.CharField(max_length=8, choices=Track, blank=True)
    last_at = models.DateTimeField(null=True, blank=True)
    spans_due = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["enrolment"], condition=models.Q(spans_due=True), name="progress_whose_spans_are_due")
        ]

    def __str__(self):
        return f"{self.enrolment_id} {self.done}/{self.of}"
