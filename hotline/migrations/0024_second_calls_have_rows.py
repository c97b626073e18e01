import django.db.models.deletion
from django.db import migrations, models

FINAL = ('canceled', 'no-answer', 'busy', 'failed', 'completed')


def carry_over(apps, schema_editor):
    """Make the rows of the second calls that are known by their orders, and let those orders refer to them."""
    Command, SecondCall = apps.get_model('hotline', 'Command'), apps.get_model('hotline', 'SecondCall')
    hangings = [*Command.objects.filter(key__startswith='second_call:').select_related('leg')]
    forgettings = [*Command.objects.filter(key__startswith='log_second_call:')]
    forgotten = {row.arguments['second'] for row in forgettings if row.done_at}
    calls = {}
    for row in hangings:
        sid, status, mark = row.arguments['second'], row.arguments['status'], row.key.rpartition(':')[2]
        if row.leg.call_sid in (sid, mark):
            continue  # it has the leg by now
        is_over = status in FINAL
        calls[row.leg_id, sid] = SecondCall(
            leg_id=row.leg_id, mark=mark, call_sid='' if sid in forgotten else sid, status=status,
            room_sid=row.arguments.get('room', ''), heard_at=row.made_at, until=row.due_at,
            hung_up_at=None if is_over else row.done_at or row.failed_at, ended_at=row.done_at if is_over else None,
        )
    SecondCall.objects.bulk_create(calls.values())
    for row in hangings + forgettings:
        call = calls.get((row.leg_id, row.arguments['second']))
        row.arguments = {'second_call': call.pk if call else None}
    Command.objects.bulk_update(hangings + forgettings, ['arguments'], batch_size=500)


class Migration(migrations.Migration):

    dependencies = [
        ('hotline', '0023_orders_of_a_contact_and_of_a_telephone'),
    ]

    operations = [
        migrations.CreateModel(
            name='SecondCall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mark', models.CharField(max_length=34)),
                ('call_sid', models.CharField(blank=True, max_length=34)),
                ('status', models.CharField(blank=True, max_length=12)),
                ('room_sid', models.CharField(blank=True, max_length=34)),
                ('heard_at', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('hung_up_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('leg', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='second_calls', to='hotline.leg')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('leg', 'mark'), name='second_call_once_a_leg')],
            },
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
    ]
