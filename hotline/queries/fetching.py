"""What is still to be fetched from the provider, what is lost for good, and which orders were given up."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from hotline.choices import CommandKind
from hotline.models import Attachment, Command, Recording
from hotline.queries.retention import handled_sounds, held
from hotline.retention import KEPT_SOUND

FIRST_KEY, AGAIN_KEY, DELETE_KEY = "fetch:", "fetch_again:", "delete:"
AFTER = timedelta(minutes=10)  # a report of the provider that is not here by then does not come
NOTHING_THERE = ("absent", "failed", "deleted")  # reports of which no sound comes
# Something stays at the provider, or is not known here, once one of these is given up. Those of calls are over by then.
MATTERS = (
    CommandKind.FETCH_RECORDING, CommandKind.FETCH_MESSAGE, CommandKind.DELETE_RECORDING, CommandKind.DELETE_MESSAGE,
    CommandKind.DELETE_CALL, CommandKind.FETCH_ATTACHMENT, CommandKind.DELETE_ATTACHMENT,
)  # fmt: skip
LATELY = timedelta(days=3)  # over a weekend


def _ordered(key: str, *conditions: Q) -> Exists:
    """Return the condition that a recording was ordered under such a key; each is found by the unique key."""
    return Exists(Command.objects.filter(*conditions, key=Concat(Value(key), OuterRef("sid"))))


def unfetched_recordings(at: datetime) -> QuerySet[Recording]:
    """Return the recorded messages that are not here, are not given up and have no order, the oldest first."""
    rows = Recording.objects.filter(fetched_at=None, lost_at=None, deleted_at=None, made_at__lt=at - AFTER)
    rows = rows.filter(contact__erased_at=None).exclude(status__in=NOTHING_THERE)
    is_open = Q(done_at=None, failed_at=None)
    return rows.exclude(_ordered(FIRST_KEY, is_open)).exclude(_ordered(AGAIN_KEY)).order_by("made_at", "id")


def lost_copies(at: datetime) -> QuerySet[Recording]:
    """Return the lost recorded messages that the provider may still have, handled thirty days ago and not asked for yet."""
    rows = handled_sounds(at).exclude(lost_at=None).filter(fetched_at=None, deleted_at=None)
    return rows.exclude(_ordered(DELETE_KEY)).order_by("made_at", "id")


def lost_files(at: datetime) -> QuerySet[Attachment]:
    """Return the files given up thirty days ago of which the provider may still have its copy, no court holding them."""
    rows = Attachment.objects.filter(fetched_at=None, deleted_at=None, lost_at__lte=at - KEPT_SOUND)
    rows = rows.exclude(held("contact__")).exclude(_ordered(DELETE_KEY))
    return rows.order_by("lost_at", "id")


def count_lost_recordings() -> int:
    """Return how many recorded messages could not be fetched and wait for somebody who follows their contact up."""
    rows = Recording.objects.exclude(lost_at=None).filter(fetched_at=None)
    return rows.filter(contact__is_missed=True, contact__closed_at=None, contact__erased_at=None).count()


def count_given_up(at: datetime) -> int:
    """Return how many orders whose loss matters were given up lately."""
    given_up = Command.objects.filter(done_at=None, failed_at__gt=at - LATELY, kind__in=MATTERS)
    return given_up.exclude(fault="no_copy").count()
