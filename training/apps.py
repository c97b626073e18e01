import importlib

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrainingConfig(AppConfig):
    name = "training"
    verbose_name = _("training")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Listen to what is published, moved and translated."""
        importlib.import_module("training.receivers")
