import importlib

from django.apps import AppConfig


class HotlineConfig(AppConfig):
    name = "hotline"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Tell the rooms below what is known here: that talking is an act, where a case came from and whom it names; watch numbers."""
        from accounts.rules import LAST_ACTS  # noqa: PLC0415 -- models are not loaded before ready()
        from hotline.actions.shielding import note_case_met  # noqa: PLC0415 -- the same
        from hotline.queries.duty import last_talk  # noqa: PLC0415 -- the same
        from hotline.queries.origin import contacts_of_case  # noqa: PLC0415 -- the same
        from hotline.queries.shields import agencies_of_case, contacts_that_hide  # noqa: PLC0415 -- the same
        from referral.queries.origins import ORIGINS  # noqa: PLC0415 -- the same
        from referral.rules import HIDINGS, Hiding  # noqa: PLC0415 -- the same

        LAST_ACTS.append(last_talk)
        ORIGINS.append(contacts_of_case)
        HIDINGS.append(Hiding(contacts_that_hide, agencies_of_case, note_case_met))
        importlib.import_module("hotline.receivers")
