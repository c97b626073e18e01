"""Gives each letter that stands the country of the person it was for."""

import uuid

from django.db import migrations

PERSON = "accounts.user:"


def give_countries(apps, schema_editor):
    """Write the country of the receiver, where the receiver is a person of a country."""
    letters, people = apps.get_model("accounts", "Letter"), apps.get_model("accounts", "User")
    for letter in letters.objects.filter(receiver__startswith=PERSON, country=None):
        receiver = uuid.UUID(letter.receiver.removeprefix(PERSON))
        letter.country_id = people.objects.filter(public_id=receiver).values_list("country_id", flat=True).first()
        letter.save(update_fields=["country"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_lost_letters")]

    operations = [migrations.RunPython(give_countries, migrations.RunPython.noop)]
