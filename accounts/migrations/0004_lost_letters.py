"""Lets a lost letter be found at once, by country, until somebody saw to it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_sealed_letters")]

    operations = [
        migrations.AddField(
            "letter",
            "country",
            models.ForeignKey(
                "accounts.Country", models.SET_NULL, null=True, related_name="+", db_index=False
            ),
        ),
        migrations.AddField("letter", "settled_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddIndex(
            "letter",
            models.Index(
                fields=["failed_at"],
                name="letters_given_up",
                condition=models.Q(failed_at__isnull=False, settled_at__isnull=True),
            ),
        ),
    ]
