"""Empties the documents that were kept with a telephone number in plain, and those whose request is long forgotten."""

from django.db import migrations
from django.db.models import Q


def empty(apps, schema_editor):
    rows = apps.get_model("hotline", "WebhookEvent").objects.using(schema_editor.connection.alias)
    rows.exclude(reply="").filter(Q(reply__contains="</Number>") | Q(payload__isnull=True)).update(reply="")


class Migration(migrations.Migration):
    dependencies = [("hotline", "0016_quality_reviews")]

    operations = [migrations.RunPython(empty, migrations.RunPython.noop, elidable=True)]
