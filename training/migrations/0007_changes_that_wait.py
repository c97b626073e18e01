"""A material change that no edition can hold yet waits in a row, so that who has finished is asked once one does."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_tables'),
        ('training', '0006_why_an_entry_is_less'),
    ]

    operations = [
        migrations.CreateModel(
            name='UnaskedChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=64)),
                ('since', models.DateTimeField()),
                ('country', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.country')),
                ('course', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='training.course')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('course', 'country', 'what'), name='one_unasked_change'), models.UniqueConstraint(condition=models.Q(('country', None)), fields=('course', 'what'), name='one_international_unasked_change')],
            },
        ),
    ]
