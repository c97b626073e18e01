"""The source of a country entry gets a column per language; what stands there is its English.

Its strings are noted for the translators' desk, and what loading left of it is found under its new name: else every
entry that came with the product would count as edited here. There is no way back: translations would be lost.
"""

import hashlib

from django.db import migrations, models
from django.db.models import F
from django.utils import timezone

from languages.text import clean

CODES = ("en", "fr", "es", "pt", "pt_br", "ar", "ht", "rw", "wo", "bn", "ind", "th", "mg", "ny", "sw")


def carry_over(apps, schema_editor):
    """Make what stands in the old column the English source, with a string of it for the desk."""
    entries = apps.get_model("training", "Overlay").objects
    entries.update(source_en=F("source"))
    _note_strings(apps, entries.order_by("pk").values_list("pk", "source"))
    _rename_marks(apps)


def _note_strings(apps, entries):
    texts = [(pk, clean(source).replace("\n", " ")) for pk, source in entries if source.strip()]
    if not texts:
        return
    segment, now = apps.get_model("languages", "Segment"), timezone.now()
    kind, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(app_label="training", model="overlay")
    segment.objects.bulk_create(
        [
            segment(content_type=kind, object_id=pk, path="source", position=1, kind="line", text=text, max_length=300,
                    digest=hashlib.sha256(text.encode()).hexdigest(), note="source", changed_at=now)
            for pk, text in texts
        ]
    )  # fmt: skip


def _rename_marks(apps):
    for mark in apps.get_model("training", "Shipped").objects.filter(thing__startswith="entry:"):
        if "source" in mark.digests:
            mark.digests["source_en"] = mark.digests.pop("source")
            mark.save(update_fields=["digests"])


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("languages", "0001_initial"),
        ("training", "0003_what_loading_leaves"),
    ]

    operations = [
        *(
            migrations.AddField("overlay", f"source_{code}", models.CharField("source", max_length=300, null=True))
            for code in CODES
        ),
        migrations.RunPython(carry_over),
    ]
