"""What is counted of questions: figures of a course, and where a question is harder in one language only."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from languages import table


class CourseFigures(models.Model):
    """The figures of a course's questions as they were last counted: JSON, no person in it.

    `is_due`: a test was set aside since.
    """

    course = models.OneToOneField("training.Course", on_delete=models.CASCADE, related_name="figures")
    counted_at = models.DateTimeField()
    body = models.TextField()
    is_due = models.BooleanField(default=False)

    def __str__(self):
        return f"{self.course_id} {self.counted_at:%Y-%m-%d}"


class LanguageFinding(models.Model):
    """One version of a question that is answered otherwise in one language: work for its translators until settled."""

    question = models.ForeignKey("training.Question", on_delete=models.CASCADE, related_name="findings")
    language = models.CharField(max_length=5, choices=table.LANGUAGES)
    item_version = models.CharField(max_length=12)
    is_harder = models.BooleanField()
    answers = models.PositiveIntegerField(_("answers"))
    found_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=40, blank=True)
    outcome = models.CharField(max_length=12, blank=True)

    class Meta:
        ordering = ["found_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "language", "item_version"], name="one_finding_a_version_and_language"
            ),
            models.CheckConstraint(
                condition=models.Q(settled_at=None, settled_by="", outcome="")
                | (models.Q(settled_at__isnull=False) & ~models.Q(settled_by="") & ~models.Q(outcome="")),
                name="settled_finding_says_by_whom_and_how",
            ),
        ]

    def __str__(self):
        return f"{self.question_id} {self.language}"
