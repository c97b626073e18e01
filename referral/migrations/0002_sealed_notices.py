"""Seals the addresses of agency pages that wait to be sent, empties those that were, and keeps why one could not leave."""

import uuid

from django.conf import settings
from django.db import migrations, models

import accounts.fields
from accounts import sealing


FAULTS = [
    ("no_line", "This country has no line that can send texts."),
    ("no_number", "No number for texts is enrolled for this agency."),
    ("refused", "The carrier refused the text."),
]


def seal_or_empty(apps, schema_editor):
    """Seal the link of each text that waits under its contact's key; empty the others."""
    notices, keys = apps.get_model("referral", "Notice"), apps.get_model("accounts", "DataKey")
    for notice in notices.objects.select_related("contact").all():
        plain = notice.link.raw if notice.link is not None else ""
        waits = bool(plain and notice.contact_id and not notice.taken_at)
        key = _data_key(keys, notice.contact.public_id) if waits else None
        notice.link = sealing.seal(plain, key, "referral_notice.link", str(notice.public_id)) if waits else None
        notice.save(update_fields=["link"])


def _data_key(keys, owner: uuid.UUID) -> sealing.Key:
    """Return the data key of a contact: it has one, because its number is sealed."""
    stored = keys.objects.get(owner=owner)
    ring = sealing.KeyRing(settings.SEAL_KEYS)
    secret = sealing.open_sealed(stored.wrapped, ring.keys(stored.scope), "datakey", f"{owner}|{stored.scope}")
    return sealing.Key("c1", bytes.fromhex(secret))


class Migration(migrations.Migration):
    dependencies = [("referral", "0001_initial"), ("accounts", "0003_sealed_letters")]

    operations = [
        migrations.AlterField("notice", "link", accounts.fields.SealedField(blank=True, editable=False, null=True)),
        migrations.AddField("notice", "fault", models.CharField(blank=True, choices=FAULTS, default="", max_length=40), False),
        migrations.RunPython(seal_or_empty, migrations.RunPython.noop),
    ]
