"""What a line did on one day, in numbers without anybody: they stay when contacts are erased."""

from django.db import models


class DayFigures(models.Model):
    """One day of one line as counts (`hotline.figures.counted`); a day of the line's country. May be counted again at any time."""

    line = models.ForeignKey("hotline.Line", on_delete=models.CASCADE, related_name="figures", db_index=False)
    day = models.DateField()
    body = models.JSONField()
    counted_at = models.DateTimeField()

    class Meta:
        ordering = ["line", "day"]
        constraints = [models.UniqueConstraint(fields=["line", "day"], name="figures_once_a_day")]

    def __str__(self):
        return f"{self.line_id} {self.day}"
