"""STOP that was said by an id that only WhatsApp has, before channels were told apart, holds for that channel."""

from django.db import migrations

from languages.schema import OnRows


def by_whatsapp(apps, schema_editor):
    """Give each such STOP its channel; one that was said again since stands already."""
    opposed, contacts = apps.get_model("hotline", "Opposition"), apps.get_model("hotline", "Contact")
    ids = contacts.objects.filter(caller_class="bsuid").exclude(number_index="").values("number_index")
    for row in opposed.objects.filter(channel="sms", number_index__in=ids):
        same = opposed.objects.filter(line_id=row.line_id, number_index=row.number_index, channel="whatsapp")
        if same.exists():
            row.delete()
        else:
            row.channel = "whatsapp"
            row.save(update_fields=["channel"])


class Migration(migrations.Migration):

    dependencies = [
        ('hotline', '0021_rehearsals'),
    ]

    operations = [
        OnRows("hotline_opposition", by_whatsapp),
    ]
