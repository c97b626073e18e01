"""One active contact an agency has. Of several, the first stays: requests go to that one already."""

from django.db import migrations, models


def keep_the_first(apps, schema_editor):
    """Put every active contact of an agency after its first out of use; its row stays."""
    seen = set()
    for row in apps.get_model("referral", "AgencyContact").objects.filter(is_active=True).order_by("id"):
        if row.organisation_id in seen:
            row.is_active = False
            row.save(update_fields=["is_active"])
        seen.add(row.organisation_id)


class Migration(migrations.Migration):
    dependencies = [("referral", "0009_one_service_a_name")]

    operations = [
        migrations.RunPython(keep_the_first, migrations.RunPython.noop),
        migrations.AddConstraint(
            "agencycontact",
            models.UniqueConstraint(
                fields=["organisation"], condition=models.Q(is_active=True), name="one_active_contact_an_agency"
            ),
        ),
    ]
