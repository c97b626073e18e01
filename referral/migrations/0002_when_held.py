"""When an agency put the person on its waiting list: so it is known later that it answered, and what."""

import json

from django.db import migrations, models


def from_history(apps, schema_editor):
    """Take the moment from the history of each case; the first one counts."""
    referrals = apps.get_model("referral", "Referral").objects
    for event in apps.get_model("referral", "CaseEvent").objects.filter(kind="referral_held").order_by("id"):
        held = referrals.filter(public_id=json.loads(event.body)["referral"], held_at=None)
        held.update(held_at=event.at)


class Migration(migrations.Migration):

    dependencies = [
        ('referral', '0001_squashed'),
    ]

    operations = [
        migrations.AddField(
            model_name='referral',
            name='held_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(from_history, migrations.RunPython.noop, elidable=True),
    ]
