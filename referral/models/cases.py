"""Cases: the case, the visits of its steps, what was told, what happened, what is due. Never in Wagtail or search."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.fields import SealedField
from accounts.models import Country, User
from languages import table
from referral.choices import Basis, CaseState, CloseReason, EscalationAction, NoticeFault, RunState, Sensitivity
from referral.models.directory import AgencyContact, Area
from referral.models.sealing import SealedWithCase
from referral.models.versions import PathwayVersion


class Case(models.Model):
    """One person's way through a pathway. The code says nothing about her; the version never changes by itself."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("case code"), max_length=16, unique=True)
    key = models.CharField(max_length=120, unique=True, help_text=_("The opener's own key: a repeat opens nothing."))
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="cases")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="cases")
    version = models.ForeignKey(PathwayVersion, on_delete=models.PROTECT, related_name="cases")
    language = models.CharField(_("language"), max_length=5, choices=table.LANGUAGES, blank=True)  # empty: not known
    source = models.SlugField(_("how it came"), max_length=30)
    state = models.CharField(_("state"), max_length=10, choices=CaseState, default=CaseState.OPEN, db_index=True)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="cases")
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=40)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=40, blank=True)
    close_reason = models.CharField(_("reason"), max_length=20, choices=CloseReason, blank=True)
    legal_hold = models.BooleanField(_("kept for a court"), default=False)
    event_count = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["-opened_at", "-id"]
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        constraints = [
            models.CheckConstraint(
                condition=Q(state=CaseState.OPEN, closed_at=None, closed_by="", close_reason="")
                | (Q(state=CaseState.CLOSED, closed_at__isnull=False) & ~Q(closed_by="") & ~Q(close_reason="")),
                name="case_closed_whole",
            ),
        ]

    def __str__(self):
        return self.code

    @property
    def script_language(self) -> str:
        """Return the language in which words are said to the person: hers, else the first of the country."""
        return self.language or self.country.languages[0]

    @property
    def seal_owner(self) -> uuid.UUID:
        """Return whose data key seals what was told: this case's."""
        return self.public_id

    @property
    def seal_scope(self) -> str:
        """Return the country whose key wraps it."""
        return self.country_id


class CaseAccess(models.Model):
    """A supervisor's opening of a case with a reason, for a limited time."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="accesses")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="case_accesses")
    reason = models.CharField(_("reason"), max_length=300)
    opened_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["-opened_at"]

    def __str__(self):
        return f"{self.case_id} {self.user_id}"


class CaseEvent(models.Model):
    """One event of a case, numbered; keys and codes only. The engine's state is these events replayed."""

    append_only = True

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=40)
    kind = models.SlugField(max_length=40)
    run_number = models.PositiveIntegerField(null=True, blank=True)
    body = models.TextField(help_text=_("Canonical JSON of keys and codes."))
    key = models.CharField(max_length=120, help_text=_("The client's key: a double click has no second effect."))

    class Meta:
        ordering = ["case", "number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="one_case_event_a_number"),
            models.UniqueConstraint(fields=["case", "key"], name="one_case_event_a_key"),
        ]

    def __str__(self):
        return f"{self.number} {self.kind}"


class StepRun(models.Model):
    """One visit of a step by one token, as the engine last computed it."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="runs")
    number = models.PositiveIntegerField()
    step_key = models.SlugField(max_length=64)
    kind = models.CharField(max_length=10)
    token = models.PositiveIntegerField()
    fork = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=RunState, db_index=True)
    role = models.SlugField(max_length=64, blank=True)
    outcome = models.SlugField(max_length=64, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    due_from = models.DateTimeField(null=True, blank=True)
    basis = models.CharField(_("rests on"), max_length=10, choices=Basis, blank=True)
    not_before = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    reassigned_to = models.SlugField(max_length=64, blank=True)

    class Meta:
        ordering = ["case", "number"]
        indexes = [models.Index(fields=["state", "due_at"], name="steprun_due")]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="one_run_a_number"),
            models.CheckConstraint(
                condition=Q(state__in=[RunState.DONE, RunState.SKIPPED], ended_at__isnull=False)
                | (~Q(state__in=[RunState.DONE, RunState.SKIPPED]) & Q(ended_at=None)),
                name="run_ended_whole",
            ),
            models.CheckConstraint(condition=Q(due_at=None) | ~Q(basis=""), name="no_deadline_without_basis"),
        ]

    def __str__(self):
        return f"{self.number} {self.step_key}"

    @property
    def acting_role(self) -> str:
        """Return the role that acts now: the one it was handed to, else the step's own."""
        return self.reassigned_to or self.role


