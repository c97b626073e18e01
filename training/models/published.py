"""What was published that reaches a country: told to its managers in a letter, and shown on their page of reports."""

from django.db import models

from training.choices import NewsKind


class PublishedNews(models.Model):
    """A change of a course that reaches people of a country; `people` are asked anew, or are in a course that goes.

    `by` is who published it as editions name her: a public id, or a word where no person did. `told_at` is when its letter
    to the managers was written; a letter waits for an hour, so that what is published one after the other goes in one. `parts` are the
    lessons and stories that it is about: their headings in the source, by the id of each.
    """

    course = models.ForeignKey("training.Course", on_delete=models.CASCADE, related_name="+")
    country = models.ForeignKey("accounts.Country", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=9, choices=NewsKind)
    number = models.PositiveIntegerField(null=True, blank=True)
    people = models.PositiveIntegerField(default=0)
    by = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()
    parts = models.JSONField(default=dict, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "country", "number"], name="one_news_of_an_edition"),
        ]
        indexes = [
            models.Index(fields=["country", "-at"], name="news_of_a_country"),
            models.Index(fields=["at"], condition=models.Q(told_at=None), name="news_not_told"),
        ]

    def __str__(self):
        return f"{self.course_id} {self.country_id} {self.kind}"
