import importlib

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LanguagesConfig(AppConfig):
    name = "languages"
    verbose_name = _("languages")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Listen to what is published, copied and deleted."""
        importlib.import_module("languages.receivers")
