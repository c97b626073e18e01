"""The people, before anything else: the libraries' tables lead to theirs.

Each step of a library draws every model that leads to it, so what else this room has comes after them.
"""

import uuid

from django.db import migrations, models

import accounts.models.people
from languages.schema import Tables


class Migration(migrations.Migration):

    initial = True

    replaces = [('accounts', '0001_initial')]

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        Tables([
            migrations.CreateModel(
                name='User',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('password', models.CharField(max_length=128, verbose_name='password')),
                    ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                    ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                    ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('email', models.EmailField(max_length=254, unique=True, verbose_name='e-mail')),
                    ('name', models.CharField(blank=True, max_length=150, verbose_name='name')),
                    ('language', models.CharField(choices=[('en', 'English'), ('fr', 'French'), ('es', 'Spanish'), ('pt', 'Portuguese'), ('pt-br', 'Brazilian Portuguese'), ('ar', 'Arabic'), ('ht', 'Haitian Creole'), ('rw', 'Kinyarwanda'), ('wo', 'Wolof'), ('bn', 'Bengali'), ('id', 'Indonesian'), ('th', 'Thai'), ('mg', 'Malagasy'), ('ny', 'Chichewa'), ('sw', 'Swahili')], default='en', max_length=5, verbose_name='language')),
                    ('spoken', models.CharField(blank=True, max_length=100, verbose_name='languages spoken')),
                    ('roles', models.CharField(blank=True, default='', editable=False, max_length=150, verbose_name='roles')),
                    ('is_staff', models.BooleanField(default=False, verbose_name='may enter the editor')),
                    ('is_active', models.BooleanField(default=True, verbose_name='active')),
                    ('theme', models.CharField(blank=True, choices=[('light', 'Light'), ('dark', 'Dark')], max_length=5)),
                    ('session_round', models.PositiveIntegerField(default=0, editable=False)),
                    ('joined_at', models.DateTimeField(auto_now_add=True)),
                    ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                    ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                ],
                options={
                    'verbose_name': 'person',
                    'verbose_name_plural': 'people',
                    'ordering': ['name', 'email'],
                },
                managers=[
                    ('objects', accounts.models.people.UserManager()),
                ],
            ),
        ]),
    ]
