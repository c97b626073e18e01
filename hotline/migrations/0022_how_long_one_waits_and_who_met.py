from django.db import migrations, models


def note_who_waits(apps, schema_editor):
    """Write down that the callers who are on the line now are in their rooms, as later reports do."""
    Leg = apps.get_model('hotline', 'Leg')
    legs = Leg.objects.filter(role='caller', ended_at=None, joined_at__isnull=False)
    for leg in legs:
        leg.moves = f'{leg.joined_at:%Y%m%d%H%M%S}|00000000|{leg.room_sid}|+'
    Leg.objects.bulk_update(legs, ['moves'])


class Migration(migrations.Migration):

    dependencies = [
        ('hotline', '0021_nobody_is_linked'),
    ]

    operations = [
        migrations.AddField(
            model_name='contact',
            name='waits_since',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='leg',
            name='moves',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
        migrations.RunPython(note_who_waits, migrations.RunPython.noop),
    ]
