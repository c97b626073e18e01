"""What names nobody (a short number, one that cannot be, a word) is a class of its own and is never indexed.

The index of what was taken for a network user told neither the line nor whether it named anybody, and what it was made
of is sealed: all such indexes go, with the blocks and the oppositions that hang on them. No text ever left to one of
them. A user of a network is indexed anew with the next call, for the line at which it comes in.
"""

from django.db import migrations, models


def forget_indexes(apps, _schema):
    """Clear the index of each contact of that class, and what was decided by it."""
    of_class = apps.get_model("hotline", "Contact").objects.filter(caller_class="sip")
    rows = of_class.exclude(number_index="")
    apps.get_model("hotline", "Block").objects.filter(contact__in=of_class.values("pk")).delete()
    apps.get_model("hotline", "Opposition").objects.filter(number_index__in=rows.values("number_index")).delete()
    rows.update(number_index="")


class Migration(migrations.Migration):
    dependencies = [("hotline", "0020_when_texts_were_said")]

    operations = [
        migrations.RunPython(forget_indexes, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name="contact",
            name="caller_class",
            field=models.CharField(
                choices=[
                    ("phone", "Phone number"),
                    ("sip", "Network user name"),
                    ("bsuid", "Messaging user id"),
                    ("client", "Softphone of the line"),
                    ("unknown", "Not known"),
                    ("withheld", "Number withheld"),
                ],
                default="withheld",
                max_length=8,
            ),
        ),
        migrations.RemoveConstraint(model_name="contact", name="withheld_never_links"),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("caller_class__in", ["phone", "sip", "bsuid"]), ("number_index", ""), _connector="OR"
                ),
                name="nobody_never_links",
            ),
        ),
    ]
