"""What one person may do only with the yes of another."""

from django.db import models


class SecondYes(models.Model):
    """An act on a thing that waits for another person's yes, or has it until an instant: who asked, why, who agreed."""

    act = models.CharField(max_length=40)
    thing = models.UUIDField()
    reason = models.CharField(max_length=20)
    by = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey("accounts.User", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(other=None) | ~models.Q(other=models.F("by")), name="second_is_another"
            ),
            models.CheckConstraint(
                condition=models.Q(other=None, until=None) | models.Q(other__isnull=False, until__isnull=False),
                name="second_yes_has_an_end",
            ),
            models.UniqueConstraint(
                fields=["act", "thing"], condition=models.Q(until=None), name="one_asked_second_yes"
            ),
        ]
        indexes = [models.Index(fields=["act", "thing", "until"], name="second_yes_standing")]

    def __str__(self):
        return f"{self.act} {self.thing}"
