import importlib

from django.apps import AppConfig


class HotlineConfig(AppConfig):
    name = "hotline"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Tell the rooms below what is known here: that talking is an act, where a case came from; watch numbers."""
        from accounts.rules import LAST_ACTS  # noqa: PLC0415 -- models are not loaded before ready()
        from hotline.queries.duty import last_talk  # noqa: PLC0415 -- the same
        from hotline.queries.origin import contacts_of_case  # noqa: PLC0415 -- the same
        from referral.queries.origins import ORIGINS  # noqa: PLC0415 -- the same

        LAST_ACTS.append(last_talk)
        ORIGINS.append(contacts_of_case)
        importlib.import_module("hotline.receivers")
