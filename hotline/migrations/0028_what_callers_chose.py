"""Writes down what a caller chose beside how the call ended: the outcome, which is computed from it, told both."""

from django.db import migrations, models


def copy(apps, schema_editor):
    """Take what the outcomes of calls from before tell for what was chosen, as it was taken until now."""
    rows = apps.get_model("hotline", "Contact").objects.using(schema_editor.connection.alias).filter(kind="call")
    for one in ("voicemail", "callback", "no_number", "silent", "by_phone"):
        rows.filter(outcome=one).update(chosen=one)


class Migration(migrations.Migration):
    dependencies = [("hotline", "0027_no_line_says_that_it_records")]

    operations = [
        migrations.AddField(
            model_name="contact",
            name="chosen",
            field=models.CharField(blank=True, db_default="", default="", max_length=14),
        ),
        migrations.RunPython(copy, migrations.RunPython.noop, elidable=True),
    ]
