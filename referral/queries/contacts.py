"""Reads of the enrolled contacts of agencies."""

from referral.models import AgencyContact


def agency_names(public_ids: list[str]) -> dict[str, str]:
    """Return the names of the agencies to which some contacts belong, by the contact's public id."""
    contacts = AgencyContact.objects.filter(public_id__in=public_ids).select_related("organisation")
    return {str(contact.public_id): contact.organisation.name for contact in contacts}
