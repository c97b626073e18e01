"""Numbers that are kept out of the queue for a while."""

from django.db import models
from django.db.models import Q

from hotline.choices.blocks import BlockReason


class Block(models.Model):
    """A number that waits in no queue of a country's lines until an instant. It still hears the police number, reaches
    somebody in danger, and may leave a message.

    Only the blind index of the number is kept, which a withheld one does not have.
    """

    country = models.ForeignKey("accounts.Country", on_delete=models.CASCADE, related_name="+")
    contact = models.ForeignKey("hotline.Contact", on_delete=models.CASCADE, related_name="blocks")
    number_index = models.CharField(max_length=64)
    reason = models.CharField(max_length=8, choices=BlockReason)
    by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    until = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(number_index=""), name="withheld_is_never_blocked"),
            models.CheckConstraint(condition=Q(until__gt=models.F("at")), name="block_has_an_end"),
            models.UniqueConstraint(
                fields=["country", "number_index"], condition=Q(lifted_at=None), name="one_block_a_number"
            ),
        ]

    def __str__(self):
        return f"{self.contact} {self.reason}"
