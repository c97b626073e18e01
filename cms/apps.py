from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CmsConfig(AppConfig):
    name = "cms"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Give the editing groups their permissions after each migration."""
        from cms.editors import grant_after_migrate  # noqa: PLC0415 -- models exist only now

        post_migrate.connect(grant_after_migrate, dispatch_uid="cms.editors")
