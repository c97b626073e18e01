"""Lets a text say that it could not leave because its words, or the number it goes to, could not be opened."""

from django.db import migrations, models

FAULTS = [
    ("no_line", "This country has no line that can send texts."),
    ("no_number", "No number for texts is enrolled for this agency."),
    ("refused", "The carrier refused the text."),
    ("unopened", "This cannot be opened"),
]


class Migration(migrations.Migration):
    dependencies = [("referral", "0002_sealed_notices")]

    operations = [
        migrations.AlterField("notice", "fault", models.CharField(blank=True, choices=FAULTS, max_length=40)),
    ]
