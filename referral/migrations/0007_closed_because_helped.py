"""A case may be closed because help was taken up, without the whole pathway walked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("referral", "0006_deletions_not_confirmed"),
    ]

    operations = [
        migrations.AlterField(
            model_name="case",
            name="close_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("completed", "Pathway completed"),
                    ("helped", "Help was taken up; nothing more is wanted"),
                    ("information_only", "Information only was wanted"),
                    ("withdrawn", "The person withdrew consent"),
                    ("lost_contact", "Contact was lost"),
                    ("moved", "Handed to another country"),
                    ("not_trafficking", "Not trafficking; ordinary services offered"),
                    ("opened_in_error", "Opened in error"),
                ],
                max_length=20,
                verbose_name="reason",
            ),
        ),
    ]
