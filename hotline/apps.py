import importlib

from django.apps import AppConfig


class HotlineConfig(AppConfig):
    name = "hotline"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Tell the people's room that talking on the line is an act, like a request; watch its public numbers."""
        from accounts.rules import LAST_ACTS  # noqa: PLC0415 -- models are not loaded before ready()
        from hotline.queries.duty import last_talk  # noqa: PLC0415 -- the same

        LAST_ACTS.append(last_talk)
        importlib.import_module("hotline.receivers")
