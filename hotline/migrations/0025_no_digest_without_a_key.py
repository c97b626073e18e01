"""Empties the digests of requests that were made without a key: who tries all numbers found the one that stood in them.

What they were made of is sealed or forgotten, so none is made anew. Of a request that was kept before, the key alone is
known from now on: whatever carries it gets the same answer again and is no second one.

Keys that end in such a digest (reports with neither number nor token, texts and calls without a name, second answers,
those of the simulated network) get the number of their row in its place. A repeat of one of them would be new: it is kept
once more, and what it reports is done already. The provider repeats within minutes, and numbers what it sends.
"""

import re

from django.db import migrations, models

IN_KEYS = r"[:#][0-9a-f]{24,36}(:|$)"
DIGEST = re.compile(r"([:#])[0-9a-f]{24,36}(?=:|$)")


def empty(apps, schema_editor):
    """Empty each digest without a key, and take those in keys out; an incoming text without a name gets its public id."""
    using = schema_editor.connection.alias
    rows = apps.get_model("hotline", "WebhookEvent").objects.using(using)
    rows.exclude(digest="").exclude(digest__startswith="k1.").update(digest="")
    for pk, key in rows.filter(key__regex=IN_KEYS).values_list("pk", "key"):
        rows.filter(pk=pk).update(key=DIGEST.sub(rf"\1=~{pk}", key))
    texts = apps.get_model("hotline", "Message").objects.using(using)
    for pk, account, public_id in texts.filter(direction="in", sid=None).values_list("pk", "account", "public_id"):
        texts.filter(pk=pk).update(key=f"{account}:{public_id.hex}:in")


class Migration(migrations.Migration):
    dependencies = [("hotline", "0024_second_calls_have_rows")]

    operations = [
        migrations.AlterField(
            model_name="webhookevent",
            name="digest",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.RunPython(empty, migrations.RunPython.noop, elidable=True),
    ]
