"""Something was published or deleted: bring segments and columns in line, in the same transaction."""

from django.db import models
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.utils import timezone
from wagtail.signals import published

from languages import actions
from languages.columns import translated_fields
from languages.revisions import SourceOnlyRevisions, is_gathered


@receiver(published)
def follow_publish(sender, instance, revision=None, **_rest):
    """Refresh the segments of what was published and re-apply every language."""
    thing = instance.specific if hasattr(instance, "specific") else instance
    if not translated_fields(type(thing)) or is_gathered(thing):
        return
    at, by = timezone.now(), _who(revision)
    actions.follow_source(thing, change=getattr(thing, "change", ""), by=by, at=at)
    if isinstance(thing, SourceOnlyRevisions) and thing.change:
        models.QuerySet(type(thing)).filter(pk=thing.pk).update(change="")
        thing.change = ""


@receiver(pre_delete)
def follow_delete(sender, instance, **_rest):
    """Retire the strings of a translated thing that is being deleted."""
    if issubclass(sender, models.Model) and not sender._meta.auto_created and translated_fields(sender):
        actions.retire_segments(instance, at=timezone.now())


def _who(revision) -> str:
    """Return the public id of whoever published, or "schedule"."""
    user = getattr(revision, "user", None)
    return str(user.public_id) if user is not None else "schedule"
