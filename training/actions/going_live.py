"""Publishing a draft after its editor was shown what it does: what was shown, and nothing that came after it."""

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from wagtail.models import Revision

from accounts.models import User
from training.actions.retiring import keep_fillable
from training.models import Question
from training.queries import Refusal, refusal_to_publish


class DraftChanged(ValueError):
    """Raised when another draft was saved since the shown one; show what the new one does."""


class CourseOfOthers(ValueError):
    """Raised when only other countries have a course; a manager there, or an administrator, publishes it and orders it."""

    def __init__(self, refusal: Refusal):
        super().__init__("Other countries have the course.")
        self.refusal = refusal


class NothingWaits(ValueError):
    """Raised when readers have the latest draft already; there is nothing to publish."""


def draft_mark(revision: Revision, user: User) -> str:
    """Return what proves that a person's form of exactly this draft was found fit to be published.

    The editor keeps drafts by itself in the same row, so the time tells as well.
    """
    what = f"{user.pk}:{revision.content_type_id}:{revision.object_id}:{revision.pk}:{revision.created_at.isoformat()}"
    return salted_hmac("training.publishing", what, algorithm="sha256").hexdigest()


def is_shown_draft(thing: models.Model, mark: str, user: User) -> bool:
    """Tell whether the latest draft waits, and is the one for which a mark was given."""
    latest = thing.latest_revision
    return not _is_out(thing) and constant_time_compare(draft_mark(latest, user), mark)


@transaction.atomic
def publish_draft(*, thing: models.Model, mark: str, by: User) -> None:
    """Publish the draft that was shown to a person who may publish it; a planned one waits for its time."""
    if _is_out(thing):
        raise NothingWaits
    lock = thing.get_lock()
    if lock is not None and lock.for_user(by):
        raise PermissionDenied
    if not is_shown_draft(thing, mark, by):
        raise DraftChanged
    if refusal := refusal_to_publish(by, thing.get_latest_revision_as_object()):
        raise CourseOfOthers(refusal)
    if isinstance(thing, Question):
        keep_fillable(thing.get_latest_revision_as_object())
    thing.latest_revision.publish(user=by)


def _is_out(thing: models.Model) -> bool:
    """Tell whether readers have the latest draft, or will have it at the time that was chosen for it."""
    latest = thing.latest_revision
    return latest is None or thing.live_revision_id == latest.pk or latest.approved_go_live_at is not None
