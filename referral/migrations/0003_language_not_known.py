"""A case may have no language: nobody knows yet which one the person speaks."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("referral", "0002_when_held"),
    ]

    operations = [
        migrations.AlterField(
            model_name="case",
            name="language",
            field=models.CharField(
                blank=True,
                choices=[
                    ("en", "English"),
                    ("fr", "French"),
                    ("es", "Spanish"),
                    ("pt", "Portuguese"),
                    ("pt-br", "Brazilian Portuguese"),
                    ("ar", "Arabic"),
                    ("ht", "Haitian Creole"),
                    ("rw", "Kinyarwanda"),
                    ("wo", "Wolof"),
                    ("bn", "Bengali"),
                    ("id", "Indonesian"),
                    ("th", "Thai"),
                    ("mg", "Malagasy"),
                    ("ny", "Chichewa"),
                    ("sw", "Swahili"),
                ],
                max_length=5,
                verbose_name="language",
            ),
        ),
    ]
