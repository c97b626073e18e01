from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Connect what must follow other acts: triggers after migrations, records after sign-ins, our words in forms."""
        from accounts import receivers, triggers  # noqa: PLC0415 -- models are not loaded before ready()
        from accounts.forms.words import use_own_sentences  # noqa: PLC0415 -- it loads forms, which read models

        use_own_sentences()
        post_migrate.connect(triggers.install_after_migrate, sender=self)
        receivers.connect()
