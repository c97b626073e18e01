"""A page that the editor copied begins anew, under ids and with a history of its own; one that was published stays."""

import json

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from wagtail.models import Page

from training.blocks import renewed
from training.models import Lesson
from training.queries import leaves_its_course


class LeavesItsCourse(PermissionDenied):
    """Raised when what was published would be moved to another course; copy it there and unpublish it here."""


def keep_in_course(page: Page, destination: Page) -> None:
    """Let no road move what was published into another course: only the new one would be followed."""
    if leaves_its_course(page, destination):
        raise LeavesItsCourse


@transaction.atomic
def begin_copies(page: Page) -> None:
    """Let a copied lesson, or the lessons of a copied module, share no id and no past with their originals.

    What was answered or acknowledged is told apart by the id of its block, within one course; and an earlier text that
    is put back would bring back the ids of the original.
    """
    for copy in Page.objects.descendant_of(page, inclusive=True):
        copy.revisions.exclude(pk=copy.latest_revision_id).delete()
    for lesson in Lesson.objects.descendant_of(page, inclusive=True):
        _renew(lesson)


def _renew(lesson: Lesson) -> None:
    ids: dict[str, str] = {}
    body = renewed(lesson.body_en.get_prep_value(), ids)
    models.QuerySet(Lesson).filter(pk=lesson.pk).update(body_en=body)
    revision = lesson.latest_revision
    if revision is not None:
        drafted = renewed(json.loads(revision.content["body_en"]), ids)
        revision.content = revision.content | {"body_en": json.dumps(drafted)}
        revision.save(update_fields=["content"])
