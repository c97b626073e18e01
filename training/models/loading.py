"""The mark that loading leaves: what of a course folder stands in the editor as it was shipped."""

from django.db import models


class Shipped(models.Model):
    """What loading wrote into a page, question or country entry, by field, hashed; where it differs now, somebody edited.

    It stays when the thing is deleted: so a second run does not bring back what an editor took away.
    """

    course = models.ForeignKey("training.Course", on_delete=models.CASCADE, related_name="+")
    thing = models.CharField(max_length=80)
    digests = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["course", "thing"], name="one_mark_a_shipped_thing")]

    def __str__(self):
        return self.thing
