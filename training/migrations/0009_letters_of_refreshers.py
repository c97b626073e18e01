"""A reminder is about a place in a course; only one of a deadline is about a member of a group as well."""

import django.db.models.deletion
from django.db import migrations, models

from languages.schema import OnRows


def put_in(apps, schema_editor):
    """Let each reminder that was written bear the place in the course of its member."""
    reminders, members = apps.get_model("training", "Reminder"), apps.get_model("training", "Member")
    whose = members.objects.filter(pk=models.OuterRef("member")).order_by().values("enrolment")
    reminders.objects.update(enrolment=models.Subquery(whose))


class Migration(migrations.Migration):

    dependencies = [
        ('training', '0008_published_news'),
    ]

    operations = [
        migrations.AddField(
            model_name='reminder',
            name='enrolment',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to='training.enrolment'),
        ),
        OnRows('training_reminder', put_in),
        migrations.AlterField(
            model_name='reminder',
            name='enrolment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to='training.enrolment'),
        ),
        migrations.AlterField(
            model_name='reminder',
            name='member',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to='training.member'),
        ),
        migrations.AlterField(
            model_name='reminder',
            name='step',
            field=models.CharField(choices=[('before', 'A week before'), ('day', 'On the day'), ('after', 'A week after'), ('refresh', 'When a refresher has become due'), ('lapsing', 'Two weeks before a certificate lapses')], max_length=8),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.UniqueConstraint(condition=models.Q(('member', None)), fields=('enrolment', 'step', 'due_on'), name='one_reminder_a_refresher'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('member', None), ('step__in', ('refresh', 'lapsing'))), models.Q(models.Q(('step__in', ('refresh', 'lapsing')), _negated=True), ('member__isnull', False)), _connector='OR'), name='reminder_of_member_or_refresher'),
        ),
    ]
