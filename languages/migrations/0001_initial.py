import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        # Wagtail's own steps come first: each of them draws every model known so far, and the rooms have many.
        ('wagtailadmin', '0006_formstate'),
        ('wagtaildocs', '0014_alter_document_file_size'),
        ('wagtailembeds', '0009_embed_cache_until'),
        ('wagtailimages', '0027_image_description'),
        ('wagtailsearch', '0010_add_text_fields'),
        ('wagtailusers', '0015_userprofile_keyboard_shortcuts'),
        ('contenttypes', '0002_remove_content_type_name'),
    ]

    operations = [
        migrations.CreateModel(
            name='Language',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(choices=[('en', 'English'), ('fr', 'French'), ('es', 'Spanish'), ('pt', 'Portuguese'), ('pt-br', 'Brazilian Portuguese'), ('ar', 'Arabic'), ('ht', 'Haitian Creole'), ('rw', 'Kinyarwanda'), ('wo', 'Wolof'), ('bn', 'Bengali'), ('id', 'Indonesian'), ('th', 'Thai'), ('mg', 'Malagasy'), ('ny', 'Chichewa'), ('sw', 'Swahili')], max_length=5, verbose_name='language')),
                ('country', models.CharField(blank=True, default='', max_length=2, verbose_name='country')),
                ('state', models.CharField(choices=[('off', 'Off'), ('desk', 'Being translated'), ('public', 'Public')], default='public', max_length=6, verbose_name='state')),
                ('needs_second_person', models.BooleanField(default=False, verbose_name='a second person approves')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('changed_at', models.DateTimeField(blank=True, null=True)),
                ('changed_by', models.CharField(blank=True, default='', max_length=40)),
            ],
            options={
                'verbose_name': 'language switch',
                'verbose_name_plural': 'language switches',
                'ordering': ['country', 'code'],
                'constraints': [models.UniqueConstraint(fields=('code', 'country'), name='one_switch_a_language_and_country'), models.CheckConstraint(condition=models.Q(models.Q(('code', 'en'), ('country', ''), _negated=True), ('state', 'public'), _connector='OR'), name='source_stays_public')],
            },
        ),
        migrations.CreateModel(
            name='Segment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('object_id', models.BigIntegerField()),
                ('path', models.CharField(max_length=255)),
                ('position', models.PositiveIntegerField(default=0)),
                ('kind', models.CharField(choices=[('line', 'One line'), ('text', 'Text with line breaks'), ('rich', 'Text with tags'), ('alt', 'Words for a picture')], max_length=8)),
                ('text', models.TextField()),
                ('digest', models.CharField(db_index=True, max_length=64)),
                ('tags', models.JSONField(blank=True, default=dict)),
                ('version', models.PositiveIntegerField(default=1)),
                ('minor_version', models.PositiveIntegerField(default=1)),
                ('material_version', models.PositiveIntegerField(default=1)),
                ('max_length', models.PositiveIntegerField(blank=True, null=True)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('changed_at', models.DateTimeField()),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
                ('content_type', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contenttypes.contenttype')),
            ],
            options={
                'ordering': ['content_type', 'object_id', 'position', 'id'],
                'constraints': [models.UniqueConstraint(fields=('content_type', 'object_id', 'path'), name='one_segment_a_path'), models.CheckConstraint(condition=models.Q(('material_version__gte', 1), ('minor_version__gte', models.F('material_version')), ('version__gte', models.F('minor_version'))), name='segment_versions_in_order')],
            },
        ),
        migrations.CreateModel(
            name='SourceText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('text', models.TextField()),
                ('digest', models.CharField(max_length=64)),
                ('until', models.DateTimeField()),
                ('change', models.CharField(max_length=10)),
                ('by', models.CharField(blank=True, default='', max_length=40)),
                ('segment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='earlier', to='languages.segment')),
            ],
            options={
                'ordering': ['segment', 'version'],
                'constraints': [models.UniqueConstraint(fields=('segment', 'version'), name='one_source_text_a_version')],
            },
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('en', 'English'), ('fr', 'French'), ('es', 'Spanish'), ('pt', 'Portuguese'), ('pt-br', 'Brazilian Portuguese'), ('ar', 'Arabic'), ('ht', 'Haitian Creole'), ('rw', 'Kinyarwanda'), ('wo', 'Wolof'), ('bn', 'Bengali'), ('id', 'Indonesian'), ('th', 'Thai'), ('mg', 'Malagasy'), ('ny', 'Chichewa'), ('sw', 'Swahili')], max_length=5)),
                ('object_id', models.BigIntegerField()),
                ('state', models.CharField(choices=[('missing', 'Empty'), ('draft', 'Draft'), ('in_review', 'In review'), ('approved', 'Approved'), ('published', 'Published')], default='missing', max_length=10)),
                ('draft', models.TextField(blank=True, default='')),
                ('draft_version', models.PositiveIntegerField(default=0)),
                ('draft_tags', models.JSONField(blank=True, default=dict)),
                ('live', models.TextField(blank=True, default='')),
                ('live_version', models.PositiveIntegerField(default=0)),
                ('live_digest', models.CharField(blank=True, default='', max_length=64)),
                ('live_tags', models.JSONField(blank=True, default=dict)),
                ('freshness', models.PositiveSmallIntegerField(choices=[(0, 'not live'), (1, 'up to date'), (2, 'source reworded since'), (3, 'source explained better since'), (4, 'law, procedure or number changed since')], default=0)),
                ('is_retired', models.BooleanField(default=False)),
                ('origin', models.CharField(choices=[('person', 'written by a person'), ('import', 'imported from a file'), ('memory', 'suggested from an equal text'), ('machine', 'drafted, awaiting a native reader')], default='person', max_length=8)),
                ('version', models.PositiveIntegerField(default=1)),
                ('written_at', models.DateTimeField(blank=True, null=True)),
                ('written_by', models.CharField(blank=True, default='', max_length=40)),
                ('submitted_at', models.DateTimeField(blank=True, null=True)),
                ('submitted_by', models.CharField(blank=True, default='', max_length=40)),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
                ('approved_by', models.CharField(blank=True, default='', max_length=40)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('published_by', models.CharField(blank=True, default='', max_length=40)),
                ('native_read_at', models.DateTimeField(blank=True, null=True)),
                ('native_read_by', models.CharField(blank=True, default='', max_length=40)),
                ('content_type', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contenttypes.contenttype')),
                ('segment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='units', to='languages.segment')),
            ],
            options={
                'ordering': ['segment', 'language'],
                'indexes': [models.Index(fields=['content_type', 'object_id', 'language', 'is_retired', 'freshness', 'state', 'native_read_at'], name='unit_matrix')],
                'constraints': [models.UniqueConstraint(fields=('segment', 'language'), name='one_unit_a_language'), models.CheckConstraint(condition=models.Q(models.Q(('draft', ''), ('state', 'missing')), models.Q(models.Q(('state', 'missing'), _negated=True), models.Q(('draft', ''), _negated=True)), _connector='OR'), name='unit_missing_means_no_draft'), models.CheckConstraint(condition=models.Q(models.Q(('freshness', 0), ('live', ''), ('live_version', 0)), models.Q(models.Q(('live', ''), _negated=True), ('live_version__gte', 1), ('freshness__gte', 1)), _connector='OR'), name='unit_live_text_has_a_version'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['approved', 'published']), _negated=True), models.Q(('approved_by', ''), _negated=True), _connector='OR'), name='unit_approved_by_somebody'), models.CheckConstraint(condition=models.Q(('language', 'en'), _negated=True), name='unit_is_no_source')],
            },
        ),
        migrations.CreateModel(
            name='UnitChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('by', models.CharField(blank=True, default='', max_length=40)),
                ('verb', models.CharField(choices=[('written', 'written'), ('confirmed', 'confirmed as still right'), ('submitted', 'sent to review'), ('returned', 'sent back'), ('approved', 'approved'), ('published', 'published'), ('withdrawn', 'withdrawn'), ('imported', 'imported'), ('suggested', 'suggested'), ('copied', 'copied'), ('native_read', 'read by a native reader')], max_length=12)),
                ('text', models.TextField(blank=True)),
                ('source_version', models.PositiveIntegerField(default=0)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='languages.unit')),
            ],
            options={
                'ordering': ['unit', 'id'],
                'indexes': [models.Index(fields=['at'], name='languages_u_at_4ca9ff_idx')],
            },
        ),
    ]
