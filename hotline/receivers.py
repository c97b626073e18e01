"""A country's zone, its holidays or its public numbers changed: its lines say anew what those numbers say."""

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone

from accounts.models import Country, Holiday, PublicContact
from hotline import actions


@receiver(post_save, sender=PublicContact)
def follow_number(sender, instance, update_fields=None, raw=False, **_rest):
    """Let the line keep a number that was entered or corrected; a date alone changes nothing."""
    if not raw and (update_fields is None or {"number", "country"} & set(update_fields)):
        _tell(instance.country_id)


@receiver([post_save, post_delete], sender=Holiday)
def follow_holiday(sender, instance, raw=False, **_rest):
    """Say at once that the line is closed, or open, on a holiday."""
    if not raw:
        _tell(instance.country_id)


@receiver(post_save, sender=Country)
def follow_country(sender, instance, created, raw=False, **_rest):
    """Count the hours in the country's zone as it is now."""
    if not (created or raw):
        _tell(instance.pk)


def _tell(country: str) -> None:
    actions.keep_public_numbers(country=country, by="line", at=timezone.now())
