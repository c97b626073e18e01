"""An index of the referrals whose agency has not confirmed a deletion: the worker looks for them each second."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("referral", "0005_assent_only")]

    operations = [
        migrations.AddIndex(
            "referral",
            models.Index(
                fields=["deletion_asked_at"],
                condition=models.Q(deletion_asked_at__isnull=False, deletion_confirmed_at=None),
                name="deletions_not_confirmed",
            ),
        ),
    ]
