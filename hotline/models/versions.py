"""What is kept in versions: one draft, one that is live, the earlier ones for ever."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hotline.choices import FlowState


class Version(models.Model):
    """One version of something that its keepers draft, publish and may take back; `body` is what it says.

    Whatever began with a version keeps it, so none that was published is changed or deleted. A model that is kept so
    points at what it is a version of, and takes the constraints of `constraints_of`.
    """

    number = models.PositiveIntegerField(_("number"))
    body = models.JSONField()
    digest = models.CharField(max_length=64)
    state = models.CharField(_("state"), max_length=8, choices=FlowState, default=FlowState.DRAFT)
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    published_by = models.CharField(max_length=40, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


def constraints_of(owner: str, *, number: str, live: str, draft: str, published: str) -> list[models.BaseConstraint]:
    """Return what the database keeps true of the versions of one owner, each under the name that it is given.

    A number once, one live version, one draft; and a version is published or a draft.
    """
    is_draft = Q(state=FlowState.DRAFT)
    return [
        models.UniqueConstraint(fields=[owner, "number"], name=number),
        models.UniqueConstraint(fields=[owner], condition=Q(state=FlowState.LIVE), name=live),
        models.UniqueConstraint(fields=[owner], condition=is_draft, name=draft),
        models.CheckConstraint(
            condition=Q(state=FlowState.DRAFT, published_at=None) | ~is_draft & ~Q(published_at=None), name=published
        ),
    ]
