"""When it was told that a consent has run out, and an index of those still to be told: the worker looks each second."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("referral", "0007_closed_because_helped")]

    operations = [
        migrations.AddField(
            "consent",
            "over_told_at",
            models.DateTimeField(blank=True, help_text="When it was told that it has run out.", null=True),
        ),
        migrations.AddIndex(
            "consent",
            models.Index(
                fields=["ends_at"],
                condition=models.Q(ends_at__isnull=False, withdrawn_at=None, over_told_at=None),
                name="consents_not_told_over",
            ),
        ),
    ]
