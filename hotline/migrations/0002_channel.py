"""By what a contact came: what was written is a text message, but for ids that only WhatsApp has."""

from django.db import migrations, models
from django.db.models import Case, Value, When

from languages.schema import OnRows


def from_kind(apps, schema_editor):
    """Name the channel of conversations by text."""
    rows = apps.get_model("hotline", "Contact").objects.filter(kind="message")
    rows.update(channel=Case(When(caller_class="bsuid", then=Value("whatsapp")), default=Value("sms")))


class Migration(migrations.Migration):

    dependencies = [
        ('hotline', '0001_squashed'),
    ]

    operations = [
        migrations.AddField(
            model_name='contact',
            name='channel',
            field=models.CharField(blank=True, choices=[('call', 'Call'), ('sms', 'Text message'), ('whatsapp', 'WhatsApp message')], db_default='call', default='call', max_length=8, verbose_name='channel'),
        ),
        OnRows("hotline_contact", from_kind),
    ]
