"""What was refused of a learner, and that a person has looked at it or at a time in doubt."""

from django.conf import settings
from django.db import models

from training.choices import Verdict


class RefusedEvent(models.Model):
    """An event that was not taken, kept ninety days for a person to look at."""

    learner = models.ForeignKey("training.Learner", on_delete=models.CASCADE, related_name="refused_events")
    event = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=24)
    body = models.TextField()
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["-received_at", "-id"]

    def __str__(self):
        return f"{self.event} {self.reason}"


class Look(models.Model):
    """That a person has looked at a sending of a learner in which something was refused, or bears a time in doubt.

    A sending is known by whose it is and when it came.
    """

    learner = models.ForeignKey("training.Learner", on_delete=models.CASCADE, related_name="looks")
    received_at = models.DateTimeField()
    verdict = models.CharField(max_length=6, choices=Verdict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "received_at"], name="one_look_a_sending")]

    def __str__(self):
        return f"{self.learner_id} {self.received_at} {self.verdict}"
