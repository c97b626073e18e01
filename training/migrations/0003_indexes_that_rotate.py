"""Indexes say which key made them; that of the name on a certificate stands in a row that can be made anew."""

import django.db.models.deletion
from django.db import migrations, models

from languages.schema import OnRows

AT_ONCE = 1_000


def carry_over(apps, schema_editor):
    """Give each certificate its row; which key made the index is not known, so the worker makes each anew."""
    certificate, name_index = apps.get_model("training", "Certificate"), apps.get_model("training", "NameIndex")
    last = 0
    while found := list(
        certificate.objects.filter(pk__gt=last).order_by("pk").values_list("pk", "name_index")[:AT_ONCE]
    ):
        name_index.objects.bulk_create(name_index(certificate_id=key, value=value) for key, value in found)
        last = found[-1][0]


def without_triggers(apps, schema_editor):
    """Take away the triggers that name a table which SQLite writes anew here; they are put back after the last step."""
    if schema_editor.connection.vendor != "sqlite":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND "
            "(sql LIKE '%training_learner%' OR sql LIKE '%training_certificate%')"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {schema_editor.quote_name(name)}")


class Migration(migrations.Migration):
    """Add the columns and the table, and fill it; the old column goes in a step of its own."""

    dependencies = [("training", "0002_kept_padding")]

    operations = [
        migrations.RunPython(without_triggers, migrations.RunPython.noop),
        migrations.AddField(
            "learner", "code_key", models.CharField(blank=True, default="", max_length=16), preserve_default=False
        ),
        migrations.CreateModel(
            name="NameIndex",
            fields=[
                (
                    "certificate",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="indexed_name",
                        serialize=False,
                        to="training.certificate",
                    ),
                ),
                ("value", models.CharField(max_length=64)),
                ("key", models.CharField(blank=True, db_index=True, max_length=16)),
                ("failed_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        OnRows("training_certificate", carry_over),
    ]
