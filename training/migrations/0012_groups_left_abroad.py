"""Who moved to another country before moving took people out of their groups leaves those of the old one now."""

from django.db import migrations, models
from django.utils import timezone

from languages.schema import OnRows


def leave_abroad(apps, schema_editor):
    """Note as left whoever stands in a group of another country than that of the account."""
    rows = apps.get_model("training", "Member").objects.filter(left_at=None)
    rows = rows.exclude(enrolment__learner__user__country=models.F("cohort__country"))
    rows.update(left_at=timezone.now())


class Migration(migrations.Migration):

    dependencies = [
        ("training", "0011_objectives_named"),
    ]

    operations = [
        OnRows("training_member", leave_abroad),
    ]
