from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("hotline", "0026_holes_that_were_told")]

    operations = [migrations.RemoveField(model_name="line", name="records_calls")]
