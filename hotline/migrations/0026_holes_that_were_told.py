from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("hotline", "0025_no_digest_without_a_key")]

    operations = [
        migrations.AddField(model_name="rosterproof", name="told", field=models.JSONField(default=list)),
        migrations.AddField(
            model_name="rosterproof", name="told_on", field=models.DateField(blank=True, null=True)
        ),
    ]
