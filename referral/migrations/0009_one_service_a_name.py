"""One service of a name an organisation has, and the key of the sending that added it. Doubles are numbered, none is lost."""

import django.db.models.functions.text
from django.db import migrations, models


def number_doubles(apps, schema_editor):
    """Give each later service of one name a number behind it."""
    taken = set()
    for row in apps.get_model("referral", "Service").objects.order_by("id"):
        name, number = row.name_en, 1
        while name is not None and (row.organisation_id, name.lower()) in taken:
            number += 1
            name = f"{row.name_en[:190]} ({number})"
        if name != row.name_en:
            row.name = row.name_en = name
            row.save(update_fields=["name", "name_en"])
        taken.add((row.organisation_id, (name or "").lower()))


class Migration(migrations.Migration):
    dependencies = [("referral", "0008_consents_told_over")]

    operations = [
        migrations.RunPython(number_doubles, migrations.RunPython.noop),
        migrations.AddField(
            "service",
            "key",
            models.CharField(blank=True, help_text="The writer's own key: a repeat adds nothing.", max_length=120),
        ),
        migrations.AddConstraint(
            "service",
            models.UniqueConstraint(
                models.F("organisation"), django.db.models.functions.text.Lower("name_en"), name="one_service_a_name"
            ),
        ),
        migrations.AddConstraint(
            "service",
            models.UniqueConstraint(fields=["key"], condition=~models.Q(key=""), name="one_service_a_key"),
        ),
    ]
