"""The conference of a contact: where caller, operator and others hear each other."""

from django.db import models

from hotline.models.contacts import Contact


class Room(models.Model):
    """One conference of a contact; a new one each time the main operator was lost."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="rooms")
    account = models.CharField(max_length=34)
    sid = models.CharField(max_length=34)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["account", "sid"], name="room_once_an_account")]

    def __str__(self):
        return f"{self.contact} {self.sid[-6:]}"
