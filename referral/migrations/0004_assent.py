"""Keeps of a child's own answer whether it was yes, no, or the child was too young to be asked."""

from django.db import migrations, models

ASSENT = [
    ("yes", "Yes, the child agrees"),
    ("no", "No, the child does not agree"),
    ("too_young", "Too young to be asked"),
]


def to_words(apps, schema_editor):
    """Carry over what was written so far; nothing written stays nothing."""
    consents = apps.get_model("referral", "Consent").objects
    consents.filter(child_assents=True).update(assent="yes")
    consents.filter(child_assents=False).update(assent="no")


def to_tick(apps, schema_editor):
    """Carry back; too young to be asked becomes nothing written."""
    consents = apps.get_model("referral", "Consent").objects
    consents.filter(assent="yes").update(child_assents=True)
    consents.filter(assent="no").update(child_assents=False)


class Migration(migrations.Migration):
    dependencies = [("referral", "0003_texts_that_cannot_be_opened")]

    operations = [
        migrations.AddField(
            "consent",
            "assent",
            models.CharField(blank=True, choices=ASSENT, default="", max_length=10, verbose_name="the child itself"),
            preserve_default=False,
        ),
        migrations.RunPython(to_words, to_tick),
    ]
