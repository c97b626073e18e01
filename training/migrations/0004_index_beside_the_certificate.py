"""The index of the name stands in its own row now: a certificate is never changed, and the index follows a rotation."""

from django.db import migrations


class Migration(migrations.Migration):
    """Take the old column away."""

    dependencies = [("training", "0003_indexes_that_rotate")]

    operations = [migrations.RemoveField("certificate", "name_index")]
