"""What the provider tells of the message that a caller records: kept, fetched once it is whole, counted as left."""

from django.db.models import Q

from hotline import callstate
from hotline.actions import arrivals
from hotline.actions.inbox import Hook
from hotline.actions.orders import order
from hotline.actions.reported import keep, leg_of, said_at
from hotline.choices import REHEARSED, CommandKind
from hotline.ivr.values import HEARD_SECONDS
from hotline.models import Contact, Leg, Recording

NOT_HEARD = (
    "silent", "abandoned", "nobody", "unanswered", "after_hours", "left_greeting", "failed", "no_number", "no_message",
)  # fmt: skip


def receive_recording(*, hook: Hook) -> None:
    """Keep a report of a recording and apply it; one whose call nobody can name waits among what has no place."""
    leg = leg_of(hook)
    if leg is None and not hook.call_sid:
        arrivals.keep_unplaced(hook=hook)
        return
    if leg is None:
        leg = arrivals.stub(hook)
    status = hook.value("RecordingStatus", 12).lower()[:12]
    key = f"{hook.account}:{hook.value('RecordingSid', 34)}:{status}"
    if not keep(hook, key, leg, leg.contact):
        return
    _keep_recording(leg, hook, status)


def _keep_recording(leg: Leg, hook: Hook, status: str) -> None:
    """Keep what is known of a recorded message; fetch it once it is whole."""
    recording, _made = Recording.objects.get_or_create(
        account=hook.account, sid=hook.value("RecordingSid", 34),
        defaults={"contact_id": leg.contact_id, "made_at": said_at(hook), "status": status},
    )  # fmt: skip
    recording.status = callstate.greater(callstate.RECORDING_ORDER, recording.status, status)
    if (seconds := hook.sound_seconds) is not None:
        recording.seconds = max(recording.seconds or 0, seconds)
    recording.save(update_fields=["status", "seconds"])
    if recording.status == "completed" and recording.fetched_at is None:
        order(CommandKind.FETCH_RECORDING, leg=leg, key=f"fetch:{recording.sid}", at=hook.at, recording=recording.pk)
    Contact.objects.filter(pk=leg.contact_id).update(changed_at=hook.written_at)
    if recording.status == "completed" and (recording.seconds or 0) >= HEARD_SECONDS:
        _count_as_message(leg.contact_id)


def _count_as_message(contact: int) -> None:
    """Count a contact as a message left, although the caller hung up before the network could say so."""
    rows = Contact.objects.filter(pk=contact, erased_at=None)
    rows.filter(chosen__in=callstate.NOTHING_LEFT).update(chosen="voicemail")
    rows.filter(outcome="", ended_at=None).update(outcome="voicemail")
    rows.filter(outcome__in=NOT_HEARD).update(outcome="voicemail", is_missed=~Q(flags__contains=REHEARSED))
