from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate, post_save, pre_save


class CmsConfig(AppConfig):
    name = "cms"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Register the system checks; give the editing groups their permissions after each migration; keep numbers.json."""
        from cms import away, checks  # noqa: F401, PLC0415 -- checks register themselves when the apps are ready
        from cms.context import banner_mark  # noqa: PLC0415 -- the same
        from cms.desk import checks as language_checks  # noqa: F401, PLC0415 -- the same
        from cms.editors import grant_after_migrate  # noqa: PLC0415 -- models exist only now
        from cms.images import judge_profile_pictures, strip_before_save  # noqa: PLC0415 -- the same
        from cms.public_pages import keep_public  # noqa: PLC0415 -- the same
        from hotline.actions.plain_texts import send_plain_text  # noqa: PLC0415 -- the same
        from hotline.queries.notices import MARKS  # noqa: PLC0415 -- the same
        from training.actions.texting import SENDERS  # noqa: PLC0415 -- the same

        for changed in ("hotline.Line", "accounts.PublicContact", "accounts.Country"):
            post_save.connect(away.follow, sender=changed, dispatch_uid=f"cms.away.saved.{changed}")
            post_delete.connect(away.follow, sender=changed, dispatch_uid=f"cms.away.deleted.{changed}")
        post_migrate.connect(grant_after_migrate, dispatch_uid="cms.editors")
        for stored in ("wagtailimages.Image", "wagtailcore.UploadedFile"):
            pre_save.connect(strip_before_save, sender=stored, dispatch_uid=f"cms.images.{stored}")
        judge_profile_pictures()
        keep_public()
        MARKS.append(banner_mark)
        SENDERS.append(send_plain_text)
