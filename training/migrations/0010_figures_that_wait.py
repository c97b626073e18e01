"""Figures of questions are counted again once a test was set aside, and not only a day later."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('training', '0009_letters_of_refreshers'),
    ]

    operations = [
        migrations.AddField(
            model_name='coursefigures',
            name='is_due',
            field=models.BooleanField(default=False),
        ),
    ]
