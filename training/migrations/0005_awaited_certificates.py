"""Where a certificate waits for its seal key, a row says so until the worker has issued it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('training', '0004_index_beside_the_certificate'),
    ]

    operations = [
        migrations.CreateModel(
            name='AwaitedCertificate',
            fields=[
                ('enrolment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='awaited_certificate', serialize=False, to='training.enrolment')),
                ('since', models.DateTimeField()),
            ],
        ),
    ]
