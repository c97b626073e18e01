"""The room of cases and referrals."""

import importlib

from django.apps import AppConfig


class ReferralConfig(AppConfig):
    """Tells the people's room by what name an agency is known, once models are loaded."""

    name = "referral"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Name the contacts of agencies in the list of lost letters; watch who signs in."""
        from accounts.queries.letters import NAMES  # noqa: PLC0415 -- models are not loaded before ready()
        from referral.queries.contacts import agency_names  # noqa: PLC0415 -- models are not loaded before ready()

        NAMES["referral.agencycontact"] = agency_names
        importlib.import_module("referral.receivers")