class FactValue(SealedWithCase, models.Model):
    """What was told about one fact; history is kept, the last counts. Personal values are sealed."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="facts")
    key = models.SlugField(max_length=64)
    event_number = models.PositiveIntegerField()
    is_known = models.BooleanField()
    value = models.TextField(blank=True, help_text=_("Canonical JSON of a plain value."))
    sealed = SealedField()
    sensitivity = models.CharField(max_length=10, choices=Sensitivity, default=Sensitivity.PLAIN)
    source = models.SlugField(max_length=64)
    at = models.DateTimeField()
    by = models.CharField(max_length=40)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["case", "key", "-id"], name="fact_history")]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_known=False, value="", sealed__isnull=True)
                | (Q(is_known=True, sensitivity=Sensitivity.PLAIN, sealed__isnull=True) & ~Q(value=""))
                | (Q(is_known=True, value="", sealed__isnull=False) & ~Q(sensitivity=Sensitivity.PLAIN)),
                name="fact_plain_or_sealed_or_not_known",
            ),
        ]

    def __str__(self):
        return self.key


class Escalation(models.Model):
    """One escalation of one late step: when it is due, to which role, what; fires once."""

    run = models.ForeignKey(StepRun, on_delete=models.CASCADE, related_name="escalations")
    rule = models.CharField(max_length=40, help_text=_("For example deadline+50%:notify."))
    to_role = models.SlugField(max_length=64)
    action = models.CharField(max_length=20, choices=EscalationAction)
    at = models.DateTimeField(db_index=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    fired_at = models.DateTimeField(null=True, blank=True)
    told_role = models.SlugField(max_length=64, blank=True, help_text=_("Who was told: the role, or the next one."))
    was_hole = models.BooleanField(default=False, help_text=_("Nobody was on duty for the role."))
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["run", "rule"], name="one_escalation_a_run_and_rule")]
        indexes = [models.Index(fields=["at"], condition=models.Q(fired_at=None), name="escalations_to_fire")]

    def __str__(self):
        return self.rule


class Notice(models.Model):
    """A text that shall leave: to an agency's contact or to the person's safe number. Content-free; hotline sends it.

    The address of an agency's page is sealed while the text waits and emptied once it was handed on, and so is the number
    of a text that goes to the number of that moment, whatever the contact's is when the text leaves.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=120, unique=True)
    kind = models.SlugField(max_length=40)
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, blank=True, related_name="notices")
    contact = models.ForeignKey(AgencyContact, on_delete=models.CASCADE, null=True, blank=True, related_name="notices")
    language = models.CharField(max_length=5)
    link = SealedField()
    to = SealedField()
    due_at = models.DateTimeField(db_index=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    fault = models.CharField(max_length=40, choices=NoticeFault, blank=True)

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(case__isnull=False) | Q(contact__isnull=False), name="notice_has_receiver"
            )
        ]

    def __str__(self):
        return self.key

    @property
    def seal_owner(self) -> uuid.UUID:
        """Return whose data key seals the link: the agency contact's, else the case's."""
        return self.contact.public_id if self.contact_id else self.case.public_id

    @property
    def seal_scope(self) -> str:
        """Return the country under whose key that data key is wrapped."""
        return self.country_id
