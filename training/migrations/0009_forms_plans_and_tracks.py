"""Each question belongs to a form, each course has a plan of its tests; lessons and questions may be for some readers.

A course that drew so many questions from all it had keeps doing so: one row of its plan, of whatever objective. What
loading left of the number that was drawn is forgotten: it stands in the plan now. There is no way back.
"""

import django.core.validators
import django.db.models.deletion
import modelcluster.fields
from django.db import migrations, models


def carry_over(apps, schema_editor):
    """Make a row of the plan from the number that each course drew."""
    rows = apps.get_model("training", "Blueprint")
    courses = apps.get_model("training", "Course").objects.values_list("pk", "draw")
    rows.objects.bulk_create([rows(course_id=pk, form=2, objective="", count=draw) for pk, draw in courses])
    for mark in apps.get_model("training", "Shipped").objects.all():
        if mark.digests.pop("draw", None):
            mark.save(update_fields=["digests"])
    if schema_editor.connection.vendor == "postgresql":  # no table with rows to be checked is altered
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):

    dependencies = [
        ('training', '0008_figures_of_questions'),
    ]

    operations = [
        migrations.CreateModel(
            name='Blueprint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('form', models.PositiveSmallIntegerField(choices=[(1, 'Before the course (pre-test)'), (2, 'After the course (test)'), (3, 'Refresher and check-up')], verbose_name='form')),
                ('objective', models.CharField(blank=True, choices=[('elements', 'Elements, child rule, not smuggling'), ('consent', 'Consent and vulnerability'), ('indicators', 'Indicators'), ('offers', 'Offers'), ('contact', 'Safe contact, hearing, wording'), ('evidence', 'Evidence'), ('pathway', 'Pathway'), ('papers-and-money', 'Papers and money'), ('non-punishment', 'Non-punishment'), ('conduct', 'Conduct'), ('help-abroad', 'Help abroad')], help_text='Empty: whatever is left in the bank.', max_length=20, verbose_name='tests')),
                ('count', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(30)], verbose_name='questions')),
            ],
            options={
                'verbose_name': 'row of the plan',
                'verbose_name_plural': 'rows of the plan',
                'ordering': ['form', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='blueprint',
            name='course',
            field=modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='blueprint', to='training.course'),
        ),
        migrations.RunPython(carry_over),
        migrations.RemoveConstraint(
            model_name='attempt',
            name='attempt_has_a_result_once_handed_in',
        ),
        migrations.RemoveConstraint(
            model_name='course',
            name='course_pass_rule_can_be_met',
        ),
        migrations.RemoveField(
            model_name='course',
            name='draw',
        ),
        migrations.AddField(
            model_name='attempt',
            name='form',
            field=models.PositiveSmallIntegerField(choices=[(1, 'Before the course (pre-test)'), (2, 'After the course (test)'), (3, 'Refresher and check-up')], default=2),
        ),
        migrations.AddField(
            model_name='course',
            name='tracks',
            field=models.JSONField(blank=True, default=list, help_text='A reader chooses hers and is asked only the lessons that are for it. None: one way for everybody.', verbose_name='groups of readers'),
        ),
        migrations.AddField(
            model_name='lesson',
            name='tracks',
            field=models.JSONField(blank=True, default=list, help_text='None chosen: of everybody who takes the course.', verbose_name='asked of'),
        ),
        migrations.AddField(
            model_name='progress',
            name='track',
            field=models.CharField(blank=True, choices=[('migrant', 'I may go to work abroad'), ('youth', 'I am a young person or work with young people'), ('official', 'I advise or protect people as an official')], max_length=8),
        ),
        migrations.AddField(
            model_name='question',
            name='form',
            field=models.PositiveSmallIntegerField(choices=[(1, 'Before the course (pre-test)'), (2, 'After the course (test)'), (3, 'Refresher and check-up')], default=2, help_text='Each question belongs to one paper.', verbose_name='form'),
        ),
        migrations.AddField(
            model_name='question',
            name='tracks',
            field=models.JSONField(blank=True, default=list, help_text='None chosen: of everybody who takes the course.', verbose_name='asked of'),
        ),
        migrations.AlterField(
            model_name='course',
            name='pass_minimum',
            field=models.PositiveSmallIntegerField(default=5, help_text='Of the test after the course. All critical questions must be right as well.', validators=[django.core.validators.MinValueValidator(1)], verbose_name='right answers to pass'),
        ),
        migrations.AlterField(
            model_name='event',
            name='verb',
            field=models.CharField(choices=[('opened', 'Lesson opened'), ('reached', 'Screen read'), ('answered', 'Question answered'), ('submitted', 'Test handed in'), ('chose', 'Scenario played'), ('acknowledged', 'Note read'), ('focused', 'Time in the lesson'), ('attended', 'Session attended'), ('waived', 'Lesson waived'), ('voided', 'Work set aside'), ('moved', 'Moved to a newer version'), ('tracked', 'Group of readers chosen')], max_length=12),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('passed', None), ('right', None), ('submitted_at', None)), models.Q(('passed__isnull', False), ('right__isnull', False), ('submitted_at__isnull', False)), models.Q(('form', 1), ('passed', None), ('right__isnull', False), ('submitted_at__isnull', False)), _connector='OR'), name='attempt_has_a_result_once_handed_in'),
        ),
        migrations.AddField(
            model_name='course',
            name='lowered_because',
            field=models.CharField(blank=True, choices=[('same_rule', 'Law, procedure and right answers are as before; only the form is new'), ('slip', 'A slip is mended that misled nobody'), ('for_newcomers', 'It adds to the course; who has finished does not need it'), ('not_yet_used', 'Nobody has been taught the earlier text')], help_text='Only asked where the kind you choose is less than the one proposed. The audit log keeps it.', max_length=14, verbose_name='why it is less than proposed'),
        ),
        migrations.AddField(
            model_name='lesson',
            name='lowered_because',
            field=models.CharField(blank=True, choices=[('same_rule', 'Law, procedure and right answers are as before; only the form is new'), ('slip', 'A slip is mended that misled nobody'), ('for_newcomers', 'It adds to the course; who has finished does not need it'), ('not_yet_used', 'Nobody has been taught the earlier text')], help_text='Only asked where the kind you choose is less than the one proposed. The audit log keeps it.', max_length=14, verbose_name='why it is less than proposed'),
        ),
        migrations.AddField(
            model_name='question',
            name='lowered_because',
            field=models.CharField(blank=True, choices=[('same_rule', 'Law, procedure and right answers are as before; only the form is new'), ('slip', 'A slip is mended that misled nobody'), ('for_newcomers', 'It adds to the course; who has finished does not need it'), ('not_yet_used', 'Nobody has been taught the earlier text')], help_text='Only asked where the kind you choose is less than the one proposed. The audit log keeps it.', max_length=14, verbose_name='why it is less than proposed'),
        ),
    ]
