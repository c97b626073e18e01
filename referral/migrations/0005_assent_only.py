"""Takes the old tick of a child's yes away; what it said stands in `assent`."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("referral", "0004_assent")]

    operations = [migrations.RemoveField("consent", "child_assents")]
