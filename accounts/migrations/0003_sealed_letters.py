"""Seals the letters that wait, empties those that are over, and gives each an id of its own."""

import uuid

from django.conf import settings
from django.db import migrations, models

import accounts.fields
from accounts import sealing


def give_ids(apps, schema_editor):
    """Give each letter that stands an id, before the column is made unique."""
    letters = apps.get_model("accounts", "Letter")
    for letter in letters.objects.all():
        letter.public_id = uuid.uuid4()
        letter.save(update_fields=["public_id"])


def seal_or_empty(apps, schema_editor):
    """Seal address and text of what still waits; empty what was sent or given up, unless this is the demo."""
    letters = apps.get_model("accounts", "Letter")
    key = sealing.KeyRing(settings.SEAL_KEYS).keys("*")[0] if letters.objects.exists() else None
    for letter in letters.objects.all():
        waits = letter.sent_at is None and letter.failed_at is None
        for name in ("to", "text"):
            plain = getattr(letter, name).raw
            sealed = sealing.seal(plain, key, f"accounts_letter.{name}", str(letter.public_id))
            setattr(letter, name, sealed if waits or settings.KEEPS_LETTERS else None)
        letter.save(update_fields=["to", "text"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_erasure_ledger")]

    operations = [
        migrations.AddField("letter", "public_id", models.UUIDField(default=uuid.uuid4, editable=False, null=True)),
        migrations.AddField("letter", "receiver", models.CharField(blank=True, default="", max_length=80), False),
        migrations.RunPython(give_ids, migrations.RunPython.noop),
        migrations.AlterField(
            "letter", "public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
        ),
        migrations.AlterField("letter", "to", accounts.fields.SealedField(blank=True, editable=False, null=True)),
        migrations.AlterField("letter", "text", accounts.fields.SealedField(blank=True, editable=False, null=True)),
        migrations.RunPython(seal_or_empty, migrations.RunPython.noop),
    ]
