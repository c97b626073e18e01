"""What else this room has: countries, offices, letters, the chain of acts; and where the people belong."""

import accounts.fields
import django.db.models.deletion
import django.db.models.functions.text
import uuid
from django.conf import settings
from django.db import migrations, models

from languages.schema import Tables


class Migration(migrations.Migration):

    replaces = [
        ('accounts', '0002_office_closed_at'),
        ('accounts', '0001_squashed'),
    ]

    dependencies = [
        ('accounts', '0001_people'),
        ('languages', '0001_initial'),
        # Named here, Wagtail's longest row of steps comes before those of its smaller parts, which it would draw anew.
        ('wagtailcore', '0097_baselogentry_uuid_action_timestamp_indexes'),
    ]

    operations = [
        Tables([
            migrations.CreateModel(
                name='AuditEntry',
                fields=[
                    ('seq', models.BigIntegerField(primary_key=True, serialize=False)),
                    ('at', models.CharField(max_length=32)),
                    ('body', models.TextField()),
                    ('prev', models.CharField(max_length=64)),
                    ('hash', models.CharField(max_length=64)),
                    ('verb', models.CharField(db_index=True, max_length=60)),
                    ('actor', models.CharField(blank=True, db_index=True, max_length=40)),
                    ('thing', models.CharField(blank=True, db_index=True, max_length=80)),
                    ('country', models.CharField(blank=True, max_length=2)),
                ],
                options={
                    'verbose_name': 'audit entry',
                    'verbose_name_plural': 'audit entries',
                    'ordering': ['seq'],
                },
            ),
            migrations.CreateModel(
                name='AuditHead',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('seq', models.BigIntegerField(default=0)),
                    ('hash', models.CharField(max_length=64)),
                ],
            ),
            migrations.CreateModel(
                name='Country',
                fields=[
                    ('code', models.CharField(max_length=2, primary_key=True, serialize=False, verbose_name='ISO code')),
                    ('name', models.CharField(max_length=100, verbose_name='name')),
                    ('name_en', models.CharField(max_length=100, null=True, verbose_name='name')),
                    ('name_fr', models.CharField(max_length=100, null=True, verbose_name='name')),
                    ('name_es', models.CharField(max_length=100, null=True, verbose_name='name')),
                    ('name_pt', models.CharField(max_length=100, null=True, verbose_name='name')),
                    ('name_pt_br', models.CharField(max_length=100, null=True, verbose_name='name')),
                    ('name_ar', models.CharField(max_length=100, null=True, verbose_name='name')),
                    ('name_ht', models.CharField(max_length=100, null=True, verbose_name='name')),
                    ('name_rw', models.CharField(max_length=100, null=True, verbose_name='name')),
                    ('name_wo', models.CharField(max_length=100, null=True, verbose_name='name')),
                    ('name_bn', models.CharField(max_length=100, null=True, verbose_name='name')),
                    ('name_ind', models.CharField(max_length=100, null=True, verbose_name='name')),
                    ('name_th', models.CharField(max_length=100, null=True, verbose_name='name')),
                    ('name_mg', models.CharField(max_length=100, null=True, verbose_name='name')),
                    ('name_ny', models.CharField(max_length=100, null=True, verbose_name='name')),
                    ('name_sw', models.CharField(max_length=100, null=True, verbose_name='name')),
                    ('slug', models.SlugField(unique=True)),
                    ('language_codes', models.CharField(help_text='Codes separated by spaces.', max_length=100, verbose_name='languages, in order')),
                    ('time_zone', models.CharField(max_length=50, verbose_name='time zone')),
                    ('weekend', models.CharField(default='5 6', help_text='Days off; 0 is Monday.', max_length=20, verbose_name='weekend')),
                    ('office_from', models.TimeField(default='08:00', verbose_name='offices open at')),
                    ('office_until', models.TimeField(default='16:00', verbose_name='offices close at')),
                    ('area_word', models.CharField(default='Region', max_length=40, verbose_name='word for a region')),
                    ('area_word_en', models.CharField(default='Region', max_length=40, null=True, verbose_name='word for a region')),
                    ('area_word_fr', models.CharField(default='Region', max_length=40, null=True, verbose_name='word for a region')),
                    ('area_word_es', models.CharField(default='Region', max_length=40, null=True, verbose_name='word for a region')),
                    ('area_word_pt', models.CharField(default='Region', max_length=40, null=True, verbose_name='word for a region')),
                    ('area_word_pt_br', models.CharField(default='Region', max_length=40, null=True, verbose_name='word for a region')),
                    ('area_word_ar', models.CharField(default='Region', max_length=40, null=True, verbose_name='word for a region')),
                    ('area_word_ht', models.CharField(default='Region', max_length=40, null=True, verbose_name='word for a region')),
                    ('area_word_rw', models.CharField(default='Region', max_length=40, null=True, verbose_name='word for a region')),
                    ('area_word_wo', models.CharField(default='Region', max_length=40, null=True, verbose_name='word for a region')),
                    ('area_word_bn', models.CharField(default='Region', max_length=40, null=True, verbose_name='word for a region')),
                    ('area_word_ind', models.CharField(default='Region', max_length=40, null=True, verbose_name='word for a region')),
                    ('area_word_th', models.CharField(default='Region', max_length=40, null=True, verbose_name='word for a region')),
                    ('area_word_mg', models.CharField(default='Region', max_length=40, null=True, verbose_name='word for a region')),
                    ('area_word_ny', models.CharField(default='Region', max_length=40, null=True, verbose_name='word for a region')),
                    ('area_word_sw', models.CharField(default='Region', max_length=40, null=True, verbose_name='word for a region')),
                    ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ],
                options={
                    'verbose_name': 'country',
                    'verbose_name_plural': 'countries',
                    'ordering': ['name'],
                },
            ),
            migrations.CreateModel(
                name='DataKey',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('owner', models.UUIDField(unique=True)),
                    ('scope', models.CharField(max_length=8)),
                    ('wrapped', models.TextField()),
                    ('made_at', models.DateTimeField(auto_now_add=True)),
                ],
            ),
            migrations.CreateModel(
                name='ErasedOwner',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('owner', models.UUIDField(unique=True)),
                    ('at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='Invitation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('digest', models.CharField(max_length=64, unique=True)),
                    ('invited_by', models.CharField(max_length=40)),
                    ('invited_at', models.DateTimeField()),
                    ('ends_at', models.DateTimeField()),
                    ('accepted_at', models.DateTimeField(blank=True, null=True)),
                    ('revoked_at', models.DateTimeField(blank=True, null=True)),
                    ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='invitation', to=settings.AUTH_USER_MODEL)),
                ],
            ),
            migrations.CreateModel(
                name='Office',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=150, verbose_name='name')),
                    ('kind', models.CharField(choices=[('court', 'Court'), ('prosecution', "Prosecutor's office"), ('police', 'Police station'), ('border', 'Border post'), ('district', 'District office'), ('civil_protection', 'Civil protection'), ('agency', 'Agency'), ('other', 'Other office')], default='other', max_length=20, verbose_name='kind')),
                    ('area', models.CharField(blank=True, max_length=100, verbose_name='region')),
                    ('staff_count', models.PositiveIntegerField(blank=True, null=True, verbose_name='officials who work here')),
                    ('staff_counted_on', models.DateField(blank=True, null=True, verbose_name='counted on')),
                    ('closed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                    ('country', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='offices', to='accounts.country')),
                ],
                options={
                    'verbose_name': 'office',
                    'verbose_name_plural': 'offices',
                    'ordering': ['country', 'name'],
                },
            ),
            migrations.AddField(
                model_name='user',
                name='country',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='people', to='accounts.country'),
            ),
            migrations.AddField(
                model_name='user',
                name='office',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='people', to='accounts.office'),
            ),
            migrations.CreateModel(
                name='PublicContact',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('hotline', 'Hotline'), ('police', 'Police'), ('child', 'Child helpline'), ('referral', 'Referral contact'), ('ambulance', 'Ambulance'), ('fire', 'Fire brigade'), ('labour', 'Labour office'), ('other', 'Other number')], max_length=12, verbose_name='kind')),
                    ('name', models.CharField(max_length=150, verbose_name='name')),
                    ('name_en', models.CharField(max_length=150, null=True, verbose_name='name')),
                    ('name_fr', models.CharField(max_length=150, null=True, verbose_name='name')),
                    ('name_es', models.CharField(max_length=150, null=True, verbose_name='name')),
                    ('name_pt', models.CharField(max_length=150, null=True, verbose_name='name')),
                    ('name_pt_br', models.CharField(max_length=150, null=True, verbose_name='name')),
                    ('name_ar', models.CharField(max_length=150, null=True, verbose_name='name')),
                    ('name_ht', models.CharField(max_length=150, null=True, verbose_name='name')),
                    ('name_rw', models.CharField(max_length=150, null=True, verbose_name='name')),
                    ('name_wo', models.CharField(max_length=150, null=True, verbose_name='name')),
                    ('name_bn', models.CharField(max_length=150, null=True, verbose_name='name')),
                    ('name_ind', models.CharField(max_length=150, null=True, verbose_name='name')),
                    ('name_th', models.CharField(max_length=150, null=True, verbose_name='name')),
                    ('name_mg', models.CharField(max_length=150, null=True, verbose_name='name')),
                    ('name_ny', models.CharField(max_length=150, null=True, verbose_name='name')),
                    ('name_sw', models.CharField(max_length=150, null=True, verbose_name='name')),
                    ('number', models.CharField(blank=True, max_length=30, verbose_name='number as dialled in the country')),
                    ('hours', models.CharField(blank=True, max_length=120, verbose_name='hours')),
                    ('hours_en', models.CharField(blank=True, max_length=120, null=True, verbose_name='hours')),
                    ('hours_fr', models.CharField(blank=True, max_length=120, null=True, verbose_name='hours')),
                    ('hours_es', models.CharField(blank=True, max_length=120, null=True, verbose_name='hours')),
                    ('hours_pt', models.CharField(blank=True, max_length=120, null=True, verbose_name='hours')),
                    ('hours_pt_br', models.CharField(blank=True, max_length=120, null=True, verbose_name='hours')),
                    ('hours_ar', models.CharField(blank=True, max_length=120, null=True, verbose_name='hours')),
                    ('hours_ht', models.CharField(blank=True, max_length=120, null=True, verbose_name='hours')),
                    ('hours_rw', models.CharField(blank=True, max_length=120, null=True, verbose_name='hours')),
                    ('hours_wo', models.CharField(blank=True, max_length=120, null=True, verbose_name='hours')),
                    ('hours_bn', models.CharField(blank=True, max_length=120, null=True, verbose_name='hours')),
                    ('hours_ind', models.CharField(blank=True, max_length=120, null=True, verbose_name='hours')),
                    ('hours_th', models.CharField(blank=True, max_length=120, null=True, verbose_name='hours')),
                    ('hours_mg', models.CharField(blank=True, max_length=120, null=True, verbose_name='hours')),
                    ('hours_ny', models.CharField(blank=True, max_length=120, null=True, verbose_name='hours')),
                    ('hours_sw', models.CharField(blank=True, max_length=120, null=True, verbose_name='hours')),
                    ('is_free', models.BooleanField(default=False, verbose_name='free to call')),
                    ('source_kind', models.CharField(default='official', max_length=20, verbose_name='kind of source')),
                    ('source', models.CharField(blank=True, max_length=300, verbose_name='source')),
                    ('checked_at', models.DateField(blank=True, null=True, verbose_name='checked on')),
                    ('position', models.PositiveSmallIntegerField(default=0)),
                    ('line', models.UUIDField(blank=True, editable=False, null=True)),
                    ('line_left_on', models.DateField(blank=True, editable=False, null=True)),
                    ('country', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='accounts.country')),
                ],
                options={
                    'verbose_name': 'public number',
                    'verbose_name_plural': 'public numbers',
                    'ordering': ['country', 'position', 'id'],
                },
            ),
            migrations.CreateModel(
                name='RateCount',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(max_length=64)),
                    ('window', models.BigIntegerField()),
                    ('count', models.PositiveIntegerField(default=0)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('key', 'window'), name='one_count_a_window')],
                },
            ),
            migrations.CreateModel(
                name='Holiday',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('day', models.DateField(verbose_name='day')),
                    ('name', models.CharField(max_length=150, verbose_name='name')),
                    ('is_estimate', models.BooleanField(default=False, verbose_name='estimated from the moon')),
                    ('country', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='holidays', to='accounts.country')),
                ],
                options={
                    'ordering': ['day'],
                    'constraints': [models.UniqueConstraint(fields=('country', 'day'), name='one_holiday_a_day')],
                },
            ),
            migrations.CreateModel(
                name='Letter',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('key', models.CharField(max_length=120, unique=True)),
                    ('receiver', models.CharField(blank=True, max_length=80)),
                    ('to', accounts.fields.SealedField(blank=True, editable=False, null=True)),
                    ('language', models.CharField(max_length=5)),
                    ('subject', models.CharField(max_length=120)),
                    ('text', accounts.fields.SealedField(blank=True, editable=False, null=True)),
                    ('queued_at', models.DateTimeField()),
                    ('claimed_until', models.DateTimeField(blank=True, null=True)),
                    ('tries', models.PositiveSmallIntegerField(default=0)),
                    ('sent_at', models.DateTimeField(blank=True, null=True)),
                    ('failed_at', models.DateTimeField(blank=True, null=True)),
                    ('fault', models.CharField(blank=True, max_length=80)),
                    ('settled_at', models.DateTimeField(blank=True, null=True)),
                    ('country', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.country')),
                ],
                options={
                    'ordering': ['-queued_at', '-id'],
                    'indexes': [models.Index(fields=['sent_at', 'claimed_until'], name='accounts_le_sent_at_4bef09_idx'), models.Index(condition=models.Q(('failed_at__isnull', False), ('settled_at__isnull', True)), fields=['failed_at'], name='letters_given_up')],
                },
            ),
            migrations.AddConstraint(
                model_name='office',
                constraint=models.UniqueConstraint(models.F('country'), django.db.models.functions.text.Lower('name'), name='one_office_a_name'),
            ),
        ]),
    ]
