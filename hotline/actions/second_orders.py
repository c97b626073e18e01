"""What the orders of a leg's second call do: it is hung up, and the provider's record of it goes."""

from datetime import datetime

from django.db import transaction

from hotline.models import Command, SecondCall
from hotline.queries.legs import locked_legs
from hotline.telephony.base import Provider


def hang_up(command: Command, line: Provider, at: datetime) -> None:
    """Hang up another call of a leg than the one that has it; one that stands in the room goes without ending that."""
    if (call := _let_go(command, at)) is None:
        return
    if call.room_sid:
        line.set_room_end(call.room_sid, call.call_sid, ends=False)
    line.hang_up(call.call_sid)


@transaction.atomic
def _let_go(command: Command, at: datetime) -> SecondCall | None:
    """Return the call that is to be hung up; nobody comes by it from now on. None where nothing is to be done.

    Its leg is locked: of a key that is pressed at this instant, either the call is in the room or it is sent away. Nothing
    is done where it has the leg now, is over, or somebody may still come by it, for then a later order is left.
    """
    locked_legs().get(pk=command.leg_id)
    rows = SecondCall.objects.filter(pk=command.arguments["second_call"])
    call = rows.filter(until__lte=at, ended_at=None).exclude(call_sid="").first()
    if call is not None:
        rows.filter(hung_up_at=None).update(hung_up_at=at)
    return call


def delete_record(command: Command, line: Provider) -> None:
    """Delete the provider's record of a call and our SID of it; of one that has the leg now both go with the leg's."""
    rows = SecondCall.objects.filter(pk=command.arguments["second_call"])
    if (call := rows.exclude(call_sid="").first()) is not None:
        line.delete_call(call.call_sid)
        rows.update(call_sid="")
