"""The practice network of the demo: on-screen phones, what was done on them, and what was heard.

The web process only writes acts and reads lines. The simulator's own process (manage.py simulator) carries the acts
out: it runs the product's TwiML and posts signed requests, as the real network would. Absent from production.
"""

import uuid

from django.db import models

from hotline.choices import ActKind, HeardKind, PhoneState
from hotline.models.lines import Line
from languages import table


class Rehearsal(models.Model):
    """Callers whom the practice network plays so that staff practise: which scenario, how many, on which practice line."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="rehearsals")
    scenario = models.CharField(max_length=20)
    is_rough = models.BooleanField(default=False)
    started_by = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at"]

    def __str__(self):
        return f"{self.scenario} {self.started_at:%Y-%m-%d %H:%M}"


class SimulatorPhone(models.Model):
    """One telephone on a screen, with an invented number or none, and the call that it makes now."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=8, choices=PhoneState, default=PhoneState.IDLE)
    dialled = models.CharField(max_length=20, blank=True)
    call_sid = models.CharField(max_length=34, blank=True, db_index=True)
    made_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    changes = models.PositiveIntegerField(default=0)
    rehearsal = models.ForeignKey(Rehearsal, on_delete=models.CASCADE, null=True, blank=True, related_name="phones")
    language = models.CharField(max_length=5, choices=table.LANGUAGES, blank=True)

    class Meta:
        ordering = ["-made_at"]
        indexes = [models.Index(fields=["number", "-made_at"])]

    def __str__(self):
        return f"{self.number or '-'} {self.state}"


class SimulatorCall(models.Model):
    """What the practice network knows of one call, text or recording: the state that its REST interface would tell."""

    sid = models.CharField(max_length=34, unique=True)
    phone = models.ForeignKey(SimulatorPhone, on_delete=models.CASCADE, null=True, blank=True, related_name="calls")
    status = models.CharField(max_length=12, blank=True)
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self):
        return f"{self.sid} {self.status}"


class SimulatorAct(models.Model):
    """One thing that somebody did on a phone, or that the worker asked of the practice network."""

    phone = models.ForeignKey(SimulatorPhone, on_delete=models.CASCADE, null=True, blank=True, related_name="acts")
    kind = models.CharField(max_length=10, choices=ActKind)
    payload = models.JSONField(default=dict, blank=True)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    fault = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["id"], condition=models.Q(done_at=None), name="simulator_acts_to_do")]

    def __str__(self):
        return self.kind


class SimulatorLine(models.Model):
    """One line of a phone's transcript: what the line said, what the person did, what the network asked of us."""

    phone = models.ForeignKey(SimulatorPhone, on_delete=models.CASCADE, related_name="lines")
    kind = models.CharField(max_length=8, choices=HeardKind)
    text = models.CharField(max_length=1700, blank=True)
    language = models.CharField(max_length=5, choices=table.LANGUAGES, blank=True)
    detail = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self):
        return self.kind
