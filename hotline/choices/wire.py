"""What the network reports, in words: calls, rooms, recordings, and what our timeline keeps of them as codes."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# States of a telephone (hotline.callstate.CALL_ORDER).
CALL_REPORTS = {
    "queued": pgettext_lazy("report on a telephone", "waits to be dialled"),
    "initiated": pgettext_lazy("report on a telephone", "dialled"),
    "ringing": pgettext_lazy("report on a telephone", "rings"),
    "in-progress": pgettext_lazy("report on a telephone", "picked up"),
    "canceled": pgettext_lazy("report on a telephone", "cancelled"),
    "no-answer": pgettext_lazy("report on a telephone", "not picked up"),
    "busy": pgettext_lazy("report on a telephone", "busy"),
    "failed": pgettext_lazy("report on a telephone", "could not be reached"),
    "completed": pgettext_lazy("report on a telephone", "hung up"),
}
# What happens in the room of a call.
ROOM_REPORTS = {
    "conference-start": _("the room opened"),
    "conference-end": _("the room closed"),
    "participant-join": _("came into the room"),
    "participant-leave": _("left the room"),
    "participant-hold": _("put on hold"),
    "participant-unhold": _("taken back from hold"),
    "participant-modify": _("changed in the room"),
}
# States of a recorded message (hotline.callstate.RECORDING_ORDER).
RECORDING_REPORTS = {
    "in-progress": pgettext_lazy("report on a recording", "recording began"),
    "paused": pgettext_lazy("report on a recording", "recording paused"),
    "stopped": pgettext_lazy("report on a recording", "recording stopped"),
    "processing": pgettext_lazy("report on a recording", "recording is being prepared"),
    "absent": pgettext_lazy("report on a recording", "nothing was recorded"),
    "failed": pgettext_lazy("report on a recording", "recording failed"),
    "completed": pgettext_lazy("report on a recording", "recording is ready"),
    "deleted": pgettext_lazy("report on a recording", "recording was deleted"),
}
# Why the duty phone is rung (hotline.ivr.entries.duty).
DUTY_REASONS = {
    "nobody": _("nobody is free"),
    "danger": _("danger"),
    "forward": _("calls are forwarded"),
    "trouble": _("after a fault"),
    "after_hours": _("outside opening hours"),
}
# Who settled something instead of the caller or of a request.
SETTLED_BY = {"line": _("chosen by the line"), "sweep": _("found in the provider's list")}
# Why an order to the provider was not carried out, where it is not the provider who says so.
ORDER_FAULTS = {
    "no_copy": _("there is no copy of our own yet"),
    "killed": _("the worker ended each time it was tried"),
}
